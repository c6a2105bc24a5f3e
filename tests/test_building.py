"""From a folder of PDFs to a library: what a run does, what it leaves alone, and what it says."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder
from runs import CountingEmbedder, Shelf

from assistant.building import build
from assistant.errors import CorpusMissing, IndexMissing
from assistant.indexing import inventory
from assistant.indexing.seen import Seen
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.reports import Progress
from assistant.settings import Settings

REACHED = "Which programme reached 412 schools in nine districts?"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_second_run_does_nothing(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "schools.pdf")
    first = shelf.run()
    assert (first.added, first.unchanged, first.documents) == (["schools.pdf"], 0, 1)
    embedded = shelf.embedder.passages
    assert embedded == first.passages > 0
    second = shelf.run()
    assert (second.added, second.changed, second.removed, second.unchanged) == ([], [], [], 1)
    assert second.generation == first.generation
    assert shelf.embedder.passages == embedded


def test_a_run_tells_which_files_are_new_changed_and_gone(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "schools.pdf")
    factories.page_break(shelf.corpus / "visits.pdf")
    factories.two_columns(shelf.corpus / "columns.pdf")
    shelf.run()
    factories.brief(shelf.corpus / "new" / "harbours.pdf", title="Evaluation of the Harbours Programme")
    factories.page_break(shelf.corpus / "columns.pdf")
    (shelf.corpus / "visits.pdf").unlink()
    report = shelf.run()
    assert report.added == ["new/harbours.pdf"]
    assert report.changed == ["columns.pdf"]
    assert report.removed == ["visits.pdf"]
    assert (report.unchanged, report.documents) == (1, 3)


def test_a_renamed_file_is_not_read_again_and_answers_under_its_new_name(shelf: Shelf) -> None:
    old = factories.brief(shelf.corpus / "schools.pdf")
    shelf.run()
    embedded = shelf.embedder.passages
    old.rename(shelf.corpus / "coastal schools 2024.pdf")
    report = shelf.run()
    assert (report.added, report.removed) == (["coastal schools 2024.pdf"], ["schools.pdf"])
    assert shelf.embedder.passages == embedded
    cited = shelf.open().ask(Question(REACHED)).citations
    assert {citation.document for citation in cited} == {"coastal schools 2024.pdf"}


def test_the_same_bytes_twice_are_one_document_with_two_names(shelf: Shelf) -> None:
    first = factories.brief(shelf.corpus / "a.pdf")
    shutil.copy(first, shelf.corpus / "b.pdf")
    report = shelf.run()
    assert (report.documents, report.added) == (2, ["a.pdf", "b.pdf"])
    assert shelf.embedder.passages == report.passages, "they are embedded once"
    assert {"document": "b.pdf", "page": 0, "reason": "the same file as a.pdf"} in report.warnings
    library = shelf.open()
    assert {hit.passage.document for hit in library.search(Question(REACHED)).passages} == {"a.pdf"}
    [citation, *_] = library.ask(Question(REACHED, filters={"document": "b.pdf"})).citations
    assert (citation.document, [place.document for place in citation.also_in]) == ("a.pdf", ["b.pdf"])
    assert [(row.document, row.same_as) for row in library.documents()] == [("a.pdf", ""), ("b.pdf", "a.pdf")]


def test_a_damaged_record_is_made_again_by_one_run_while_the_old_generation_answers(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "schools.pdf")
    shelf.run()
    library = shelf.open()
    [path] = shelf.settings.index.glob("records/*/tokens.npy")
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    report = shelf.run()
    assert "schools.pdf was damaged (its file tokens.npy is damaged)" in report.notes[0]
    assert path.read_bytes() == data
    assert shelf.open().ask(Question(REACHED)).citations
    assert library.ask(Question(REACHED)).citations


def test_a_file_that_changes_while_it_is_read_is_read_again(shelf: Shelf) -> None:
    path = factories.brief(shelf.corpus / "schools.pdf")
    other = factories.page_break(shelf.corpus.parent / "other.pdf")

    def change(progress: Progress) -> None:
        if progress.stage == "embed" and progress.document == "schools.pdf" and other.exists():
            other.replace(path)

    report = build(shelf.settings, change, embedder=shelf.embedder)
    assert report.failed == []
    assert shelf.run().generation == report.generation
    (shelf.corpus.parent / "again").mkdir()
    again = Shelf(shelf.corpus.parent / "again")
    shutil.copy(path, again.corpus / "schools.pdf")
    assert again.run().passages == report.passages


def test_a_file_that_goes_while_it_is_read_is_not_in_the_library_and_not_refused_for_ever(shelf: Shelf) -> None:
    path = factories.brief(shelf.corpus / "schools.pdf")
    away = shelf.corpus.parent / "away.pdf"

    def take(progress: Progress) -> None:
        if progress.stage == "embed" and path.exists():
            path.rename(away)

    report = build(shelf.settings, take, embedder=shelf.embedder)
    assert (report.documents, report.failed) == (0, [])
    away.rename(path)
    assert shelf.run().added == ["schools.pdf"]


def test_a_changed_model_is_said_with_what_it_costs_and_the_old_index_answers_until_then(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "schools.pdf")
    shelf.run()
    library = shelf.open()
    other = CountingEmbedder()
    other.fingerprint = "another"
    told: list[Progress] = []
    report = build(shelf.settings, told.append, embedder=other)
    assert report.notes[0].startswith("The embedding model has changed, so all 1 documents (2 pages) are read again.")
    assert told[0].stage == "note"
    assert library.ask(Question(REACHED)).generation == 1


def test_purging_leaves_nothing_of_a_removed_document(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "schools.pdf")
    gone = factories.page_break(shelf.corpus / "visits.pdf")
    shelf.run()
    gone.unlink()
    shelf.run()
    assert len(list(shelf.settings.index.glob("records/*"))) == 2
    build(shelf.settings, embedder=shelf.embedder, purge=True)
    assert len(list(shelf.settings.index.glob("records/*"))) == 1
    assert len(list(shelf.settings.index.glob("generations/*.json"))) == 2
    everything = b"".join(path.read_bytes() for path in shelf.settings.index.rglob("*") if path.is_file())
    assert b"visits.pdf" not in everything


def test_a_refused_file_is_named_and_not_tried_again_until_its_bytes_change(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "schools.pdf")
    bad = factories.truncated(shelf.corpus / "bad.pdf")
    first = shelf.run()
    assert [(f["document"], bool(f["reason"]), bool(f["detail"])) for f in first.failed] == [("bad.pdf", True, True)]
    stages: list[Progress] = []
    again = build(shelf.settings, stages.append, embedder=shelf.embedder)
    assert [p.document for p in stages if p.document] == []
    assert again.failed == first.failed
    assert again.generation == first.generation
    factories.page_break(bad)
    mended = shelf.run()
    assert (mended.failed, mended.added) == ([], ["bad.pdf"])


def test_a_file_whose_bytes_cannot_be_had_is_refused_alone(shelf: Shelf) -> None:
    good = factories.brief(shelf.corpus / "schools.pdf")
    unreadable = Path("/proc/self/mem")
    if not unreadable.exists():
        pytest.skip("needs a file that is there and cannot be read")
    files = {"broken.pdf": unreadable, "schools.pdf": good}
    hashes, refused = inventory.hashed(files, shelf.corpus, Seen())
    assert list(hashes) == ["schools.pdf"]
    assert {name: each.reason for name, each in refused.items()} == {"broken.pdf": "unreadable"}


def test_a_file_whose_name_is_not_utf8_is_refused_alone(shelf: Shelf) -> None:
    good = factories.brief(shelf.corpus / "schools.pdf")
    try:
        shutil.copy(good, shelf.corpus / os.fsdecode(b"r\xe9sum.pdf"))
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    report = shelf.run()
    assert [(f["document"], f["reason"]) for f in report.failed] == [("r?sum.pdf", "name not UTF-8")]
    assert report.documents == 1


def test_files_that_are_no_pdfs_or_hidden_are_left_alone(shelf: Shelf) -> None:
    (shelf.corpus / "notes.txt").write_text("not for the library")
    factories.brief(shelf.corpus / ".trash" / "old.pdf")
    factories.brief(shelf.corpus / "SCHOOLS.PDF")
    report = shelf.run()
    assert (report.added, report.failed) == (["SCHOOLS.PDF"], [])


def test_progress_counts_up_to_all_files(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "a.pdf")
    factories.page_break(shelf.corpus / "b.pdf")
    steps: list[Progress] = []
    build(shelf.settings, steps.append, embedder=shelf.embedder)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert (steps[-1].stage, steps[-1].done, steps[-1].total) == ("assemble", 2, 2)
    assert [step.document for step in steps[:-1]] == ["a.pdf", "b.pdf"]


def test_a_corpus_that_is_not_there_and_an_index_that_is_not_built_are_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusMissing):
        build(Settings(corpus=tmp_path / "none", index=tmp_path / "index"), embedder=WordHashEmbedder())
    with pytest.raises(IndexMissing):
        Assistant(Settings(corpus=tmp_path, index=tmp_path / "index"), embedder=WordHashEmbedder())


def test_an_empty_corpus_is_a_library_that_answers_nothing(shelf: Shelf) -> None:
    report = shelf.run()
    assert (report.documents, report.passages, report.generation) == (0, 0, 1)
    assistant = shelf.open()
    answer = assistant.ask(Question("What was recommended?"))
    assert answer.refused
    assert answer.answer
    assert (answer.citations, answer.passages) == ((), ())
    assert (assistant.documents(), assistant.examples()) == ([], [])
