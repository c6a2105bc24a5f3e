"""An answer on results also says what was not achieved, where the documents say so."""

from __future__ import annotations

from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering.limits import LEAD_IN, RESULTS
from assistant.pipeline import Assistant
from assistant.records import Answer, Kind, Question
from assistant.retrieval.attainment import LIMITED
from assistant.settings import Settings

GAINS = (
    "The reading programme improved reading in the schools of the coast, where girls read forty words a minute.",
    "The reading programme improved reading in the schools of the hills, where new readers were used in every class.",
    "The reading programme improved reading in the schools of the town, since teachers met to plan lessons each month.",
)
LIMIT = "The reading programme has not improved reading in the classes of the islands."
OTHERS = ("Parents of younger children came to meetings more often.", "Supervisors came by motorcycle every month.")
QUESTION = "Has the reading programme improved reading in the schools of the coast?"


def asked(folder: Path, question: str, *texts: str, kind: Kind = Kind.NARRATIVE, words: int = 60) -> Answer:
    made = shelf.record(*texts, *OTHERS, title="Report", kind=kind, section="Results")
    shelf.shelve(folder, [("report.pdf", made)])
    settings = Settings(index=folder, corpus=folder, answer_words=words)
    return Assistant(settings, embedder=WordHashEmbedder()).ask(Question(question))


def test_an_answer_that_tells_of_gains_alone_is_completed_by_what_was_not_achieved(tmp_path: Path) -> None:
    answer = asked(tmp_path, QUESTION, *GAINS, LIMIT, words=20)
    assert answer.answer.endswith(f"{LEAD_IN}\n\n{LIMIT} [{len(answer.citations)}]")
    assert answer.citations[-1].quote == LIMIT
    assert len(answer.citations) > 1


def test_a_limit_that_is_quoted_anyway_needs_no_lead_in(tmp_path: Path) -> None:
    answer = asked(tmp_path, QUESTION, LIMIT)
    assert LIMIT in answer.answer
    assert LEAD_IN not in answer.answer


def test_a_question_that_asks_for_no_results_is_left_as_it_is(tmp_path: Path) -> None:
    answer = asked(
        tmp_path, "Where has the reading programme improved reading in the schools?", *GAINS, LIMIT, words=20
    )
    assert LEAD_IN not in answer.answer


def test_the_limits_of_a_method_are_no_result(tmp_path: Path) -> None:
    assert LEAD_IN not in asked(tmp_path, QUESTION, *GAINS, LIMIT, kind=Kind.METHOD, words=20).answer


@pytest.mark.parametrize(
    "text",
    [
        "The target was not fully reached.",
        "The visits had no measurable effect.",
        "Enrolment fell short of the plan.",
        "The centre has not yet opened its doors.",
        "Limited progress was made on budgets.",
        "Attendance remained low in the islands.",
        "The committee was unable to meet.",
    ],
)
def test_these_tell_of_limits(text: str) -> None:
    assert LIMITED.search(text)


@pytest.mark.parametrize(
    "text", ["The target was reached.", "Not only teachers came.", "There were no other donors.", "A little rain fell."]
)
def test_these_do_not(text: str) -> None:
    assert not LIMITED.search(text)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What were the results of the programme?", True),
        ("What effect did the visits have on teachers?", True),
        ("How effective were the visits?", True),
        ("What did the programme achieve for girls?", True),
        ("What changed for teachers?", True),
        ("Who took part in the change workshops?", False),
        ("How many girls were enrolled?", False),
    ],
)
def test_what_asks_for_results(question: str, asks: bool) -> None:
    assert bool(RESULTS.search(question)) is asks
