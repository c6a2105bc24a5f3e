"""Who made a document, paid for it and when it came out is told in its own words, or honestly not told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering.credited import wanted
from assistant.pipeline import Assistant
from assistant.records import Answer, Question
from assistant.settings import Settings
from assistant.understanding.credits import LINE, Credit, told

SCHOOLS, ROADS = "Evaluation brief: Coastal Schools", "Evaluation report: Hill Roads"
CONTRACTED = "The Ministry of Lakes contracted Tern Research Ltd to conduct a final evaluation of the coastal schools."
FUNDED = "Funding for this evaluation was provided by the Bank of Alder."
DATELINE = "Evaluation brief, May 2021"
LEADER = "Lead Evaluator: Ada Finch, Ph.D."
WROTE = "Kestrel and Partners prepared this report under a contract with the Agency for Hills."
SHARED_WORDS = "The brief that teachers wrote in the schools was read in each evaluation meeting."
QUESTIONS = (
    "Evaluation meetings led by teachers asked who wrote the lessons.",
    "Who carried out the evaluation of lessons in the schools?",
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("origins")
    schools = shelf.record(DATELINE, SHARED_WORDS, CONTRACTED, FUNDED, *QUESTIONS, title=SCHOOLS, section="Background")
    roads = shelf.record(LEADER, WROTE, "Roads were built in the hills.", title=ROADS, section="Cover")
    dated = replace(schools, document=replace(schools.document, date="2021-05", year="2021"))
    undated = replace(roads, document=replace(roads.document, date=""))
    shelf.shelve(folder, [("schools.pdf", dated), ("roads.pdf", undated)])
    return Assistant(Settings(index=folder, corpus=folder), embedder=WordHashEmbedder())


def asked(assistant: Assistant, question: str) -> Answer:
    return assistant.ask(Question(question))


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who carried out the evaluation of the coastal schools?", CONTRACTED),
        ("Which firm did the ministry hire to evaluate the coastal schools?", CONTRACTED),
        ("Who commissioned the coastal schools brief?", CONTRACTED),
        ("Who paid for the evaluation of the coastal schools?", FUNDED),
        ("By whom was the coastal schools evaluation funded?", FUNDED),
        ("When was the coastal schools brief published?", DATELINE),
        ("What is the publication date of the coastal schools brief?", DATELINE),
        ("Who was the team leader of the hill roads evaluation?", LEADER),
        ("Who wrote the hill roads report?", WROTE),
        ("Who are the authors of the hill roads report?", WROTE),
    ],
)
def test_what_a_document_says_of_its_making_is_quoted_and_nothing_that_shares_words_with_the_question(
    assistant: Assistant, question: str, quote: str
) -> None:
    answer = asked(assistant, question)
    assert answer.citations[0].quote == quote
    assert SHARED_WORDS not in answer.answer
    assert not any(text in answer.answer for text in QUESTIONS)


def test_a_document_that_names_no_author_is_said_to_name_none_before_what_comes_next(assistant: Assistant) -> None:
    answer = asked(assistant, "Who wrote the coastal schools brief?")
    said = f"In “{SCHOOLS}” nothing found says who wrote it. It says who carried out the evaluation:"
    assert answer.answer.startswith(said)
    assert [citation.quote for citation in answer.citations] == [CONTRACTED]


def test_what_a_document_does_not_tell_is_declined(assistant: Assistant) -> None:
    for question in ("When was the hill roads report published?", "Who was the lead evaluator of the coastal schools?"):
        answer = asked(assistant, question)
        assert answer.refused
        assert "nothing found says" in answer.answer


def test_a_date_that_no_line_prints_is_told_as_the_library_has_it(tmp_path: Path) -> None:
    made = shelf.record(LEADER, WROTE, title=ROADS, section="Cover")
    shelf.shelve(tmp_path, [("roads.pdf", replace(made, document=replace(made.document, date="2020-02")))])
    answer = asked(Assistant(Settings(index=tmp_path, corpus=tmp_path), WordHashEmbedder()), "How old is the report?")
    assert "the library dates it February 2020" in answer.answer


def test_where_no_document_is_named_each_evaluation_tells_for_itself(assistant: Assistant) -> None:
    answer = asked(assistant, "Who carried out the evaluation?")
    assert {CONTRACTED} <= {citation.quote for citation in answer.citations}
    both = asked(assistant, "Who prepared the evaluation and when was it published?")
    assert {WROTE, DATELINE} <= {citation.quote for citation in both.citations}
    assert [citation.number for citation in both.citations] == list(range(1, len(both.citations) + 1))


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the lessons?",
        "Who led the evaluation meetings?",
        "Who funded the hill roads?",
        "Who carried out the evaluation of the cocoa farms?",
    ],
)
def test_questions_on_other_things_and_other_evaluations_are_answered_as_ever(
    assistant: Assistant, question: str
) -> None:
    quotes = {citation.quote for citation in asked(assistant, question).citations}
    assert not quotes & {LEADER, DATELINE} or "hill roads" in question
    assert "nothing found says" not in asked(assistant, question).answer


@pytest.mark.parametrize(
    "question",
    [
        "Who made recommendations in the report?",
        "Who led the strike described in the report?",
        "Who produced the most coffee in the study?",
        "How old are the workers in the study?",
        "When was the labor law published?",
        "Who trained the team leaders described in the report?",
    ],
)
def test_questions_on_what_stands_in_a_document_ask_nothing_of_its_making(question: str) -> None:
    assert not wanted(question)


@pytest.mark.parametrize(
    ("question", "credit"),
    [
        ("Who wrote the Bureau of Labor report?", Credit.AUTHOR),
        ("By whom was the coastal schools evaluation funded?", Credit.FUNDER),
        ("When was “Coastal Schools” published?", Credit.DATE),
        ("What is the report's publication date?", Credit.DATE),
        ("Who funded the Better Work in Alder final evaluation?", Credit.FUNDER),
    ],
)
def test_the_name_of_a_document_may_stand_before_what_it_is(question: str, credit: Credit) -> None:
    assert wanted(question) == [credit]


def ranks(credit: Credit, text: str) -> list[int]:
    return [each.rank for each in told(credit, shelf.record(text).passages, 1, "")]


@pytest.mark.parametrize(
    ("credit", "sentence"),
    [
        (Credit.DATE, "Published by the Bureau of Labor."),
        (Credit.DATE, "Published research shows that wages fell."),
        (Credit.LEADER, "Team leaders in factories were trained on rights."),
        (Credit.AUTHOR, "Authors of the law disagreed."),
        (Credit.EVALUATOR, "Conducted by local unions, the campaign reached 300."),
        (Credit.COMMISSIONER, "Report to your line manager any risk."),
        (Credit.FUNDER, "Funding for the study tour came from the Bank of Alder."),
        (
            Credit.FUNDER,
            "Funded by the Bank of Alder, the schools of five towns were built anew for all who live there.",
        ),
    ],
)
def test_sentences_that_begin_as_a_credit_does_are_none(credit: Credit, sentence: str) -> None:
    assert ranks(credit, sentence) == []


@pytest.mark.parametrize(
    ("credit", "line"),
    [
        (Credit.DATE, "Published May 2021"),
        (Credit.DATE, "Date of publication: 3 June 2021"),
        (Credit.LEADER, "Team Leader – Ada Finch"),
        (Credit.AUTHOR, "Authors Ada Finch and Ben Crow"),
        (Credit.EVALUATOR, "Conducted by the Tern Institute"),
        (Credit.COMMISSIONER, "Report to Congressional Requesters"),
        (Credit.PUBLISHER, "Published by the Bureau of Labor."),
    ],
)
def test_a_label_with_a_name_or_a_date_behind_it_is_a_line_of_a_cover(credit: Credit, line: str) -> None:
    assert ranks(credit, line) == [LINE]


def test_a_quote_does_not_run_on_into_words_that_are_not_proven() -> None:
    made = shelf.record("This report was prepared by. Ada Finch of Alder.").passages[0]
    text = made.text.replace("by.", "by:")
    first, second = made.sentences
    for proven in (True, False):
        passage = replace(made, text=text, sentences=(first, replace(second, proven=proven)))
        (each,) = told(Credit.AUTHOR, [passage], 1, "")
        assert each.end == (second.end if proven else first.end)


def test_of_many_documents_a_few_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    silent = [f"Evaluation report: Town {name}" for name in ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum")]
    telling = [f"Evaluation report: Isle {name}" for name in ("Auk", "Bee", "Cod", "Dab", "Eel", "Fox", "Gar")]
    made = [(f"t{n}.pdf", shelf.record("Roads were built.", title=title)) for n, title in enumerate(silent)]
    made += [(f"i{n}.pdf", shelf.record(f"{WROTE} {n}.", title=title)) for n, title in enumerate(telling)]
    shelf.shelve(tmp_path, made)
    small = Assistant(Settings(index=tmp_path, corpus=tmp_path), WordHashEmbedder())
    assert "and 2 others nothing found says" in asked(small, "Who wrote the Town evaluation reports?").answer
    answer = asked(small, "Who wrote the Isle evaluation reports?")
    assert len(answer.citations) == 5
    assert "2 others may say more" in answer.answer
