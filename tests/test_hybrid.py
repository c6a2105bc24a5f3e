"""Retrieval ranks passages by meaning and words, within what the filters allow."""

from __future__ import annotations

from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.indexing.library import Library
from assistant.indexing.record_store import Record
from assistant.records import Kind
from assistant.retrieval import hybrid
from assistant.retrieval.hybrid import Found, Scope

EMBEDDER = WordHashEmbedder()
TEXTS = (
    "Enrolment of girls rose from 61 to 74 percent. Teachers were trained in every district.",
    "District supervisors had no money for travel. Visits stopped in the rainy season.",
    "Readers in the local language reached the schools late.",
    "Parents came to meetings more often than before.",
)
ROADS = "The road authority repaired forty bridges. Villages could be reached in the rainy season."


def opened(folder: Path, members: list[tuple[str, Record]]) -> Library:
    shelf.shelve(folder, members)
    return Library.open(folder, EMBEDDER.fingerprint)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return opened(
        tmp_path_factory.mktemp("index"),
        [
            ("roads.pdf", shelf.record(ROADS, title="Roads", kind=Kind.OUTCOME, section="Outcomes")),
            ("schools.pdf", shelf.record(*TEXTS, title="Schools")),
        ],
    )


def search(library: Library, text: str, top: int = 10, scope: Scope | None = None) -> list[Found]:
    return hybrid.search(library, text, EMBEDDER.embed_question(text), top, scope)


QUESTIONS = (
    "How did the enrolment of girls change?",
    "Which visits stopped in the rainy season?",
    "zebra quarks",
    TEXTS[2],
    "in",
)


def test_the_passage_that_says_it_comes_first(library: Library) -> None:
    assert search(library, QUESTIONS[0])[0].passage.text == TEXTS[0]
    assert search(library, "Who repaired bridges for the villages?")[0].passage.text == ROADS


@pytest.mark.parametrize("question", QUESTIONS)
def test_supports_lie_between_nought_and_one_and_scores_fall(question: str, library: Library) -> None:
    found = search(library, question)
    assert found
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    for each in found:
        assert 0 <= each.support <= 1
        assert len(each.sentences) == len(each.passage.sentences)
        assert all(0 <= support <= 1 for support in each.sentences)


def test_a_passage_asked_for_in_its_own_words_is_supported_wholly(library: Library) -> None:
    best = search(library, TEXTS[2])[0]
    assert best.passage.text == TEXTS[2]
    assert best.support == pytest.approx(1, abs=0.02)


def test_the_sentence_that_answers_has_more_support_than_its_neighbour(library: Library) -> None:
    best = search(library, "Which visits stopped in the rainy season?")[0]
    assert best.passage.text == TEXTS[1]
    assert best.sentences[1] > best.sentences[0]


def test_a_search_stays_within_a_document_and_a_kind(library: Library) -> None:
    question = "Which visits stopped in the rainy season?"
    assert {f.passage.document for f in search(library, question)} == {"roads.pdf", "schools.pdf"}
    assert {f.passage.document for f in search(library, question, scope=Scope(["roads.pdf"]))} == {"roads.pdf"}
    assert {f.passage.kind for f in search(library, question, scope=Scope(kinds=[Kind.LESSON]))} == {Kind.LESSON}
    assert search(library, question, scope=Scope(["roads.pdf"], [Kind.LESSON])) == []
    assert search(library, question, scope=Scope(["none.pdf"])) == []
    assert search(library, question, scope=Scope(kinds=["gossip"])) == []


def test_a_filter_changes_which_passages_are_found_and_not_their_order(library: Library) -> None:
    question = "Were teachers trained and girls reached?"
    everywhere = [f.row for f in search(library, question) if f.passage.document == "schools.pdf"]
    assert [f.row for f in search(library, question, scope=Scope(["schools.pdf"]))] == everywhere


def test_at_most_as_many_are_found_as_are_wanted(library: Library) -> None:
    assert len(search(library, QUESTIONS[0], top=2)) == 2
    assert search(library, QUESTIONS[0], top=0) == []
    assert len(search(library, QUESTIONS[0], top=50)) <= len(library)


def test_what_is_equally_good_comes_in_the_order_of_the_library(tmp_path: Path) -> None:
    same = "Readers in the local language reached the schools late."
    names = ["a.pdf", "b.pdf", "c.pdf"]
    library = opened(tmp_path, [(name, shelf.record(same, f"Other text {name[0]} here", title="T")) for name in names])
    found = search(library, "When did readers reach the schools?", top=3)
    assert [f.passage.document for f in found] == names
    assert len({round(f.score, 6) for f in found}) == 1
    assert search(library, "When did readers reach the schools?", top=3) == found


def test_what_counts_the_noun_asked_about_comes_before_what_counts_another(tmp_path: Path) -> None:
    texts = ("The trust repaired pumps with 14 engineers.", "The trust repaired 14 pumps with engineers.")
    library = opened(tmp_path, [("pumps.pdf", shelf.record(*texts))])
    assert search(library, "How many pumps were repaired?")[0].passage.text == texts[1]
    assert search(library, "How many engineers repaired pumps?")[0].passage.text == texts[0]


@pytest.mark.parametrize(("asked", "section"), [("component 1", "Component 1. Road 2"), ("pillar 2", "P2. Road 1")])
def test_what_stands_in_a_part_called_by_number_comes_first(asked: str, section: str, tmp_path: Path) -> None:
    other = section.translate(str.maketrans("12", "21"))
    members = [
        ("a.pdf", shelf.record("The trust repaired the bridge.", "Other words.", section=other)),
        ("b.pdf", shelf.record("The trust repaired the bridge.", section=section)),
    ]
    found = search(opened(tmp_path, members), f"What did the trust repair under {asked}?")
    assert found[0].passage.section == section


def test_what_is_annexed_comes_behind_what_the_report_says_itself(tmp_path: Path) -> None:
    text = "The trust repaired the bridge."
    members = [
        ("a.pdf", shelf.record(text, "Other words.", section="Results > Anexo 2. Cases")),
        ("b.pdf", shelf.record(text, section="Results > Bridges")),
    ]
    library = opened(tmp_path, members)
    assert search(library, "What did the trust repair?")[0].passage.document == "b.pdf"
    assert search(library, "What did the trust repair in the cases of the annexes?")[0].passage.document == "a.pdf"


def test_what_holds_the_superlative_asked_for_comes_first(tmp_path: Path) -> None:
    texts = ("The trust repaired bridges, dams and roads.", "The trust repaired bridges, dams and mainly roads.")
    library = opened(tmp_path, [("works.pdf", shelf.record(*texts))])
    assert search(library, "Which bridges, dams and roads did the trust repair?")[0].passage.text == texts[0]
    assert search(library, "Which bridges, dams and roads did the trust repair most?")[0].passage.text == texts[1]


def test_an_empty_library_gives_nothing(tmp_path: Path) -> None:
    assert search(opened(tmp_path, []), "Were girls enrolled?") == []
