"""The whole product as a user has it: the samples are indexed, `python app.py` serves them, a source is clicked."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from visits import OUTPUT, chromium

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
QUESTION = "How should sustainability be planned?"


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`python app.py` over the samples."""
    index = str(tmp_path_factory.mktemp("index"))
    command = [sys.executable, "-m", "assistant", "index", "--corpus", "corpus", "--index", index]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    server = subprocess.Popen([sys.executable, "app.py", "--index", index, "--port", str(port)], cwd=ROOT)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz", server)
        yield server
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def address(server: subprocess.Popen[bytes], port: int) -> str:
    return f"http://127.0.0.1:{port}/"


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(url) as reply:  # noqa: S310 (a loopback address of ours)
                assert reply.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not become ready in a minute")


@pytest.mark.parametrize(("name", "width", "height"), [("desktop", 1280, 900), ("phone", 390, 844)])
def test_a_question_leads_to_the_marked_page(address: str, name: str, width: int, height: int) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(address)
        expect(page.locator(".covers")).to_have_text(re.compile(r"Covers \d+ documents, \d+ pages\."))
        page.locator("#question textarea").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator(".about")).to_be_visible(timeout=30_000)
        page.locator(".answer .cite").first.click()
        card = page.locator(".card.open")
        expect(card.locator(".quote")).not_to_be_empty()
        expect(card.locator("img")).to_have_js_property("naturalWidth", 1000, timeout=20_000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        OUTPUT.mkdir(exist_ok=True)
        page.screenshot(path=OUTPUT / f"whole-product-{name}.png")


def test_a_server_that_is_told_to_stop_does_not_wait_for_open_pages(
    address: str, server: subprocess.Popen[bytes]
) -> None:
    with urllib.request.urlopen(f"{address}gradio_api/heartbeat/open-page") as stream:  # noqa: S310 (loopback)
        assert stream.status == 200
        server.terminate()
        server.wait(15)
