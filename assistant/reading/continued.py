"""Rows that a page break has cut in two are one row again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.records import Block, Shape, Word

STRAY_WORDS = 8  # words of a row that a page break left outside its table
CLOSED = re.compile(r"[.!?:;]['\"”’)\]]*$")


def with_whole_rows(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, each row joined with what of it stands on the next page."""
    whole: list[Block] = []
    for block, after in itertools.zip_longest(blocks, blocks[1:]):
        before = next((b for b in reversed(whole) if b.shape is not Shape.FOOTNOTE), None)
        if before is None or before.shape is not Shape.ROW:
            whole.append(block)
            continue
        place = next(n for n in range(len(whole) - 1, -1, -1) if whole[n] is before)
        if block.shape is Shape.ROW and _goes_on(before, block):
            whole[place] = _joined(before, block)
        elif block.shape is Shape.PARAGRAPH and after and after.shape is Shape.ROW and _is_stray(before, block, after):
            whole[place] = _joined(before, replace(block, cells=(len(block.words), *[0] * (len(before.cells) - 1))))
        else:
            whole.append(block)
    return whole


def _goes_on(before: Block, row: Block) -> bool:
    """The row begins on a new page in the middle of a sentence of the row before."""
    if len(before.cells) != len(row.cells) or row.words[0].page == before.words[0].page:
        return False
    pairs = [(a, b) for a, b in zip(_cells(before), _cells(row), strict=True) if b]
    open_ = [bool(a) and not CLOSED.search(a[-1].text) and b[0].text[:1].islower() for a, b in pairs]
    fresh = [not a or b[0].text[:1].isdigit() for a, b in pairs]
    return any(open_) and not any(fresh) and bool(pairs) and (all(open_) or not _cells(row)[0])


def _is_stray(before: Block, block: Block, after: Block) -> bool:
    """A few words between two parts of a table that only go on from the first cell of the row before."""
    first = _cells(before)[0]
    few = len(block.words) <= STRAY_WORDS and block.words[0].text[:1].islower()
    return few and bool(first) and not CLOSED.search(first[-1].text) and len(before.cells) == len(after.cells)


def _cells(row: Block) -> list[tuple[Word, ...]]:
    """The words of each cell of a row."""
    ends = list(itertools.accumulate(row.cells))
    return [row.words[end - count : end] for end, count in zip(ends, row.cells, strict=True)]


def _joined(before: Block, row: Block) -> Block:
    cells = [(*a, *b) for a, b in zip(_cells(before), _cells(row), strict=True)]
    return replace(before, words=tuple(itertools.chain.from_iterable(cells)), cells=tuple(map(len, cells)))
