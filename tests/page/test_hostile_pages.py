"""Hostile words on every page of a real library in a real browser: shown as words, never run, never fetched."""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlsplit

import factories
import pytest
from fakes import WordHashEmbedder
from playwright.sync_api import Browser, Dialog, Page, expect
from visits import chromium, served

from assistant.building import build
from assistant.faces.service import create_app
from assistant.faces.web.warmth import Warmth
from assistant.pipeline import Assistant
from assistant.settings import Settings

pytestmark = pytest.mark.slow

BIDI = "\u202e\u2066\u200f"
NAMES = (
    "a <img src=x onerror=alert(1)>.pdf",
    "quote\"'` onmouseover=alert(2) x=.pdf",
    "reversed \u202egnp.pdf",
    "%2e%2e%2f%2e%2e%2fetc.pdf",
    "new\nline.pdf",
    "{{7*7}} ${7*7} =1+1.pdf",
)
TOLD = "The inspectors of the pilot counted 57 pits near the river."


class Canary(ThreadingHTTPServer):
    """Another service on this machine, which nothing of ours may ask for anything."""

    asked: list[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Noting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Canary)
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with Canary(("127.0.0.1", 0), Noting) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def hostile(canary: Canary) -> str:
    """What acts in one of the places where words are shown."""
    there = canary.address
    return (
        f"{{{{7*7}}}} [go](javascript:alert(5)) <script>alert(3)</script><img src={there}/html onerror=alert(4)> "
        f"![p]({there}/markdown) <{there}/auto> </textarea></title></style><svg onload=alert(6)> "
        f"\"'> style=background:url({there}/style) &lt;b&gt;"
    )


@pytest.fixture(scope="module")
def address(hostile: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole service over PDFs whose names, titles and words are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    corpus = folder / "corpus"
    for number, name in enumerate(NAMES):
        factories.brief(corpus / name, f"Pilot {number} {hostile}", (f"{TOLD} {hostile}", f"No. {number}. {hostile}"))
    (corpus / "damaged <svg onload=alert(7)>.pdf").write_bytes(b"no PDF")
    with closing((corpus / "documents.csv").open("w", encoding="utf-8", newline="")) as file:
        rows = csv.writer(file)
        rows.writerow(("file", "title", "type", "date", "organisation", "project"))
        rows.writerows(
            (name, f"{BIDI}{n} {hostile}", hostile, "2024", hostile, hostile) for n, name in enumerate(NAMES)
        )
    settings = Settings(corpus=corpus, index=folder / "index")
    build(settings, embedder=WordHashEmbedder())
    assistant = Assistant(settings, embedder=WordHashEmbedder())
    warmth = Warmth(assistant)
    warmth.begin()
    with served(create_app(assistant, settings, warmth)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str, canary: Canary) -> Iterator[Page]:
    """A page; afterwards: nothing ran, nobody else was asked for anything, and no browser had to prevent it."""
    complaints: list[str] = []
    asked: set[str] = set()

    def noted(dialog: Dialog) -> None:
        complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=address)
    page.set_default_timeout(15_000)
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", noted)
    yield page
    page.close()
    assert [each for each in complaints if "404 (Not Found)" not in each] == []
    assert asked - {""} == {urlsplit(address).netloc}
    assert canary.asked == []


def assert_shown_as_words(page: Page, *, hostile: bool = True) -> None:
    """Nothing of the hostile words became part of the page, and nothing turns the direction of writing."""
    found = page.locator("html").evaluate(
        """html => ({
            made: html.querySelectorAll("[onerror], [onload], [onmouseover], svg[onload], img[src*='/html']").length,
            links: [...html.querySelectorAll("[href], [src], [action]")].map(
                (each) => each.getAttribute("href") ?? each.getAttribute("src") ?? each.getAttribute("action")),
            text: html.outerHTML.replace(/<input type="hidden"[^>]*>/g, "") + html.innerText,
            shown: html.innerText + [...html.querySelectorAll("input, textarea")].map((each) => each.value).join(" "),
        })"""
    )
    assert found["made"] == 0
    here = urlsplit(page.url).netloc
    assert not [link for link in found["links"] if urlsplit(link).scheme == "javascript"]
    assert {urlsplit(link).netloc for link in found["links"]} <= {"", here}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", found["text"])
    if hostile:
        assert "<script>alert(3)</script>" in found["shown"]
        assert "[go](javascript:alert(5))" in found["shown"]
        assert "{{7*7}}" in found["shown"]


