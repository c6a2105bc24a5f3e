"""What somebody who means harm may send: nothing is let out, nothing is changed, and every reply is safe."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes_assistant import FakeAssistant
from fakes_comparing import TwoDocuments
from fastapi import FastAPI
from fastapi.testclient import TestClient
from signed_in import ADDRESS, OURS, app_of, people, signed_in, visiting
from test_guard import DATA, JOIN, addresses

from assistant.faces.service import create_app
from assistant.faces.web.warmth import Warmth
from assistant.records import Question
from assistant.settings import Settings
from assistant.staff.sign_ins import SignIns

NEIGHBOUR = "http://127.0.0.1:9999"
"""Another service on this machine, which browsers take for the same site."""
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": NEIGHBOUR},
    {"Origin": "null"},
)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")
"""What a page may send to another site without asking."""


class Breaks(TwoDocuments):
    """Something goes wrong in it that nobody thought of."""

    def search(self, question: Question, top: int = 10) -> Any:
        raise RuntimeError(f"of {question.text}")


@pytest.fixture(scope="module")
def sign_ins(tmp_path_factory: pytest.TempPathFactory) -> SignIns:
    return people(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def app(sign_ins: SignIns, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    app = app_of(Breaks(tmp_path_factory.mktemp("library")), sign_ins)
    with TestClient(app):
        yield app


@pytest.fixture
def rosa(app: FastAPI, sign_ins: SignIns) -> TestClient:
    return signed_in(app, sign_ins, "rosa")


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Somebody on the machine itself, where nobody has an account."""
    folder = tmp_path_factory.mktemp("alone")
    sign_ins = people(folder / "index")
    for account in sign_ins.accounts.all():
        sign_ins.accounts.remove(account.name)
    return visiting(app_of(TwoDocuments(folder), sign_ins))


# --- the headers of every reply ---------------------------------------------------------------------------------------

REPLIES = (
    *(
        ("GET", path, 200)
        for path in ("/", "/register", "/search", "/compare", "/library", "/history", "/openapi.json")
    ),
    *(("GET", path, 200) for path in ("/theme.css", "/favicon.ico", "/robots.txt", "/healthz", "/api/v1/documents")),
    ("GET", "/signin", 303),
    ("GET", "/language/es?to=search", 303),
    ("GET", "/gaps", 403),
    ("GET", "/nowhere", 404),
    ("GET", "/answers/nothing", 404),
    ("GET", "/assets/nothing.js", 404),
    ("GET", "/static/..%2froutes.py", 403),
    ("GET", "/gradio_api/upload", 404),
    ("DELETE", "/api/v1/ask", 404),
    ("POST", "/api/v1/ask", 422),
    ("POST", "/api/v1/search", 500),
)


@pytest.mark.parametrize(("method", "path", "status"), REPLIES)
def test_every_reply_says_what_a_browser_may_do_with_it(rosa: TestClient, method: str, path: str, status: int) -> None:
    sent: dict[str, Any] = {"json": {"question": "Who?"}} if status == 500 else {}
    reply = rosa.request(method, path, headers={"Origin": NEIGHBOUR} if method == "GET" else OURS, **sent)
    assert reply.status_code == status
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert reply.headers["cross-origin-opener-policy"] == "same-origin"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in reply.headers["permissions-policy"]
    assert not [name for name in reply.headers if name.startswith("access-control-")], "nobody else may read it"
    policy = directives(reply.headers["content-security-policy"])
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy.get("object-src", policy["default-src"]) == ["'none'"]
    assert not [each for values in policy.values() for each in values if "." in each or "*" in each or each == "http:"]
    assert path.startswith(("/theme", "/favicon", "/assets", "/static", "/gradio")) or (
        reply.headers["cache-control"] == "no-store"
    )


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (each.split() for each in policy.split(";"))}


@pytest.mark.parametrize("path", ["/register", "/search?question=Who", "/compare", "/library", "/history", "/signin"])
def test_our_own_pages_run_their_own_script_alone(anybody: TestClient, path: str) -> None:
    policy = directives(anybody.get(path, follow_redirects=True).headers["content-security-policy"])
    if path == "/signin":  # leads on to the Ask page, which is gradio's
        return
    assert policy["default-src"] == ["'none'"]
    assert "unsafe" not in json.dumps(policy)
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["script-src"][0])


def test_an_error_that_nobody_thought_of_repeats_nothing(rosa: TestClient) -> None:
    reply = rosa.post("/api/v1/search", json={"question": "who was dismissed"})
    assert reply.json() == {"error": "Something unexpected happened. The log of the server says what."}


