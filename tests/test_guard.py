"""The guard before every route: nobody unknown comes in, no other page acts for us, and each sees what is theirs."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fakes_assistant import DOCUMENT, FakeAssistant
from fastapi import FastAPI
from fastapi.testclient import TestClient
from signed_in import ADDRESS, OURS, PASSWORD, app_of, people, signed_in, visiting
from starlette.routing import BaseRoute

from assistant.errors import SettingsError
from assistant.faces.web.guard import COOKIE, OPEN, inside
from assistant.records import Role
from assistant.staff.sign_ins import SignIns

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
JOIN, DATA = "/gradio_api/queue/join", "/gradio_api/queue/data"


@pytest.fixture(scope="module")
def sign_ins(tmp_path_factory: pytest.TempPathFactory) -> SignIns:
    return people(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def app(sign_ins: SignIns, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    app = app_of(FakeAssistant(tmp_path_factory.mktemp("library")), sign_ins)
    with TestClient(app) as running:
        app.state.portal = running.portal
        yield app


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    return visiting(app)


@pytest.fixture
def rosa(app: FastAPI, sign_ins: SignIns) -> TestClient:
    return signed_in(app, sign_ins, "rosa")


def addresses(routes: list[BaseRoute], root: str = "") -> Iterator[tuple[str, str]]:
    """Method and an address of every route below these, those of mounted apps too."""
    for route in routes:
        path = root + re.sub(r"{[^}]*}", "1", getattr(route, "path", ""))
        # FastAPI keeps a router that was included whole beside the routes.
        below = getattr(getattr(route, "original_router", route), "routes", None)
        if below is not None:
            yield from addresses(list(below), path)
        else:
            yield from ((method, path) for method in sorted(getattr(route, "methods", None) or ("GET", "POST")))


# --- who comes in -----------------------------------------------------------------------------------------------------


def test_no_route_answers_a_stranger(app: FastAPI, stranger: TestClient) -> None:
    walked = {(method, path) for method, path in addresses(app.routes) if path not in (*OPEN, "")}
    assert {("POST", "/api/v1/ask"), ("POST", "/mcp"), ("POST", JOIN), ("GET", "/"), ("GET", "/openapi.json")} <= walked
    assert len(walked) > 60
    for method, path in sorted(walked):
        status = stranger.request(method, path).status_code
        assert status == 401 or (status == 404 and "/gradio_api/queue" not in path), f"{method} {path}: {status}"
        status = stranger.request(method, path, headers=BROWSER | OURS).status_code
        assert status in (401, 303, 404), f"{method} {path}: {status}"


def test_what_gradio_serves_without_a_sign_in_is_nothing(stranger: TestClient, rosa: TestClient) -> None:
    """404 of the walk above is the shield's, which stands before the guard: those routes are there for nobody."""
    for path in ("/config", "/gradio_api/info", "/login", "/monitoring", "/gradio_api/upload"):
        assert stranger.get(path).status_code == rosa.get(path).status_code == 404
    for path in ("/theme.css", f"{DATA}?session_hash=x", "/gradio_api/heartbeat/x", "/gradio_api/startup-events"):
        assert stranger.get(path).status_code == 401


