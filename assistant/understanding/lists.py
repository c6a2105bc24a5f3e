"""What a document lists together: items below a lead-in, headings below a heading, paragraphs with one label, rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.records import Block, ItemList, Listed, Reading, Shape
from assistant.understanding import cues
from assistant.understanding.entries import Pages
from assistant.understanding.printed import CELL_BREAK, SECTION_BREAK, cells, plain, printed

FEWEST = 2  # things; fewer make no list
LABEL = re.compile(r"(?P<label>[A-Z][A-Za-z -]{2,40}?)(?: (?:no\.? ?)?\d{1,2})?:\s")
"""A label that several paragraphs begin with: 'Limiting factor: …', 'Assumption 3: …'."""


def lists_of(reading: Reading) -> list[ItemList]:
    """All lists of a document whose things are proven on their pages, in the order of their kinds."""
    pages = Pages(reading.pages)
    blocks = [block for block in reading.blocks if block.shape not in (Shape.CONTENTS, Shape.FOOTNOTE)]
    sections = _sections(blocks)
    found = [
        *_items(blocks, sections),
        *_headings(blocks, sections),
        *_labelled(blocks, sections),
        *_rows(blocks, sections),
    ]
    return [made for section, lead, things in found if (made := _list(pages, section, lead, things))]


_Found = tuple[tuple[str, ...], str, list[Block]]


def _sections(blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """For each block the headings above it; for a heading those above it, not itself."""
    path: list[tuple[int, str]] = []
    sections = []
    for block in blocks:
        if block.shape is Shape.HEADING:
            path = [(level, text) for level, text in path if level < block.level]
            sections.append(tuple(text for _, text in path))
            path.append((block.level, plain(block.words)))
        else:
            sections.append(tuple(text for _, text in path))
    return sections


def _items(blocks: Sequence[Block], sections: Sequence[tuple[str, ...]]) -> Iterator[_Found]:
    """Runs of items of one level, with the paragraph above them as their lead-in."""
    runs = groupby(range(len(blocks)), key=lambda n: (blocks[n].shape is Shape.ITEM, sections[n]))
    for (is_item, section), numbers in runs:
        run = list(numbers)
        if is_item:
            top = min(blocks[n].level for n in run)
            before = blocks[run[0] - 1] if run[0] and sections[run[0] - 1] == section else None
            lead = plain(before.words) if before and before.shape in (Shape.PARAGRAPH, Shape.CAPTION) else ""
            yield section, lead, [blocks[n] for n in run if blocks[n].level == top]


def _headings(blocks: Sequence[Block], sections: Sequence[tuple[str, ...]]) -> Iterator[_Found]:
    """Headings right below one heading."""
    below: dict[tuple[str, ...], list[Block]] = defaultdict(list)
    for block, section in zip(blocks, sections, strict=True):
        if block.shape is Shape.HEADING and section:
            below[section].append(block)
    for section, headings in below.items():
        level = min(block.level for block in headings)
        yield section, "", [block for block in headings if block.level == level]


def _labelled(blocks: Sequence[Block], sections: Sequence[tuple[str, ...]]) -> Iterator[_Found]:
    """Paragraphs or headings of one chapter that begin with one label."""
    found: dict[tuple[tuple[str, ...], str], list[Block]] = defaultdict(list)
    for block, section in zip(blocks, sections, strict=True):
        label = LABEL.match(plain(block.words)) if block.shape is not Shape.ROW else None
        if label:
            found[section, label["label"]].append(block)
    yield from ((section, label, things) for (section, label), things in found.items())


def _rows(blocks: Sequence[Block], sections: Sequence[tuple[str, ...]]) -> Iterator[_Found]:
    """The rows of a table, with its caption and the labels of its columns."""
    caption = ""
    place = 0
    while place < len(blocks):
        if blocks[place].shape is Shape.CAPTION:
            caption = plain(blocks[place].words)
        end = place
        while end < len(blocks) and blocks[end].shape is Shape.ROW and blocks[end].headers == blocks[place].headers:
            end += 1
        if end > place:
            yield sections[place], " ".join([caption, *blocks[place].headers]).strip(), list(blocks[place:end])
        elif blocks[place].shape is Shape.HEADING:
            caption = ""
        place = max(end, place + 1)


def _list(pages: Pages, section: tuple[str, ...], lead: str, things: Sequence[Block]) -> ItemList | None:
    items = []
    for block in things:
        runs = cells(block.words, block.cells) if block.shape is Shape.ROW else [block.words]
        text, spans = printed([run for run in runs if run], CELL_BREAK)
        if text and pages.hold(text, spans):
            items.append(Listed(text, spans))
    if len(items) < FEWEST or any(
        cues.NO_CHAPTER.search(name) and re.search("contents|index", name, re.I) for name in section[-1:]
    ):
        return None
    return ItemList("", SECTION_BREAK.join(section), lead, tuple(items))