def test_asking(page: Page, hostile: str) -> None:
    """Answer, cards, filters, the reader, and the answer kept at its address, in the history and among the gaps."""
    page.goto("")
    expect(page.locator("#tools")).to_be_visible()
    page.locator("#question textarea").fill(f"{BIDI} How many pits did the inspectors count? {hostile}")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-0 .about")).to_be_visible()
    page.locator(".card .head").first.click()
    assert_shown_as_words(page)
    kept = page.evaluate("document.querySelector('.marks').dataset.answer")
    conversation = page.evaluate("document.querySelector('.turns').dataset.conversation")
    page.goto(f"answers/{kept}")
    page.locator("textarea[name=comment]").fill(f"{BIDI}{hostile}")
    page.locator("input[value=false]").check()
    page.locator("form.mark button").click()
    expect(page.locator("form.mark [role=status]")).to_be_visible()
    assert_shown_as_words(page)
    for path in ("history", f"history/{conversation}", f"history/{conversation}/delete", "gaps"):
        page.goto(path)
        assert_shown_as_words(page)
    page.goto(f"?conversation={conversation}")
    expect(page.locator("#turn-0 .about")).to_be_visible()
    assert_shown_as_words(page)


def test_searching_and_the_register(page: Page, hostile: str) -> None:
    for path in (
        f"search?question={quote(BIDI + ' pits ' + hostile)}&document={quote(hostile)}",
        f"search?question=pits+near+the+river&kind={quote(hostile[:150])}",
        "register",
        f"register?words={quote(hostile[:150])}&addressee={quote(BIDI + hostile[:100])}&document={quote(NAMES[0])}",
    ):
        page.goto(path)
        assert_shown_as_words(page)
    page.goto("register?kind=recommendation")
    page.locator("a.picture").first.click()
    expect(page.locator("dialog.viewer img")).to_be_visible()
    assert_shown_as_words(page)


def test_comparing(page: Page, hostile: str) -> None:
    page.goto("compare")
    page.get_by_label("Questions").fill(f"How many pits were counted near the river?\n{BIDI}{hostile}")
    for box in page.locator("[name=document]").all()[:2]:
        box.check()
    page.locator("form.comparing button").click()
    expect(page.locator(".state")).to_contain_text("finished")
    assert_shown_as_words(page)


def test_the_library_and_what_is_added_to_it(page: Page, hostile: str, tmp_path: Path) -> None:
    page.goto(f"library?words={quote('pilot' + BIDI)}&sort={quote(hostile[:20])}")
    assert_shown_as_words(page, hostile=False)
    page.goto("library")
    assert_shown_as_words(page)
    for act in ("remove", "replace"):
        page.goto(f"library?{act}={quote(NAMES[2])}")
        expect(page.locator("#asked")).to_be_visible()
        assert_shown_as_words(page)
    sent = factories.not_a_pdf(tmp_path / NAMES[0])
    page.locator("#upload [name=update]").uncheck()
    page.locator("input#files").set_input_files(sent)
    page.locator("#upload button").click()
    expect(page.locator("#sent li.refused")).to_be_visible()
    page.reload()
    expect(page.locator("#latest")).to_contain_text("alert(1)")
    assert_shown_as_words(page)


@pytest.mark.parametrize(
    "path", ["signin?to=//127.0.0.1:9/x", "signin?to=javascript:alert(8)", "language/en?to=%5C%5C127.0.0.1:9/x"]
)
def test_no_way_leads_elsewhere(page: Page, address: str, path: str) -> None:
    page.goto(path)
    assert page.url.startswith(address)


def test_words_in_an_address_stay_words(page: Page, hostile: str) -> None:
    for path in ("compare/", "answers/", "history/", "api/v1/files/", "api/v1/pages/"):
        page.goto(f"{path}{quote(hostile, safe='')}")
        assert_shown_as_words(page, hostile=False)


def test_a_script_that_slipped_into_a_page_of_ours_would_not_run(browser: Browser, address: str) -> None:
    """The second line of defence: words that were not escaped could not run, either."""
    page = browser.new_page(base_url=address)
    page.goto("register")
    ran = page.evaluate(
        """() => new Promise((told) => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.addEventListener("securitypolicyviolation", () => told(Boolean(window.ran)));
            document.body.append(script);
        })"""
    )
    assert ran is False
    page.close()
