"""Kept answers in a real browser: read again, cited in a footnote, taken away, marked, and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from accessible import violations
from fakes_assistant import HOSTILE, TITLE, FakeAssistant
from playwright.sync_api import Browser, Page, expect
from visits import OUTPUT, WINDOWS, served

from assistant.faces.rendering import answer_json
from assistant.faces.service import create_app
from assistant.faces.web.warmth import Warmth
from assistant.records import Question
from assistant.settings import Settings
from assistant.staff.conversations import Conversations
from assistant.staff.store import StaffStore

pytestmark = pytest.mark.slow

LOOKS: dict[str, Literal["light", "dark"]] = {"desktop": "light", "phone": "dark", "narrow": "light"}
FOOTNOTE = f"Ministry of Education, {TITLE} (May 2024), p. 2 (printed page ii)."


@dataclass
class Site:
    """The service on a free loopback port, with what it keeps."""

    root: str
    assistant: FakeAssistant
    kept: Conversations

    def keep(self, *questions: str) -> tuple[str, str]:
        """Keep the answers of a conversation; its id and the id of the last."""
        talk = self.kept.begin("", questions[0])
        answers = [answer_json(self.assistant.ask(Question(question))) for question in questions]
        return talk, [self.kept.keep(talk, answer) for answer in answers][-1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    index = tmp_path_factory.mktemp("index")
    assistant = FakeAssistant(tmp_path_factory.mktemp("library"))
    app = create_app(assistant, Settings(index=index), Warmth(assistant))
    with served(app) as root:
        yield Site(root, assistant, Conversations(StaffStore(index)))


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A window; afterwards: nothing was complained about, nothing sticks out, and axe-core finds nothing."""
    width, height = WINDOWS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=site.root)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.emulate_media(color_scheme=LOOKS[request.param])
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"{request.node.originalname}-{request.param}.png", full_page=True)
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert violations(page) == []
    context.close()


def test_an_answer_is_read_again_and_a_citation_leads_to_its_source(page: Page, site: Site) -> None:
    _, token = site.keep("What was recommended to the ministry?")
    page.goto(f"/answers/{token}")
    expect(page.locator("h1")).to_have_text("What was recommended to the ministry?")
    page.locator(".cite[data-cite='3']").click()
    expect(page.locator(".card[data-number='3']")).to_be_focused()
    page.locator(".card[data-number='3'] a.picture").click()
    picture = page.locator("dialog.viewer img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1000)
    page.keyboard.press("Escape")


def test_a_footnote_is_copied(page: Page, site: Site) -> None:
    _, token = site.keep("What was recommended to the ministry?")
    page.goto(f"/answers/{token}")
    card = page.locator(".card[data-number='2']")
    card.locator("button.copy").press("Enter")
    expect(card.locator("[role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == FOOTNOTE


def test_an_answer_is_taken_away_as_a_document(page: Page, site: Site, tmp_path: Path) -> None:
    _, token = site.keep("What was recommended to the ministry?")
    page.goto(f"/answers/{token}")
    for name, start in (("Word", b"PK"), ("BibTeX", b"@techreport")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.path().read_bytes().startswith(start)
        assert download.value.suggested_filename.startswith("What was recommended to the ministry.")


def test_a_mark_is_sent_and_shown_again(page: Page, site: Site) -> None:
    _, token = site.keep("List the lessons")
    page.goto(f"/answers/{token}")
    page.get_by_role("radio", name="No").check()
    page.get_by_role("textbox").fill("The second lesson is missing.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#mark .note")).to_contain_text("Thank you")
    expect(page.get_by_role("radio", name="No")).to_be_checked()
    expect(page.get_by_role("textbox")).to_have_value("The second lesson is missing.")
    page.goto("/gaps")
    expect(page.locator(".talks")).to_contain_text("The second lesson is missing.")


def test_hostile_words_are_shown_as_words(page: Page, site: Site) -> None:
    talk, token = site.keep(f"hostile {HOSTILE}")
    for address in (f"/history/{talk}", "/history", f"/answers/{token}"):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("<img src=x onerror=alert(1)>")
        assert page.locator("main img, main script, main a[href^=javascript]").count() == 0


def test_a_conversation_is_opened_and_deleted_after_a_second_question(page: Page, site: Site) -> None:
    site.kept.delete_all("")
    site.keep("Who won?")
    site.keep("What was recommended to the ministry?", "List the lessons")
    page.goto("/history")
    expect(page.locator(".talks li")).to_have_count(2)
    page.get_by_role("link", name="What was recommended to the ministry?", exact=True).click()
    expect(page.locator("article.kept")).to_have_count(2)
    page.get_by_role("link", name="Delete").click()
    expect(page.locator("h1")).to_have_text("Delete for good?")
    page.get_by_role("link", name="Keep").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".talks li")).to_have_count(1)
    page.get_by_role("link", name="Delete all conversations").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("main")).to_contain_text("Nothing has been kept yet")


def test_everything_but_copying_works_without_scripts(browser: Browser, site: Site) -> None:
    talk, token = site.keep("What was recommended to the ministry?")
    context = browser.new_context(java_script_enabled=False, base_url=site.root)
    page = context.new_page()
    page.goto(f"/answers/{token}")
    expect(page.locator(".footnote .text").nth(1)).to_have_text(FOOTNOTE)
    expect(page.locator("button.copy").first).to_be_hidden()
    page.goto(f"/history/{talk}/delete")
    page.get_by_role("button", name="Delete").click()
    assert site.kept.answer(token) is None
    context.close()
