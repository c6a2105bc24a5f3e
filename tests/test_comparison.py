"""A question that compares is told by its form, and answered part by part, each part with quotes of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import shelf
from fakes import Examining

from assistant.answering.examination import LEAST_ODDS, SURE_ODDS
from assistant.answering.notices import DOUBT
from assistant.answering.parts import parts
from assistant.pipeline import Assistant
from assistant.records import Answer, Question
from assistant.settings import Settings

ALDER = "In Alder district 61 percent of the girls attended school in the dry season."
BIRCH = "In Birch district 47 percent of the girls attended school in the dry season."
BOTH = "Girls attended school more often in Alder and Birch after the boarding houses had opened."
OTHERS = (
    "Parents of younger children came to meetings more often.",
    "Readers in the local language reached small classes late.",
    "Supervisors visited the hills every month by motorcycle.",
)


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("Compare the attendance of girls in Alder and Birch", ["Alder", "Birch"]),
        ("Compare the attendance rates in Alder and in Birch.", ["Alder", "Birch"]),
        ("attendance rate 2024 Alder vs Birch", ["Alder", "Birch"]),
        ("How does attendance differ between women and men?", ["women", "men"]),
        ("What is the difference between the A1 and A2 budgets?", ["A1", "A2"]),
        ("How does Alder differ from Birch?", ["Alder", "Birch"]),
        ("Attendance of boys and girls in 2023: how does Alder differ from Birch?", ["Alder", "Birch"]),
        ("How many schools opened in 2021 and in 2023?", ["2021", "2023"]),
        ("What do the midterm report and the final report say?", ["the midterm report", "the final report"]),
        ("How do the Alder evaluation and the Birch brief each see it?", ["the Alder evaluation", "the Birch brief"]),
        ("Which results did both A1 and A2 reach?", ["A1", "A2"]),
        ("Compare A1, A2 and GROW on sustainability", ["A1", "A2", "GROW"]),
        ("Is attendance higher in Alder than in Birch?", ["Alder", "Birch"]),
        ("How many people came for domain 1, and how many for domain 5?", ["domain 1", "domain 5"]),
        ("wages before and after the contract", ["before", "after"]),
        ("difference between formal and informal workers in pay", ["formal workers", "informal workers"]),
        ("Corn ethanol vs pure biodiesel: cost of a gallon of each?", ["Corn ethanol", "pure biodiesel"]),
        (
            "Schools: how many were open in May, compared with the number that were planned?",
            ["how many were open in May", "the number that were planned"],
        ),
    ],
)
def test_a_comparison_is_told_by_its_form(question: str, labels: list[str]) -> None:
    assert [part.label for part in parts(question)] == labels


@pytest.mark.parametrize(
    "question",
    [
        "What did UNDP and Lantern recommend?",
        "How many cases were opened between 2019 and 2021?",
        "How did attendance change between 2019 and 2022 in Alder?",
        "What did the dialogue between unions and employers bring?",
        "What is different nowadays about inspections in Alder?",
        "Who pays the staff whose time is split between A1 and A2?",
        "Which places saw both strikes and lockouts?",
        "How many workers and how many leaders were trained?",
        "Which price do growers in Alder and Birch get now, compared with before?",
        "lesson on budget size and project length vs results",
        "How does that compare with inflation?",
        "When are Mexico, the US and Canada due to review it?",
    ],
)
def test_and_and_between_alone_make_no_comparison(question: str) -> None:
    assert parts(question) == ()


def test_each_part_is_asked_for_in_the_words_of_the_whole_question() -> None:
    asked = [part.question for part in parts("How did the attendance of girls differ between Alder and Birch?")]
    assert asked == ["attendance of girls Alder?", "attendance of girls Birch?"]
    asked = [part.question for part in parts("In how many schools of Alder and of Birch were readers used?")]
    assert asked == [
        "In how many schools of Alder were readers used?",
        "In how many schools of Birch were readers used?",
    ]


def asked(folder: Path, question: str, **documents: tuple[str, ...]) -> Answer:
    """The answer of a library with these documents, by name."""
    return examined(folder, question, 0.0, documents)


def examined(folder: Path, question: str, odds: float, documents: Mapping[str, tuple[str, ...]]) -> Answer:
    """The same where the examiner finds these odds."""
    members = [(f"{name}.pdf", shelf.record(*texts, *OTHERS, title=name)) for name, texts in documents.items()]
    shelf.shelve(folder, members)
    return Assistant(Settings(index=folder, corpus=folder), embedder=Examining(odds)).ask(Question(question))


def test_each_part_has_its_heading_and_its_own_quotes(tmp_path: Path) -> None:
    answer = asked(tmp_path, "Compare girls who attended school in Alder and in Birch", report=(ALDER, BIRCH))
    assert re.findall(r"\*\*(.+?)\*\*", answer.answer) == ["Alder", "Birch"]
    alder, birch = answer.answer.split("**Birch**")
    assert ALDER in alder
    assert BIRCH in birch
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert re.findall(r"\[(\d+)\]", answer.answer) == [str(c.number) for c in answer.citations]
    assert [hit.passage.text for hit in answer.passages[:2]] == [ALDER, BIRCH]


def test_what_speaks_of_several_parts_is_quoted_once_for_all_of_them(tmp_path: Path) -> None:
    answer = asked(tmp_path, "Compare girls who attended school in Alder and in Birch", report=(ALDER, BIRCH, BOTH))
    assert re.findall(r"\*\*(.+?)\*\*", answer.answer) == ["Alder and Birch", "Alder", "Birch"]
    assert answer.answer.count(BOTH) == 1


def test_a_part_that_nothing_speaks_of_is_told(tmp_path: Path) -> None:
    answer = asked(tmp_path, "Compare girls who attended school in Alder and in Cedar", report=(ALDER, BIRCH))
    assert ALDER in answer.answer
    assert "For Cedar nothing was found in the documents." in answer.answer
    assert BIRCH not in answer.answer


def test_a_comparison_of_what_is_not_there_is_declined(tmp_path: Path) -> None:
    answer = asked(tmp_path, "Compare the price of copper in Yew and in Cedar", report=(ALDER, BIRCH))
    assert answer.refused
    assert answer.citations == ()


def test_parts_that_may_not_be_answered_are_quoted_with_a_word_of_doubt(tmp_path: Path) -> None:
    question = "What share of girls attended school in the dry season in Alder and in Birch?"
    documents = {"alder": (ALDER,), "birch": (BIRCH,)}
    sure = examined(tmp_path / "sure", question, SURE_ODDS, documents)
    doubtful = examined(tmp_path / "doubtful", question, SURE_ODDS - 0.1, documents)
    assert len(sure.citations) == 2
    assert doubtful.answer == f"{DOUBT}\n\n{sure.answer}"


def test_parts_that_passages_only_come_near_to_are_declined_as_such(tmp_path: Path) -> None:
    question = "What share of girls attended school in the dry season in Alder and in Birch?"
    answer = examined(tmp_path, question, LEAST_ODDS - 0.1, {"alder": (ALDER,), "birch": (BIRCH,)})
    assert answer.refused
    assert answer.answer.startswith("Passages close to this question were found, but none seems to answer it.")
    assert "may stand there in other words" in answer.answer


def test_a_part_that_names_a_document_is_searched_in_that_alone(tmp_path: Path) -> None:
    question = "Compare the share of girls who attended school in the Coast report and in the Hills brief"
    coast, hills = (text.replace("In Alder district", "There") for text in (ALDER, ALDER.replace("61", "52")))
    answer = asked(tmp_path, question, **{"Coast report": (coast,), "Hills brief": (hills,)})
    assert [(c.document, c.quote) for c in answer.citations[:1]] == [("Coast report.pdf", coast)]
    assert ("Hills brief.pdf", hills) in [(c.document, c.quote) for c in answer.citations]
    assert re.findall(r"\*\*(.+?)\*\*", answer.answer) == ["Coast report", "Hills brief"]


def test_documents_set_side_by_side_without_a_topic_are_asked_for_their_results(tmp_path: Path) -> None:
    results = [f"The main results in the {where} were new wells, and repairs were recommended." for where in "ab"]
    folders = {"Coast report": (results[0], ALDER), "Hills brief": (results[1], BIRCH)}
    answer = asked(tmp_path, "Compare the Coast report and the Hills brief", **folders)
    assert "nothing was found" not in answer.answer
    assert {c.quote for c in answer.citations} >= set(results)
