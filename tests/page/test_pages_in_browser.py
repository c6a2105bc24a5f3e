"""The pages beside the conversation in a real browser: by mouse, by keys, on a phone, in the dark, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from accessible import violations
from fakes_assistant import DOCUMENT, HOSTILE, QUOTES, TITLE
from fakes_comparing import OTHER, TwoDocuments
from playwright.sync_api import Browser, Page, Route, expect
from visits import OUTPUT, served

from assistant.faces.rendering import clean
from assistant.faces.service import create_app
from assistant.faces.web.warmth import Warmth
from assistant.settings import Settings

pytestmark = pytest.mark.slow

SIZES = {"desktop": (1280, 900), "phone": (390, 844), "small": (320, 568)}
SEARCH = "search?question=visits&top=10"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> TwoDocuments:
    return TwoDocuments(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def address(assistant: TwoDocuments) -> Iterator[str]:
    """The pages, served on a free loopback port."""
    with served(create_app(assistant, Settings(), Warmth(assistant))) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page on a desk; afterwards: no other host was asked and nothing was complained about."""
    complaints: list[str] = []
    hosts: set[str | None] = set()
    page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=address)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    yield page
    assert complaints == []
    assert hosts == {"127.0.0.1"}
    page.close()


def compare(page: Page, *questions: str) -> None:
    """Start a comparison of all documents."""
    page.goto("compare")
    page.get_by_label("Questions").fill("\n".join(questions))
    for box in page.locator("[name=document]").all():
        box.check()
    page.get_by_role("button", name="Compare").click()


def picture_is_shown(page: Page) -> None:
    picture = page.locator("dialog img")
    expect(picture).to_have_js_property("naturalWidth", 1000)
    expect(picture).to_be_in_viewport()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark"), ("small", "light")])
def test_every_page_fits_and_is_accessible(browser: Browser, address: str, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        base_url=address,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    OUTPUT.mkdir(exist_ok=True)
    for name in ("register", "search", "found", "compare", "matrix", "picture"):
        if name == "matrix":
            compare(page, "What was recommended?", "List the lessons", "hostile")
            expect(page.locator(".state")).to_contain_text("finished")
        elif name == "picture":
            page.goto(SEARCH)
            page.locator("a.picture").first.click()
            picture_is_shown(page)
        else:
            page.goto(SEARCH if name == "found" else name)
        page.screenshot(path=OUTPUT / f"pages-{name}-{size}-{scheme}.png", full_page=name == "matrix")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        assert violations(page) == [], name
        expect(page.locator("h1")).to_have_count(1)
    page.close()


def test_passages_are_selected_and_sent_to_the_export(page: Page) -> None:
    sent: list[dict[str, list[str]]] = []

    def take(route: Route) -> None:
        sent.append(parse_qs(route.request.post_data or ""))
        route.fulfill(body="a file", content_type="text/plain")

    page.route("**/export", take)
    page.goto(SEARCH)
    expect(page.locator(".selection")).to_contain_text("0 selected")
    expect(page.get_by_role("button", name="Word")).to_be_disabled()
    page.locator("[name=passage]").nth(0).check()
    page.locator("[name=passage]").nth(2).check()
    expect(page.locator(".selection")).to_be_in_viewport()
    expect(page.locator(".selection .count")).to_have_text("2 selected, export as")
    page.get_by_role("button", name="BibTeX").click()
    expect(page.locator("body")).to_contain_text("a file")
    assert sent == [{"passage": ["p0", "p2"], "question": ["visits"], "format": ["bib"]}]
    page.go_back()
    expect(page.locator(".selection .count")).to_have_text("2 selected, export as")
    page.get_by_label("Select all").check()
    expect(page.locator(".selection .count")).to_have_text("4 selected, export as")


def test_a_page_is_opened_by_keys_and_the_focus_comes_back(page: Page) -> None:
    page.goto(SEARCH)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    link = page.locator("a.picture").first
    for _ in range(12):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog .close")).to_be_focused()
    expect(page.locator("#viewed")).to_have_text(f"{TITLE}, page 2 (printed ii)")
    picture_is_shown(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_search_is_narrowed_and_its_address_holds_it(page: Page, assistant: TwoDocuments) -> None:
    page.goto("search")
    page.get_by_label("A question, or words").fill("visits")
    page.get_by_text("Narrow the search").click()
    page.get_by_label("Type of document").select_option("Learning brief")
    page.get_by_label(TITLE).check()
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".results .card")).to_have_count(4)
    assert assistant.searched[-1].filters == {"document": [DOCUMENT], "type": "learning brief"}
    page.goto(page.url)
    expect(page.get_by_label(TITLE, exact=True)).to_be_checked()
    expect(page.get_by_label("Type of document")).to_have_value("learning brief")


