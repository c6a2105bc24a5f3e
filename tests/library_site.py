"""A library with its page, served over real files, and what tests do with it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import factories
from fakes import WordHashEmbedder
from fastapi import Request
from fastapi.testclient import TestClient

from assistant.building import build
from assistant.faces.pages.library.work import Worker
from assistant.faces.service import create_app
from assistant.faces.web import visitors
from assistant.pipeline import Assistant
from assistant.records import Person, Role
from assistant.settings import Settings

ADDED = "What a second brief says of boarding houses"
CHILD = Path(__file__).with_name("word_hash_program.py")


@dataclass
class Site:
    """A library with its page, and who visits it."""

    settings: Settings
    worker: Worker
    client: TestClient
    person: Person

    @property
    def files(self) -> dict[str, int]:
        """Every file below the corpus folder, hidden ones too, with its size."""
        corpus = self.settings.corpus
        return {p.relative_to(corpus).as_posix(): p.stat().st_size for p in corpus.rglob("*") if p.is_file()}

    def shown(self, **query: str) -> str:
        """The page as text."""
        reply = self.client.get("/library", params=query)
        assert reply.status_code == 200
        return unescape(reply.text)

    def send(self, *files: tuple[str, bytes], **fields: str) -> list[dict[str, Any]]:
        """What became of files that were sent."""
        reply = self.post(*files, **fields)
        assert reply.status_code == 200, reply.text
        uploads: list[dict[str, Any]] = reply.json()["uploads"]
        return uploads

    def post(self, *files: tuple[str, bytes], **fields: str) -> Any:
        sent = [("files", (name, content, "application/pdf")) for name, content in files]
        return self.client.post("/library/upload", files=sent, data=fields, headers={"Accept": "application/json"})


def make(folder: Path) -> Path:
    """Two briefs of one evaluation, a report, and a web page that calls itself a PDF, with their index."""
    factories.brief(folder / "corpus" / "coastal-schools.pdf")
    factories.brief(folder / "corpus" / "education" / "coastal-short.pdf", title="Coastal Schools in short")
    factories.two_columns(folder / "corpus" / "columns.pdf")
    factories.not_a_pdf(folder / "corpus" / "moved.pdf")
    build(Settings(corpus=folder / "corpus", index=folder / "index"), embedder=WordHashEmbedder())
    return folder


@contextmanager
def served(made: Path, folder: Path) -> Iterator[Site]:
    """A copy of a library in a folder, served."""
    corpus = shutil.copytree(made / "corpus", folder / "corpus")
    settings = Settings(corpus=corpus, index=shutil.copytree(made / "index", folder / "index"), upload_megabytes=1)
    command = [sys.executable, str(CHILD), "index", "--json", "--corpus", str(corpus), "--index", str(settings.index)]
    worker = Worker(command)
    app = create_app(Assistant(settings, embedder=WordHashEmbedder()), settings, worker=worker)
    found = Site(settings, worker, TestClient(app, base_url="http://127.0.0.1:7860"), Person("", Role.CURATOR))
    app.middleware("http")(signed_in(found))
    with found.client:
        yield found
    worker.cancel()
    worker.wait(30)


def signed_in(site: Site) -> Callable[[Request, Any], Any]:
    """What the guard does: leave who is signed in with the request."""

    async def guard(request: Request, call_next: Any) -> Any:
        setattr(request.state, visitors.PERSON, site.person)
        return await call_next(request)

    return guard


def brief(tmp_path: Path, title: str = ADDED) -> bytes:
    return factories.brief(tmp_path / "made.pdf", title=title).read_bytes()


def state_of(shown: str, name: str) -> str:
    row = next(row for row in shown.split("<tr>") if f'name">{name}<' in row)
    return row.split('<span class="state ')[1].split(">")[1].split("<")[0]


def names(shown: str) -> list[str]:
    return [row.split("<")[0] for row in shown.split('name">')[1:]]
