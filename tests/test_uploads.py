"""Adding PDFs on the library page: what is kept, under which name, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import factories
import odd_files
import pytest
from library_site import ADDED, Site, brief, make, served, state_of

from assistant.faces.pages.library import page as library
from assistant.faces.pages.library.uploads import safe_name
from assistant.faces.pages.library.work import State

pytestmark = pytest.mark.slow  # a library of its own for each

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Iterator[Site]:
    with served(made, tmp_path) as site:
        yield site


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