# --- what other pages make a browser send -----------------------------------------------------------------------------


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("key", [{}, {"Authorization": "Bearer nobody-has-it"}])
def test_no_other_page_changes_anything_where_nobody_signs_in(
    anybody: TestClient, headers: dict[str, str], key: dict[str, str]
) -> None:
    """Least of all with a key, for which a browser lets a page skip nothing but the cookie."""
    app: Any = anybody.app
    walked = {path for method, path in addresses(app.routes) if method == "POST"}
    assert {"/library/upload", "/library/remove", "/answers/1/mark", "/mcp", JOIN, "/export", "/compare"} <= walked
    for path in sorted(walked):
        for form in FORMS:
            reply = anybody.post(path, content=b"a=b", headers={**headers, **key, "Content-Type": form})
            closed = path.startswith("/gradio_api/") or path.startswith("/login")
            assert reply.status_code == 403 or (closed and reply.status_code == 404), path


@pytest.mark.parametrize("path", ["/library/remove", "/library/upload", "/api/v1/ask", JOIN, "/mcp"])
def test_no_browser_is_told_that_another_page_may_send_more(anybody: TestClient, path: str) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    for headers in FOREIGN:
        reply = anybody.options(path, headers=headers | asking)
        assert reply.status_code in (403, 404)
        assert "access-control-allow-origin" not in reply.headers


def test_a_key_of_a_person_needs_no_page_of_ours(app: FastAPI, sign_ins: SignIns) -> None:
    key = {"Authorization": f"Bearer {sign_ins.accounts.new_key('rosa')}"}
    assert visiting(app).post("/api/v1/ask", json={"question": "Who?"}, headers=FOREIGN[0] | key).status_code == 200


def test_who_has_not_signed_in_is_no_curator(app: FastAPI, tmp_path: Path, sign_ins: SignIns) -> None:
    """The open pages show nothing to curators alone: why the model cannot be loaded names folders of the server."""
    warmth = Warmth(FakeAssistant(tmp_path))
    warmth.failure = "/srv/secret/model cannot be loaded."
    served = create_app(FakeAssistant(tmp_path), Settings(index=tmp_path), warmth, sign_ins)
    reply = visiting(served).get("/readyz")
    assert (reply.status_code, "secret" in reply.text) == (503, False)
    assert "/srv/secret/model" in signed_in(served, sign_ins, "carla").get("/readyz").text


# --- files ------------------------------------------------------------------------------------------------------------

ELSEWHERE = (
    *("..%2f..%2f..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "/etc/passwd", "....//....//etc/passwd", "..%5c..%5cetc"),
    *("%2e%2e/%2e%2e/etc/passwd", "etc/passwd%00.pdf", "%c0%ae%c0%ae/etc/passwd", "file:%2f%2f%2fetc%2fpasswd"),
)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_no_address_leads_to_a_file_outside_the_library(rosa: TestClient, name: str) -> None:
    for path in (
        *(f"/api/v1/files/{name}", f"/api/v1/pages/{name}/1.png", f"/static/{name}", f"/assets/{name}"),
        *(f"/gradio_api/file={name}", f"/file={name}", f"/svelte/{name}", f"/answers/x.{name}", f"/compare/{name}"),
        *(f"//gradio_api/file={name}", f"/gradio_api/queue/../file={name}"),
    ):
        reply = rosa.get(path)
        assert reply.status_code in (400, 403, 404), path
        assert "root:" not in reply.text


def test_a_file_named_in_what_the_ask_page_sends_is_not_opened(tmp_path: Path) -> None:
    file = {"path": "/etc/passwd", "url": f"{NEIGHBOUR}/x", "meta": {"_type": "gradio.FileData"}, "orig_name": "a.pdf"}
    asking, loading = [file, file, json.dumps({"filters": {"document": [file]}})], [file]
    # What the page does on the server goes on between requests, so all of them belong into one loop.
    with TestClient(create_app(FakeAssistant(tmp_path), Settings(index=tmp_path)), base_url=ADDRESS) as client:
        for data in (asking, loading):
            handler = {3: 0, 1: 3}[len(data)]
            asked = {"data": data, "fn_index": handler, "session_hash": "hostile page", "event_data": file}
            assert client.post(JOIN, json=asked).status_code == 200
        heard = client.get(DATA, params={"session_hash": "hostile page"}).text
    assert heard.count("process_completed") == 2
    assert "root:" not in heard


NO_REQUESTS = (b"[" * 200_000, b'{"a":' * 200_000, b"\xff\xfe", b'"text"', b"[1]", b"{}", b"")
IN_JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("body", NO_REQUESTS)
@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/search", "/api/v1/export", JOIN, "/gradio_api/cancel"])
def test_a_body_that_is_no_request_is_refused(rosa: TestClient, path: str, body: bytes) -> None:
    assert rosa.post(path, content=body, headers=IN_JSON).status_code in (400, 422)


def test_a_body_that_is_no_call_of_a_tool_is_refused(tmp_path: Path) -> None:
    with TestClient(create_app(FakeAssistant(tmp_path), Settings(index=tmp_path)), base_url=ADDRESS) as client:
        assert {client.post("/mcp", content=body, headers=IN_JSON).status_code for body in NO_REQUESTS} == {400}


def test_a_length_of_thousands_of_digits_is_too_large(rosa: TestClient) -> None:
    reply = rosa.post("/api/v1/ask", content=b"{}", headers={"Content-Length": "9" * 5000})
    assert reply.status_code == 413
