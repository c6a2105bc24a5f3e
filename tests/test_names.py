"""Names are found in a question as it is written, and in a text in whatever form it gives them."""

from __future__ import annotations

from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering.names import Name, Wording, names
from assistant.indexing.library import Library
from assistant.understanding.printed import fold

EMBEDDER = WordHashEmbedder()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("index")
    texts = ("The teachers of Alder met in Birch. A report on Alder was read.", "The meetings went on in Alder.")
    shelf.shelve(folder, [("schools.pdf", shelf.record(*texts))])
    return Library.open(folder, EMBEDDER.fingerprint)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What did Save the Children do in Alder and Birch?", ["Save the Children", "Alder", "Birch"]),
        ("Why did Mexico's Supreme Court meet in May 2021?", ["Mexico", "Supreme Court"]),
        ("Friends of Alder: who paid?", ["Friends of Alder"]),
        ("Alder teachers, what did they do?", ["Alder"]),
        ("what did teachers do in alder", ["alder"]),
        ("Teachers: what did The meetings bring?", []),
    ],
)
def test_a_name_is_what_has_capitals_or_is_printed_with_them(question: str, found: list[str], library: Library) -> None:
    assert [name.text for name in names(library, EMBEDDER, question)] == found


def test_labels_small_letters_and_brackets_make_no_sure_name(library: Library) -> None:
    assert [name.sure for name in names(library, EMBEDDER, "Was FY19 better than Alder?")] == [False, True]
    assert [name.sure for name in names(library, EMBEDDER, "was it better in alder")] == [False]
    assert [name.sure for name in names(library, EMBEDDER, "who paid for that (What happened in Birch)?")] == [False]


def test_who_tells_what_is_asked_for_is_a_source(library: Library) -> None:
    asked = "According to Save the Children, what changed in Alder?"
    assert [name.source for name in names(library, EMBEDDER, asked)] == [True, False]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Save the Children", "children whom they wanted to save"),
        ("Querétaro", "inspectors in Queretaro"),
        ("Mexico", "Mexican workers"),
        ("Reading Center", "RC2 was run by the RC"),
        ("CSA", "the Coastal Schools Authority"),
        ("American", "many U.S. companies"),
        ("Estado de México", "the State of Mexico"),
        ("Joint Review Mechansim", "the Joint Review Mechanism"),
    ],
)
def test_a_name_stands_in_a_text_in_other_forms(name: str, text: str) -> None:
    assert Wording(text).holds(named(name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Save the Children", "children at school"),
        ("Oaxaca", "Puebla and Veracruz"),
        ("CSA", "the Coastal Authority"),
        ("Ghana", "Guyana"),
    ],
)
def test_another_name_is_not_the_name(name: str, text: str) -> None:
    assert not Wording(text).holds(named(name))


def named(text: str) -> Name:
    words = [word for word in text.split() if word not in ("the", "de")]
    initials = frozenset(["".join(word[0] for word in words).lower()]) if len(words) > 1 else frozenset()
    return Name(text, tuple(fold(word) for word in words), initials, 1.0)
