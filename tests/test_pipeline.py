"""From a folder of PDFs to answers: what a run does, what it leaves alone, and what an open library shows of it."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder
from PIL import Image

from assistant.answering import citations
from assistant.building import build
from assistant.errors import CorpusMissing, EmptyQuestion, IndexMissing, PageMissing, QuestionTooLong
from assistant.indexing import generations, inventory
from assistant.indexing.embedding import Encoded
from assistant.indexing.seen import Seen
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.reports import BuildReport, Progress
from assistant.settings import Settings
from assistant.understanding.proof import appears_on

REACHED = "Which programme reached 412 schools in nine districts?"
# Word hashes know no inflections: questions repeat the words of the text.
PAYS = "Should the Ministry of Education pay the travel of district supervisors from its own budget?"


class CountingEmbedder(WordHashEmbedder):
    """Word hashes that count the passages they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.passages = 0

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        self.passages += len(texts)
        return super().embed_passages(texts, headings, sentences)


class Gate(WordHashEmbedder):
    """Word hashes that let nobody open a generation while the gate is shut."""

    def __init__(self) -> None:
        self.shut, self.reached, self.opened = threading.Event(), threading.Event(), threading.Event()
        super().__init__()

    @property
    def fingerprint(self) -> str:
        if self.shut.is_set():
            self.reached.set()
            assert self.opened.wait(30)
        return self._fingerprint

    @fingerprint.setter
    def fingerprint(self, value: str) -> None:
        self._fingerprint = value


