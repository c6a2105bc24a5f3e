"""Follow-up questions are read with what was asked before."""

from __future__ import annotations

import pytest

from assistant.answering.conversation import understood
from assistant.pipeline import Assistant
from assistant.records import Question, Turn


def turns(*questions: str, answer: str = "") -> list[Turn]:
    return [Turn(question, answer) for question in questions]


@pytest.mark.parametrize(
    "question",
    [
        "How many teachers were trained in Alder?",
        "What lessons were learned?",
        "Which of the recommendations that concern schools are addressed to the ministry?",
        "Is there evidence of change in household income?",
    ],
)
def test_a_question_that_stands_on_its_own_is_left_as_it_is(question: str) -> None:
    assert understood(question, turns("Who funded the Harbour project?")) == question


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (["What outcomes did P2 reach?"], "and for P3?", "What outcomes did P3 reach?"),
        (["What was the rate in Alder in 2019?"], "and in 2022?", "What was the rate in Alder in 2022?"),
        (
            ["What was the rate in Alder in 2019?", "and in 2022?"],
            "And in Birch?",
            "What was the rate in Birch in 2022?",
        ),
        (["What did the Harbour Trust do?"], "What about UNDP?", "What did the UNDP do?"),
        (["What was recommended for inspectors?"], "what about women?", "What was recommended for inspectors, women?"),
    ],
)
def test_a_new_name_or_year_takes_the_place_of_the_old_one(before: list[str], question: str, whole: str) -> None:
    assert understood(question, turns(*before)) == whole


@pytest.mark.parametrize(
    "question",
    ["Who should do that?", "why?", "by when?", "Is it sustainable?", "And what did workers say about that?"],
)
def test_a_question_that_points_back_takes_the_question_before_along(question: str) -> None:
    whole = understood(question, turns("What was recommended for labour inspectors?"))
    assert whole.startswith(question.rstrip("?"))
    assert "What was recommended for labour inspectors" in whole


def test_names_that_the_answer_brought_up_are_taken_along() -> None:
    history = turns(
        "Which project trained inspectors?", answer="Training was given by the Lantern project in Alder. [1]"
    )
    assert "Lantern" in understood("Who funded it?", history)


def test_the_sixth_turn_is_read_like_the_second() -> None:
    history = turns("What outcomes did P2 reach?", "and for P3?", "and for P4?", "and for P5?", "and for P6?")
    assert understood("and for P7?", history) == "What outcomes did P7 reach?"


def test_starting_over_forgets_what_was_asked() -> None:
    history = turns("What outcomes did P2 reach?", "start over")
    assert understood("and for P3?", history) == "and for P3?"
    assert (
        understood("Start over: who wrote the report?", turns("What outcomes did P2 reach?")) == "who wrote the report?"
    )
    assert understood("start over", turns("What outcomes did P2 reach?")) == ""


def test_a_bare_start_over_is_answered_with_a_sentence(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("Start over", history=tuple(turns("What was recommended?"))))
    assert not answer.refused
    assert not answer.citations
    assert "forgotten" in answer.answer


def test_the_question_as_understood_is_told(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("Who should do that?", history=tuple(turns("What was recommended?"))))
    assert answer.question == "Who should do that?"
    assert answer.understood == "Who should do that (What was recommended)?"
