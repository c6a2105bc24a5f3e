"""Who may see a document: nothing of one that is kept for curators reaches a reader, on any route."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import factories
import pytest
from fakes import WordHashEmbedder
from fastapi import FastAPI
from fastapi.testclient import TestClient
from signed_in import app_of, people, signed_in
from test_guard import addresses, called

from assistant.building import build
from assistant.errors import AssistantError
from assistant.faces.service import create_app
from assistant.faces.web import visitors
from assistant.faces.web.shelf import Shelf
from assistant.pipeline import Assistant
from assistant.records import Role
from assistant.settings import Settings
from assistant.staff.sign_ins import SignIns

OPEN = "coastal-schools.pdf"
KEPT = "secret/inspection.pdf"
TITLE = "Evaluation of the Quarry Inspection Pilot"
FOUND = "The inspectors of the pilot found 57 unlicensed pits. Nine of the pits were closed within a month."
# What only the restricted document holds; its recommendations stand in the open one, too.
TELLING = (b"inspection.pdf", b"Quarry", b"unlicensed", b"Nine of the pits")

MOMENTS = count(1_700_000_000)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("corpus")
    factories.brief(folder / OPEN)
    factories.brief(folder / KEPT, TITLE, (FOUND,))
    restrict(folder)
    settings = Settings(corpus=folder, index=tmp_path_factory.mktemp("index"))
    build(settings, embedder=WordHashEmbedder())
    return Assistant(settings, embedder=WordHashEmbedder())


def restrict(corpus: Path, access: str = "curators") -> None:
    """Say in documents.csv who may see it, in another moment than before."""
    file = corpus / "documents.csv"
    file.write_text(f"file,access\n{KEPT},{access}\n", "utf-8")
    moment = next(MOMENTS)
    os.utime(file, (moment, moment))


@pytest.fixture(scope="module")
def sign_ins(assistant: Assistant) -> SignIns:
    return people(assistant.settings.index)


@pytest.fixture(scope="module")
def app(assistant: Assistant, sign_ins: SignIns) -> Iterator[FastAPI]:
    app = app_of(assistant, sign_ins)
    with TestClient(app) as running:
        app.state.portal = running.portal
        yield app


@pytest.fixture(scope="module")
def clients(app: FastAPI, sign_ins: SignIns) -> tuple[TestClient, TestClient]:
    """A curator and a reader."""
    return signed_in(app, sign_ins, "carla"), signed_in(app, sign_ins, "rosa")


def post(path: str, **body: Any) -> Callable[[TestClient], Any]:
    return lambda client: client.post(path, json=body)


def get(path: str, **params: str) -> Callable[[TestClient], Any]:
    return lambda client: client.get(path, params=params)


ROUTES = {
    "ask": post("/api/v1/ask", question="How many pits did the inspectors find?"),
    "ask for all": post("/api/v1/ask", question="List all recommendations"),
    "ask for a name": post("/api/v1/ask", question="Which documents speak of the pilot of the inspectors?"),
    "ask on": post(
        "/api/v1/ask",
        question="And how many of them were closed?",
        history=[{"question": "How many pits did the inspectors find?", "answer": "57 [1]"}],
    ),
    "search": post("/api/v1/search", question="pits found by inspectors", top=100),
    "documents": get("/api/v1/documents"),
    "register": get("/api/v1/register"),
    "register of a kind": get("/api/v1/register", kind="recommendation"),
    **{form: get("/api/v1/register", format=form) for form in ("csv", "md", "table", "xlsx", "docx")},
    "register page": get("/register"),
    "search page": get("/search", q="pits found by inspectors", question="pits found by inspectors"),
    "compare page": get("/compare", document=OPEN),
    "library page": get("/library"),
    "chat page": get("/"),
    "openapi": get("/openapi.json"),
}
# A page that has not been asked anything, or that is not there, shows nothing of any document.
SILENT = {"search page", "compare page", "library page", "chat page", "openapi", "ask on", "ask for a name"}


@pytest.mark.parametrize("name", ROUTES)
def test_a_reader_sees_nothing_of_a_restricted_document(clients: tuple[TestClient, TestClient], name: str) -> None:
    for_curator, for_reader = (everything_in(ROUTES[name](client)) for client in clients)
    assert not [word for word in TELLING if word in for_reader]
    assert name in SILENT or [word for word in TELLING if word in for_curator], "curators do see it"


def everything_in(reply: Any) -> bytes:
    """The body; of an office document, all its parts."""
    if not reply.content.startswith(b"PK"):
        return bytes(reply.content)
    with zipfile.ZipFile(io.BytesIO(reply.content)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


@pytest.mark.parametrize(
    "path",
    [f"/api/v1/pages/{quote(KEPT)}/1.png", f"/api/v1/files/{quote(KEPT)}", f"/api/v1/register?document={quote(KEPT)}"],
)
def test_a_restricted_document_is_for_a_reader_one_that_is_not_there(
    clients: tuple[TestClient, TestClient], path: str
) -> None:
    carla, rosa = clients
    absent = path.replace("inspection", "nothing")
    assert carla.get(path).status_code == 200
    refused, missing = rosa.get(path), rosa.get(absent)
    assert refused.status_code == missing.status_code in (400, 404)
    assert refused.text == missing.text.replace("nothing", "inspection")


def test_the_tools_of_mcp_show_a_reader_nothing_of_it(clients: tuple[TestClient, TestClient]) -> None:
    carla, rosa = clients
    for tool, arguments in (
        ("ask", {"question": "How many pits did the inspectors find?"}),
        ("search", {"question": "pits found by inspectors"}),
        ("documents", {}),
    ):
        assert "inspection.pdf" in str(called(carla, tool, {}, **arguments)), tool
        assert not [word for word in TELLING if word.decode() in str(called(rosa, tool, {}, **arguments))], tool


def test_it_takes_effect_at_once_that_a_document_is_restricted_or_is_no_longer(
    clients: tuple[TestClient, TestClient], assistant: Assistant
) -> None:
    _, rosa = clients
    picture = f"/api/v1/pages/{quote(KEPT)}/1.png"
    try:
        restrict(assistant.settings.corpus, "all")
        assert rosa.get(picture).status_code == 200
        assert b"inspection.pdf" in rosa.get("/api/v1/documents").content
        chat = Shelf(assistant.seen_by(Role.READER))  # what the chat page lists
        assert KEPT in chat.known
        for word in ("curators", "managers"):
            restrict(assistant.settings.corpus, word)
            assert KEPT not in chat.known
            assert rosa.get(picture).status_code == 404
            assert b"inspection.pdf" not in rosa.get("/api/v1/documents").content
            restrict(assistant.settings.corpus, "all")
        (assistant.settings.corpus / "documents.csv").write_bytes(b"\xff\xfe no table")
        assert rosa.get("/api/v1/documents").json() == []
    finally:
        restrict(assistant.settings.corpus)


def test_what_curators_alone_may_do_is_refused_to_a_reader(
    app: FastAPI, clients: tuple[TestClient, TestClient]
) -> None:
    guarded = [
        (method, path)
        for route in app.routes
        if any(d.call is visitors.curator for d in getattr(getattr(route, "dependant", None), "dependencies", []))
        for method, path in addresses([route])
    ]
    assert [rosa_s for rosa_s in guarded if clients[1].request(*rosa_s).status_code != 403] == []


def test_without_accounts_everybody_here_sees_everything(assistant: Assistant, tmp_path: Path) -> None:
    app = create_app(assistant, Settings(corpus=assistant.settings.corpus, index=tmp_path))
    anybody = TestClient(app, base_url="http://127.0.0.1:7860")
    assert b"inspection.pdf" in anybody.get("/api/v1/documents").content


def test_a_restricted_file_that_could_not_be_read_is_not_named_to_readers(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    factories.brief(settings.corpus / OPEN)
    factories.not_a_pdf(settings.corpus / KEPT)
    factories.not_a_pdf(settings.corpus / "broken.pdf")
    restrict(settings.corpus)
    build(settings, embedder=WordHashEmbedder())
    assistant = Assistant(settings, embedder=WordHashEmbedder())
    assert [row.document for row in assistant.documents()] == ["broken.pdf", OPEN, KEPT]
    assert [row.document for row in assistant.seen_by(Role.READER).documents()] == ["broken.pdf", OPEN]


def test_the_library_itself_keeps_it_from_readers(assistant: Assistant) -> None:
    seen = assistant.seen_by(Role.READER)
    assert [row.document for row in seen.documents()] == [OPEN]
    for ask in (seen.page_picture, seen.page_size):
        with pytest.raises(AssistantError, match="holds no"):
            ask(KEPT, 1)
    with pytest.raises(AssistantError, match="holds no"):
        seen.pdf_path(KEPT)
    assert seen.strength(KEPT) == ""
