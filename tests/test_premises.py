"""An event that a question takes for granted must be told, and nothing may say the opposite of it."""

from __future__ import annotations

import pytest

from assistant.answering.figures import taken_for_granted
from assistant.answering.premises import Told, opposite, other_figure, other_month, untold_event
from assistant.records import Passage, Sentence

STRONG = 0.8


def told(text: str, support: float = STRONG) -> Told:
    return Told(Passage("1", "a.pdf", 1, 1, text), 0, len(text), support)


@pytest.mark.parametrize(
    ("question", "event"),
    [
        ("Why was the programme cancelled?", "cancelled"),
        ("What did the court say when it struck down the reform?", "struck down"),
        ("Why were the two projects merged?", "merged"),
        ("Why did the programme fail?", "fail"),
        ("Was the programme cancelled?", ""),
        ("What should be done if the office is closed?", ""),
        ("What did the programme teach, as opposed to last year?", ""),
        ("How many workers ended up in unions?", ""),
    ],
)
def test_only_what_is_taken_for_granted_must_be_told(question: str, event: str) -> None:
    assert untold_event(question, [told("The programme taught 400 teachers.")]) == event


def test_an_event_may_be_told_in_other_words_but_not_by_a_weak_sentence() -> None:
    assert untold_event("Why was the programme shut down?", [told("The programme was closed in May.")]) == ""
    assert untold_event("Why did the programme fail?", [told("The programme did not reach 40 teachers.")]) == ""
    weak = [told("The shop was closed in May.", 0.4), told("The programme taught teachers.")]
    assert untold_event("Why was the programme shut down?", weak) == "shut down"


@pytest.mark.parametrize(
    ("question", "text", "contradicts"),
    [
        ("Why did enrolment fall?", "Enrolment rose to 92 percent.", True),
        ("Why did enrolment fall?", "Enrolment fell to 42 percent.", False),
        ("Did enrolment fall?", "Enrolment rose to 92 percent.", False),
        ("What made the project succeed in training judges?", "The project has yet to train judges.", True),
        ("What made the project succeed in training judges?", "The project trained all judges.", False),
    ],
)
def test_a_sentence_that_says_the_opposite_is_told(question: str, text: str, contradicts: bool) -> None:
    assert (opposite(question, [told(text)]) is not None) is contradicts


def test_one_sentence_that_agrees_is_enough() -> None:
    assert opposite("Why did enrolment fall?", [told("Enrolment rose."), told("Enrolment fell again.", 0.79)]) is None


def test_another_figure_is_told_only_of_the_same_unit_or_noun() -> None:
    [share] = taken_for_granted("Why did 82 percent pass?")
    assert other_figure(share, [told("52 percent passed.")])
    assert not other_figure(share, [told("52 girls passed.")])
    [count] = taken_for_granted("Who built the 60 schools?")
    assert other_figure(count, [told("They built 25 schools.")])
    assert not other_figure(count, [told("They built 25 bridges.")])


def test_another_month_is_told_only_by_a_sentence_about_the_same() -> None:
    sentences = [told("The office was opened in May 2021."), told("A strike began in June 2020.", 0.5)]
    assert other_month(sentences) is sentences[0]
    assert other_month([told("The office was opened."), sentences[1]]) is None


def test_an_event_is_told_by_a_sentence_that_speaks_of_what_it_happened_to() -> None:
    question = "Why did the Alder centre stop using the Beko register in 2019?"
    assert untold_event(question, [told("The director said that the Coral office no longer paid travel.")]) == "stop"
    text = "The Alder centre had used the Beko register. It was abandoned."
    passage = Passage("1", "a.pdf", 1, 1, text, sentences=(Sentence(0, 44, True), Sentence(45, len(text), True)))
    assert untold_event(question, [Told(passage, 45, len(text), STRONG)]) == ""
