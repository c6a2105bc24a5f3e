"""The register in the browser and over REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import registered
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answering import register
from assistant.answering.aliases import Aliases
from assistant.answering.register import Filters, Register
from assistant.faces.pages.register import mount
from assistant.indexing.library import Library
from assistant.records import Role
from assistant.reports import DocumentRow


class Shelf:
    """The register of a library, as the assistant offers it."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def register(self, filters: Mapping[str, Any] | None = None) -> Register:
        return register.register(self.library, Filters.read(filters or {}, self.library), Aliases())

    def seen_by(self, role: Role) -> Shelf:
        return self

    def documents(self) -> list[DocumentRow]:
        return [
            DocumentRow(d.name, d.title, d.pages, 0, 0, 0, d.language, 0, (), type=d.type, year=d.year)
            for d in self.library.documents
        ]

    def finding_counts(self) -> dict[str, dict[str, int]]:
        return register.counts(self.library, Aliases())


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(registered.library(tmp_path_factory.mktemp("page")))


@pytest.fixture(scope="module")
def client(shelf: Shelf) -> TestClient:
    app = FastAPI()
    mount(app, shelf)
    return TestClient(app)


def test_the_page_has_a_row_for_each_entry_that_opens_its_marked_page(client: TestClient) -> None:
    page = client.get("/register", params={"kind": "recommendation"}).text
    assert page.count('<a class="picture"') == 3
    assert "water.pdf/1.png" in page
    assert "3 recommendations in 1 of 3 documents" in page


def test_the_heat_map_names_documents_by_title_and_counts_by_kind(client: TestClient) -> None:
    page = client.get("/register").text
    assert '<td class="heat5"><a href="register?' in page
    assert page.count('<th scope="row">') == 3
    assert 'title="water.pdf">Evaluation of Rural Wells</a>' in page


def test_what_the_list_covers_names_documents_by_title(client: TestClient) -> None:
    page = client.get("/register", params={"kind": "recommendation"}).text
    assert "3 recommendations in 1 of 3 documents; none labelled in Coastal Road Study, School Meals Review." in page


def test_the_register_can_be_narrowed_to_a_type_of_document(client: TestClient) -> None:
    entries = client.get("/api/v1/register").json()
    assert client.get("/api/v1/register", params={"type": "Other"}).json() == entries
    assert client.get("/api/v1/register", params={"type": "learning brief"}).json() == []
    assert "Nothing in the register passes" in client.get("/register", params={"type": "learning brief"}).text


def test_the_page_speaks_spanish(client: TestClient) -> None:
    page = client.get("/register", params={"kind": "lesson"}, headers={"accept-language": "es-MX,en;q=0.5"}).text
    assert "Registro de hallazgos" in page
    assert "3 lecciones en 2 de 3 documentos" in page


def test_a_filter_that_cannot_be_used_is_told_on_the_page(client: TestClient) -> None:
    reply = client.get("/register", params={"document": "<b>nowhere</b>"})
    assert reply.status_code == 200
    assert "No document of the library is called" in reply.text
    assert "<b>nowhere" not in reply.text


def test_what_is_typed_shows_as_text(client: TestClient) -> None:
    assert '"><script>' not in client.get("/register", params={"words": '"><script>alert(1)</script>'}).text


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx", "md"])
def test_the_register_can_be_downloaded(client: TestClient, form: str) -> None:
    reply = client.get("/api/v1/register", params={"format": form, "kind": "lesson"})
    assert reply.headers["content-disposition"] == f'attachment; filename="register.{form}"'
    assert reply.content


def test_over_rest_the_register_is_a_list_of_entries(client: TestClient) -> None:
    entries = client.get("/api/v1/register", params={"addressee": "MINISTRY OF WORKS"}).json()
    assert [entry["number"] for entry in entries] == ["1", "2"]
