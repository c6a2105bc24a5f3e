"""The register lists everything that is labelled, filtered, and says what it covers."""

from __future__ import annotations

from pathlib import Path

import pytest
import registered
import shelf

from assistant.answering.aliases import Aliases
from assistant.answering.register import Filters, counts, register
from assistant.errors import UsageError
from assistant.indexing import generations
from assistant.indexing.assembling import Wanted, assemble
from assistant.indexing.generations import writing
from assistant.indexing.library import Library
from assistant.records import Correction, Kind

ALIASES = Aliases.of([("Works", "Ministry of Works"), ("Works", "MoW"), ("Donors", "donors")])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return registered.library(tmp_path_factory.mktemp("register"))


def titles(library: Library, **given: object) -> list[str]:
    return [each.title for each in register(library, Filters.read(given, library), ALIASES).entries]


def test_a_register_holds_every_entry_in_the_order_of_the_documents(library: Library) -> None:
    found = register(library, Filters(), ALIASES)
    assert [each.document for each in found.entries] == ["schools.pdf"] + ["water.pdf"] * 6
    assert found.sentence() == "7 findings in 2 of 3 documents; none labelled in Coastal Road Study."


def test_names_of_one_group_filter_together(library: Library) -> None:
    assert titles(library, addressee="MoW") == titles(library, addressee="Ministry of Works")
    assert len(titles(library, addressee="MoW")) == 2
    assert titles(library, addressee="donors") == ["Pay for spare parts for three more years"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": "lesson"}, 3),
        ({"kind": ["lessons", "recommendation"]}, 6),
        ({"document": "wells"}, 6),
        ({"criterion": "relevance"}, 1),
        ({"year": "2022"}, 1),
        ({"words": "spare years"}, 1),
        ({"kind": "rating"}, 0),
    ],
)
def test_filters_narrow_the_register(library: Library, given: dict[str, object], expected: int) -> None:
    assert len(titles(library, **given)) == expected


@pytest.mark.parametrize("given", [{"colour": "red"}, {"kind": "advice"}, {"document": "nowhere.pdf"}])
def test_a_filter_that_is_not_known_is_told(library: Library, given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        Filters.read(given, library)


def test_a_document_that_is_printed_twice_counts_once_and_says_so(tmp_path: Path) -> None:
    again = ("copy.pdf", registered.record(registered.WATER, "Evaluation of Rural Wells: Brief"))
    shelf.shelve(tmp_path, [*registered.MEMBERS, again])
    found = register(Library.open(tmp_path, shelf.EMBEDDER.fingerprint), Filters(kinds=(Kind.RECOMMENDATION,)), ALIASES)
    assert len(found.entries) == 3
    assert found.sentence().startswith("3 recommendations, printed in 6 places, in 2 of 4 documents")
    assert all(each.also_in for each in found.entries)


def test_counts_are_by_document_and_kind(library: Library) -> None:
    assert counts(library, ALIASES)["water.pdf"]["recommendation"] == 3
    assert not any(counts(library, ALIASES)["roads.pdf"].values())


def test_a_correction_takes_effect_without_reading_anything_again(tmp_path: Path) -> None:
    shelf.shelve(tmp_path, registered.MEMBERS)
    named = tuple((name, shelf.key_of(made)) for name, made in registered.MEMBERS)
    said = (Correction("water.pdf", "1. Wells last where", dropped=True), Correction("water.pdf", "Not there at all"))
    with writing(tmp_path):
        made = assemble(tmp_path, Wanted(named, shelf.EMBEDDER.fingerprint, shelf.READER, corrections=said))
    assert made.generation == 2
    kept = Library.open(tmp_path, shelf.EMBEDDER.fingerprint)
    assert [each.title for each in kept.findings(["water.pdf"], [Kind.LESSON])] == [
        "Training has to start before the first pump"
    ]
    reasons = [warning.reason for warning in generations.live_manifest(tmp_path).warnings]
    assert "the correction of “Not there at all” fits no finding" in reasons


def test_initials_are_matched_as_written_and_names_whatever_their_accents() -> None:
    table = Aliases.of([("A", "SC"), ("B", "Ministère du Travail")])
    assert table.named_in("to SC and partners") == {"A"}
    assert table.named_in("the sc of it") == frozenset()
    assert table.same("ministere du travail", "LE MINISTÈRE DU TRAVAIL")


def test_a_document_that_labels_others_is_not_said_to_label_none(library: Library) -> None:
    found = register(library, Filters.read({"addressee": "donors"}, library), ALIASES)
    assert found.sentence().endswith(
        "; none labelled in Coastal Road Study; others, but none of these, in School Meals Review."
    )
