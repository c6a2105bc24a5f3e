"""Which words of a page nobody can see: they are no evidence, and may be there to mislead a machine.

A word in doubt is visible when the picture of the page changes where it stands once its text object is taken out.
That holds for white text on white and on dark, for text under pictures, behind frames and on layers alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.reading.characters import Found
from assistant.reading.drawings import COVERED, CUT, UNSEEN, Drawings
from assistant.reading.sheets import Box

SMALLEST = 2.0  # points; smaller type cannot be read on paper
SEEN = 20  # of 255; a smaller difference between two pictures of the page is not seen
SCALE = 1.5  # picture points for a point of the page
MOST_PICTURE_POINTS = 4_000_000
TOO_SMALL, OFF_PAGE = "too small to read", "outside the page"


def visible_words(
    page: pdfium.PdfPage, words: Sequence[Found], drawings: Drawings, width: float, height: float
) -> tuple[list[Found], bool, tuple[str, ...]]:
    """The words that a reader sees; whether they are the text layer of a scan; and what was left out, in words."""
    pictures = _Pictures(page, drawings, width, height)
    seen: list[Found] = []
    hidden: list[tuple[Found, str]] = []
    for word in words:
        reason = _hidden(word, pictures, width, height)
        if reason:
            hidden.append((word, reason))
        else:
            seen.append(word)
    layer = {id(word) for word, reason in hidden if reason in (UNSEEN, COVERED)} if drawings.images else set()
    if len(layer) > len(seen):  # the words that a scanner's software has put behind or over its picture
        out = {id(word) for word, _ in hidden} - layer
        return [word for word in words if id(word) not in out], True, _told(hidden, layer)
    return seen, False, _told(hidden, set())


def _hidden(word: Found, pictures: _Pictures, width: float, height: float) -> str:
    g = word.glyphs
    x, y = (g.x0 + g.x1) / 2, (g.top + g.bottom) / 2
    if not (0 <= x <= width and 0 <= y <= height):
        return OFF_PAGE
    if word.size < SMALLEST:
        return TOO_SMALL
    if not word.doubt or (word.doubt != UNSEEN and pictures.show((g.x0, g.top, g.x1, g.bottom), word.doubt)):
        return ""
    return word.doubt


def _told(hidden: Sequence[tuple[Found, str]], kept: set[int]) -> tuple[str, ...]:
    counts = Counter(reason for word, reason in hidden if id(word) not in kept)
    return tuple(
        f"hidden text was left out: {count:,} word{'s' * (count != 1)} {reason}" for reason, count in counts.items()
    )


class _Pictures:
    """The page drawn with and without the text objects in doubt, once a word asks."""

    def __init__(self, page: pdfium.PdfPage, drawings: Drawings, width: float, height: float) -> None:
        self.page, self.drawings = page, drawings
        self.scale = min(SCALE, (MOST_PICTURE_POINTS / max(1.0, width * height)) ** 0.5)
        self.drawn: Any = None
        self.changed: Any = None

    def show(self, box: Box, doubt: str) -> bool:
        """Something of the doubtful text is seen in that rectangle of the page as shown."""
        if self.changed is None:
            self._draw()
        x0, top, x1, bottom = (round(edge * self.scale) for edge in box)
        if doubt == CUT and self._filled(x0, top, x1, bottom):
            return True
        part = self.changed[max(0, top) : max(top, bottom) + 1, max(0, x0) : max(x0, x1) + 1]
        return bool(part.size) and int(part.max()) > SEEN

    def _filled(self, x0: int, top: int, x1: int, bottom: int) -> bool:
        """Letters that are a frame for what is drawn in them are seen by that."""
        clips = any(
            raw.FPDFTextObj_GetTextRenderMode(handle) == 7
            for handle, why in self.drawings.doubts.values()
            if why == CUT
        )
        part = self.drawn[max(0, top) : bottom, max(0, x0) : x1] if clips else self.drawn[:0]
        return bool(part.size) and int(part.max()) - int(part.min()) > SEEN

    def _draw(self) -> None:
        import numpy as np

        before = self.page.render(scale=self.scale).to_numpy().astype(np.int16)
        for handle, _ in self.drawings.doubts.values():
            raw.FPDFPageObj_SetIsActive(handle, False)
        after = self.page.render(scale=self.scale).to_numpy().astype(np.int16)
        self.drawn = before
        self.changed = np.abs(before - after).max(axis=2)
