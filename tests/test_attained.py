"""Questions on targets and success are answered for the project they name, with what was reached and what was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering import subjects
from assistant.answering.attained import LEAD_IN, LOW_LEAD_IN
from assistant.indexing.library import Library
from assistant.indexing.record_store import Record
from assistant.pipeline import Assistant
from assistant.records import Answer, Kind, Question, Shape
from assistant.retrieval.attainment import LIMITED, MET, TELLS, UNMET, telling
from assistant.settings import Settings

GULL, TERN = "Evaluation of Safe Harbours on the Coast (GULL1)", "Evaluation of the Reading Rooms (TERN2)"
OTHER = "TERN2 did achieve its targets for readers and surpassed its targets for rooms."
MET_ALL_BUT = "GULL1 did achieve its targets for piers."
SHORT = "GULL1 did not achieve its targets for pilots."
AT_WORK = "GULL1 has its targets for harbours and works with pilots."
LONG_NAME = "Safe harbours on the coast did achieve its targets for lights."
HIGH_ROW, LOW_ROW = "Outcome 1: Piers are safe | High", "Outcome 2: Pilots are trained | Low"


def report(title: str, project: str, texts: tuple[str, ...], rows: tuple[str, ...] = ()) -> Record:
    made = shelf.record(*texts, *rows, title=title, kind=Kind.OUTCOME, section="Results")
    rated = tuple(
        replace(p, kind=Kind.RATING, shape=Shape.ROW, context="Achievement") if p.text in rows else p
        for p in made.passages
    )
    return replace(made, passages=rated, document=replace(made.document, projects=(project,)))


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("attained")
    gull = report(GULL, "GULL1", (MET_ALL_BUT, SHORT, AT_WORK), (HIGH_ROW, LOW_ROW))
    tern = report(TERN, "TERN2", (OTHER, "TERN2 works with its targets in nine rooms.", LONG_NAME))
    plover = report(
        "Evaluation of Wells (PLOVER)", "PLOVER", ("PLOVER has its targets for wells which farmers did dig.",)
    )
    shelf.shelve(folder, [("gull.pdf", gull), ("tern.pdf", tern), ("plover.pdf", plover)])
    return Assistant(Settings(index=folder, corpus=folder), embedder=WordHashEmbedder())


def asked(assistant: Assistant, question: str) -> Answer:
    return assistant.ask(Question(question))


def test_the_targets_of_another_project_are_not_quoted(assistant: Assistant) -> None:
    answer = asked(assistant, "Did GULL1 achieve its targets?")
    quotes = [citation.quote for citation in answer.citations]
    assert {MET_ALL_BUT, SHORT} <= set(quotes)
    assert OTHER not in quotes
    assert AT_WORK not in quotes


def test_ratings_complete_an_answer_on_targets(assistant: Assistant) -> None:
    answer = asked(assistant, "Did GULL1 achieve its targets?")
    assert LEAD_IN in answer.answer
    assert {HIGH_ROW, LOW_ROW} <= {citation.quote for citation in answer.citations}


@pytest.mark.parametrize("filters", [{"document": "tern.pdf"}, {"kind": "outcome"}])
def test_ratings_outside_of_the_filters_are_not_quoted(assistant: Assistant, filters: dict[str, str]) -> None:
    answer = assistant.ask(Question("Did GULL1 achieve its targets?", filters=filters))
    assert answer.citations
    assert LEAD_IN not in answer.answer


def test_ratings_within_the_filters_are_quoted(assistant: Assistant) -> None:
    filters = {"document": "gull.pdf", "kind": ["outcome", "rating"]}
    assert LEAD_IN in assistant.ask(Question("Did GULL1 achieve its targets?", filters=filters)).answer


def test_what_was_not_reached_is_told_by_sentences_that_say_so_and_by_low_ratings(assistant: Assistant) -> None:
    answer = asked(assistant, "Which targets did GULL1 not achieve?")
    quotes = [citation.quote for citation in answer.citations]
    assert quotes[0] == SHORT
    assert LOW_LEAD_IN in answer.answer
    assert LOW_ROW in quotes
    assert not {HIGH_ROW, MET_ALL_BUT, OTHER} & set(quotes)


def test_a_project_that_nothing_tells_of_is_declined_by_name(assistant: Assistant) -> None:
    answer = asked(assistant, "Did PLOVER achieve its targets?")
    assert answer.refused
    assert "Nothing found says for PLOVER what was reached" in answer.answer


def test_a_passage_that_gives_the_long_name_of_a_project_speaks_of_it(assistant: Assistant) -> None:
    answer = asked(assistant, "Did GULL1 achieve its targets for lights?")
    assert LONG_NAME in {citation.quote for citation in answer.citations}


def test_a_project_is_named_in_short_as_a_whole_word_or_by_the_long_name_of_any_title(tmp_path: Path) -> None:
    later = report("Annual report of GULL1", "GULL1", ("Boats came.",))
    shelf.shelve(tmp_path, [("a.pdf", report(GULL, "GULL1", ("Piers stand.",))), ("b.pdf", later)])
    library = Library.open(tmp_path, shelf.EMBEDDER.fingerprint)
    for text in ("Who runs GULL1?", "Who runs (GULL1)?", "Who runs Safe harbours on the coast?"):
        assert subjects.named(library, text) == {"GULL1"}
        assert subjects.documents(library, text) == ["a.pdf", "b.pdf"]
    for text in ("Who runs GULL12?", "Who runs gull1?", "Who runs the harbours on the coast?"):
        assert not subjects.named(library, text)


def test_other_questions_on_a_project_leave_out_passages_on_other_projects_alone(assistant: Assistant) -> None:
    quotes = {citation.quote for citation in asked(assistant, "Who works with GULL1 and its targets?").citations}
    assert quotes
    assert not any(quote.startswith("TERN2") for quote in quotes)


@pytest.mark.parametrize(
    "question",
    ["Did it meet its targets?", "Were the objectives achieved?", "How successful was it?", "Was the work effective?"],
)
def test_these_ask_whether_something_was_reached(question: str) -> None:
    assert MET.search(question)
    assert not UNMET.search(question)


@pytest.mark.parametrize(
    "question",
    [
        "What did it fail to achieve?",
        "Which goals were not met?",
        "Where did it fall short?",
        "What didn't it deliver?",
        "What did it not achieve on the coast?",
        "What was not achieved by the second project?",
        "Which of the targets were missed?",
    ],
)
def test_these_ask_what_was_not_reached(question: str) -> None:
    assert UNMET.search(question)


@pytest.mark.parametrize(
    "question",
    [
        "Did they meet with farmers?",
        "What are the targets?",
        "Why was it effective?",
        "Which employers have not met with the union?",
        "Which groups were not reached by the training?",
        "What did women do who did not reach the clinics?",
        "Is there a plan to deliver the results to workers?",
    ],
)
def test_these_ask_neither(question: str) -> None:
    assert not MET.search(question)
    assert not UNMET.search(question)


@pytest.mark.parametrize(
    "question",
    [
        "What should be done for women who did not reach the clinics?",
        "What was recommended because the targets were not met?",
        "What lessons follow from targets that were not met?",
    ],
)
def test_what_follows_from_it_is_another_question(question: str) -> None:
    assert telling(question) is None


def test_sentences_tell_what_was_reached() -> None:
    assert TELLS.search("It is on track to reach most outcomes.")
    assert LIMITED.search("The centre has yet to open.")
    assert not TELLS.search("Each of them target the fishing industry.")
