"""What is typed wrong is searched for as the library has it; names, figures and ordinary English are left alone."""

from __future__ import annotations

import pytest

from assistant.indexing.vocabulary import Vocabulary
from assistant.retrieval.spelling import Mended, mended, says_nothing

LIBRARY = Vocabulary(
    {
        "the": 900, "inspectors": 40, "inspector": 12, "recommendations": 30, "recommendation": 25, "government": 60,
        "labor": 200, "organization": 80, "centers": 30, "interviewees": 9, "percentage": 11, "guanajuato": 5,
        "mechanism": 50, "collective": 70, "revised": 4, "training": 44, "grower": 3, "wages": 20, "wagon": 1,
        "mexico": 300, "contract": 30, "contact": 28, "double": 3,
    }
)  # fmt: skip
ENGLISH = frozenset(
    "what did the say about interview grow work load mechanism government training mexico labour wages rate of how many"
    " organisation contract do".split()
)


def mend(text: str) -> Mended:
    return mended(text, LIBRARY, ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recomendations", "recommendations"),
        ("reccomendation", "recommendation"),
        ("goverment", "government"),
        ("percentaje", "percentage"),
        ("inspecters", "inspectors"),
        ("trainning", "training"),
        ("guanajuatoo", "guanajuato"),
        ("guanjuato", "guanajuato"),
    ],
)
def test_a_word_typed_wrong_is_searched_for_as_the_library_has_it(typed: str, meant: str) -> None:
    found = mend(f"what did the {typed} say?")
    assert found.text == found.searched == f"what did the {meant} say?"
    assert found.replaced == ((typed, meant),)


@pytest.mark.parametrize(
    "word",
    [
        "wages",  # the library has it
        "rate",  # ordinary English
        "interviewers",  # built from ordinary English: not 'interviewees'
        "growers",
        "workload",
        "wagn",  # short
        "contract",  # two words equally near and common
        "revise",  # another form of a word of the library
        "corrective",
        "2019s",
        "S4C2x",
        "a.goverment@b.org",
        "quetzal",
        "doable",  # built from a short word
    ],
)
def test_what_may_be_meant_as_it_is_typed_is_left_alone(word: str) -> None:
    text = f"what about {word} of the wages"
    assert mend(text) == Mended(text, text)


def test_the_capitals_of_an_unknown_name_stay() -> None:
    assert mend("what did the BRDX say").searched == "what did the BRDX say"


def test_a_name_is_left_as_typed_and_the_nearest_name_of_the_library_is_told() -> None:
    found = mend("How many wages of Guanjuato")
    assert found.text == "How many wages of Guanjuato"
    assert (found.replaced, found.doubted) == ((), (("Guanjuato", "Guanajuato"),))


def test_a_common_word_with_a_capital_and_the_same_letters_is_mended() -> None:
    assert mend("the Labor Mechansim").text == "the Labor Mechanism"
    assert mend("the wages of MECHANSIM").replaced == ()


def test_british_and_american_spelling_are_searched_for_as_the_library_has_them_without_a_word() -> None:
    found = mend("Labour organisation in the centres")
    assert found.text == "Labour organisation in the centres"
    assert found.searched == "Labor organization in the centers"
    assert found.replaced == found.doubted == ()


@pytest.mark.parametrize("words", [["blorf", "grizzek"], ["asdfgh"]])
def test_words_that_nobody_knows_say_nothing(words: list[str]) -> None:
    assert says_nothing(words, LIBRARY, ENGLISH.__contains__)


@pytest.mark.parametrize(
    "words", [[], ["what", "blorf"], ["Blorf"], ["2022"], ["trainning"], ["interviewed"], ["café"]]
)
def test_a_name_a_figure_or_a_word_in_any_form_says_something(words: list[str]) -> None:
    assert not says_nothing(words, LIBRARY, ENGLISH.__contains__)
