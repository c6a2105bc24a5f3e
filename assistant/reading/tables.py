"""Ruled tables: a grid from the lines that are drawn on a page, and the words in its cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.reading.halfruled import missing_rules
from assistant.reading.pdf import Glyphs, Rule

MOST_RULES = 3000  # a page with more straight lines shows a map or a chart, and comparing them all takes seconds
NEAR = 3.0  # points; edges closer than this are one edge (borders are drawn up to 1.5 points thick, side by side)


@dataclass(slots=True)
class Cell:
    """A cell of a table and its words in reading order."""

    x0: float
    top: float
    x1: float
    bottom: float
    glyphs: list[Glyphs] = field(default_factory=list)

    def holds(self, word: Glyphs) -> bool:
        """The middle of the word lies in the cell."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self.x0 - 1 <= x <= self.x1 + 1 and self.top - 1 <= y <= self.bottom + 1


@dataclass(slots=True)
class Table:
    """Cells by rows, top to bottom and left to right, with the rectangle they fill."""

    rows: list[list[Cell]]
    x0: float
    top: float
    x1: float
    bottom: float

    def covers(self, word: Glyphs) -> bool:
        """The middle of the word lies on the table."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self.x0 - 1 <= x <= self.x1 + 1 and self.top - 1 <= y <= self.bottom + 1


def find_tables(rules: Sequence[Rule], glyphs: Iterable[Glyphs]) -> list[Table]:
    """The ruled tables of a page, each with at least two columns or two rows of cells that hold words."""
    words = list(glyphs)
    tables: list[Table] = []
    if len(rules) > MOST_RULES:
        return tables
    for cluster in _touching([*rules, *missing_rules(rules, words)]):
        table = _grid(cluster)
        if table is None:
            continue
        for word in words:
            cell = next((c for row in table.rows for c in row if c.holds(word)), None)
            if cell:
                cell.glyphs.append(word)
        table.rows = [row for row in table.rows if any(cell.glyphs for cell in row)]
        if table.rows and max(len(row) for row in table.rows) > 1:
            tables.append(table)
    return tables


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of lines that touch each other, directly or through others."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touched = [g for g in groups if any(_meet(rule, other) for other in g)]
        merged = [rule]
        for group in touched:
            merged += group
            groups.remove(group)
        groups.append(merged)
    return [g for g in groups if len(g) >= 4]


def _meet(a: Rule, b: Rule) -> bool:
    across = a.x0 - NEAR <= b.x1 and b.x0 - NEAR <= a.x1
    return across and a.top - NEAR <= b.bottom and b.top - NEAR <= a.bottom


def _grid(rules: list[Rule]) -> Table | None:
    flat = [r for r in rules if r.flat]
    standing = [r for r in rules if not r.flat]
    ys = _edges((r.top + r.bottom) / 2 for r in flat)
    xs = _edges((r.x0 + r.x1) / 2 for r in standing)
    if len(ys) < 2 or len(xs) < 2:
        return None
    rows = []
    for top, bottom in itertools.pairwise(ys):
        spans = _columns(standing, xs, (top + bottom) / 2)
        open_ = [_bounded(flat, left, right, top) for left, right in spans]
        if any(open_):
            # Where a cell reaches down from the row above, this row has an empty one, so that columns stay in place.
            rows.append(
                [
                    Cell(left, top, right, _floor(flat, left, right, bottom, ys) if begins else top - NEAR)
                    for (left, right), begins in zip(spans, open_, strict=True)
                ]
            )
    return Table(rows, xs[0], ys[0], xs[-1], ys[-1]) if rows else None


def _columns(standing: list[Rule], xs: list[float], y: float) -> list[tuple[float, float]]:
    """The spans between the standing lines that are drawn at height y."""
    drawn = [x for x in xs if any(abs((r.x0 + r.x1) / 2 - x) <= NEAR and r.top <= y <= r.bottom for r in standing)]
    return list(itertools.pairwise(drawn))


def _bounded(flat: list[Rule], left: float, right: float, y: float) -> bool:
    """A line is drawn along the top: else the cell goes on from the row above."""
    middle = (left + right) / 2
    return any(abs((r.top + r.bottom) / 2 - y) <= NEAR and r.x0 - NEAR <= middle <= r.x1 + NEAR for r in flat)


def _floor(flat: list[Rule], left: float, right: float, bottom: float, ys: list[float]) -> float:
    """How far down a cell reaches: to the next line drawn below it."""
    return next((y for y in ys if y >= bottom and _bounded(flat, left, right, y)), bottom)


def _edges(positions: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for position in sorted(positions):
        if not edges or position - edges[-1] > NEAR:
            edges.append(position)
    return edges
