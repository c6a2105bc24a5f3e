"""Wrong addresses and wishes: whoever looks at a page is told in a page, a program in JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes_assistant import FakeAssistant
from fastapi.testclient import TestClient

from assistant.faces.service import create_app
from assistant.faces.web.warmth import Warmth
from assistant.settings import Settings

EYES = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("library")
    assistant = FakeAssistant(folder)
    app = create_app(assistant, Settings(index=folder), Warmth(assistant))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.mark.parametrize(("address", "root"), [("/no-such-page", ""), ("/no/such/page", "../../")])
def test_an_address_that_leads_nowhere_says_so_and_leads_on(client: TestClient, address: str, root: str) -> None:
    reply = client.get(address, headers=EYES)
    assert reply.status_code == 404
    assert "<h1>There is no page here</h1>" in reply.text
    assert f'<a href="{root}search">Search</a>' in reply.text


def test_it_is_said_in_the_language_of_the_visitor(client: TestClient) -> None:
    assert "Aquí no hay ninguna página" in client.get("/nada", headers={**EYES, "Accept-Language": "es"}).text


@pytest.mark.parametrize(("address", "headers"), [("/no-such-page", {}), ("/api/v1/no-such-thing", EYES)])
def test_programs_are_told_in_json(client: TestClient, address: str, headers: dict[str, str]) -> None:
    reply = client.get(address, headers=headers)
    assert (reply.status_code, reply.json()) == (404, {"detail": "Not Found"})


def test_a_page_that_cannot_be_shown_says_why(client: TestClient) -> None:
    reply = client.get("/search?question=visits&top=no-number", headers=EYES)
    assert reply.status_code == 422
    assert "<h1>This cannot be shown</h1>" in reply.text
    assert "top: Input should be a valid integer" in reply.text


def test_what_is_asked_for_is_not_repeated_as_markup(client: TestClient) -> None:
    reply = client.get("/<img src=x onerror=alert(1)>", headers=EYES)
    assert reply.status_code == 404
    assert "<img src=x" not in reply.text
