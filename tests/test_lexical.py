from collections.abc import Collection
from pathlib import Path

import pytest

from assistant.indexing.lexical import Wording, Words

ROWS = [
    Wording(0, "The project trained 300 labour inspectors in México.", "SC2 > Outcomes", "sc2.pdf", "outcome"),
    Wording(1, "Inspectors should be trained again every year.", "SC2 > Recommendations", "sc2.pdf", "recommendation"),
    Wording(2, "Boats were bought late and at a high price.", "Fishing > Lessons", "é/fish:ing.pdf", "lesson"),
]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder: Path = tmp_path_factory.mktemp("words")
    Words.build(folder, ROWS)
    return Words.open(folder)


def found(words: Words, text: str, **only: Collection[str]) -> list[int]:
    return [row for row, _ in words.search(text, 10, **only)]


def test_words_are_found_in_any_of_their_forms(words: Words) -> None:
    assert found(words, "training an inspector") == found(words, "TRAINED inspectors")
    assert set(found(words, "training")) == {0, 1}


def test_accents_do_not_matter(words: Words) -> None:
    assert found(words, "Mexico") == found(words, "méxico") == [0]


def test_the_heading_above_a_passage_counts(words: Words) -> None:
    assert found(words, "fishing") == [2]


def test_the_passage_that_shares_more_comes_first(words: Words) -> None:
    hits = words.search("trained labour inspectors", 10)
    assert [row for row, _ in hits] == [0, 1]
    assert hits[0][1] > hits[1][1] > 0


@pytest.mark.parametrize(
    "typed",
    ['"', "a AND (", "title:", "boats: [1 TO", "NOT", "* ? ~ ^ \\", "+boats -price", "", " \n", "\0", "boats OR", "🙂"],
)
def test_nothing_that_is_typed_is_read_as_a_query_language(words: Words, typed: str) -> None:
    assert set(found(words, typed)) <= {0, 2}


def test_a_text_of_ten_thousand_characters_is_searched_like_any_other(words: Words) -> None:
    assert found(words, "boats price " * 900) == [2]
    assert found(words, " ".join(f"word{n}" for n in range(1500)) + " boats") == [2]


def test_filters_decide_who_is_in_and_do_not_change_a_score(words: Words) -> None:
    everyone = dict(words.search("inspectors boats", 10))
    assert found(words, "inspectors boats", documents=["é/fish:ing.pdf"]) == [2]
    only = words.search("inspectors boats", 10, documents=["sc2.pdf"], kinds=["recommendation", "lesson"])
    assert only == [(1, everyone[1])]
    assert found(words, "inspectors boats", documents=["nowhere.pdf"]) == []


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    Words.build(tmp_path, [])
    assert Words.open(tmp_path).search("boats", 5) == []
