"""Asking in a real browser: filters, asking again, a conversation that is kept, marks, two languages, keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from accessible import violations
from fakes_assistant import DOCUMENT, QUOTES, REPORT, TITLE, FakeAssistant
from playwright.sync_api import Browser, expect
from visits import Visit, served, visited

from assistant.faces.service import create_app
from assistant.faces.web.warmth import Warmth
from assistant.reports import DocumentRow
from assistant.settings import Settings
from assistant.staff.conversations import Conversations
from assistant.staff.store import StaffStore

pytestmark = pytest.mark.slow

RECOMMENDED = "What was recommended to the ministry?"
OTHER = "roads/brief.pdf"


class Growing(FakeAssistant):
    """A library of two documents whose generation the test can change."""

    def documents(self) -> list[DocumentRow]:
        row = replace(REPORT, projects=("Rural Schools",), year="2025")
        other = replace(row, document=OTHER, title="Roads, and what we learned", pages=9, projects=("Roads <b>",))
        return [row, replace(other, type="learning brief", year="2023")]


@dataclass
class Product:
    """What is served, and what lies behind it."""

    assistant: Growing
    conversations: Conversations
    address: str


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("library")
    assistant, conversations = Growing(folder), Conversations(StaffStore(folder))
    warmth = Warmth(assistant)
    warmth.begin()
    with served(create_app(assistant, Settings(index=folder), warmth)) as address:
        yield Product(assistant, conversations, address)


@pytest.fixture
def visiting(
    browser: Browser, product: Product, request: pytest.FixtureRequest
) -> Callable[..., AbstractContextManager[Visit]]:
    return partial(visited, browser, product.address, request.node.originalname)


@pytest.fixture(params=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, visiting: Callable[..., Any]) -> Iterator[Visit]:
    with visiting(request.param) as visit:
        yield visit


def unfold(visit: Visit) -> None:
    """Open the filters where a phone has them closed, as it does again after each question."""
    fold = visit.page.locator("#fold")
    if fold.is_visible() and fold.get_attribute("aria-expanded") == "false":
        fold.click()


def choose(visit: Visit, name: str, *labels: str) -> None:
    """Tick boxes of a filter."""
    unfold(visit)
    choice = visit.page.locator(f"[data-filter={name}]")
    choice.locator("summary").click()
    for label in labels:
        choice.get_by_label(label, exact=True).check()
    assert not visit.scrolls_sideways()
    visit.page.keyboard.press("Escape")
    expect(choice.locator("summary")).to_be_focused()


def test_a_question_is_asked_of_what_the_filters_leave_and_the_answer_says_so(visit: Visit, product: Product) -> None:
    choose(visit, "kind", "Lesson", "Good practice")
    choose(visit, "document", TITLE)
    choose(visit, "year", "2025")
    expect(visit.page.locator("[data-filter=kind] summary")).to_have_text("2 kinds")
    assert violations(visit.page) == []
    visit.ask(RECOMMENDED)
    asked = product.assistant.asked[-1].filters
    assert asked == {"document": [DOCUMENT], "kind": ["lesson", "good_practice"], "year": ["2025"]}
    expect(visit.page.locator(".searched")).to_have_text(f"Searched in: {TITLE} · Lesson, Good practice · 2025")
    unfold(visit)
    visit.page.locator("#clear").click()
    visit.ask(RECOMMENDED)
    assert product.assistant.asked[-1].filters == {}
    expect(visit.page.locator("#turn-1 .searched")).to_have_text("Searched in: all documents")


def test_a_part_of_a_title_is_a_filter_and_finds_a_title_to_tick(visit: Visit, product: Product) -> None:
    choose(visit, "document")
    documents = visit.page.locator("[data-filter=document]")
    documents.locator("summary").click()
    documents.get_by_placeholder("Part of a title").fill("what we")
    expect(documents.get_by_label(TITLE)).to_be_hidden()
    expect(documents.locator("summary")).to_have_text("“what we”")
    visit.ask(RECOMMENDED)
    assert product.assistant.asked[-1].filters == {"document": ["what we"]}


def test_on_a_phone_the_filters_are_one_line_that_opens(visiting: Callable[..., Any]) -> None:
    with visiting("phone") as visit:
        fold = visit.page.locator("#fold")
        expect(fold).to_have_text("All documents")
        expect(visit.page.locator("#filters")).to_be_hidden()
        choose(visit, "type", "Learning brief")
        expect(fold).to_have_text("Learning brief")
        visit.ask(RECOMMENDED)
        expect(visit.page.locator("#filters")).to_be_hidden()  # they would cover the answer


def test_the_last_question_can_be_asked_again_and_changed(visit: Visit, product: Product) -> None:
    visit.ask("List the lessons")
    visit.ask(RECOMMENDED)
    before = len(product.assistant.asked)
    first = str(visit.page.locator("#turn-1 .marks").get_attribute("data-answer"))
    visit.page.locator("#turn-1 .again").click()
    expect(visit.page.locator("#turn-1 .marks")).not_to_have_attribute("data-answer", first)
    visit.answered(1)
    assert [question.text for question in product.assistant.asked[before:]] == [RECOMMENDED]
    assert [t.question for t in product.assistant.asked[-1].history] == ["List the lessons"]
    visit.page.locator("#turn-1 .edit").click()
    box = visit.page.locator("#question textarea")
    expect(box).to_have_value(RECOMMENDED)
    expect(box).to_be_focused()
    expect(visit.page.locator("#editing")).to_be_visible()
    box.fill("Who won?")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#turn-1 .answer")).to_contain_text("does not say")
    expect(visit.page.locator(".turn")).to_have_count(2)
    expect(visit.page.locator("#editing")).to_be_hidden()


def test_a_change_that_is_left_adds_a_turn(visit: Visit) -> None:
    visit.ask(RECOMMENDED)
    visit.page.locator(".edit").click()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#question textarea")).to_have_value("")
    visit.ask("List the lessons")
    expect(visit.page.locator(".turn")).to_have_count(2)


def test_a_conversation_is_taken_up_where_it_was_left_and_a_new_one_begun(visit: Visit, product: Product) -> None:
    choose(visit, "kind", "Lesson")
    visit.ask(RECOMMENDED)
    visit.page.wait_for_url("**/?conversation=*")
    visit.page.reload()
    expect(visit.page.locator("#turn-0 .answer")).to_contain_text(QUOTES[0])
    expect(visit.page.locator(".searched")).to_have_text("Searched in: Lesson")
    assert "boxes=2%2C" in visit.picture_is_shown()
    visit.ask("And the lessons? List them")
    assert [turn.question for turn in product.assistant.asked[-1].history] == [RECOMMENDED]
    kept = product.conversations.answers(visit.page.url.split("=")[1], "")
    assert [each.question for each in kept] == [RECOMMENDED, "And the lessons? List them"]
    visit.page.locator("#fresh").click()
    expect(visit.page.locator("button.example").first).to_be_visible()
    expect(visit.page.locator(".turn")).to_have_count(0)


def test_a_conversation_of_somebody_else_is_not_shown(browser: Browser, product: Product) -> None:
    other = product.conversations.begin("somebody", "Secret plans")
    for conversation in (other, "no-such-thing"):
        address = f"{product.address}?conversation={conversation}"
        with visited(browser, address, "not-yours", "desktop") as visit:
            expect(visit.page.locator(".note.failed")).to_contain_text("not yours")
            assert "Secret" not in visit.page.content()


def test_an_answer_can_be_marked_with_a_comment_kept_saved_and_shared(visit: Visit, product: Product) -> None:
    visit.ask(RECOMMENDED)
    marks = visit.page.locator(".marks")
    marks.get_by_text("No", exact=True).click()
    expect(marks.locator(".told")).to_have_text("Thank you, this is kept.")
    marks.locator("textarea").fill("The third quote is beside the point.")
    assert violations(visit.page) == []
    marks.get_by_text("Send").click()
    expect(marks.locator(".more")).to_be_hidden()
    answer = str(marks.get_attribute("data-answer"))
    mark = product.conversations.mark_of(answer, "")
    assert mark is not None
    assert (mark.useful, mark.comment) == (False, "The third quote is beside the point.")
    visit.ask("List the lessons")
    expect(visit.page.locator("#turn-0 [data-useful=false]")).to_have_attribute("aria-pressed", "true")
    menu = visit.page.locator("#turn-0 .actions .menu")
    menu.locator("summary").click()
    expect(menu.get_by_text("Permanent address")).to_have_attribute("href", f"answers/{answer}")
    assert not visit.scrolls_sideways()
    assert violations(visit.page) == []


def test_a_library_that_has_changed_is_told_and_asked_again(visit: Visit, product: Product) -> None:
    visit.ask(RECOMMENDED)
    notice = visit.page.locator("#changed")
    visit.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(notice).to_be_hidden()
    product.assistant.generation += 1
    visit.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(notice).to_be_visible()
    assert violations(visit.page) == []
    notice.get_by_text("Ask again").click()
    expect(notice).to_be_hidden()
    generation = str(product.assistant.generation)
    expect(visit.page.locator("#turn-0")).to_have_attribute("data-generation", generation)


def test_nothing_sticks_out_of_the_narrowest_window(visiting: Callable[..., Any]) -> None:
    with visiting("narrow") as visit:
        assert not visit.scrolls_sideways()
        choose(visit, "document", TITLE)
        visit.ask(RECOMMENDED)
        visit.picture_is_shown()
        visit.page.locator(".actions .menu summary").click()
        visit.page.locator(".marks").get_by_text("Yes").click()
        expect(visit.page.locator(".marks textarea")).to_be_visible()
        assert not visit.scrolls_sideways()
        visit.page.locator(".card.open .larger").click()
        expect(visit.page.locator("#reader .close")).to_be_in_viewport()
        assert not visit.scrolls_sideways()


def test_the_page_is_used_with_keys_alone(visiting: Callable[..., Any]) -> None:
    with visiting("desktop") as visit:
        visit.ask(RECOMMENDED)
        page, focus = visit.page, visit.page.locator(":focus")
        page.locator(".cite").first.focus()
        page.keyboard.press("Tab")
        expect(focus).to_have_attribute("data-cite", "2")
        page.keyboard.press("Enter")
        expect(page.locator(".card[data-number='2'] .head")).to_be_focused()
        expect(page.locator(".card[data-number='2']")).to_contain_class("open")
        page.keyboard.press("Tab")
        expect(focus).to_contain_class("frame")
        page.keyboard.press("Escape")
        expect(focus).to_have_attribute("data-cite", "2")


def test_an_answer_is_read_aloud_once_when_it_is_whole(visiting: Callable[..., Any]) -> None:
    with visiting("desktop") as visit:
        visit.page.evaluate(
            """window.heard = []; new MutationObserver(() => heard.push(announcer.textContent))
               .observe(announcer, { childList: true })"""
        )
        visit.ask(RECOMMENDED)
        heard = visit.page.evaluate("heard")
        assert heard[0] == "Searching the library…"
        assert len(heard) == 2
        assert heard[1].startswith("Quoted from the library. The evaluation asks")


def test_the_page_speaks_spanish(visiting: Callable[..., Any]) -> None:
    with visiting("desktop", locale="es-MX") as visit:
        expect(visit.page.locator("html")).to_have_attribute("lang", "es")
        expect(visit.page.locator("h1")).to_have_text("Asistente de evaluación")
        expect(visit.page.locator("#question textarea")).to_have_attribute("placeholder", "Su pregunta…")
        expect(visit.page.locator("#question .submit-button")).to_have_text("Preguntar")
        visit.ask(RECOMMENDED)
        expect(visit.page.locator(".mode")).to_have_text("Citado de la biblioteca")
        expect(visit.page.locator(".card.open .kind")).to_have_text("Recomendación")
        expect(visit.page.locator(".card.open .at")).to_have_text("Página 2 de 3")


def test_an_answer_is_copied_with_its_sources_and_a_source_as_a_footnote(visiting: Callable[..., Any]) -> None:
    with visiting("desktop", permissions=["clipboard-read", "clipboard-write"]) as visit:
        visit.ask(RECOMMENDED)
        visit.page.locator(".copy").click()
        expect(visit.page.locator(".copy")).to_have_text("Copied")
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("The evaluation asks the ministry")
        assert f"[2] {TITLE}, Lesson page 2 (printed ii): “{QUOTES[1]}”" in copied
        visit.page.locator(".card.open .footnote").click()
        expect(visit.page.locator(".card.open .footnote")).to_have_text("Copied")
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert copied == f"Ministry of Education, {TITLE} (May 2024), p. 2."


def test_who_sends_nothing_is_told_what_to_type_below_the_conversation(visiting: Callable[..., Any]) -> None:
    with visiting("desktop") as visit:
        for _ in range(2):
            visit.page.locator("#question textarea").press("Enter")
            expect(visit.page.get_by_text("Type a question first")).to_be_visible()
            expect(visit.page.get_by_placeholder("Type a question first")).to_be_in_viewport()
            visit.ask(RECOMMENDED)
            expect(visit.page.get_by_text("Type a question first")).to_have_count(0)
            expect(visit.page.get_by_placeholder("Type a question first")).to_have_count(0)
