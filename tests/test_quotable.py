"""What evaluators set out to find out is no finding, unless it is asked how they went about it."""

from __future__ import annotations

from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering.quotable import TO_FIND_OUT, asks_for_method, stands_alone
from assistant.pipeline import Assistant
from assistant.records import Kind, Passage, Question, Sentence
from assistant.settings import Settings

FINDING = "Unintended effects of the school meals were fewer pupils in small schools."
MATRIX = "What were unintended effects of the school meals? | Interviews with parents | Pupils, teachers"
GUIDE = "[Moderator: ask for unintended effects of the school meals]"
PLAN = "Unintended effects of the school meals are the matter of EQ 4."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("quotable")
    made = shelf.record(MATRIX, GUIDE, PLAN, FINDING, title="School meals", section="Results")
    shelf.shelve(folder, [("meals.pdf", made)])
    return Assistant(Settings(index=folder, corpus=folder), embedder=WordHashEmbedder())


def test_questions_and_plans_of_the_evaluators_are_not_quoted_as_findings(assistant: Assistant) -> None:
    answer = assistant.ask(Question("What were unintended effects of the school meals?"))
    assert [citation.quote for citation in answer.citations] == [FINDING]


def test_they_are_quoted_where_it_is_asked_how_the_evaluation_was_done(assistant: Assistant) -> None:
    answer = assistant.ask(Question("Which interviews were on unintended effects of the school meals?"))
    assert PLAN in {citation.quote for citation in answer.citations}


@pytest.mark.parametrize(
    "text",
    [
        MATRIX,
        GUIDE,
        PLAN,
        "3 | How far did incomes grow?",
        "The evaluation questions cover incomes.",
        "This section tells why.",
    ],
)
def test_these_tell_what_was_to_be_found_out(text: str) -> None:
    assert TO_FIND_OUT.search(text)


@pytest.mark.parametrize("text", [FINDING, "Parents asked: who pays? Nobody answered.", "Equity grew | High"])
def test_these_do_not(text: str) -> None:
    assert not TO_FIND_OUT.search(text)


def test_a_question_on_results_asks_for_no_method() -> None:
    assert asks_for_method("What did the evaluation questions cover?")
    assert not asks_for_method("What should future projects do differently?")


@pytest.mark.parametrize(
    ("before", "alone"),
    [("The league won the vote.", False), ("It gave three things:", True), ("Boats and nets", True)],
)
def test_a_heading_at_the_end_of_a_passage_is_not_quoted_and_an_item_is(before: str, alone: bool) -> None:
    text = f"{before}\nEffects on the poorest families"
    last = Sentence(len(before) + 1, len(text), proven=True)
    passage = Passage("p", "d.pdf", 1, 1, text, "Results", kind=Kind.OUTCOME, sentences=(last,))
    assert stands_alone(passage, last) is alone
