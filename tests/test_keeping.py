"""A library is kept: planned before it is indexed, proven after, documents taken out and brought back, copies made."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder
from typer.testing import Result

from assistant import keeping
from assistant.building import build
from assistant.errors import DocumentUnknown, IndexMissing, UsageError
from assistant.indexing import generations, pace
from assistant.keeping.removing import removed_folder
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.reports import BuildReport
from assistant.settings import Settings
from assistant.staff.store import StaffStore

Run = Callable[..., Result]
QUESTION = "Which programme reached 412 schools in nine districts?"


class Kept:
    """A library in a folder, with word hashes."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(corpus=folder / "corpus", index=folder / "index")
        self.corpus, self.index = self.settings.corpus, self.settings.index
        factories.brief(self.corpus / "schools.pdf")
        factories.page_break(self.corpus / "education" / "visits.pdf")
        self.run()

    def run(self, fingerprint: str = "word-hash") -> BuildReport:
        return build(self.settings, embedder=WordHashEmbedder(fingerprint))

    def plan(self, fingerprint: str = "word-hash") -> keeping.Plan:
        return keeping.plan(self.settings, WordHashEmbedder(fingerprint))

    def differences(self) -> list[str]:
        return keeping.verify(self.settings, WordHashEmbedder()).differences


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its size and time of change."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*")}
    return {name: (state.st_size, state.st_mtime_ns) for name, state in found.items()}


# --- planning --------------------------------------------------------------------------------------------------------


def test_a_plan_names_what_a_run_would_do_and_the_run_then_does_it(kept: Kept) -> None:
    factories.page_break(kept.corpus / "columns.pdf")
    factories.truncated(kept.corpus / "bad.pdf")
    kept.run()
    factories.brief(kept.corpus / "new.pdf", title="Evaluation of the Harbours Programme")
    factories.two_columns(kept.corpus / "columns.pdf")
    (kept.corpus / "education" / "visits.pdf").rename(kept.corpus / "visits 2024.pdf")
    (kept.corpus / "schools.pdf").unlink()
    before = everything(kept.index)
    plan = kept.plan()
    assert everything(kept.index) == before
    assert plan.added == ["new.pdf"]
    assert plan.changed == ["columns.pdf"]
    assert plan.renamed == [{"from": "education/visits.pdf", "to": "visits 2024.pdf"}]
    assert plan.removed == ["schools.pdf"]
    assert [each["document"] for each in plan.refused] == ["bad.pdf"]
    assert (plan.files, plan.pages, plan.pages_unknown, plan.unchanged) == (2, 0, 2, 0)
    report = kept.run()
    assert {"new.pdf"} <= set(report.added)
    assert report.changed == ["columns.pdf"]
    assert {"schools.pdf"} <= set(report.removed)
    done = kept.plan()
    assert (done.added, done.changed, done.renamed, done.removed, done.files) == ([], [], [], [], 0)
    assert (done.seconds, done.unchanged) == (0.0, 3)


def test_a_plan_tells_what_another_model_would_cost(kept: Kept) -> None:
    assert kept.plan().seconds == 0.0
    (kept.index / pace.FILE).write_text('{"pages_per_second": 2.0}')
    plan = kept.plan("another model")
    assert plan.read_again == ["education/visits.pdf", "schools.pdf"]
    assert plan.reasons == ["The index was made with another embedding model."]
    assert (plan.added, plan.changed, plan.removed) == ([], [], [])
    assert plan.pages == kept.run().pages
    assert plan.seconds == plan.pages / 2


