"""Words set beside each other as lines, and the order in which a reader takes them, also on pages with columns."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from assistant.reading.pdf import Glyphs, Rule

WORD_GAP = 1.8  # type heights; a wider gap on one height parts columns, not words (justified text stays below 1.5)
GUTTER = 9.0  # points; columns stand at least this far apart


@dataclass(frozen=True)
class Line:
    """Words side by side on one height; bullet says that a drawn bullet stands before them.

    What is worked out from the words is kept: layout asks for it again and again.
    """

    glyphs: tuple[Glyphs, ...]
    bullet: bool = False
    page: int = 1

    @cached_property
    def text(self) -> str:
        """The words as they are printed, marks left out."""
        return " ".join(g.text for g in self.glyphs if not g.mark)

    @cached_property
    def x0(self) -> float:
        """The left edge."""
        return self.glyphs[0].x0

    @cached_property
    def x1(self) -> float:
        """The right edge."""
        return max(g.x1 for g in self.glyphs)

    @cached_property
    def top(self) -> float:
        """The upper edge of the tallest word."""
        return min(g.top for g in self.glyphs)

    @cached_property
    def bottom(self) -> float:
        """The lower edge of the tallest word."""
        return max(g.bottom for g in self.glyphs)

    @cached_property
    def size(self) -> float:
        """The usual height of its words."""
        return statistics.median(g.size for g in self.glyphs)

    @cached_property
    def bold(self) -> bool:
        """All its words are bold."""
        return all(g.bold for g in self.glyphs if not g.mark)

    @cached_property
    def italic(self) -> bool:
        """All its words are italic."""
        return all(g.italic for g in self.glyphs if not g.mark)


class Placed(Protocol):
    """Anything with a rectangle."""

    @property
    def x0(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def bottom(self) -> float: ...


T = TypeVar("T", bound=Placed)


def to_lines(glyphs: Iterable[Glyphs], dots: Sequence[Rule] = (), page: int = 1) -> list[Line]:
    """Words, in the order of the file, as lines."""
    lines: list[list[Glyphs]] = []
    for word in glyphs:
        if lines and _follows(_end(lines[-1]), word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [Line(tuple(words), _has_bullet(words[0], dots), page) for words in _rejoined(lines)]


def _follows(last: Glyphs, word: Glyphs) -> bool:
    size = max(last.size, word.size, 1.0)
    overlap = min(last.bottom, word.bottom) - max(last.top, word.top)
    # A footnote mark may stand before the bracket or stop that closes its word.
    back = last.x1 - last.x0 if word.mark else 0.5 * size
    return overlap > 0.4 * min(last.size, word.size) and -back < word.x0 - last.x1 < WORD_GAP * size


def _end(words: list[Glyphs]) -> Glyphs:
    """The last word of a line, marks left aside."""
    return next((word for word in reversed(words) if not word.mark), words[-1])


def _rejoined(lines: list[list[Glyphs]]) -> list[list[Glyphs]]:
    """Pieces of one line that the file gives out of order, set together again."""
    joined: list[list[Glyphs]] = []
    for words in lines:
        other = next((j for j in joined[-8:] if _follows(_end(j), words[0]) or _follows(_end(words), j[0])), None)
        if other is None:
            joined.append(words)
        elif _follows(_end(other), words[0]):
            other += words
        else:
            other[:0] = words
    return joined


def _has_bullet(first: Glyphs, dots: Sequence[Rule]) -> bool:
    middle = (first.top + first.bottom) / 2
    return any(0 < first.x0 - dot.x0 < 3 * first.size and dot.top - 2 <= middle <= dot.bottom + 2 for dot in dots)


def reading_order(things: Sequence[T]) -> list[T]:
    """Lines and tables of a page in the order a reader takes them: down each column, columns left to right.

    The page is cut into strips by the white space that runs across it; neighbouring strips that share a white
    gutter are one stretch of columns, and each column is ordered in the same way.
    """
    if len(things) < 2:
        return list(things)
    ordered: list[T] = []
    strips = _strips(things)
    start = 0
    while start < len(strips):
        end, gutter = _columns_from(strips, start)
        if gutter is None:
            ordered += sorted(strips[start], key=lambda t: (round(t.top), t.x0))
            start += 1
            continue
        inside = [t for strip in strips[start:end] for t in strip]
        ordered += reading_order([t for t in inside if t.x1 <= gutter])
        ordered += reading_order([t for t in inside if t.x1 > gutter])
        start = end
    return ordered


def _strips(things: Sequence[T]) -> list[list[T]]:
    """Things by height, in groups that white space across the page parts."""
    strips: list[list[T]] = []
    low = float("-inf")
    for thing in sorted(things, key=lambda t: t.top):
        if thing.top >= low - 1.5:
            strips.append([])
        strips[-1].append(thing)
        low = max(low, thing.bottom)
    return strips


def _columns_from(strips: list[list[T]], start: int) -> tuple[int, float | None]:
    """How far strips from start share a gutter, and where it lies; None where there is none."""
    left = min(t.x0 for strip in strips for t in strip)
    right = max(t.x1 for strip in strips for t in strip)
    gaps = [(left + 0.15 * (right - left), right - 0.15 * (right - left))]
    best: tuple[int, float | None] = (start + 1, None)
    both = 0
    for end in range(start, len(strips)):
        narrower = [piece for gap in gaps for piece in _free(gap, strips[end])]
        gaps = [gap for gap in narrower if gap[1] - gap[0] >= GUTTER]
        if not gaps:
            break
        x0, x1 = max(gaps, key=lambda gap: gap[1] - gap[0])
        both += _height(strips[end], x0) * _height(strips[end], x1, right=True)
        if both >= 2 and _two_sided([t for strip in strips[start : end + 1] for t in strip], (x0 + x1) / 2):
            best = (end + 1, (x0 + x1) / 2)
    return best


def _free(gap: tuple[float, float], strip: Sequence[Placed]) -> list[tuple[float, float]]:
    """What is left of a gap when the things of a strip are taken out of it."""
    pieces = [gap]
    for thing in strip:
        cut = []
        for x0, x1 in pieces:
            cut += [(x0, min(x1, thing.x0)), (max(x0, thing.x1), x1)] if thing.x0 < x1 and thing.x1 > x0 else [(x0, x1)]
        pieces = [piece for piece in cut if piece[1] > piece[0]]
    return pieces


def _height(strip: Sequence[Placed], x: float, right: bool = False) -> int:
    """How many things stand on one side of x."""
    return sum(1 for t in strip if (t.x0 >= x if right else t.x1 <= x))


def _two_sided(things: Sequence[Placed], gutter: float) -> bool:
    """Both sides carry text of some width and length: a page of columns, not a list with its numbers."""
    sides = [[t for t in things if t.x1 <= gutter], [t for t in things if t.x1 > gutter]]
    return all(len(side) >= 2 and max(t.x1 for t in side) - min(t.x0 for t in side) > 60 for side in sides)
