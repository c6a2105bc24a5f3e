"""From a question to its answer, and what an open library shows while generations come and go."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import factories
import pytest
from fakes import Examining, WordHashEmbedder
from PIL import Image
from runs import Shelf

from assistant.answering import citations
from assistant.answering.examination import LEAST_ODDS, SURE_ODDS
from assistant.answering.notices import DOUBT
from assistant.building import build
from assistant.errors import EmptyQuestion, PageMissing, QuestionTooLong
from assistant.indexing import generations
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.settings import Settings
from assistant.understanding.proof import appears_on

REACHED = "Which programme reached 412 schools in nine districts?"
# Word hashes know no inflections: questions repeat the words of the text.
PAYS = "Should the Ministry of Education pay the travel of district supervisors from its own budget?"


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


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_page_of_a_file_that_has_changed_since_is_not_shown(shelf: Shelf) -> None:
    path = factories.brief(shelf.corpus / "schools.pdf")
    shelf.run()
    library = shelf.open()
    assert library.page_picture("schools.pdf", 1, 200)
    factories.page_break(path)
    for show in (library.pdf_path, lambda name: library.page_picture(name, 2, 200)):
        with pytest.raises(PageMissing, match="has changed since it was indexed"):
            show("schools.pdf")


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


def test_passages_that_may_not_answer_are_quoted_with_a_word_of_doubt(tiny_settings: Settings) -> None:
    sure, doubtful, declined = (
        Assistant(tiny_settings, embedder=Examining(odds)).ask(Question(REACHED))
        for odds in (SURE_ODDS, SURE_ODDS - 0.1, LEAST_ODDS - 0.1)
    )
    assert DOUBT not in sure.answer
    assert doubtful.answer == f"{DOUBT}\n\n{sure.answer}"
    assert (doubtful.citations, doubtful.mode) == (sure.citations, sure.mode)
    assert declined.refused
    assert "none seems to answer it" in declined.answer
    assert "does not answer this" not in declined.answer


def test_a_question_in_another_language_is_answered_by_its_words_and_told_so(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("¿Cuántas schools del programme en los districts?"))
    assert answer.answer.startswith("The question seems to be in Spanish")
    assert not answer.refused
    assert answer.citations
    nothing = tiny_library.ask(Question("¿Cómo está el clima?"))
    assert nothing.answer.startswith("The question seems to be in Spanish")
    assert "does not answer" not in nothing.answer
