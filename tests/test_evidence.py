"""What is found is evidence only for its subject, its names, its figures, its dates and its events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shelf
from fakes import Examining, WordHashEmbedder

from assistant.answering.evidence import DOUBTFUL, ENOUGH, Lack, Missing, missing
from assistant.answering.examination import CERTAIN_ODDS, EVEN_ODDS, EXAMINED, LEAST_ODDS, LEAST_ODDS_ALONE, SURE_ODDS
from assistant.indexing.examiner import Examined
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
    "The visits in Alder were renewed in March 2021 by the programme.",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("index")
    shelf.shelve(folder, [("schools.pdf", shelf.record(*TEXTS, title="Schools"))])
    return Library.open(folder, EMBEDDER.fingerprint)


def lacking(library: Library, question: str) -> Missing:
    found = hybrid.search(library, question, EMBEDDER.embed_question(question), 10)
    return missing(library, EMBEDDER, question, found)


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
        "According to the Coastal Schools Authority, when were the visits in Alder renewed by the programme?",
        "Compare in Birch and in Alder the programme trained teachers, and parents",
    ],
)
def test_what_the_library_says_is_evidence(question: str, library: Library) -> None:
    assert lacking(library, question).lack is Lack.NONE


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Best recipes for sourdough pancakes with blueberries?", Lack.SUBJECT),
        ("How many schools in Cedarville: the programme reached and trained the teachers of each?", Lack.NAME),
        ("What share of parents came to meetings in the programme in Birch?", Lack.KIND),
        ("In Alder the programme reached 90 schools and trained the teachers of each: how?", Lack.PREMISE),
        ("Who renewed the visits in Alder in May 2021 by the programme?", Lack.PREMISE),
        ("How many librarians in Alder: the programme reached 412 schools and trained the teachers?", Lack.KIND),
        ("When did the programme in Birch train teachers, and parents came to meetings?", Lack.KIND),
        ("In Birch the programme trained teachers, how much money and parents came to meetings?", Lack.KIND),
        ("Why did parents in Birch refuse to come to meetings in the programme?", Lack.EVENT),
    ],
)
def test_what_the_library_does_not_say_is_named(question: str, reason: Lack, library: Library) -> None:
    assert lacking(library, question).lack is reason


def test_a_number_of_the_thing_counted_in_another_matter_is_no_evidence(tmp_path: Path) -> None:
    read = "Parents in Birch read the handbook of the trust in 12 weeks."
    question = "How many parents in Birch read the handbook of the trust?"
    for folder, other, lack in (
        ("elsewhere", "In Alder 40 parents came.", Lack.KIND),
        ("there", "In Birch 40 parents read the handbook of the trust.", Lack.NONE),
    ):
        shelf.shelve(tmp_path / folder, [("schools.pdf", shelf.record(read, other))])
        library = Library.open(tmp_path / folder, EMBEDDER.fingerprint)
        assert lacking(library, question).lack is lack
        assert examined(library, question, EVEN_ODDS + 0.1)[0].lack is Lack.NONE


def examined(library: Library, question: str, odds: float) -> tuple[Missing, list[Examined]]:
    """What is missing where the examiner finds these odds, and what it looked at."""
    embedder = Examining(odds)
    found = hybrid.search(library, question, embedder.embed_question(question), 10)
    return missing(library, embedder, question, found), embedder.looked_at


ANSWERED = "How many schools in Alder: the programme reached and trained the teachers of each?"


@pytest.mark.parametrize(
    ("odds", "lacks"),
    [
        (LEAST_ODDS - 0.1, Missing(Lack.ANSWER)),
        (LEAST_ODDS, DOUBTFUL),
        (SURE_ODDS - 0.1, DOUBTFUL),
        (SURE_ODDS, ENOUGH),
    ],
)
def test_passages_that_answer_nothing_are_no_evidence(odds: float, lacks: Missing, library: Library) -> None:
    assert examined(library, ANSWERED, odds)[0] == lacks


def test_a_question_that_stands_alone_is_judged_more_strictly_unless_it_counts_or_compares(library: Library) -> None:
    question = "Why in Alder: the programme reached schools and trained the teachers?"
    between = (LEAST_ODDS + LEAST_ODDS_ALONE) / 2
    assert examined(library, question, between)[0].lack is Lack.ANSWER
    assert examined(library, question, LEAST_ODDS_ALONE)[0] == DOUBTFUL
    embedder = Examining(between)
    found = hybrid.search(library, question, embedder.embed_question(question), 10)
    assert missing(library, embedder, question, found, own=question) == DOUBTFUL
    assert examined(library, ANSWERED, between)[0] == DOUBTFUL


def test_the_first_passages_found_are_examined_as_the_index_holds_them(library: Library) -> None:
    found = hybrid.search(library, ANSWERED, EMBEDDER.embed_question(ANSWERED), 10) * 2
    embedder = Examining(0.0)
    missing(library, embedder, ANSWERED, found)
    assert len(embedder.looked_at) == EXAMINED < len(found)
    for each, seen in zip(found[:EXAMINED], embedder.looked_at, strict=True):
        assert seen.places.tolist() == library.places(each.row).tolist()
        assert np.allclose(np.linalg.norm(seen.tokens, axis=1), 1, atol=0.02)


def test_what_comes_nearest_to_a_premise_is_told_with_the_refusal(library: Library) -> None:
    lacks, _ = examined(library, "Why were the visits in Alder stopped when vehicles were withdrawn?", LEAST_ODDS - 1)
    assert lacks.lack is Lack.ANSWER
    assert lacks.told
    assert "vehicles were withdrawn" in lacks.told.text


def test_what_is_not_english_is_not_judged_by_a_model_that_knows_english(library: Library, tmp_path: Path) -> None:
    lacks, looked_at = examined(library, "¿Cuántas escuelas alcanzó el programa en Alder y a quién formó?", -9.0)
    assert lacks.lack is Lack.SUBJECT, "presumed, so that the examiner would be asked"
    assert not looked_at
    spanish = shelf.record(*TEXTS, title="Schools")
    shelf.shelve(tmp_path, [("schools.pdf", replace(spanish, document=replace(spanish.document, language="es")))])
    lacks, looked_at = examined(Library.open(tmp_path, EMBEDDER.fingerprint), ANSWERED, -9.0)
    assert lacks == ENOUGH
    assert looked_at


def test_an_overruled_reason_does_not_hide_those_behind_it(library: Library) -> None:
    question = "Best recipes for sourdough pancakes in Cedarville?"
    assert examined(library, question, EVEN_ODDS)[0].lack is Lack.SUBJECT
    assert examined(library, question, EVEN_ODDS + 0.1)[0] == Missing(Lack.NAME, "Cedarville")


@pytest.mark.parametrize(
    ("question", "reason", "odds"),
    [
        ("Best recipes for sourdough pancakes with blueberries?", Lack.SUBJECT, EVEN_ODDS),
        ("When did the programme in Birch train teachers, and parents came to meetings?", Lack.KIND, CERTAIN_ODDS),
        ("Why did parents in Birch refuse to come to meetings in the programme?", Lack.EVENT, CERTAIN_ODDS),
    ],
)
def test_a_likely_answer_overrules_what_was_only_presumed(
    question: str, reason: Lack, odds: float, library: Library
) -> None:
    assert examined(library, question, odds + 0.1)[0].lack is Lack.NONE
    assert examined(library, question, odds)[0].lack is reason
    assert examined(library, question, LEAST_ODDS - 0.1)[0].lack is reason, "the plainer reason is the one told"


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many schools in Cedarville: the programme reached and trained the teachers of each?", Lack.NAME),
        ("In Alder the programme reached 90 schools and trained the teachers of each: how?", Lack.PREMISE),
    ],
)
def test_words_that_are_not_there_are_missed_however_likely_an_answer_is(
    question: str, reason: Lack, library: Library
) -> None:
    assert examined(library, question, CERTAIN_ODDS + 9)[0].lack is reason
    assert examined(library, question, LEAST_ODDS - 0.1)[0].lack is reason, "the plainer reason is the one told"


def test_nothing_found_is_no_evidence(library: Library) -> None:
    assert missing(library, EMBEDDER, "How many schools?", []).lack is Lack.SUBJECT


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
    printed = next(printed for _, asked, printed in FIGURES if asked.search(question))
    assert printed.search(enough)
    assert not printed.search(too_little)


def test_a_question_that_asks_for_no_figure_needs_none() -> None:
    assert not any(asked.search("What was recommended to the ministry?") for _, asked, _ in FIGURES)


def test_the_figure_that_the_library_gives_instead_is_told(library: Library) -> None:
    lacks = lacking(library, "Why has the programme in Alder reached only 90 schools and trained the teachers of each?")
    assert lacks.what == "90"
    assert lacks.told
    assert "412 schools" in lacks.told.text


def test_a_sentence_that_only_leads_on_is_not_what_the_library_says_instead(tmp_path: Path) -> None:
    lead = "In Birch the programme reached these schools and trained the teachers of each:"
    shelf.shelve(tmp_path, [("schools.pdf", shelf.record(lead, *TEXTS, title="Schools"))])
    schools = Library.open(tmp_path, EMBEDDER.fingerprint)
    lacks = lacking(
        schools, "Why has the programme in Cedarville reached these schools and trained the teachers of each?"
    )
    assert lacks.lack is Lack.NAME
    assert not lacks.told or lacks.told.text != lead


def test_what_is_missing_is_named_in_the_words_of_the_question(library: Library) -> None:
    question = "How many schools in Cedarville: the programme reached and trained the teachers of each?"
    assert lacking(library, question).what == "Cedarville"
