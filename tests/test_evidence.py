"""What is found is evidence only for its subject, its names, its kind of figure and its polarity."""

from __future__ import annotations

from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering.evidence import ENDED, PRESUPPOSES, Lack, fold, lack
from assistant.indexing.library import Library
from assistant.retrieval import hybrid
from assistant.retrieval.query import FIGURES

EMBEDDER = WordHashEmbedder()
# Word hashes know no inflections: what is on the subject repeats the words of a text.
TEXTS = (
    "In Alder the programme reached 412 schools and trained the teachers of each.",
    "In Birch the programme trained teachers, and parents came to meetings.",
    "The programme spent 3.5 million dollars on readers in Alder.",
    "Enrolment of girls in Alder rose to 74 percent in the programme.",
    "The Coastal Schools Authority stopped the visits in Alder when vehicles were withdrawn.",
    "The CSA paid the travel of district supervisors in Birch.",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("index")
    shelf.shelve(folder, [("schools.pdf", shelf.record(*TEXTS, title="Schools"))])
    return Library.open(folder, EMBEDDER.fingerprint)


def lacking(library: Library, question: str) -> Lack:
    found = hybrid.search(library, question, EMBEDDER.embed_question(question), 10)
    return lack(library, EMBEDDER, question, found)


@pytest.mark.parametrize(
    "question",
    [
        "How many schools in Alder: the programme reached and trained the teachers of each?",
        "how many schools in alder: the programme reached and trained the teachers of each",
        "How many dollars were spent on readers in the programme?",
        "Percentage of enrolment of girls in Alder in the programme",
        "Why were the visits in Alder stopped when vehicles were withdrawn?",
        "Who in Birch paid the travel of district supervisors from the budget?",
        "Was the travel of district supervisors paid by the Coastal Schools Authority?",
        "Compare in Birch and in Alder the programme trained teachers, and parents",
    ],
)
def test_what_the_library_says_is_evidence(question: str, library: Library) -> None:
    assert lacking(library, question) is Lack.NONE


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Best recipes for sourdough pancakes with blueberries?", Lack.SUBJECT),
        ("How many schools in Cedarville: the programme reached and trained the teachers of each?", Lack.NAME),
        ("What share of parents came to meetings in the programme in Birch?", Lack.FIGURE),
        ("In Birch the programme trained teachers, how much money and parents came to meetings?", Lack.FIGURE),
        ("Why did parents in Birch refuse to come to meetings in the programme?", Lack.POLARITY),
    ],
)
def test_what_the_library_does_not_say_is_named(question: str, reason: Lack, library: Library) -> None:
    assert lacking(library, question) is reason


def test_nothing_found_is_no_evidence(library: Library) -> None:
    assert lack(library, EMBEDDER, "How many schools?", []) is Lack.SUBJECT


@pytest.mark.parametrize(
    ("question", "enough", "too_little"),
    [
        ("What percentage of girls enrolled?", "It rose to 74 %.", "It rose to 74."),
        ("Unemployment rate in the south", "9.5 per cent", "nine"),
        ("What was the budget of the project?", "USD 3 million", "3 million"),
        ("How many teachers left?", "Twelve left.", "Teachers left."),
    ],
)
def test_a_kind_of_figure_is_told_from_how_it_is_asked_for(question: str, enough: str, too_little: str) -> None:
    printed = next(printed for asked, printed in FIGURES if asked.search(question))
    assert printed.search(enough)
    assert not printed.search(too_little)


def test_a_question_that_asks_for_no_figure_needs_none() -> None:
    assert not any(asked.search("What was recommended to the ministry?") for asked, _ in FIGURES)


def test_only_a_question_that_takes_an_end_for_granted_needs_one() -> None:
    assert PRESUPPOSES.search("Why was the programme cancelled?")
    assert ENDED.search("Why was the programme cancelled?")
    assert not PRESUPPOSES.search("Was the programme cancelled?")


def test_accents_and_capitals_do_not_matter() -> None:
    assert fold("Quer\u00e9taro") == "queretaro"
