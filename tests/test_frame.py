"""The frame of the pages: its links lead to the same places from everywhere, and its languages keep the page."""

from __future__ import annotations

import re
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from assistant.faces.pages import language, shell
from assistant.faces.web import visitors
from assistant.faces.web.visitors import Visitor

HERE = Annotated[Visitor, Depends(visitors.visitor)]


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    language.mount(app)

    @app.get("/search")
    @app.get("/compare/{job}")
    def page(visitor: HERE) -> HTMLResponse:
        return shell.page(visitor, "search", visitor.texts("nav.search"), "<p>here</p>")

    return TestClient(app, base_url="http://127.0.0.1:7860")


def test_a_page_below_another_leads_to_the_same_places(client: TestClient) -> None:
    assert 'href="register"' in client.get("/search").text
    assert 'href="../register"' in client.get("/compare/abc").text


@pytest.mark.parametrize("address", ["/search?question=caf%C3%A9+%26+wells&top=20", "/compare/a%20b"])
def test_another_language_comes_back_to_the_same_page(client: TestClient, address: str) -> None:
    link = re.search(r'hreflang="es" href="([^"]+)"', client.get(address).text)
    assert link
    reply = client.get("/compare/" + link[1] if link[1].startswith("../") else link[1])
    assert str(reply.url) == f"http://127.0.0.1:7860{address}"
    assert '<html lang="es">' in reply.text
    assert "Buscar" in reply.text
    client.cookies.clear()


def test_the_choice_is_remembered_for_a_year_and_for_this_site_alone(client: TestClient) -> None:
    cookie = client.get("/language/es", follow_redirects=False).headers["set-cookie"]
    assert {"language=es", "Max-Age=31536000", "Path=/", "SameSite=strict", "HttpOnly"} <= set(cookie.split("; "))
    client.cookies.clear()
    assert "set-cookie" not in client.get("/language/xx", follow_redirects=False).headers


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "\r\nX: y",
    ],
)
def test_the_way_back_never_leaves_this_site(client: TestClient, to: str) -> None:
    reply = client.get("/language/en", params={"to": to}, follow_redirects=False)
    assert reply.headers["location"].startswith("../")
    assert "x" not in reply.headers
    assert reply.next_request is not None
    assert reply.next_request.url.host == "127.0.0.1"
    client.cookies.clear()
