"""Figures that a question takes for granted are told from years and labels, and found again in other spellings."""

from __future__ import annotations

import pytest

from assistant.answering.figures import months, taken_for_granted
from assistant.understanding.counting import counted, counted_in_row, counts


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Why were only 40 schools built in 2021?", ["40"]),
        ("What was the $2.5 million for?", ["$2.5 million"]),
        ("How did 82 percent pass, and 7% fail?", ["82 percent", "7%"]),
        ("What does Table 4 of Annex 2 say of outcome 3?", []),
        ("What did P2 and COVID-19 change on March 8?", []),
    ],
)
def test_figures_are_neither_years_nor_labels(question: str, found: list[str]) -> None:
    assert [figure.text for figure in taken_for_granted(question)] == found


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("the 12 villages", "in a dozen villages"),
        ("the $3 million", "a grant of USD 3,000,000"),
        ("50 percent of them", "half of all, or 50 per cent"),
        ("nearly 300 hearings", "287 hearings"),
        ("the 1,200 girls", "1200 girls"),
    ],
)
def test_a_figure_is_found_in_other_spellings(question: str, text: str) -> None:
    [figure] = taken_for_granted(question)
    assert figure.stands_in(text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("45 percent of them", "within 45 days"),
        ("the 300 hearings", "287 hearings"),
        ("the $3 million", "3 million people"),
    ],
)
def test_another_figure_or_unit_is_not_the_figure(question: str, text: str) -> None:
    [figure] = taken_for_granted(question)
    assert not figure.stands_in(text)


def test_a_figure_knows_what_it_counts() -> None:
    assert taken_for_granted("Who trained the 60 independent school inspectors?")[0].noun == "inspectors"
    assert taken_for_granted("Why did the number of schools stop at 40?")[0].noun == "schools"


def test_months_are_read_with_their_year() -> None:
    assert months("from Sept. 2020 to 4 May 2021, and in March") == {("sep", "2020"), ("may", "2021")}


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many new independent unions were founded?", "unions"),
        ("number of people trained", "people"),
        ("How many were trained?", ""),
        ("Which cue was used by the largest number of groups?", ""),
        ("Who was trained?", ""),
        ("What changed after the number of inspectors fell?", ""),
        ("How many people asked when the number of offices fell?", "people"),
    ],
)
def test_what_is_counted_is_the_first_noun_in_the_plural(question: str, noun: str) -> None:
    assert counted(question) == noun


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("They built 12 new village schools.", "schools"),
        ("Schools (12) were built.", "schools"),
        ("two staff members", "employees"),
        ("10 of the 16 inspectors", "inspectors"),
        ("nine bots", "robots"),
        ("34 conciliators", "concilators"),
        ("no school was built", "schools"),
    ],
)
def test_a_number_of_the_noun_counts_it(text: str, noun: str) -> None:
    assert counts(text, noun)


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("two worker organisations", "workers"),
        ("In 2021 schools were built.", "schools"),
        ("See Section 3.7, inspectors.", "inspectors"),
        ("12 teachers in schools", "schools"),
        ("see https://a.org/12 schools.org", "teachers"),
    ],
)
def test_a_number_of_something_else_does_not(text: str, noun: str) -> None:
    assert not counts(text, noun)


def test_a_row_counts_what_a_cell_or_label_names() -> None:
    assert counted_in_row("Alder | 12 (40%)", "District | Schools", "schools")
    assert not counted_in_row("Alder | In 2021 the schools were opened by 3 teachers", "District | Remarks", "schools")
