"""A page served and visited: a server on a free port, Chromium, and what an open page must not do."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from assistant.faces.web.listening import bound

expect.set_options(timeout=30_000)  # what is waited for comes at once on a machine that is not busy

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--headless"),
]
OUTPUT = Path(__file__).parents[1] / "output"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
WINDOWS = SIZES | {"narrow": (320, 700)}


@dataclass
class Visit:
    """An open chat page and what the browser did for it."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob"):
            self.hosts.add(parts.hostname or parts.scheme)

    def ask(self, question: str) -> None:
        """Type a question and wait until its answer is whole."""
        turn = self.page.locator(".turn").count()
        self.page.locator("#question textarea").fill(question)
        self.page.keyboard.press("Enter")
        self.answered(turn)

    def answered(self, turn: int = 0) -> None:
        """Wait until the answer of a turn is whole and another question can be asked."""
        expect(self.page.locator(f"#turn-{turn} .about")).to_be_visible()
        expect(self.page.locator("#question .submit-button")).to_be_visible()

    def picture_is_shown(self) -> str:
        """Wait for the picture of the open card; its address."""
        picture = self.page.locator(".turn.open .card.open img")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("p => p.naturalWidth") == 1000
        return str(picture.get_attribute("src"))

    def scrolls_sideways(self) -> bool:
        return not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; skips the test where there is none."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no Chromium at {CHROMIUM}; name another with CHROMIUM=/path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an app on a free loopback port."""
    with bound("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server.should_exit = True
        thread.join(10)


@contextmanager
def visited(
    browser: Browser, address: str, name: str, size: str, scheme: Any = "light", **more: Any
) -> Iterator[Visit]:
    """The chat page in a window; afterwards: no other host was asked, nothing was complained about, nothing sticks out.

    name is that of the picture that is kept of it.
    """
    width, height = WINDOWS[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
    visit = Visit(page)
    page.on("request", visit.note_request)
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("dialog", lambda dialog: visit.complaints.append(f"dialog: {dialog.message}"))
    page.goto(address)
    expect(page.locator("#tools")).to_be_visible()
    yield visit
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"{name}-{size}-{scheme}.png")
    assert visit.hosts == {"127.0.0.1"}
    assert visit.complaints == []
    assert not visit.scrolls_sideways()
    page.close()
