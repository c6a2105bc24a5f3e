"""The filters of a question choose documents and kinds; what fits nothing is said, not searched for everywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering.scopes import scope, unfitting
from assistant.errors import UsageError
from assistant.indexing.library import Library
from assistant.pipeline import Assistant
from assistant.records import Kind, Mode, Question
from assistant.settings import Settings

WELLS = shelf.record("Wells run dry where nobody is paid to mend them.", title="Rural Wells")
ROADS = shelf.record("Roads were mended by the villages themselves.", title="Village Roads")
MINES = shelf.record("Inspectors visited each mine twice.", title="Mines in Ámbar")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("index")
    about = (
        ("wells.pdf", WELLS, "2021", "evaluation report", ("Water for All", "WASH")),
        ("roads.pdf", ROADS, "2023", "learning brief", ("Roads",)),
        ("mines.pdf", MINES, "2023", "evaluation report", ()),
    )
    records = [
        (name, replace(record, document=replace(record.document, year=year, type=type_, projects=projects)))
        for name, record, year, type_, projects in about
    ]
    shelf.shelve(folder, records)
    return folder


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        ({}, set()),
        ({"year": ""}, set()),
        ({"document": "wells.pdf"}, {"wells.pdf"}),
        ({"document": "VILLAGE"}, {"roads.pdf"}),
        ({"document": ["ambar", "wells"]}, {"mines.pdf", "wells.pdf"}),
        ({"year": "2023"}, {"mines.pdf", "roads.pdf"}),
        ({"year": ["2021", 2023], "type": "Evaluation Report"}, {"mines.pdf", "wells.pdf"}),
        ({"project": "wash"}, {"wells.pdf"}),
        ({"project": ["Roads", "Water for all"], "year": "2021"}, {"wells.pdf"}),
    ],
)
def test_filters_choose_documents(index: Path, filters: dict[str, Any], documents: set[str]) -> None:
    chosen = scope(filters, Library.open(index, "word-hash"))
    assert chosen is not None
    assert set(chosen.documents) == documents


def test_kinds_are_known_in_several_spellings_and_unknown_ones_told(index: Path) -> None:
    library = Library.open(index, "word-hash")
    chosen = scope({"kind": ["Good practices", "lesson"]}, library)
    assert chosen is not None
    assert list(chosen.kinds) == [Kind.GOOD_PRACTICE, Kind.LESSON]
    with pytest.raises(UsageError, match=r"'gossip' is no kind of passage. Known: outcome, lesson, "):
        scope({"kind": "gossip"}, library)


@pytest.mark.parametrize("filters", [{"year": "1999"}, {"year": "2021", "project": "Roads"}, {"document": "none.pdf"}])
def test_what_fits_no_document_is_said_and_nothing_is_searched(index: Path, filters: dict[str, str]) -> None:
    assistant = Assistant(Settings(index=index, corpus=index), embedder=WordHashEmbedder())
    answer = assistant.ask(Question("What happened to the wells?", filters=filters))
    assert answer.mode is Mode.REFUSAL
    assert answer.refused
    assert (answer.citations, answer.passages) == ((), ())
    assert answer.answer == unfitting(filters)
    assert assistant.search(Question("wells", filters=filters)).passages == ()


def test_what_did_not_fit_is_named() -> None:
    assert "(project: Roads or Wells; year: 1999)" in unfitting({"year": 1999, "project": ["Roads", "Wells"]})
