"""The words of a library, and which of them are a letter or two from a word that was typed."""

from __future__ import annotations

import pytest

from assistant.indexing.vocabulary import Vocabulary, counted, edits
from assistant.understanding.printed import fold


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("wages", "wages", 0),
        ("wages", "wags", 1),
        ("wages", "wagges", 1),
        ("wages", "wates", 1),
        ("wages", "waegs", 1),
        ("recomend", "recommend", 1),
        ("reccomend", "recommend", 2),
        ("wages", "boats", 4),
    ],
)
def test_letters_left_out_added_changed_and_swapped_are_one_edit_each(first: str, second: str, distance: int) -> None:
    assert edits(first, second, 5) == edits(second, first, 5) == distance


def test_what_is_further_than_asked_for_is_only_known_to_be_further() -> None:
    assert edits("wages", "boats", 1) > 1
    assert edits("wage", "inspections", 2) > 2


def test_words_are_counted_without_accents_capitals_and_figures() -> None:
    counts = counted(["Educación y educacion: 412 schools", "SCHOOLS of 3rd year"])
    assert counts["educacion"] == counts["schools"] == 2
    assert "412" not in counts
    assert fold("Educación") == "educacion"


def test_near_words_come_nearest_first_and_commonest_first() -> None:
    vocabulary = Vocabulary({"inspector": 9, "inspectors": 20, "inspected": 3, "wages": 50})
    assert vocabulary.near("inspectr", 2) == [(1, "inspector"), (2, "inspectors")]
    assert vocabulary.near("inspecters", 1) == [(1, "inspectors")]
    assert vocabulary.near("boats", 2) == []
    assert vocabulary.count("wages") == 50
    assert "wage" not in vocabulary


def test_two_other_consonants_make_another_word() -> None:
    vocabulary = Vocabulary({"permanent": 40, "collective": 40})
    assert vocabulary.near("pertinent", 2) == vocabulary.near("corrective", 2) == []


def test_an_empty_library_has_no_words() -> None:
    assert Vocabulary({}).near("wages", 2) == []
