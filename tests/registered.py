"""A small library whose register is filled from pages made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pages
import shelf

from assistant.indexing.library import Library
from assistant.indexing.record_store import Record
from assistant.records import Reading, Shape
from assistant.understanding.findings import findings_of
from assistant.understanding.lists import lists_of

H, P, ITEM = Shape.HEADING, Shape.PARAGRAPH, Shape.ITEM

WATER = pages.reading(
    (H, "KEY EVALUATION RESULTS"),
    (P, "RELEVANCE - The pumps met a need in every village that was visited."),
    (H, "LESSONS LEARNED"),
    (ITEM, "1. Wells last where villages own them."),
    (ITEM, "2. Training has to start before the first pump."),
    (H, "RECOMMENDATIONS"),
    (H, "FOR THE MINISTRY OF WORKS"),
    (ITEM, "1. Repair every broken pump before the dry season."),
    (ITEM, "2. Train two mechanics in each district."),
    (H, "FOR DONORS"),
    (ITEM, "3. Pay for spare parts for three more years."),
)
SCHOOLS = pages.reading(
    (H, "LESSONS LEARNED"),
    (ITEM, "1. Meals bring children to school."),
    (H, "Partners"),
    (P, "The kitchens that took part were:"),
    (ITEM, "North kitchen, since 2020."),
    (ITEM, "South kitchen, since 2021."),
)
ROADS = pages.reading((H, "Background"), (P, "The road was built in 1990."))


def record(made: Reading, title: str, year: str = "2024") -> Record:
    texts = [block.words for block in made.blocks]
    blank = shelf.record(*(" ".join(word.text for word in words) for words in texts), title=title)
    return replace(
        blank,
        document=replace(blank.document, year=year),
        pages=made.pages,
        findings=findings_of(made, title).findings,
        lists=tuple(lists_of(made)),
    )


MEMBERS = [
    ("water.pdf", record(WATER, "Evaluation of Rural Wells")),
    ("schools.pdf", record(SCHOOLS, "School Meals Review", "2022")),
    ("roads.pdf", record(ROADS, "Coastal Road Study")),
]


def library(folder: Path) -> Library:
    shelf.shelve(folder, MEMBERS)
    return Library.open(folder, shelf.EMBEDDER.fingerprint)