def test_a_row_of_the_register_opens_its_page_and_columns_sort(page: Page) -> None:
    page.goto("register")
    page.get_by_role("button", name="No.").click()
    expect(page.locator(".entries tbody tr").first).to_contain_text("Lesson")
    expect(page.get_by_role("columnheader", name="No.")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="No.").click()
    expect(page.locator(".entries tbody tr").first).to_contain_text("Recommendation")
    page.get_by_text("Ministry of Education").first.click()
    picture_is_shown(page)
    page.locator("dialog .close").click()
    expect(page.locator(".entries a.picture").first).to_be_focused()


def test_a_comparison_fills_and_its_pages_open(page: Page, assistant: TwoDocuments) -> None:
    assistant.let_go.clear()
    compare(page, "What was recommended?", "hold on, List")
    expect(page.locator("#cell-0-1")).to_contain_text(QUOTES[0])
    expect(page.locator("#cell-0-0")).to_contain_text("Nothing found in this document")
    expect(page.locator("#cell-1-0")).to_have_text("waiting")
    expect(page.locator("progress")).to_have_js_property("value", 2)
    assistant.let_go.set()
    expect(page.locator(".state")).to_have_text(re.compile("The comparison is finished. 4 of 4 filled."))
    expect(page.locator("#cell-1-1")).to_contain_text(QUOTES[1])
    page.locator("#cell-1-1 a.picture").click()
    picture_is_shown(page)
    with page.expect_download() as download:
        page.keyboard.press("Escape")
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_every_document_to_choose_is_reached_by_scrolling_down(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 568}, base_url=address)
    page.goto("compare")
    shelf = page.locator(".choices ul")
    shelf.evaluate("list => { list.style.maxHeight = '2rem'; }")
    assert shelf.evaluate("list => list.scrollHeight > list.clientHeight && list.scrollWidth <= list.clientWidth")
    page.close()


def test_a_comparison_is_stopped(page: Page, assistant: TwoDocuments) -> None:
    assistant.let_go.clear()
    compare(page, "hold on", "What was recommended?")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".state")).to_contain_text("The comparison was stopped.")
    expect(page.locator("#cell-1-1")).to_have_text("not asked")
    assistant.let_go.set()


def test_another_language_keeps_the_page_and_the_search(page: Page) -> None:
    page.goto(f"{SEARCH}&document={OTHER}")
    page.get_by_role("link", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("h1")).to_have_text("Buscar en los informes")
    expect(page.get_by_label("Una pregunta")).to_have_value("visits")
    assert parse_qs(urlsplit(page.url).query)["document"] == [OTHER]
    page.get_by_role("link", name="Comparar").click()
    expect(page.locator("h1")).to_have_text("Comparar documentos")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Compare documents")


def test_hostile_words_are_shown_as_text(page: Page) -> None:
    hostile = "hostile <img src=x onerror=alert(1)> [go](javascript:alert(1))"
    page.goto("register")
    expect(page.locator(".entries")).to_contain_text(clean(HOSTILE))
    page.goto("search")
    page.get_by_label("A question, or words").fill(hostile)
    page.keyboard.press("Enter")
    expect(page.locator(".results blockquote")).to_have_text(clean(HOSTILE))
    page.locator("a.picture").click()
    expect(page.locator("#viewed")).to_contain_text(clean(HOSTILE))
    compare(page, hostile)
    expect(page.locator("#cell-0-0")).to_contain_text(clean(HOSTILE))
    expect(page.locator("tbody th")).to_have_text(hostile)
    assert page.locator("main img, main a[href^='javascript'], main script").count() == 0


def test_a_picture_that_cannot_be_drawn_is_told(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.route("**/*.png?*", lambda route: route.abort())
    page.goto(SEARCH)
    page.locator("a.picture").first.click()
    expect(page.locator("dialog [role=status]")).to_have_text("The picture of this page cannot be shown.")
    page.close()


def test_without_scripts_everything_can_be_done(browser: Browser, address: str, assistant: TwoDocuments) -> None:
    page = browser.new_page(java_script_enabled=False, base_url=address)
    page.goto(SEARCH)
    expect(page.locator(".selection")).to_contain_text("Export the selected passages as")
    expect(page.get_by_role("button", name="Word")).to_be_enabled()
    page.locator("a.picture").first.click()
    assert ".png" in page.url
    assistant.let_go.clear()
    compare(page, "What was recommended?", "hold on")
    expect(page.get_by_role("link", name="Show how far it is")).to_be_visible()
    assistant.let_go.set()
    expect(page.locator(".state")).to_contain_text("finished", timeout=10_000)
    page.close()
