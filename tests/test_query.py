"""What a question is understood to ask for."""

from __future__ import annotations

import pytest

from assistant.errors import EmptyQuestion, QuestionTooLong
from assistant.records import Kind
from assistant.retrieval.query import figure_asked, spelled_out, telling, understood, wish


def test_white_space_and_odd_characters_are_put_in_order() -> None:
    assert understood("  What\u00a0was\n\nthe ﬁnding\u200b?\u202e ", 100) == "What was the finding?"


@pytest.mark.parametrize("text", ["", "   ", "?!", "\u200b\u202e"])
def test_a_question_without_a_letter_is_empty(text: str) -> None:
    with pytest.raises(EmptyQuestion):
        understood(text, 100)


def test_a_question_longer_than_allowed_is_told_its_length() -> None:
    with pytest.raises(QuestionTooLong, match="10,000"):
        understood("a" * 10_000, 4000)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("What did the evaluators recommend to the ministry?", {Kind.RECOMMENDATION}),
        ("recomendations for partners", {Kind.RECOMMENDATION}),
        ("Which lessons and good practices are named?", {Kind.LESSON, Kind.GOOD_PRACTICE}),
        ("How many people were interviewed?", {Kind.METHOD}),
        ("What does FAO stand for?", {Kind.DEFINITION}),
        ("Where is the office?", set()),
    ],
)
def test_kinds_are_told_from_the_words_of_the_question(text: str, kinds: set[Kind]) -> None:
    assert wish(text).kinds == kinds


def test_years_are_wished_for_but_other_numbers_are_not() -> None:
    assert wish("Did 2500 schools reopen between 2019 and 2021?").years == {"2019", "2021"}


@pytest.mark.parametrize(
    ("text", "answers", "does_not"),
    [
        ("What share of the pupils are girls?", "Girls are 48 percent of pupils.", "480 pupils are girls."),
        ("Project funding", "The grant was $2 million.", "The grant was large."),
        ("How many wells were dug?", "Twelve wells were dug.", "Wells were dug."),
    ],
)
def test_a_figure_of_the_right_kind_is_looked_for(text: str, answers: str, does_not: str) -> None:
    figure = figure_asked(text)
    assert figure is not None
    assert figure.search(answers)
    assert not figure.search(does_not)


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("What was the success rate in 2020?", True),
        ("Poverty rate in the hills", True),
        ("How did the evaluators rate Alder on equity?", False),
        ("Were farmers asked to rate it?", False),
        ("How did the poverty rate change?", True),
        ("What did the completion rate rise to?", True),
        ("What was the pass rate that year?", True),
        ("What did the number of inspectors reach in 2019?", True),
        ("How much was spent (in US dollars)?", True),
        ("What did the ministry change after the number of inspectors fell?", False),
        ("What did the ministry change, and how many inspectors left?", True),
    ],
)
def test_a_rate_is_a_figure_and_to_rate_is_none(text: str, is_asked: bool) -> None:
    assert (figure_asked(text) is not None) is is_asked


def test_what_a_follow_up_asks_is_told_from_its_own_words() -> None:
    follow_up = wish("who says so (how many lessons of domain 2 came from Alder in 2019)?", "who says so?")
    assert (follow_up.telling, follow_up.counted) == (None, "")
    assert follow_up.parts == ("domain 2",)
    assert follow_up.years == {"2019"}


@pytest.mark.parametrize(
    ("text", "answers", "does_not"),
    [
        ("Who evaluated the school meals?", "The ministry contracted Alder Ltd. to evaluate them.", "Meals were good."),
        ("Who wrote the final report?", "The report was prepared by Beko.", "The report has 40 pages."),
        ("which organisation funds Coral?", "Coral is funded by the bank.", "Funds were slow in Coral."),
        ("who carried the survey out?", "The survey was carried out by Alder Ltd.", "The survey took weeks."),
        ("Who implemented Coral?", "Dell implements Coral in four ports.", "Coral was extended."),
    ],
)
def test_who_made_paid_for_or_did_something_is_told_by_its_words(text: str, answers: str, does_not: str) -> None:
    looked_for = telling(text)
    assert looked_for is not None
    assert looked_for.search(answers)
    assert not looked_for.search(does_not)


AIM, REACHED, MISSED = "It aims to train pilots.", "It achieved most of them.", "It did not reach its pilots."


@pytest.mark.parametrize(
    ("text", "answers", "does_not"),
    [
        ("What is Coral meant to achieve?", AIM, REACHED),
        ("What did Coral set out to do?", AIM, REACHED),
        ("What are Coral's main objectives?", AIM, REACHED),
        ("What was the purpose of Coral?", AIM, REACHED),
        ("What goals did Coral fail to achieve?", MISSED, AIM),
        ("What objectives were met?", REACHED, AIM),
    ],
)
def test_aims_and_what_was_reached_of_them_are_told_by_different_words(text: str, answers: str, does_not: str) -> None:
    looked_for = telling(text)
    assert looked_for is not None
    assert looked_for.search(answers)
    assert not looked_for.search(does_not)


@pytest.mark.parametrize(
    "text", ["What prevented unions from reaching their goals?", "What were the obstacles to the goals?"]
)
def test_a_question_that_speaks_of_aims_need_not_ask_for_them(text: str) -> None:
    assert telling(text) is None


def test_a_question_about_who_or_why_needs_no_figure() -> None:
    assert telling("Who should implementing partners work with?") is None
    assert figure_asked("Who should pay it from which budget?") is None


@pytest.mark.parametrize(
    ("vague", "searched"),
    [
        ("What worked?", "worked well"),
        ("what worked well", "worked well"),
        ("What didn't work?", "challenges"),
        ("What was not achieved?", "challenges"),
    ],
)
def test_a_question_that_names_nothing_is_spelled_out(vague: str, searched: str) -> None:
    assert searched in spelled_out(vague)
    assert spelled_out(vague) != vague


def test_a_question_that_names_what_it_asks_about_is_searched_for_as_it_is() -> None:
    for text in ("What worked in Alder?", "What was not achieved by the second project?", "Who worked?"):
        assert spelled_out(text) == text
