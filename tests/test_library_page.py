"""The library page: what everybody sees of each file, and what curators may do to it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import factories
import odd_files
import pytest
from fakes import WordHashEmbedder
from fastapi import Request
from fastapi.testclient import TestClient

from assistant.building import build
from assistant.faces.pages.library import page as library
from assistant.faces.pages.library.uploads import safe_name
from assistant.faces.pages.library.work import State, Worker
from assistant.faces.service import create_app
from assistant.faces.web import visitors
from assistant.pipeline import Assistant
from assistant.records import Person, Role
from assistant.settings import Settings

ADDED = "What a second brief says of boarding houses"
CHILD = Path(__file__).with_name("indexing_child.py")
HOSTILE = '<img src=x onerror="alert(1)">'


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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two briefs of one evaluation, a report, and a web page that calls itself a PDF, with their index."""
    folder = tmp_path_factory.mktemp("made")
    factories.brief(folder / "corpus" / "coastal-schools.pdf")
    factories.brief(folder / "corpus" / "education" / "coastal-short.pdf", title="Coastal Schools in short")
    factories.two_columns(folder / "corpus" / "columns.pdf")
    factories.not_a_pdf(folder / "corpus" / "moved.pdf")
    build(Settings(corpus=folder / "corpus", index=folder / "index"), embedder=WordHashEmbedder())
    return folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of that library, served."""
    corpus = shutil.copytree(made / "corpus", tmp_path / "corpus")
    settings = Settings(corpus=corpus, index=shutil.copytree(made / "index", tmp_path / "index"), upload_megabytes=1)
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


# --- adding ----------------------------------------------------------------------------------------------------------


def test_files_are_added_and_found_after_the_update(site: Site, tmp_path: Path) -> None:
    first, second = brief(tmp_path), brief(tmp_path, "A third title")
    uploads = site.send(("second.pdf", first), ("third.pdf", second), update="yes")
    assert [each["outcome"] for each in uploads] == ["stored", "stored"]
    assert site.worker.wait(60).state is State.DONE
    shown = site.shown()
    assert state_of(shown, "second.pdf") == "in the library"
    assert "5 documents" in shown
    assert ADDED in shown
    assert "second.pdf was added." in shown


def test_without_a_script_the_form_comes_back_to_the_page(site: Site, tmp_path: Path) -> None:
    reply = site.client.post("/library/upload", files={"files": ("second.pdf", brief(tmp_path))})
    assert reply.url.path == "/library"
    assert "second.pdf was added." in reply.text
    assert site.worker.work.state is State.IDLE


def test_the_same_bytes_are_not_stored_twice(site: Site) -> None:
    content = (site.settings.corpus / "columns.pdf").read_bytes()
    before = site.files
    [upload] = site.send(("other name.pdf", content))
    assert (upload["outcome"], upload["document"]) == ("same", "columns.pdf")
    assert site.files == before


def test_another_file_of_the_same_name_is_replaced_only_when_that_is_said(site: Site, tmp_path: Path) -> None:
    content = brief(tmp_path)
    before = site.files
    [upload] = site.send(("Columns.PDF", content))
    assert upload["outcome"] == "taken"
    assert site.files == before
    assert "library?replace=columns.pdf#asked" in site.shown()
    [upload] = site.send(("Columns.PDF", content), taken="replace")
    assert (upload["outcome"], upload["document"]) == ("replaced", "columns.pdf")
    assert (site.settings.corpus / "columns.pdf").read_bytes() == content
    assert site.files.keys() == before.keys()


def test_a_document_is_replaced_by_a_file_of_any_name(site: Site, tmp_path: Path) -> None:
    asked = site.shown(replace="education/coastal-short.pdf")
    assert 'value="education/coastal-short.pdf"' in asked
    content = brief(tmp_path)
    [upload] = site.send(("final final.pdf", content), document="education/coastal-short.pdf")
    assert upload["outcome"] == "replaced"
    assert (site.settings.corpus / "education" / "coastal-short.pdf").read_bytes() == content


@pytest.mark.parametrize("document", ["../outside.pdf", "/etc/hostname", "absent.pdf", ".hidden.pdf"])
def test_only_a_document_that_is_there_can_be_replaced_or_removed(document: str, site: Site, tmp_path: Path) -> None:
    factories.brief(tmp_path / "outside.pdf")
    before = site.files
    assert site.post(("x.pdf", brief(tmp_path)), document=document).status_code == 404
    assert site.client.post("/library/remove", data={"document": document}).status_code == 400
    assert site.files == before
    assert (tmp_path / "outside.pdf").exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../outside.pdf", "outside.pdf"),
        ("/etc/passwd.pdf", "passwd.pdf"),
        ("C:\\reports\\Final  report.PDF", "Final report.PDF"),
        (".hidden.pdf", "hidden.pdf"),
        ("informe an\u0303o.pdf", "informe año.pdf"),
        ("line\nbreak\x00\x1b[31m.pdf", "linebreak[31m.pdf"),
        ("report\u202efdp.pdf", "reportfdp.pdf"),
        (f"{HOSTILE}.pdf", "_img src=x onerror=_alert(1)__.pdf"),
        ("report & more; $(reboot).pdf", "report & more; $(reboot).pdf"),
    ],
)
def test_a_name_is_kept_without_what_misleads_or_leads_elsewhere(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("report.exe", "does not end with .pdf"),
        ("fdp\u202e.pdf.exe", "does not end with .pdf"),
        ("..pdf", "does not end with .pdf"),
        ("é" * 100 + ".pdf", "too long"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused(name: str, said: str, site: Site, tmp_path: Path) -> None:
    before = site.files
    [upload] = site.send((name, brief(tmp_path)))
    assert upload["outcome"] == "refused"
    assert said in upload["said"]
    assert site.files == before


def test_no_name_is_markup_on_the_page(site: Site, tmp_path: Path) -> None:
    site.send((f"{HOSTILE}.exe", b"x"), (f"{HOSTILE}.pdf", brief(tmp_path)))
    html = site.client.get("/library").text
    assert "<img src" not in html
    assert "onerror=&#34;" not in html


def test_what_cannot_be_read_is_refused_at_once_with_its_reason(site: Site, tmp_path: Path) -> None:
    before = site.files
    bad = {
        "web.pdf": (b"<html>404</html>", "not a PDF"),
        "empty.pdf": (b"", "empty (0 bytes)"),
        "broken.pdf": (b"%PDF-1.7\nnothing follows", "damaged"),
        "locked.pdf": (factories.encrypted(tmp_path / "b.pdf").read_bytes(), "below a line [passwords]"),
        "nothing.pdf": (odd_files.one(b""), "holds any text"),
    }
    uploads = site.send(*((name, content) for name, (content, _) in bad.items()))
    for upload, (name, (_, said)) in zip(uploads, bad.items(), strict=True):
        assert (upload["file"], upload["outcome"]) == (name, "refused")
        assert said in upload["said"]
    assert '"locked.pdf"' in uploads[3]["said"]
    assert site.files == before


def test_a_file_one_byte_over_the_limit_is_refused_and_one_at_the_limit_is_not(site: Site, tmp_path: Path) -> None:
    content = brief(tmp_path)
    most = site.settings.upload_megabytes * 1_000_000
    before = site.files
    [upload] = site.send(("large.pdf", content.ljust(most + 1, b"\n")))
    assert "larger than 1 MB" in upload["said"]
    assert site.files == before
    [upload] = site.send(("large.pdf", content.ljust(most, b"\n")))
    assert upload["outcome"] == "stored"


def test_two_files_of_one_name_sent_at_once_do_not_mix(site: Site, tmp_path: Path) -> None:
    contents = [brief(tmp_path, f"Title {number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        uploads = list(pool.map(lambda content: site.send(("same.pdf", content))[0], contents))
    assert sorted(each["outcome"] for each in uploads) == ["stored", "taken", "taken", "taken"]
    assert (site.settings.corpus / "same.pdf").read_bytes() in contents
    assert [name for name in site.files if "same" in name or "upload" in name] == ["same.pdf"]


def test_nothing_else_takes_so_large_a_body(site: Site) -> None:
    assert library.body_bytes(site.settings)[library.UPLOAD] == 20_100_000
    large = b"x" * 2_000_000
    assert site.client.post("/library/remove", content=large).status_code == 413
    assert site.client.post("/library/upload", content=b"x" * 20_100_001).status_code == 413
    assert site.client.post("/library/upload", content=iter([large])).status_code == 411


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"x"),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=files; filename=x.pdf\r\n\r\n",
        ),
        ("multipart/form-data; boundary=b", b"no boundary at all"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n' + b"x" * 9000),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; filename="x.pdf"\r\n\r\n\r\n' * 30,
        ),
    ],
)
def test_a_form_that_cannot_be_read_leaves_nothing_behind(kind: str, body: bytes, site: Site) -> None:
    before = site.files
    reply = site.client.post("/library/upload", content=body, headers={"Content-Type": kind})
    assert reply.status_code == 400
    assert "The form cannot be read" in reply.json()["error"]
    assert site.files == before
    assert not list(site.settings.corpus.glob(".*"))


def test_a_folder_that_cannot_be_written_to_is_told(site: Site, tmp_path: Path) -> None:
    (site.settings.corpus / "folder.pdf").mkdir()
    [upload] = site.send(("folder.pdf", brief(tmp_path)))
    assert upload["outcome"] == "refused"
    assert "cannot be written to" in upload["said"]
    shutil.rmtree(site.settings.corpus)
    gone = site.client.get("/library")
    assert gone.status_code == 503
    assert "There is no folder" in gone.text
    [upload] = site.send(("x.pdf", brief(tmp_path)))
    assert "cannot be written to" in upload["said"]


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


def state_of(shown: str, name: str) -> str:
    row = next(row for row in shown.split("<tr>") if f'name">{name}<' in row)
    return row.split('<span class="state ')[1].split(">")[1].split("<")[0]


def names(shown: str) -> list[str]:
    return [row.split("<")[0] for row in shown.split('name">')[1:]]