class Shelf:
    """A corpus folder, its index, and the runs over it."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        self.settings = Settings(corpus=self.corpus, index=folder / "index")
        self.embedder = CountingEmbedder()

    def run(self) -> BuildReport:
        return build(self.settings, embedder=self.embedder)

    def open(self) -> Assistant:
        return Assistant(self.settings, embedder=self.embedder)


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


def test_a_page_of_a_file_that_has_changed_since_is_not_shown(shelf: Shelf) -> None:
    path = factories.brief(shelf.corpus / "schools.pdf")
    shelf.run()
    library = shelf.open()
    assert library.page_picture("schools.pdf", 1, 200)
    factories.page_break(path)
    for show in (library.pdf_path, lambda name: library.page_picture(name, 2, 200)):
        with pytest.raises(PageMissing, match="has changed since it was indexed"):
            show("schools.pdf")


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


def test_an_open_library_takes_up_a_newer_generation(shelf: Shelf) -> None:
    factories.page_break(shelf.corpus / "visits.pdf")
    factories.two_columns(shelf.corpus / "columns.pdf")
    shelf.run()
    assistant = shelf.open()
    before = assistant.generation
    question = Question(PAYS)
    assert "brief.pdf" not in {hit.passage.document for hit in assistant.ask(question).passages}
    factories.brief(shelf.corpus / "brief.pdf")
    report = shelf.run()
    answer = assistant.ask(question)
    assert answer.generation == assistant.generation == report.generation > before
    assert answer.citations[0].document == "brief.pdf"


def test_a_document_that_was_taken_out_no_longer_answers(shelf: Shelf) -> None:
    gone = factories.brief(shelf.corpus / "brief.pdf")
    factories.page_break(shelf.corpus / "visits.pdf")
    shelf.run()
    assistant = shelf.open()
    question = Question(PAYS)
    assert assistant.ask(question).citations[0].document == "brief.pdf"
    gone.unlink()
    shelf.run()
    answer = assistant.ask(question)
    assert "brief.pdf" not in {hit.passage.document for hit in answer.passages}
    assert "brief.pdf" not in {citation.document for citation in answer.citations}
    for ask in (lambda: assistant.pdf_path("brief.pdf"), lambda: assistant.page_size("brief.pdf", 1)):
        with pytest.raises(PageMissing):
            ask()


def test_an_older_generation_keeps_no_file_open(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "brief.pdf")
    shelf.run()
    assistant = shelf.open()
    gc.collect()
    gc.disable()  # what is let go of must not wait for the collector, which seldom comes to what is old
    try:
        for number in range(3):
            factories.brief(shelf.corpus / "brief.pdf", title=f"Brief on schools, edition {number}")
            shelf.run()
            assert assistant.ask(Question(PAYS)).citations[0].title.endswith(f"edition {number}")
        here = [os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()]
    finally:
        gc.enable()
    held = {Path(file).parent.name for file in here if file.startswith(str(shelf.settings.index / "segments"))}
    assert held == {part.id for part in generations.live_manifest(shelf.settings.index).parts}


def test_who_finds_the_files_of_a_generation_gone_waits_for_the_newer_one(shelf: Shelf) -> None:
    """One thread is opening the newer generation; another, which began with the old one, must not be turned away."""
    factories.brief(shelf.corpus / "brief.pdf")
    shelf.run()
    gate = Gate()
    assistant = Assistant(shelf.settings, embedder=gate)
    factories.brief(shelf.corpus / "brief.pdf", title="Brief on schools, second edition")
    build(shelf.settings, embedder=shelf.embedder, purge=True)
    gate.shut.set()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(assistant.ask, Question(PAYS))
        assert gate.reached.wait(10), "the first is opening the newer generation"
        second = pool.submit(assistant.ask, Question(PAYS))
        with contextlib.suppress(TimeoutError):
            second.exception(0.3)  # long enough for it to find nothing
        gate.opened.set()
        assert {asked.result().citations[0].title for asked in (first, second)} == {"Brief on schools, second edition"}


def test_a_document_whose_name_a_pipe_has_taken_has_changed_and_nobody_waits_for_it(shelf: Shelf) -> None:
    file = factories.brief(shelf.corpus / "brief.pdf")
    shelf.run()
    assistant = shelf.open()
    assert assistant.pending().changed == frozenset()
    file.unlink()
    os.mkfifo(file)
    assert assistant.pending().changed == {"brief.pdf"}


def test_passages_become_quotes_of_what_stands_on_their_pages(tiny_library: Assistant) -> None:
    library = tiny_library._current()
    first, second = (hit.passage for hit in tiny_library.search(Question(REACHED), 2).passages)
    quotes = tiny_library.quotes([second.id, "no such passage", first.id])
    assert [(quote.number, quote.quote) for quote in quotes] == [(1, second.text), (2, first.text)]
    long = max(library.passages(range(len(library))), key=lambda passage: len(passage.sentences))
    told, *_, last = long.sentences
    forged = replace(long, text=f"X{long.text[1:]}", sentences=(replace(told, proven=False), last))
    assert [quote.quote for quote in citations.quoted(library, [forged])] == [long.text[last.start : last.end]]


def test_an_answer_quotes_the_pages_it_names(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question(REACHED, id="q1"))
    assert (answer.id, answer.question, answer.refused) == ("q1", REACHED, False)
    assert "412 schools" in answer.answer
    assert 1 <= len(answer.passages) <= 10
    for citation in answer.citations:
        pages = range(citation.page, citation.page_end + 1)
        texts = [tiny_library._current().page(citation.document, page).text for page in pages]
        assert appears_on(citation.quote, *texts)


def test_a_refusal_says_what_was_searched_and_cites_nothing(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("How many schools were reached in Zanzibar?"))
    assert answer.refused
    assert answer.citations == ()
    assert answer.passages
    assert "3 documents" in answer.answer
    assert "[1]" not in answer.answer


@pytest.mark.parametrize("courtesy", ["hello", "Thank you!", "ok"])
def test_a_greeting_is_told_what_can_be_asked(courtesy: str, tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question(courtesy))
    assert answer.refused
    assert answer.answer.startswith("Ask what came out of a programme")
    assert answer.passages == ()


def test_a_question_that_names_nothing_is_told_what_was_searched_for(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("what worked?"))
    assert answer.answer.startswith(f"Searched for “{answer.understood}”")


def test_filters_narrow_the_search_to_documents_and_kinds(tiny_library: Assistant) -> None:
    def found(**filters: object) -> set[str]:
        return {hit.passage.document for hit in tiny_library.search(Question(REACHED, filters=filters)).passages}

    assert found() == {"coastal-schools.pdf", "columns.pdf", "education/visits.pdf"}
    assert found(document="columns.pdf") == {"columns.pdf"}
    assert found(document=["columns.pdf", "education/visits.pdf"]) == {"columns.pdf", "education/visits.pdf"}
    assert found(document="EDUCATION/") == {"education/visits.pdf"}
    assert found(document="éducation/") == {"education/visits.pdf"}
    assert found(document="coastal schools programme") == {"coastal-schools.pdf"}
    assert found(document="none.pdf") == set()
    assert found(document="", kind=None) == found()
    recommended = tiny_library.search(Question(REACHED, filters={"kind": "recommendation"})).passages
    assert {hit.passage.kind.value for hit in recommended} == {"recommendation"}


def test_a_document_named_in_full_is_not_its_longer_namesake(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "report.pdf")
    factories.page_break(shelf.corpus / "annual-report.pdf")
    shelf.run()
    found = shelf.open().search(Question(REACHED, filters={"document": "report.pdf"})).passages
    assert {hit.passage.document for hit in found} == {"report.pdf"}


@pytest.mark.parametrize("width", [300, 777, 900, 1400])
def test_a_page_is_drawn_as_wide_as_is_asked(width: int, tiny_library: Assistant) -> None:
    picture = Image.open(io.BytesIO(tiny_library.page_picture("coastal-schools.pdf", 1, width)))
    assert picture.format == "PNG"
    assert picture.width == width
    page_width, page_height = tiny_library.page_size("coastal-schools.pdf", 1)
    assert picture.height == pytest.approx(width * page_height / page_width, abs=2)


@pytest.mark.parametrize(
    ("document", "page"), [("coastal-schools.pdf", 0), ("coastal-schools.pdf", 3), ("none.pdf", 1)]
)
def test_a_page_that_the_library_does_not_hold_is_not_drawn(document: str, page: int, tiny_library: Assistant) -> None:
    for ask in (tiny_library.page_picture, tiny_library.page_size):
        with pytest.raises(PageMissing):
            ask(document, page)


@pytest.mark.parametrize(
    "name",
    ["../secret.pdf", "education/../../secret.pdf", "/etc/passwd", "", ".", "education", "columns.pdf/", "..\\x"],
)
def test_only_documents_of_the_library_have_a_path(name: str, tiny_library: Assistant, sample_pdfs: Path) -> None:
    factories.brief(sample_pdfs.parent / "secret.pdf")
    with pytest.raises(PageMissing):
        tiny_library.pdf_path(name)
    assert tiny_library.pdf_path("education/visits.pdf") == sample_pdfs / "education" / "visits.pdf"


def test_the_library_lists_every_file_with_what_went_wrong(shelf: Shelf) -> None:
    factories.brief(shelf.corpus / "schools.pdf")
    factories.encrypted(shelf.corpus / "locked.pdf")
    shelf.run()
    locked, schools = shelf.open().documents()
    assert (locked.document, locked.refused, locked.pages) == ("locked.pdf", "encrypted", 0)
    assert locked.detail
    assert (schools.document, schools.title, schools.pages) == ("schools.pdf", factories.TITLE, 2)
    assert schools.passages
    assert schools.sentences >= schools.passages


def test_a_question_that_is_empty_or_too_long_is_turned_down(tiny_library: Assistant) -> None:
    for ask in (tiny_library.ask, tiny_library.search):
        for empty in ("", " \n", "?!"):
            with pytest.raises(EmptyQuestion):
                ask(Question(empty))
        with pytest.raises(QuestionTooLong):
            ask(Question("x" * 4001))
    assert tiny_library.ask(Question("visits " * 500)).understood


def test_the_same_question_has_the_same_answer(tiny_library: Assistant) -> None:
    first, second = (tiny_library.ask(Question(REACHED)) for _ in range(2))
    assert (first.answer, first.citations, first.passages) == (second.answer, second.citations, second.passages)


def test_examples_can_be_answered(tiny_library: Assistant) -> None:
    examples = tiny_library.examples()
    assert 1 <= len(examples) <= 4
    assert len(set(examples)) == len(examples)
    assert tiny_library.examples(1) == examples[:1]


class TypoEmbedder(WordHashEmbedder):
    """Word hashes to which every word is one word piece, but one word that is typed wrong."""

    def word_pieces(self, text: str) -> list[int]:
        return super().word_pieces("super visers" if text == "supervisers" else text)


def test_a_word_typed_wrong_is_searched_for_as_the_library_has_it_and_the_answer_says_so(
    tiny_settings: Settings,
) -> None:
    assistant = Assistant(tiny_settings, embedder=TypoEmbedder())
    answer = assistant.ask(Question("Should the Ministry pay the travel of district supervisers?"))
    assert answer.understood == "Should the Ministry pay the travel of district supervisors?"
    assert answer.answer.startswith("Searched for “supervisors” instead of “supervisers”.")
    assert "own budget" in answer.citations[0].quote
    assert assistant.search(Question("supervisers")).question == "supervisors"


def test_a_question_in_another_language_is_answered_by_its_words_and_told_so(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("¿Cuántas schools del programme en los districts?"))
    assert answer.answer.startswith("The question seems to be in Spanish")
    assert not answer.refused
    assert answer.citations
    nothing = tiny_library.ask(Question("¿Cómo está el clima?"))
    assert nothing.answer.startswith("The question seems to be in Spanish")
    assert "does not answer" not in nothing.answer
