"""The form of a question lets expect what the passage that answers holds."""

from __future__ import annotations

import pytest

from assistant.retrieval import hints


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("Which outcome was ranked highest?", "The top-ranked outcome was training.", True),
        ("Which outcome was ranked highest?", "The outcome was training.", False),
        ("Which matters least?", "It had the lowest score.", True),
        ("When was it opened?", "It opened on May 5.", True),
        ("When was it opened?", "It opened on the 5th of May.", True),
        ("When was it opened?", "Workers may march.", False),
        ("when exactly?", "In 2021 it opened.", True),
        ("How far did prices fall?", "Prices went from 5 to 3.", True),
        ("What did it change?", "Visits increased.", True),
    ],
)
def test_what_is_expected_is_told_from_what_is_not(question: str, text: str, held: bool) -> None:
    assert any(hint.search(text) for hint in hints.of(question)) is held


@pytest.mark.parametrize(
    "question",
    [
        "When employers refuse, what do inspectors do?",
        "What are the best practices?",
        "What is said of climate change?",
        "What do coffee growers think of dropout?",
    ],
)
def test_of_other_questions_nothing_is_expected(question: str) -> None:
    assert hints.of(question) == ()