@pytest.mark.parametrize("path", OPEN)
def test_signing_in_and_the_health_of_the_service_are_open(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code in (200, 503)
    assert stranger.get(path).headers["cache-control"] == "no-store"


def test_a_browser_is_shown_the_way_to_sign_in_and_a_program_is_told(stranger: TestClient) -> None:
    shown = stranger.get("/register?kind=lesson&words=a b", headers=BROWSER)
    assert (shown.status_code, shown.headers["location"]) == (
        303,
        "/signin?to=/register%3Fkind%3Dlesson%26words%3Da%2520b",
    )
    told = stranger.get("/register")
    assert (told.status_code, told.headers["www-authenticate"]) == (401, "Bearer")
    assert "Sign in at /signin" in told.json()["error"]
    assert stranger.get("/api/v1/documents", headers=BROWSER).status_code == 401


def test_a_name_and_a_password_open_the_page_that_was_asked_for(app: FastAPI, sign_ins: SignIns) -> None:
    visitor = visiting(app)
    form = {"name": "rosa", "password": PASSWORD, "to": "/register?kind=lesson"}
    reply = visitor.post("/signin", data=form, headers=OURS)
    assert (reply.status_code, reply.headers["location"]) == (303, "/register?kind=lesson")
    cookie = reply.headers["set-cookie"]
    assert re.match(rf"{COOKIE}=[\w-]{{43}}; HttpOnly; Max-Age=604800; Path=/; SameSite=strict$", cookie)
    assert visitor.get("/api/v1/documents").status_code == 200
    assert visitor.get("/signin").headers["location"] == "/", "who is signed in need not sign in"
    before = visitor.cookies[COOKIE]
    visitor.post("/signin", data=form, headers=OURS)
    assert visitor.cookies[COOKIE] != before
    assert sign_ins.of(before) is None, "one browser has one sign-in"


@pytest.mark.parametrize(
    ("https", "address", "secure"),
    [("auto", ADDRESS, False), ("auto", "https://127.0.0.1", True), ("always", ADDRESS, True)],
)
def test_the_cookie_stays_on_https_where_the_request_came_by_it(
    sign_ins: SignIns, tmp_path: Path, https: str, address: str, secure: bool
) -> None:
    visitor = visiting(app_of(FakeAssistant(tmp_path), sign_ins, https=https), address)
    reply = visitor.post("/signin", data={"name": "rosa", "password": PASSWORD}, headers={"Origin": address})
    assert ("Secure" in reply.headers["set-cookie"]) is secure


def test_a_word_for_https_that_is_not_known_is_refused(sign_ins: SignIns, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'auto' or 'always'"):
        app_of(FakeAssistant(tmp_path), sign_ins, https="yes")


def test_a_wrong_password_opens_nothing_and_repeats_nothing(
    stranger: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    form = {"name": "<b>rita</b>", "password": "a wrong password", "to": "//evil.example"}
    reply = stranger.post("/signin", data=form, headers=OURS)
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers
    assert "The name or the password is not right." in reply.text
    assert "a wrong password" not in reply.text + caplog.text
    assert "<b>rita" not in reply.text
    assert 'name="to" value="/"' in reply.text


def test_too_many_tries_are_told_in_minutes(app: FastAPI) -> None:
    visitor = visiting(app)
    for _ in range(5):
        visitor.post("/signin", data={"name": "nobody", "password": "x"}, headers=OURS)
    reply = visitor.post("/signin", data={"name": "nobody", "password": "x"}, headers=OURS)
    assert reply.status_code == 429
    assert "Try again in 5 minutes." in reply.text
    spoken = visitor.post("/signin", data={"name": "nobody", "password": "x"}, headers=OURS | {"Accept-Language": "es"})
    assert "Inténtelo de nuevo en 5 minutos." in spoken.text


@pytest.mark.parametrize(
    "to",
    [
        *("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *("/\t/evil.example", "/\n/evil.example", "evil.example", "", "http://[", "/\u202ereversed"),
    ],
)
def test_signing_in_leads_nowhere_else(to: str) -> None:
    assert inside(to) == "/"


def test_signing_in_leads_on_to_any_address_of_ours() -> None:
    assert inside("/register?kind=lesson&words=a b#top") == "/register?kind=lesson&words=a b#top"


def test_signing_out_ends_the_sign_in_and_takes_the_cookie_back(rosa: TestClient) -> None:
    token = rosa.cookies[COOKIE]
    reply = rosa.post("/signout")
    assert (reply.status_code, reply.headers["location"]) == (303, "/signin")
    assert 'assistant_session=""' in reply.headers["set-cookie"]
    assert "Max-Age=0" in reply.headers["set-cookie"]
    rosa.cookies.set(COOKIE, token)
    assert rosa.get("/api/v1/documents").status_code == 401


def test_an_api_key_opens_rest_and_mcp_and_needs_no_page_of_ours(stranger: TestClient, sign_ins: SignIns) -> None:
    key = {"Authorization": f"Bearer {sign_ins.accounts.new_key('rosa')}"}
    assert stranger.post("/api/v1/search", json={"question": "visits"}, headers=key).status_code == 200
    assert called(stranger, "documents", key)
    for wrong in (b"Bearer assistant_wrong", b"Bearer", b"Basic cm9zYTp4", b"Bearer \xe9"):
        assert stranger.get("/api/v1/documents", headers={b"Authorization": wrong}).status_code == 401


def called(client: TestClient, tool: str, headers: dict[str, str], **arguments: Any) -> Any:
    """What an MCP tool gives."""
    reply = client.post(
        "/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}},
        headers={"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"} | headers,
    )
    return reply.json()["result"]["structuredContent"]


def test_replies_are_kept_by_no_cache_for_the_next_person(rosa: TestClient) -> None:
    for path in ("/", "/signin", "/api/v1/documents", f"/api/v1/files/{quote(DOCUMENT)}"):
        assert rosa.get(path).headers["cache-control"] == "no-store", path
    picture = rosa.get(f"/api/v1/pages/{quote(DOCUMENT)}/1.png").headers
    assert picture["cache-control"].startswith("private")
    assert picture["vary"] == "Cookie, Authorization"


# --- other pages ------------------------------------------------------------------------------------------------------

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": ADDRESS},
    {"Origin": "http://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "null"},
]
CHANGES = ["/api/v1/ask", "/signin", "/signout", "/mcp", JOIN, "/gradio_api/cancel", "/nowhere"]


@pytest.mark.parametrize("headers", [*FOREIGN, {}])
def test_another_page_changes_nothing_with_the_cookie_of_ours(
    app: FastAPI, sign_ins: SignIns, headers: dict[str, str]
) -> None:
    rita = visiting(app)
    rita.cookies.set(COOKIE, sign_ins.begin("rita", PASSWORD, "here"))
    for path in CHANGES:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert rita.request(method, path, headers=headers).status_code == 403, path
    assert rita.get("/api/v1/documents").status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": ADDRESS}])
def test_our_own_pages_may(app: FastAPI, sign_ins: SignIns, headers: dict[str, str]) -> None:
    rita = visiting(app)
    rita.cookies.set(COOKIE, sign_ins.begin("rita", PASSWORD, "here"))
    assert rita.post("/api/v1/ask", json={"question": "Who?"}, headers=headers).status_code == 200


def test_without_accounts_everybody_here_is_let_in_but_no_page_from_elsewhere(tmp_path: Path) -> None:
    sign_ins = SignIns(people(tmp_path / "other").accounts)
    for account in sign_ins.accounts.all():
        sign_ins.accounts.remove(account.name)
    anybody = visiting(app_of(FakeAssistant(tmp_path), sign_ins))
    asked = {"question": "What was recommended?"}
    assert anybody.post("/api/v1/ask", json=asked).status_code == 200
    assert anybody.post("/api/v1/ask", json=asked, headers=OURS).status_code == 200
    assert anybody.get("/signin").headers["location"] == "/"
    for headers in FOREIGN:
        assert anybody.post("/api/v1/ask", json=asked, headers=headers).status_code == 403
    sign_ins.accounts.add("carla", Role.CURATOR, PASSWORD)
    assert anybody.post("/api/v1/ask", json=asked).status_code == 401, "the first user takes effect at once"


def test_a_link_in_a_mail_finds_who_is_signed_in(stranger: TestClient) -> None:
    """The browser leaves the cookie out on the way from another site; asked once more by our page it brings it."""
    linked = stranger.get("/signin?to=/register", headers={"Sec-Fetch-Site": "cross-site"})
    assert '<meta http-equiv="refresh" content="0;url=/register">' in linked.text
    assert "<form" not in linked.text
    assert "<form" in stranger.get("/signin?to=/register", headers={"Sec-Fetch-Site": "same-origin"}).text


# --- other machines ---------------------------------------------------------------------------------------------------


def test_where_other_machines_reach_it_nobody_comes_in_without_an_account(tmp_path: Path) -> None:
    sign_ins = people(tmp_path)
    visitor = visiting(app_of(FakeAssistant(tmp_path), sign_ins, host="0.0.0.0"))  # noqa: S104
    assert visitor.get("/api/v1/documents").status_code == 401
    for account in sign_ins.accounts.all():
        sign_ins.accounts.remove(account.name)
    reply = visitor.get("/api/v1/documents", headers=BROWSER)
    assert (reply.status_code, "assistant user add" in reply.json()["error"]) == (503, True)
    assert visitor.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.5:7860", 200),
        ("[fe80::1]:7860", 200),
        ("reports.example.org", 200),
        ("REPORTS.example.org:443", 200),
        ("evil.example", 421),
        ("", 421),
    ],
)
def test_a_name_must_be_known_and_an_address_speaks_for_itself(tmp_path: Path, host: str, status: int) -> None:
    settings = {"host": "0.0.0.0", "hosts": "reports.example.org, other.example.org"}  # noqa: S104
    visitor = visiting(app_of(FakeAssistant(tmp_path), people(tmp_path), **settings))
    assert visitor.get("/healthz", headers={"Host": host}).status_code == status


def test_staff_data_that_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    sign_ins = people(tmp_path)
    rosa = signed_in(app_of(FakeAssistant(tmp_path), sign_ins), sign_ins, "rosa")
    sign_ins.accounts.store.file.write_bytes(b"no database " * 1000)
    reply = rosa.get("/api/v1/documents")
    assert (reply.status_code, "staff data" in reply.json()["error"]) == (503, True)
    assert rosa.get("/healthz").status_code == 200
