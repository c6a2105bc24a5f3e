"""Words as they are printed, with where each stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from assistant.records import Span, Word
from assistant.understanding.proof import CELL_BREAK

BLOCK_BREAK = "\n"  # between the paragraphs and items of one passage
SECTION_BREAK = " > "  # between the headings above a passage


def plain(words: Sequence[Word]) -> str:
    """Words as text: one space between them, none where a broken word goes on."""
    return printed([words])[0]


def printed(runs: Sequence[Sequence[Word]], between: str = BLOCK_BREAK) -> tuple[str, tuple[Span, ...]]:
    """Runs of words (paragraphs, or cells) as one text, and each word's characters and rectangle in it."""
    text = ""
    spans = []
    for run in runs:
        for place, word in enumerate(run):
            if text and place == 0:
                text += between
            elif text and not word.joined:
                text += " "
            spans.append(
                Span(len(text), len(text) + len(word.text), word.page, word.x0, word.top, word.x1, word.bottom)
            )
            text += word.text
    return text, tuple(spans)


def cells(words: Sequence[Word], counts: Sequence[int]) -> list[tuple[Word, ...]]:
    """The words of each cell of a table row."""
    start, found = 0, []
    for count in counts:
        found.append(tuple(words[start : start + count]))
        start += count
    return found


def innermost(section: str) -> str:
    """Of the headings above a passage the one right above it; '' where there is none."""
    return section.split(SECTION_BREAK)[-1]


def fold(text: str) -> str:
    """Small letters without accents, as people type them."""
    return without_accents(text).lower()


def without_accents(text: str) -> str:
    """The letters as they stand, their accents left out."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


__all__ = [
    "BLOCK_BREAK",
    "CELL_BREAK",
    "SECTION_BREAK",
    "cells",
    "fold",
    "innermost",
    "plain",
    "printed",
    "without_accents",
]
