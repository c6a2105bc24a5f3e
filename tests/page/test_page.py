"""The page in a real browser: ask, read, click a source, see its page; nothing is fetched from outside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from accessible import violations
from fakes_assistant import HOSTILE, QUOTES, TITLE, FakeAssistant
from playwright.sync_api import Browser, expect
from visits import Visit, served, visited

from assistant.faces.rendering import clean
from assistant.faces.service import create_app
from assistant.faces.web.warmth import Warmth
from assistant.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page, served on a free loopback port."""
    folder = tmp_path_factory.mktemp("library")
    assistant = FakeAssistant(folder)
    warmth = Warmth(assistant)
    warmth.begin()
    with served(create_app(assistant, Settings(index=folder), warmth)) as address:
        yield address


LOOKS = ["desktop-light", "desktop-dark", "phone-light", "phone-dark"]


@pytest.fixture(params=["desktop-light", "phone-dark"])
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    size, scheme = request.param.split("-")
    with visited(browser, address, request.node.originalname, size, scheme) as visit:
        yield visit


def test_the_page_says_what_it_is_and_offers_questions(visit: Visit) -> None:
    expect(visit.page.locator("h1")).to_have_text("Evaluation Assistant")
    expect(visit.page.locator(".covers")).to_have_text("Covers 1 document, 3 pages.")
    visit.page.locator("button.example").first.click()
    expect(visit.page.locator(".answer")).to_contain_text(QUOTES[0])
    expect(visit.page.locator("button.example").first).to_be_hidden()


def test_a_question_of_the_examples_and_a_citation_are_all_that_leads_to_the_marked_page(visit: Visit) -> None:
    visit.page.locator("button.example").first.click()
    visit.page.locator(".answer .cite").first.click()
    assert "boxes=2%2C" in visit.picture_is_shown()
    expect(visit.page.locator(".card.open img")).to_be_in_viewport()


@pytest.mark.parametrize("visit", LOOKS, indirect=True)
def test_nothing_grave_is_in_the_way_of_those_who_see_or_move_otherwise(visit: Visit) -> None:
    expect(visit.page.locator("button.example").first).to_be_visible()
    assert violations(visit.page) == []
    visit.ask("What was recommended to the ministry?")
    visit.picture_is_shown()
    assert violations(visit.page) == []
    visit.ask("Who won the world cup?")
    assert violations(visit.page) == []


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


def test_a_page_can_be_read_in_the_whole_window(visit: Visit) -> None:
    visit.ask("What was recommended to the ministry?")
    card, reader = visit.page.locator(".card.open"), visit.page.locator("#reader")
    card.locator(".larger").click()
    expect(reader.locator(".close")).to_be_focused()
    expect(reader.locator("h2")).to_have_text(TITLE)
    expect(reader.locator("img")).to_have_js_property("naturalWidth", 1600)
    assert violations(visit.page) == []
    width = reader.locator("img").evaluate("picture => picture.clientWidth")
    reader.locator(".larger").click()
    assert reader.locator("img").evaluate("picture => picture.clientWidth") > 1.2 * width
    visit.page.keyboard.press("ArrowRight")
    expect(reader.locator(".at")).to_have_text("Page 3 of 3")
    visit.page.keyboard.press("Escape")
    expect(reader).to_be_hidden()
    expect(card.locator(".larger")).to_be_focused()
    expect(card.locator(".at")).to_have_text("Page 3 of 3")


def test_an_enlarged_page_can_be_read_on_a_phone(browser: Browser, address: str) -> None:
    with visited(browser, address, "enlarged", "narrow") as visit:
        visit.ask("What was recommended to the ministry?")
        visit.picture_is_shown()
        card = visit.page.locator(".card.open")
        edge = card.evaluate("card => card.getBoundingClientRect().right")
        assert card.locator("figcaption .pdf").evaluate("link => link.getBoundingClientRect().right") <= edge
        card.locator(".larger").click()
        picture = visit.page.locator("#reader img")
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.clientWidth") >= 700
        for control in visit.page.locator("#reader .controls :is(button, a)").all():
            expect(control).to_be_in_viewport(ratio=1)


def test_a_printed_conversation_has_every_quote_and_nothing_to_click(browser: Browser, address: str) -> None:
    with visited(browser, address, "printed", "desktop") as visit:
        visit.ask("What was recommended to the ministry?")
        visit.ask("What was recommended to the ministry?")
        visit.page.emulate_media(media="print")
        for quote in visit.page.locator(".card .quote").all():
            expect(quote).to_be_visible()
            assert quote.evaluate("quote => quote.scrollHeight <= quote.clientHeight + 1")
        for name in (".bar", "#composer", ".actions", ".marks", "figure"):
            expect(visit.page.locator(name).first).to_be_hidden()
        visit.page.emulate_media(media="screen")


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
    expect(box).to_have_attribute("placeholder", "Ask on…")
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
    assert visit.page.locator(".turns img:not(figure img), .turns a:not(.pdf, .menu a), .turns script").count() == 0


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
