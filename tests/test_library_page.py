"""The library page: what everybody sees of each file, and what curators may do to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder
from library_site import Site, brief, make, names, served, state_of

from assistant.building import build
from assistant.faces.pages.library.work import State
from assistant.records import Person, Role

pytestmark = pytest.mark.slow  # a library of its own for each


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Iterator[Site]:
    with served(made, tmp_path) as site:
        yield site


# --- what everybody sees ---------------------------------------------------------------------------------------------


def test_every_file_is_listed_with_what_is_in_it(site: Site) -> None:
    shown = site.shown()
    assert "3 documents, 5 pages" in shown
    assert "Files that could not be read: 1." in shown
    assert 'href="api/v1/files/education/coastal-short.pdf"' in shown
    assert site.client.get("/api/v1/files/education/coastal-short.pdf").status_code == 200
    assert "state no. 1" in shown


def test_a_refused_file_says_why_and_what_to_do(site: Site) -> None:
    shown = site.shown()
    assert "The file is not a PDF, whatever its name says." in shown
    assert "Open it in the program that made it and save it as a PDF." in shown
    assert 'href="api/v1/files/moved.pdf"' not in shown


def test_documents_of_one_evaluation_name_each_other(site: Site) -> None:
    assert site.shown().count("Same evaluation: 1 more") == 2


def test_files_that_differ_from_the_library_are_named_by_what_happened_to_them(site: Site, tmp_path: Path) -> None:
    corpus = site.settings.corpus
    (corpus / "new.pdf").write_bytes(brief(tmp_path))
    (corpus / "columns.pdf").unlink()
    os.utime(corpus / "coastal-schools.pdf")  # touched and still the same
    factories.brief(corpus / "education" / "coastal-short.pdf", title="Another title")
    shown = site.shown(sort="title")
    assert state_of(shown, "new.pdf") == "waits for the next update"
    assert state_of(shown, "columns.pdf").startswith("file is gone")
    assert state_of(shown, "coastal-schools.pdf") == "in the library"
    assert state_of(shown, "education/coastal-short.pdf").startswith("file changed")
    assert "Files that wait for the next update: 1." in shown


def test_two_files_of_the_same_bytes_are_one_document(site: Site) -> None:
    shutil.copy(site.settings.corpus / "columns.pdf", site.settings.corpus / "twin.pdf")
    build(site.settings, embedder=WordHashEmbedder())
    shown = site.shown()
    assert "3 documents, 5 pages" in shown
    assert "The same file as columns.pdf" in shown


def test_the_list_is_narrowed_and_sorted(site: Site) -> None:
    assert names(site.shown(words="COLUMNS")) == ["columns.pdf"]
    assert "1 of 4 files." in site.shown(words="columns library")
    assert names(site.shown(sort="-pages"))[-1] == "moved.pdf"
    assert names(site.shown(sort="state"))[0] == "moved.pdf"
    assert len(names(site.shown(sort="nonsense"))) == 4


def test_the_page_speaks_spanish(site: Site) -> None:
    shown = site.client.get("/library", headers={"Accept-Language": "es"}).text
    assert "<h1>Biblioteca</h1>" in shown
    assert "Archivos que no se pudieron leer" in shown


def test_a_reader_sees_the_list_and_nothing_of_what_curators_do(site: Site, tmp_path: Path) -> None:
    (site.settings.corpus / "new.pdf").write_bytes(brief(tmp_path))
    site.person = Person("Rita", Role.READER)
    shown = site.shown(remove="columns.pdf").partition("<script>")[0]
    assert "coastal-schools.pdf" in shown
    assert "Files that wait for the next update: 1." in shown
    for hidden in ("new.pdf", "library/upload", "library/remove", "library/update", "library/cancel", "?remove="):
        assert hidden not in shown


def test_a_reader_sees_nothing_of_a_restricted_document(site: Site) -> None:
    (site.settings.corpus / "documents.csv").write_text("file,access\neducation/coastal-short.pdf,curators\n", "utf-8")
    assert "Coastal Schools in short" in site.shown()
    site.person = Person("Rita", Role.READER)
    shown = site.shown()
    assert "2 documents, 3 pages" in shown
    assert "short" not in shown
    assert "Same evaluation" not in shown
    assert "wait for the next update" not in shown


@pytest.mark.parametrize("path", ["upload", "remove", "update", "cancel"])
def test_a_reader_may_change_nothing(path: str, site: Site, tmp_path: Path) -> None:
    site.person = Person("Rita", Role.READER)
    before = site.files
    reply = site.client.post(
        f"/library/{path}", data={"document": "columns.pdf"}, files={"files": ("x.pdf", brief(tmp_path))}
    )
    assert reply.status_code == 403
    assert site.client.get("/library/work").status_code == 403
    assert site.files == before
    assert site.worker.work.state is State.IDLE


# --- removing --------------------------------------------------------------------------------------------------------


def test_removing_asks_first_and_keeps_the_file_beside_the_corpus(site: Site) -> None:
    asked = site.shown(remove="education/coastal-short.pdf")
    assert "Remove “Coastal Schools in short”?" in asked
    content = (site.settings.corpus / "education" / "coastal-short.pdf").read_bytes()
    reply = site.client.post("/library/remove", data={"document": "education/coastal-short.pdf"})
    assert reply.url.path == "/library"
    assert "Its file is kept in the folder corpus-removed." in reply.text
    assert site.worker.wait(60).state is State.DONE
    assert "education/coastal-short.pdf" not in names(site.shown())
    kept = site.settings.corpus.parent / "corpus-removed" / "education" / "coastal-short.pdf"
    assert kept.read_bytes() == content


def test_a_document_removed_twice_is_kept_twice(site: Site, tmp_path: Path) -> None:
    content = brief(tmp_path)
    for _ in range(2):
        site.send(("again.pdf", content))
        site.client.post("/library/remove", data={"document": "again.pdf"})
    kept = sorted(path.name for path in (site.settings.corpus.parent / "corpus-removed").iterdir())
    assert kept == ["again (2).pdf", "again.pdf"]


# --- updating --------------------------------------------------------------------------------------------------------


def test_the_update_is_told_as_it_goes_to_every_curator(site: Site, tmp_path: Path) -> None:
    site.person = Person("Ana", Role.CURATOR)
    (site.settings.corpus / "new.pdf").write_bytes(brief(tmp_path))
    site.client.post("/library/update")
    site.person = Person("Ben", Role.CURATOR)
    assert "started by Ana" in site.client.get("/library/work").json()["said"]
    assert "The library is being updated" in site.shown()
    assert site.worker.wait(60).state is State.DONE
    told = site.client.get("/library/work").json()
    assert "Added: 1. Changed: 0. Removed: 0. Not readable: 1." in told["said"]
    assert told["report"]["added"] == ["new.pdf"]
    assert any("new.pdf" in line for line in told["lines"])
    assert site.client.get("/library/work", params={"since": told["last"]}).json()["lines"] == []


def test_questions_are_answered_while_the_library_is_updated(site: Site, tmp_path: Path) -> None:
    (site.settings.corpus / "new.pdf").write_bytes(brief(tmp_path))
    site.client.post("/library/update")
    answer = site.client.post("/api/v1/ask", json={"question": "Which programme reached 412 schools?"}).json()
    assert answer["citations"]
    assert site.worker.wait(60).state is State.DONE
    assert site.client.post("/api/v1/ask", json={"question": "Which programme?"}).json()["generation"] == 2
