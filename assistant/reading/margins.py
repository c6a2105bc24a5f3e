"""Side headings: words set in a wide left margin, beside the paragraph they stand over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from assistant.reading.lines import Line, Placed, reading_order

MARGIN = 60.0  # points; a margin narrower than this holds no headings
LONG_LINE = 100.0  # points; shorter lines say little about where the text begins
MOST = 0.4  # share of the letters of a document that begin at the edge of its text
SPARSE = 0.5  # of the height of the text beside it; a margin fuller than this is a column of its own

T = TypeVar("T", bound=Placed)


def text_edge(lines: Iterable[Line]) -> float | None:
    """Where the lines of a document begin, in points, when a wide margin with words lies left of it; else None."""
    starts: Counter[int] = Counter()
    left = Counter[int]()
    for line in lines:
        left[round(line.x0)] += 1
        if line.x1 - line.x0 > LONG_LINE:
            starts[round(line.x0)] += len(line.text)
    if not starts:
        return None
    edge, letters = starts.most_common(1)[0]
    beside = sum(count for x, count in left.items() if x <= edge - MARGIN)
    return float(edge) if beside and letters >= MOST * starts.total() else None


def parted(lines: Sequence[Line], edge: float) -> list[Line]:
    """Lines in which a side heading and the text beside it were taken for one, parted at the edge of the text."""
    apart: list[Line] = []
    for line in lines:
        cut = next((n for n, g in enumerate(line.glyphs) if n and abs(g.x0 - edge) <= 2), None)
        if cut and cut > 1 and _gap(line, cut - 1) > _gap(line, cut):
            cut -= 1  # a bullet hangs before the text
        if cut is None or line.x0 > edge - MARGIN or not _differ(line, cut):
            apart.append(line)
        else:
            apart += [replace(line, glyphs=line.glyphs[:cut]), replace(line, glyphs=line.glyphs[cut:], bullet=False)]
    return apart


def _gap(line: Line, place: int) -> float:
    return line.glyphs[place].x0 - line.glyphs[place - 1].x1


def _differ(line: Line, cut: int) -> bool:
    """The words before the cut are set in another type than those behind it."""
    before, after = replace(line, glyphs=line.glyphs[:cut]), replace(line, glyphs=line.glyphs[cut:])
    return before.bold != after.bold or abs(before.size - after.size) > 0.08 * after.size


def in_order(things: Sequence[T], edge: float | None) -> list[T]:
    """The things of a page as a reader takes them; a side heading comes before the line it stands beside."""
    aside = [t for t in things if edge is not None and t.x1 <= edge - 2 and t.x0 <= edge - MARGIN]
    beside = {id(t) for t in aside}
    text = [t for t in things if id(t) not in beside]
    if not aside or _height(aside) > SPARSE * _height(text):
        return reading_order(things)
    ordered = reading_order(text)
    for group in reversed(_groups(aside)):
        top, height = group[0].top, group[0].bottom - group[0].top
        place = next((n for n, t in enumerate(ordered) if t.bottom > top + 0.4 * height), len(ordered))
        ordered[place:place] = group
    return ordered


def _height(things: Iterable[Placed]) -> float:
    return sum(t.bottom - t.top for t in things)


def _groups(things: Sequence[T]) -> list[list[T]]:
    """Things one below the other with little white space between."""
    groups: list[list[T]] = []
    for thing in sorted(things, key=lambda t: (round(t.top), t.x0)):
        near = groups and thing.top - groups[-1][-1].bottom < 0.5 * (thing.bottom - thing.top)
        if near:
            groups[-1].append(thing)
        else:
            groups.append([thing])
    return groups
