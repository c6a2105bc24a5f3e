"""Signing in and out in a real browser, and that the button Back shows nothing to whoever comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import pytest
from fakes_assistant import FakeAssistant
from fastapi import Depends
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from signed_in import PASSWORD, app_of, people
from visits import OUTPUT, WINDOWS, served

from assistant.faces.pages import shell
from assistant.faces.web import visitors
from assistant.faces.web.visitors import Visitor

pytestmark = pytest.mark.slow

WRONG = "something else entirely"
SECRET = "What only those see who are signed in."  # noqa: S105 - words of a page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web face with accounts, and one more page in the frame."""
    app = app_of(FakeAssistant(tmp_path_factory.mktemp("library")), people(tmp_path_factory.mktemp("index")))

    def framed(visitor: Annotated[Visitor, Depends(visitors.visitor)]) -> HTMLResponse:
        return shell.page(visitor, "", "Framed", f"<p>{SECRET}</p>")

    app.get("/framed")(framed)
    app.router.routes.insert(0, app.router.routes.pop())  # before the chat page, which takes every other address
    with served(app) as address:
        yield address


@pytest.fixture(params=[(size, scheme) for size in WINDOWS for scheme in ("light", "dark")], ids="-".join)
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty browser; afterwards nothing sticks out of the page."""
    size, scheme = request.param
    width, height = WINDOWS[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    yield page
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"{request.node.originalname}-{size}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    context.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def sign_in(page: Page, name: str = "rosa", password: str = PASSWORD) -> None:
    """By the keyboard alone: the name has the focus."""
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_the_page_asks_for_a_name_and_a_password(visit: Page, address: str) -> None:
    visit.goto(f"{address}framed?kind=lesson")
    assert visit.url == f"{address}signin?to=/framed%3Fkind%3Dlesson"
    expect(visit.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(visit.get_by_role("navigation")).to_have_count(0)
    expect(visit.locator("main")).not_to_contain_text(SECRET)


def test_a_wrong_password_is_told_and_the_name_stays(visit: Page, address: str) -> None:
    visit.goto(address)
    sign_in(visit, "rosa", WRONG)
    expect(visit.get_by_role("alert")).to_have_text("The name or the password is not right.")
    expect(visit.get_by_label("Name")).to_have_value("rosa")
    expect(visit.get_by_label("Password")).to_be_focused()
    visit.keyboard.type(PASSWORD)
    visit.keyboard.press("Enter")
    visit.wait_for_url(address)
    visit.goto(f"{address}framed")
    expect(visit.get_by_text("Signed in as rosa")).to_be_visible()


def test_after_too_many_tries_the_page_says_how_long_to_wait(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    for _ in range(6):
        page.get_by_label("Name").fill("somebody")
        page.get_by_label("Password").fill("not the right password")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("There were too many tries. Try again in 5 minutes.")
    page.screenshot(path=OUTPUT / "locked.png")


def test_the_chat_page_works_for_who_is_signed_in(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    sign_in(page)
    expect(page.locator("#tools")).to_be_visible()  # until then nobody listens to Enter
    page.locator("#question textarea").fill("What was recommended to the ministry?")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-0 .about")).to_be_visible()
    expect(page.locator(".turn.open .card.open img")).to_have_js_property("naturalWidth", 1000)


def test_after_signing_out_back_shows_nothing(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}framed")
    sign_in(page)
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.goto(address)
    expect(page.locator("#question textarea")).to_be_visible()
    page.goto(f"{address}framed?again")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}signin")
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        expect(page.get_by_text(SECRET)).to_have_count(0)
        expect(page.locator("#question")).to_have_count(0)


def test_a_page_left_open_in_another_tab_answers_nobody_after_signing_out(
    context: BrowserContext, address: str
) -> None:
    left, other = context.new_page(), context.new_page()
    left.goto(address)
    sign_in(left)
    expect(left.locator("#question textarea")).to_be_visible()
    other.goto(f"{address}framed")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url(f"{address}signin")
    with left.expect_response(re.compile("queue/join")) as reply:
        left.locator("#question textarea").fill("What was recommended to the ministry?")
        left.keyboard.press("Enter")
    assert reply.value.status == 401
    expect(left.locator(".answer")).to_have_count(0)


def test_a_link_on_another_site_opens_the_page_for_who_is_signed_in(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}framed")
    sign_in(page)
    expect(page.get_by_text(SECRET)).to_be_visible()
    elsewhere = address.replace("127.0.0.1", "localhost")
    page.goto(f"{elsewhere}healthz")
    page.evaluate(f"location.href = '{address}framed'")
    expect(page.get_by_text(SECRET)).to_be_visible()
    assert page.url == f"{address}framed"


def test_a_form_on_another_site_changes_nothing(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}framed")
    sign_in(page)
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.goto("about:blank")
    page.set_content(f"<form method=post action='{address}signout'><button>Win</button></form>")
    page.get_by_role("button").click()
    expect(page.locator("body")).to_contain_text("another page than ours")
    page.goto(f"{address}framed")
    expect(page.get_by_text("Signed in as rosa")).to_be_visible()