def test_a_plan_judges_new_files_by_their_bytes_and_says_when_it_cannot(kept: Kept, tmp_path: Path) -> None:
    shutil.copy(kept.corpus / "schools.pdf", kept.corpus / "copy.pdf")
    factories.brief(kept.corpus / "new.pdf", title="Evaluation of the Harbours Programme")
    assert kept.plan().seconds is None
    (kept.index / pace.FILE).write_text('{"pages_per_second": 0.5}')
    plan = kept.plan()
    assert plan.added == ["copy.pdf", "new.pdf"]
    assert (plan.files, plan.pages_unknown) == (1, 1), "the copy's record is there"
    assert plan.seconds is not None
    assert 1 <= plan.seconds <= 20
    nowhere = Settings(corpus=kept.corpus, index=tmp_path / "none")
    assert keeping.plan(nowhere, WordHashEmbedder()).seconds is None
    assert not nowhere.index.exists()


def test_a_run_remembers_how_fast_it_read(kept: Kept) -> None:
    assert pace.remembered(kept.index) is None, "too few pages to tell"
    for number in range(5):
        factories.brief(kept.corpus / f"{number}.pdf", paragraphs=(f"Number {number} is here.",))
    kept.run()
    rate = pace.remembered(kept.index)
    assert rate is not None
    assert rate > 0
    (kept.index / pace.FILE).write_text("{}")
    assert pace.remembered(kept.index) is None


# --- proving ---------------------------------------------------------------------------------------------------------


def test_an_index_that_was_just_built_agrees_and_proving_it_changes_nothing(kept: Kept) -> None:
    factories.truncated(kept.corpus / "bad.pdf")
    kept.run()
    before = everything(kept.index)
    proof = keeping.verify(kept.settings, WordHashEmbedder())
    assert (proof.differences, proof.documents, proof.files) == ([], 2, 3)
    assert everything(kept.index) == before


def test_every_way_in_which_the_corpus_went_on_is_told(kept: Kept) -> None:
    factories.truncated(kept.corpus / "bad.pdf")
    kept.run()
    changed = kept.corpus / "schools.pdf"
    state = changed.stat()
    changed.write_bytes(changed.read_bytes().replace(b"%PDF-1.3", b"%PDF-1.4"))
    os.utime(changed, ns=(state.st_atime_ns, state.st_mtime_ns))
    factories.page_break(kept.corpus / "bad.pdf")
    factories.brief(kept.corpus / "new.pdf", title="Evaluation of the Harbours Programme")
    (kept.corpus / "education" / "visits.pdf").unlink()
    assert kept.differences() == [
        "bad.pdf has changed since it was refused.",
        "education/visits.pdf is in the index and no longer in the corpus.",
        "schools.pdf has changed since it was indexed.",
        "new.pdf is in the corpus and not in the index.",
    ]


@pytest.mark.parametrize("part", ["records", "segments", "words"])
def test_one_byte_that_is_another_is_found_wherever_it_is(part: str, kept: Kept) -> None:
    for file in sorted(path for path in (kept.index / part).rglob("*") if path.is_file()):
        content = file.read_bytes()
        if not content:
            continue
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert kept.differences(), f"{file.name} was changed"
        file.write_bytes(content)
    assert kept.differences() == []


def test_another_model_and_a_lost_record_are_told(kept: Kept) -> None:
    [first, *_] = generations.live_manifest(kept.index).documents
    shutil.rmtree(kept.index / "records" / first.key)
    told = keeping.verify(kept.settings, WordHashEmbedder("another model")).differences
    assert told[0] == "The index was made with another embedding model than the one that is set."
    assert f"The record of {first.name} is damaged" in told[1]


def test_corrections_that_no_run_has_seen_are_told(kept: Kept) -> None:
    (kept.corpus / "corrections.csv").write_text("document,first_words,title\nschools.pdf,No such words,Nothing\n")
    assert kept.differences() == ["corrections.csv has changed since the last run."]
    kept.run()
    assert kept.differences() == []


