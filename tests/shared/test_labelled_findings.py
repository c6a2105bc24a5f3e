"""The register against findings that were labelled by reading the documents. Needs the shared documents."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.measures import findings_figures
from assistant.reading import sandbox
from assistant.records import Finding, Reading
from assistant.understanding import metadata
from assistant.understanding.findings import findings_of
from assistant.understanding.proof import appears_on

pytestmark = pytest.mark.slow

SHARED = Path(__file__).resolve().parents[3] / "shared"
LABELS = [json.loads(line) for line in Path(__file__).with_name("findings.jsonl").read_text("utf-8").splitlines()]
PROGRAMME = [label for label in LABELS if not label["document"].startswith("gao")]
AUDITS = [label for label in LABELS if label["document"].startswith("gao")]

Read = dict[str, tuple[Reading, tuple[Finding, ...]]]


@pytest.fixture(scope="module")
def read() -> Read:
    """Each labelled document as it is read, with its findings."""
    if not SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SHARED} is not there: the labelled documents cannot be read")
        pytest.skip("needs the shared documents beside the project")
    made: Read = {}
    for name in sorted({label["document"] for label in LABELS}):
        path = next(p for p in (SHARED / "corpus" / name, SHARED / "corpus-more" / name) if p.is_file())
        reading = sandbox.read(path, sandbox.Limits(120, 1500, 5000, 20_000_000))
        found = findings_of(reading, metadata.title(reading)).findings
        made[name] = reading, tuple(replace(each, document=name) for each in found)
    return made


def figures(labels: list[dict[str, Any]], read: Read) -> dict[str, Any]:
    documents = {label["document"] for label in labels}
    return findings_figures(labels, [each for name in sorted(documents) for each in read[name][1]])


def test_enough_is_labelled_and_no_label_quotes_more_than_eight_words() -> None:
    assert len(LABELS) >= 120
    assert all(len(label["words"].split()) <= 8 for label in LABELS)


def test_what_the_five_documents_label_is_found_and_hardly_anything_else(read: Read) -> None:
    measured = figures(PROGRAMME, read)
    for kind in ("recommendation", "lesson", "good_practice", "outcome", "rating"):
        assert measured["recall_by_kind"][kind] >= 0.95, measured["missed"]
        assert measured["precision_by_kind"][kind] >= 0.90, measured["extra"]


def test_recommendations_name_whom_they_are_for(read: Read) -> None:
    assert figures(PROGRAMME, read)["addressees"] >= 0.95


def test_every_cell_of_the_ratings_table_is_there_with_its_scale(read: Read) -> None:
    ratings = [label for label in PROGRAMME if label["kind"] == "rating"]
    measured = figures(ratings, read)
    assert (measured["recall"], measured["precision"]) == (1.0, 1.0)
    found = [each for name in {label["document"] for label in ratings} for each in read[name][1]]
    assert {each.scale for each in found if each.value} == {"Low, Moderate, Above Moderate, and High"}


def test_recommendations_for_executive_action_are_found_with_their_addressees(read: Read) -> None:
    measured = figures(AUDITS, read)
    assert (measured["recall"], measured["addressees"]) == (1.0, 1.0), measured["missed"]


def test_the_text_of_every_finding_stands_on_its_pages(read: Read) -> None:
    for reading, found in read.values():
        texts = {page.number: page.text for page in reading.pages}
        for each in found:
            pages = [texts[number] for number in range(each.page, each.page_end + 1)]
            assert appears_on(each.text, *pages), (each.document, each.page, each.text[:80])
