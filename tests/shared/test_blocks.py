"""The real reports read as a person reads them: labelled blocks, no furniture, no mixed columns, every gold quote."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from assistant.reading.sandbox import Limits, read
from assistant.records import Block, Passage, Reading, Shape
from assistant.understanding.passages import passages_of, plain_text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SHARED = Path(__file__).resolve().parents[3] / "shared"
LABELS = [json.loads(line) for line in (Path(__file__).parent / "blocks.jsonl").read_text("utf-8").splitlines()]
DOCUMENTS = sorted({label["document"] for label in LABELS})
COLUMNS = {  # pages set in two columns over their whole height, looked up in the reports
    "corpus/norc-usmca-union-democracy-brief-2025-06.pdf": (2, 3, 4),
    "corpus-more/opm-annual-performance-report-2019.pdf": (4, 5, 7, 8),
}
ACROSS = (Shape.ROW, Shape.HEADING, Shape.CAPTION, Shape.FOOTNOTE)
SECTION_WORDS = 8


@pytest.fixture(autouse=True)
def reports_are_there() -> None:
    """Without the reports a test is skipped, and in CI it fails."""
    missing = [name for name in DOCUMENTS if not (SHARED / name).is_file()]
    if missing:
        told = f"{missing[0]} is not beside the project"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)


@cache
def reading(document: str) -> Reading:
    return read(SHARED / document, Limits())


@cache
def passages(document: str) -> tuple[Passage, ...]:
    return tuple(passages_of(reading(document)))


def letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", re.sub("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]", "", text)).lower()
    return "".join(c for c in folded if c.isalnum())


def first_words(text: str) -> str:
    return " ".join(text.split()[:SECTION_WORDS])


def with_sections(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, list[str]]]:
    """Each block with the last two headings above it."""
    above: list[tuple[int, str]] = []
    for block in blocks:
        text = plain_text(block.words)
        if block.shape is Shape.HEADING:
            above = [(level, name) for level, name in above if level < block.level]
        yield block, [first_words(name) for _, name in above[-2:]]
        if block.shape is Shape.HEADING:
            above.append((block.level, text))


def test_the_labels_are_many_and_from_many_documents() -> None:
    assert len(LABELS) >= 60
    assert len(DOCUMENTS) >= 5


@pytest.mark.parametrize("label", LABELS, ids=lambda label: f"{Path(label['document']).stem[:12]}-{label['page']}")
def test_a_labelled_block_has_its_shape_and_its_headings(label: dict[str, Any]) -> None:
    found = [
        (block.shape.value, section)
        for block, section in with_sections(reading(label["document"]).blocks)
        if block.words[0].page == label["page"] and first_words(plain_text(block.words)) == label["words"]
    ]
    assert (label["shape"], label["section"]) in found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_passage_holds_a_running_header_or_a_page_number(document: str) -> None:
    pages = reading(document).pages
    counts = Counter(
        masked for page in pages for masked in {re.sub(r"\d+", "#", line.strip()) for line in page.text.splitlines()}
    )
    furniture: dict[int, set[str]] = {}
    for page in pages:
        whole = letters(page.text)
        running = [
            line for line in page.text.splitlines() if counts[re.sub(r"\d+", "#", line.strip())] > len(pages) / 2
        ]
        # Words that stand on the page once stand in its header alone.
        furniture[page.number] = {letters(line) for line in running if len(letters(line)) > 4}
        furniture[page.number] = {line for line in furniture[page.number] if whole.count(line) == 1}
    held = [
        (passage.page, line)
        for passage in passages(document)
        for line in furniture[passage.page] & furniture[passage.page_end] | furniture[passage.page]
        if line in letters(passage.text)
    ]
    assert held == []


@pytest.mark.parametrize("document", sorted(COLUMNS))
def test_no_passage_reads_across_two_columns(document: str) -> None:
    middles = {page.number: page.width / 2 for page in reading(document).pages}
    mixed = []
    for passage in passages(document):
        if passage.shape in ACROSS:
            continue
        for before, after in zip(passage.spans, passage.spans[1:], strict=False):
            same_line = before.page == after.page and abs(before.top - after.top) < 2
            middle = middles[before.page]
            if before.page in COLUMNS[document] and same_line and before.x1 < middle < after.x0:
                mixed.append((passage.page, passage.text[:60]))
    assert mixed == []


def test_gold_quotes_stand_in_a_passage_of_their_page() -> None:
    lines = (SHARED / "questions" / "dev.jsonl").read_text("utf-8").splitlines()
    gold = [each for line in lines for each in json.loads(line)["gold"]]
    lost = [each for each in gold if not _is_held(each)]
    assert len(lost) <= 0.01 * len(gold), lost


def _is_held(gold: dict[str, Any]) -> bool:
    wanted = letters(gold["quote"])
    held = (p for p in passages(f"corpus/{gold['doc']}") if p.page <= gold["page"] <= p.page_end)
    return any(wanted in letters(passage.text) for passage in held)


def test_the_cells_of_ruled_tables_are_those_that_pdfplumber_finds() -> None:
    agreed = missed = 0
    for document in (name for name in DOCUMENTS if name.startswith("corpus/")):
        ours = _cells(reading(document).blocks)
        with pdfplumber.open(SHARED / document) as pdf:
            for number, page in enumerate(pdf.pages, start=1):
                for cell in (cell for table in page.extract_tables() for row in table for cell in row):
                    if letters(cell or ""):
                        found = letters(cell or "") in ours.get(number, set())
                        agreed, missed = agreed + found, missed + (not found)
    assert agreed > 500
    assert agreed / (agreed + missed) >= 0.95


def _cells(blocks: tuple[Block, ...]) -> dict[int, set[str]]:
    """By page, the letters of the cells of its rows, whole and as far as they stand there, and of their labels."""
    cells: dict[int, set[str]] = {}
    for block in blocks:
        parts: list[tuple[int, str]] = []
        start = 0
        for count in block.cells or (len(block.words),):
            words = block.words[start : start + count]
            printed = {page: "".join(w.text for w in words if w.page == page) for page in {w.page for w in words}}
            parts += [(page, letters(text)) for page, text in printed.items()]
            start += count
        for page in {word.page for word in block.words}:
            parts += [(page, letters(label)) for label in block.headers]
            parts += [(page, letters(word)) for label in block.headers for word in _endings(label)]
        if block.shape is Shape.CONTENTS:
            text = letters(plain_text(block.words))
            number = re.search(r"\d+$", text)
            parts += (
                [(block.words[0].page, part) for part in (text[: number.start()], number.group())] if number else []
            )
        for page, text in parts:
            cells.setdefault(page, set()).add(text)
    return cells


def _endings(label: str) -> list[str]:
    """A label under a group's label is that group's label and its own: each beginning and ending of it may be one."""
    words = label.split()
    return [" ".join(words[:n]) for n in range(1, len(words))] + [" ".join(words[n:]) for n in range(1, len(words))]