def test_the_command_tells_by_its_exit_code_whether_they_agree(command_line: Run, tmp_path: Path) -> None:
    factories.brief(tmp_path / "corpus" / "schools.pdf")
    assert command_line("index", "--verify").exit_code == 1
    command_line("index")
    agreed = command_line("index", "--verify")
    assert (agreed.exit_code, agreed.stdout.startswith("Index and corpus agree")) == (0, True)
    (tmp_path / "corpus" / "schools.pdf").unlink()
    differ = command_line("index", "--verify", "--json")
    assert differ.exit_code == 1
    assert json.loads(differ.stdout)["differences"] == ["schools.pdf is in the index and no longer in the corpus."]
    planned = command_line("index", "--dry-run", "--json")
    assert (planned.exit_code, json.loads(planned.stdout)["removed"]) == (0, ["schools.pdf"])
    assert "Would be taken out: schools.pdf" in command_line("index", "--dry-run").stdout
    assert command_line("index", "--dry-run", "--verify").exit_code == 2


# --- taking out ------------------------------------------------------------------------------------------------------


def test_a_removed_document_lies_beside_the_corpus_and_can_come_back(kept: Kept) -> None:
    content = (kept.corpus / "education" / "visits.pdf").read_bytes()
    moved = keeping.remove(kept.settings, "education/visits.pdf")
    assert moved == kept.corpus.parent / "corpus-removed" / "education" / "visits.pdf"
    assert moved.read_bytes() == content
    assert kept.run().removed == ["education/visits.pdf"]
    moved.rename(kept.corpus / "education" / "visits.pdf")
    assert kept.run().added == ["education/visits.pdf"]
    assert kept.differences() == []


def test_nothing_that_was_removed_before_is_overwritten(kept: Kept) -> None:
    first = keeping.remove(kept.settings, "schools.pdf")
    content = first.read_bytes()
    factories.page_break(kept.corpus / "schools.pdf")
    second = keeping.remove(kept.settings, "schools.pdf")
    assert second.name == "schools (2).pdf"
    assert first.read_bytes() == content != second.read_bytes()


@pytest.mark.parametrize(
    "name", ["../secret.pdf", "education/../../secret.pdf", "/etc/passwd", "", ".", "education", "school.pdf"]
)
def test_only_a_name_of_the_listing_is_removed(name: str, kept: Kept) -> None:
    secret = factories.brief(kept.corpus.parent / "secret.pdf")
    before = everything(kept.corpus)
    with pytest.raises(DocumentUnknown):
        keeping.remove(kept.settings, name)
    assert everything(kept.corpus) == before
    assert secret.exists()
    assert not removed_folder(kept.settings).exists()


def test_a_name_that_is_not_there_is_told_with_the_nearest(kept: Kept) -> None:
    with pytest.raises(DocumentUnknown, match=r"Nearest: education/visits\.pdf"):
        keeping.find(kept.settings, "Visit.pdf")


