"""The page in a real browser: ask, read, click a source, see its page; nothing is fetched from outside."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from fakes_assistant import HOSTILE, QUOTES, FakeAssistant
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from assistant.faces.chat import NEXT
from assistant.faces.rendering import clean
from assistant.faces.service import Warmth, bound, create_app
from assistant.settings import Settings

pytestmark = pytest.mark.slow

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--headless"),
]
OUTPUT = Path(__file__).parents[1] / "output"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@dataclass
class Visit:
    """An open page and what the browser did for it."""

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
        expect(self.page.locator(f"#turn-{turn} .about")).to_be_visible()

    def picture_is_shown(self) -> str:
        """Wait for the picture of the open card; its address."""
        picture = self.page.locator(".turn.open .card.open img")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("p => p.naturalWidth") == 1000
        return str(picture.get_attribute("src"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page, served on a free loopback port."""
    assistant = FakeAssistant(tmp_path_factory.mktemp("library"))
    warmth = Warmth(assistant)
    warmth.begin()
    with bound("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(assistant, Settings(), warmth), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no Chromium at {CHROMIUM}; name another with CHROMIUM=/path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    """The page in a window; afterwards: no other host was asked, nothing was complained about, nothing sticks out."""
    size, scheme = request.param
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    visit = Visit(page)
    page.on("request", visit.note_request)
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("dialog", lambda dialog: visit.complaints.append(f"dialog: {dialog.message}"))
    page.goto(address)
    expect(page.locator("button.example").first).to_be_visible()
    yield visit
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"{request.node.originalname}-{size}-{scheme}.png")
    assert visit.hosts == {"127.0.0.1"}
    assert visit.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    page.close()


def test_the_page_says_what_it_is_and_offers_questions(visit: Visit) -> None:
    expect(visit.page.locator("h1")).to_have_text("Evaluation Assistant")
    expect(visit.page.locator(".covers")).to_have_text("Covers 1 document, 3 pages.")
    visit.page.locator("button.example").first.click()
    expect(visit.page.locator(".answer")).to_contain_text(QUOTES[0])
    expect(visit.page.locator("button.example").first).to_be_hidden()


def test_a_click_on_a_citation_shows_its_page_with_the_words_marked(visit: Visit) -> None:
    visit.ask("What was recommended to the ministry?")
    assert "/2.png" in visit.picture_is_shown()
    visit.page.locator(".answer .cite[data-cite='3']").click()
    card = visit.page.locator(".card.open")
    expect(card).to_have_count(1)
    expect(card.locator(".quote")).to_have_text(QUOTES[2])
    assert "boxes=2%2C" in visit.picture_is_shown()
    colours = card.locator("img").evaluate(
        """picture => {
            const canvas = document.createElement("canvas");
            canvas.width = picture.naturalWidth; canvas.height = picture.naturalHeight;
            const pen = canvas.getContext("2d"); pen.drawImage(picture, 0, 0);
            const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
            let yellow = 0;
            for (let i = 0; i < dots.length; i += 4) yellow += dots[i] === 255 && dots[i + 2] === 92;
            return yellow;
        }"""
    )
    assert colours > 1000


def test_the_pages_before_and_after_can_be_seen(visit: Visit) -> None:
    visit.ask("What was recommended to the ministry?")
    visit.picture_is_shown()
    card = visit.page.locator(".card.open")
    card.locator(".after").click()
    expect(card.locator(".at")).to_have_text("Page 3 of 3")
    expect(card.locator(".after")).to_be_disabled()
    assert "/3.png" in visit.picture_is_shown()
    card.locator(".before").click()
    card.locator(".before").click()
    expect(card.locator(".at")).to_have_text("Page 1 of 3")
    card.locator(".larger").click()
    expect(card).to_contain_class("large")
    visit.page.keyboard.press("Escape")
    expect(card).not_to_contain_class("large")


def test_the_sources_of_an_earlier_answer_can_be_seen_again(visit: Visit) -> None:
    visit.ask("What was recommended to the ministry?")
    visit.ask("List the lessons")
    expect(visit.page.locator("#turn-1 .card").first).to_be_visible()
    visit.page.locator("#turn-0 .cite[data-cite='2']").click()
    expect(visit.page.locator("#turn-0 .card.open .quote")).to_have_text(QUOTES[1])
    visit.picture_is_shown()


def test_the_box_for_the_next_question_is_one_line_high(visit: Visit) -> None:
    visit.ask("What was recommended to the ministry?")
    box = visit.page.locator("#question textarea")
    expect(box).to_have_attribute("placeholder", NEXT)
    assert box.evaluate("box => box.clientHeight") < 45


def test_the_name_of_the_page_stands_on_one_line(visit: Visit) -> None:
    assert visit.page.locator("h1").evaluate("name => name.clientHeight") < 40


def test_a_refusal_shows_the_nearest_passages(visit: Visit) -> None:
    visit.ask("Who won the world cup?")
    expect(visit.page.locator(".answer.refused")).to_contain_text("does not say")
    expect(visit.page.locator(".evidence .card")).to_have_count(4)


def test_hostile_text_is_shown_as_text(visit: Visit) -> None:
    visit.ask("hostile <img src=x onerror=alert(1)> ![p](http://evil.example/q.png) {{7*7}} ${7*7}")
    expect(visit.page.locator(".asked")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(visit.page.locator(".asked")).to_contain_text("{{7*7}} ${7*7}")
    expect(visit.page.locator(".answer")).to_contain_text(clean(HOSTILE))
    visit.picture_is_shown()
    assert visit.page.locator(".turns img:not(figure img), .turns a:not(.pdf), .turns script").count() == 0


def test_an_error_is_a_sentence_and_the_next_question_is_answered(visit: Visit) -> None:
    visit.page.locator("#question textarea").fill("a" * 4001)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".note.failed")).to_contain_text("at most 4,000")
    visit.ask("What was recommended to the ministry?")


def test_a_question_can_be_stopped_and_another_asked(visit: Visit) -> None:
    visit.page.locator("#question textarea").fill("A slow one")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".note")).to_have_text("Searching the library…")
    visit.page.locator("#question .stop-button").click()
    expect(visit.page.locator(".note.failed")).to_have_text("Stopped.")
    expect(visit.page.locator("#question .submit-button")).to_be_visible()
    visit.ask("What was recommended to the ministry?")
