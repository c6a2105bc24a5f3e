"""Lists that are read in another way than text: contents, references; and how deep the items of a list stand."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.records import Block, Shape, Word

CONTENTS = re.compile(
    r"^((table of )?contents|(index|list) of (tables|figures|boxes|exhibits|charts|maps)|contenido|índice( de \w+)?"
    r"|sommaire|table des matières|sumário)$",
    re.I,
)
REFERENCES = re.compile(
    r"^(annex \w+[.:]? |appendix \w+[.:]? |\d+\.? )?"
    r"(references|bibliography|works cited|literature( cited)?|list of references"
    r"|sources( consulted)?|documents reviewed|bibliografía|referencias( bibliográficas)?|bibliographie|referências)$",
    re.I,
)
ACRONYMS = re.compile(r"\b(acronyms?|abbreviations?|siglas|sigles|acrónimos|abreviaturas)\b", re.I)
FEWEST_ENTRIES = 3
PAGE_NUMBER = re.compile(r"(^|\.)(\d{1,4}|[ivxl]{1,6})$")
ENTRY_WORDS = 45  # words; an entry of a table of contents is no longer than this
NUMBERED = 3  # page numbers; entries taken for one paragraph hold as many
STEP = 6.0  # points; items whose left edges are nearer than this stand on one level


def with_lists(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those of tables of contents and of reference lists with these shapes, items with their level."""
    named: list[Block] = []
    again = _headings_by_words(blocks)
    inside: Shape | None = None
    acronyms = False
    for place, block in enumerate(blocks):
        text = _text(block.words)
        if block.shape is Shape.HEADING:
            acronyms = bool(ACRONYMS.search(text))
        elif acronyms and block.shape is Shape.PARAGRAPH and (entries := _acronyms(block)):
            named += entries
            continue
        if block.shape is Shape.HEADING and CONTENTS.match(text):
            inside = Shape.CONTENTS
        elif block.shape is Shape.HEADING and REFERENCES.match(text):
            inside = Shape.REFERENCE
        elif inside is Shape.CONTENTS:
            follows = blocks[place + 1] if place + 1 < len(blocks) else None
            if _is_entry(block, again.get(_letters(text), -1) > place, follows):
                block = replace(block, shape=Shape.CONTENTS, level=0, cells=(), headers=())
            else:
                inside = None
        elif inside is Shape.REFERENCE:
            if block.shape is Shape.HEADING:
                inside = None
            elif block.shape in (Shape.PARAGRAPH, Shape.ITEM):
                block = replace(block, shape=Shape.REFERENCE, level=0)
        named.append(block)
    return _with_item_levels(_beside_contents(named))


def _beside_contents(blocks: Sequence[Block]) -> list[Block]:
    """The chapters that follow a table of contents stand beside it, not inside it, however large its name is set."""
    placed = list(blocks)
    for place, block in enumerate(blocks):
        if block.shape is not Shape.HEADING or not CONTENTS.match(_text(block.words)):
            continue
        level = placed[place].level
        inside: list[int] = []
        for after in range(place + 1, len(placed)):
            if placed[after].shape is Shape.HEADING:
                if placed[after].level <= level:
                    break
                inside.append(after)
        shift = min((placed[after].level for after in inside), default=level) - level
        for after in inside:
            placed[after] = replace(placed[after], level=placed[after].level - shift)
    return placed


def _is_entry(block: Block, comes_again: bool, follows: Block | None) -> bool:
    """A line of a table of contents: it ends with a page number, or is the name of a heading that comes later."""
    if block.shape is Shape.CONTENTS or comes_again or _ends_with_page(block):
        return True
    if block.shape is Shape.HEADING:  # a part of the contents, its entries below it
        return follows is not None and _ends_with_page(follows)
    pages = sum(word.text.isdigit() for word in block.words)
    return pages >= NUMBERED or (len(block.words) <= ENTRY_WORDS and (pages > 0 or block.shape is Shape.CAPTION))


def _acronyms(block: Block) -> list[Block]:
    """A paragraph of acronyms set in lines, as one row for each with its meaning; none where it is plain text."""
    left = min(word.x0 for word in block.words)
    starts = [
        place
        for place, (before, word) in enumerate(zip((None, *block.words), block.words, strict=False))
        if (before is None or abs(word.top - before.top) > 2) and word.x0 < left + STEP and _is_acronym(word.text)
    ]
    if len(starts) < FEWEST_ENTRIES or starts[0] != 0 or _hangs_before(block, starts):
        return []
    ends = [*starts[1:], len(block.words)]
    runs = [block.words[start:end] for start, end in zip(starts, ends, strict=True)]
    return [replace(block, shape=Shape.ROW, words=run, cells=(1, len(run) - 1), headers=("", "")) for run in runs]


def _hangs_before(block: Block, starts: Sequence[int]) -> bool:
    """A line between two acronyms is nearer to the one below: it may be part of that one's meaning."""
    tops = [word.top for word in block.words]
    return any(
        tops[start] - tops[start - 1] < tops[start - 1] - tops[above] - 1 for above, start in itertools.pairwise(starts)
    )


def _is_acronym(text: str) -> bool:
    return sum(character.isupper() for character in text) >= 2


def _ends_with_page(block: Block) -> bool:
    return block.shape is Shape.CONTENTS or bool(PAGE_NUMBER.search(block.words[-1].text))


def _headings_by_words(blocks: Sequence[Block]) -> dict[str, int]:
    """The last place at which each heading or caption stands."""
    shapes = (Shape.HEADING, Shape.CAPTION)
    return {_letters(_text(block.words)): place for place, block in enumerate(blocks) if block.shape in shapes}


def _with_item_levels(blocks: Sequence[Block]) -> list[Block]:
    """Items get their level from how far they are set in, compared with the items before them in their list."""
    edges: list[float] = []
    last: Word | None = None
    levelled = []
    for block in blocks:
        if block.shape is Shape.ITEM:
            first = block.words[0]
            moved = last is not None and (first.page != last.page or first.top < last.top)
            if moved and not any(abs(first.x0 - edge) <= STEP for edge in edges):
                edges = []  # another column, or a page with another margin
            while edges and first.x0 < edges[-1] - STEP:
                edges.pop()
            if not edges or first.x0 > edges[-1] + STEP:
                edges.append(first.x0)
            last = first
            block = replace(block, level=len(edges))
        elif block.shape is Shape.HEADING or (
            block.shape is Shape.PARAGRAPH and block.words[0].x0 < min(edges, default=0) + 2
        ):
            edges = []
        levelled.append(block)
    return levelled


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalpha())