def test_the_command_removes_all_or_none_and_says_how_to_bring_back(command_line: Run, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        factories.brief(tmp_path / "corpus" / f"{name}.pdf", paragraphs=(f"The letter {name}.",))
    command_line("index")
    refused = command_line("remove", "a.pdf", "d.pdf")
    assert refused.exit_code == 2
    with generations.writing(tmp_path / "index"):
        busy = command_line("remove", "a.pdf")
    assert (busy.exit_code, "Another process" in busy.stderr) == (1, True)
    assert (tmp_path / "corpus" / "a.pdf").exists()
    done = json.loads(command_line("remove", "a.pdf", "--json").stdout)
    assert [each["document"] for each in done["removed"]] == ["a.pdf"]
    assert (done["report"]["removed"], done["report"]["documents"]) == (["a.pdf"], 2)
    shown = command_line("remove", "b.pdf").stdout
    assert "To bring one back" in shown
    assert "1 documents" in shown
    kept = [path.name for path in (tmp_path / "index" / "records").iterdir()]
    assert command_line("index", "--purge").exit_code == 0
    left = [path.name for path in (tmp_path / "index" / "records").iterdir()]
    assert (len(kept), len(left)) == (2, 1)


# --- copying ---------------------------------------------------------------------------------------------------------


def test_a_backup_answers_as_the_library_does(kept: Kept, tmp_path: Path) -> None:
    (kept.corpus / "documents.csv").write_text("file,title\nschools.pdf,Schools at the coast\n")
    (kept.corpus / "notes.txt").write_text("nobody's business")
    shutil.copy(kept.corpus / "schools.pdf", kept.corpus / "the same.pdf")
    kept.run()
    with StaffStore(kept.index).work() as data:
        data.execute("CREATE TABLE notes (text TEXT)")
        data.execute("INSERT INTO notes VALUES ('kept')")
    done = keeping.backup(kept.settings, tmp_path / "copy", with_corpus=True)
    assert (done.documents, done.pdfs, done.staff) == (3, 3, True)
    assert not (tmp_path / "copy.partial").exists()
    shutil.rmtree(kept.index)
    copied = Settings(corpus=tmp_path / "copy" / "corpus", index=tmp_path / "copy" / "index")
    assistant = Assistant(copied, embedder=WordHashEmbedder())
    assert "412 schools" in assistant.ask(Question(QUESTION)).answer
    assert {row.title for row in assistant.documents()} >= {"Schools at the coast"}
    assert keeping.verify(copied, WordHashEmbedder()).differences == []
    assert build(copied, embedder=WordHashEmbedder()).unchanged == 3
    with StaffStore(copied.index).work() as data:
        assert [tuple(row) for row in data.execute("SELECT text FROM notes")] == [("kept",)]
    assert (tmp_path / "copy" / "index" / "staff.sqlite").stat().st_mode & 0o077 == 0
    assert (tmp_path / "copy" / "prompts" / "refusal.txt").is_file()
    assert not (tmp_path / "copy" / "corpus" / "notes.txt").exists()


def test_a_backup_without_the_pdfs_has_what_staff_wrote_beside_them(kept: Kept, tmp_path: Path) -> None:
    (kept.corpus / "aliases.csv").write_text("name,group\n")
    done = keeping.backup(kept.settings, tmp_path / "copy")
    assert (done.pdfs, done.staff) == (0, False)
    assert [path.name for path in (tmp_path / "copy" / "corpus").rglob("*")] == ["aliases.csv"]


def test_a_backup_while_others_index_and_write_is_of_one_moment(kept: Kept, tmp_path: Path) -> None:
    over = threading.Event()
    store = StaffStore(kept.index)
    with store.work() as data:
        data.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)")

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            with store.work() as data:
                data.execute("INSERT INTO pairs VALUES (?, ?)", (number, number))
            # Each run changes a document, so that older generations are taken away all the time.
            factories.brief(kept.corpus / "moving.pdf", paragraphs=(f"This is number {number}.",))
            kept.run()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            folder = tmp_path / f"copy-{number}"
            done = keeping.backup(kept.settings, folder)
            manifest = generations.live_manifest(folder / "index")
            assert manifest.generation == done.generation
            assert list(keeping.flaws(folder / "index", manifest)) == []
    finally:
        over.set()
        writer.join()


def test_a_backup_goes_nowhere_that_is_taken_and_leaves_nothing_when_it_fails(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    for folder in (tmp_path / "taken", kept.corpus / "copy", kept.index / "copy"):
        with pytest.raises(UsageError):
            keeping.backup(kept.settings, folder)
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["mine.txt"]
    (tmp_path / "half.partial").mkdir()
    with pytest.raises(UsageError, match="did not finish"):
        keeping.backup(kept.settings, tmp_path / "half")
    shutil.rmtree(kept.index)
    with pytest.raises(IndexMissing):
        keeping.backup(kept.settings, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


def test_the_command_says_how_a_backup_is_used(command_line: Run, tmp_path: Path) -> None:
    factories.brief(tmp_path / "corpus" / "schools.pdf")
    command_line("index")
    (tmp_path / "empty").mkdir()
    assert "assistant serve --index empty/index" in command_line("backup", "empty").stdout
    done = json.loads(command_line("backup", "whole", "--with-corpus", "--json").stdout)
    assert (done["folder"], done["documents"], done["pdfs"]) == ("whole", 1, 1)
    assert command_line("backup", "whole").exit_code == 2
