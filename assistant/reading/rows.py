"""Table rows that read on their own: each cell with the header label that stands over it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.reading.pdf import Glyphs
from assistant.reading.tables import Cell, Table

HEADER_WORDS = 8  # a header cell says what a column holds, in few words
ALIKE = 6.0  # points by which the columns of a continued table may be off


@dataclass(frozen=True, slots=True)
class Header:
    """The labels over the columns of a table and where the columns lie (left edges in points)."""

    labels: tuple[str, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The words of each cell as printed, and the label over each."""

    cells: tuple[tuple[Glyphs, ...], ...]
    headers: tuple[str, ...]


def rows_of(table: Table, page: int, before: Header | None) -> tuple[list[Row], Header | None]:
    """The rows of a table below its header, and the header, for the tables that continue this one.

    before is the header of the last table: a table with the same columns and none of its own goes on under it.
    """
    count = _header_rows(table)
    header = Header(_labels(table.rows[:count]), _edges(table.rows[0])) if count else None
    if header is None and before and _same_columns(before, table):
        header = before
    rows = [_row(row, header) for row in table.rows[count:]]
    return [row for row in rows if any(row.cells)], header


def _header_rows(table: Table) -> int:
    """How many rows at the top hold labels: bold ones, or short ones over longer or numeric rows."""
    first = table.rows[0]
    filled = [cell for cell in first if cell.glyphs]
    if len(first) < 2 or any(len(cell.glyphs) > HEADER_WORDS for cell in filled):
        return 0
    bold = all(glyph.bold for cell in filled for glyph in cell.glyphs)
    corner = not first[0].glyphs and len(filled) > 1
    below = table.rows[1:]
    if not (bold or corner or _labels_by_contrast(filled, below)):
        return 0
    second = below[0] if below else []
    spread = len(filled) < len(first) and second and not second[0].glyphs and not any(_numeric(c) for c in second)
    return 2 if spread and len(below) > 1 else 1


def _labels_by_contrast(filled: list[Cell], below: list[list[Cell]]) -> bool:
    """No digit in the first row, and rows below that hold numbers or much longer text; or a row alone on its grid."""
    if any(_numeric(cell) for cell in filled) or len(filled) < 2:
        return False
    if not below:
        return True
    cells = [cell for row in below for cell in row[1:] if cell.glyphs]
    numeric = sum(_numeric(cell) for cell in cells)
    length = sum(len(cell.glyphs) for cell in cells) / max(1, len(cells))
    widest = max(len(cell.glyphs) for cell in filled)
    return bool(cells) and (numeric > len(cells) / 2 or length > 3 * widest)


def _numeric(cell: Cell) -> bool:
    return any(glyph.text.strip("()%$,.-–")[:1].isdigit() for glyph in cell.glyphs)


def _text(cell: Cell) -> str:
    return " ".join(glyph.text + ("-" if glyph.broken else "") for glyph in cell.glyphs if not glyph.mark)


def _labels(rows: list[list[Cell]]) -> tuple[str, ...]:
    """One label per column; over a group of columns the group's label stands before each."""
    labels = [_text(cell) for cell in rows[0]]
    if len(rows) == 1 or len(rows[1]) != len(rows[0]):
        return tuple(labels)
    group = ""
    joined = []
    for over, cell in zip(labels, rows[1], strict=True):
        under = _text(cell)
        group = over or (group if under else "")
        joined.append(f"{group} {under}".strip())
    return tuple(joined)


def _edges(row: list[Cell]) -> tuple[float, ...]:
    return tuple(cell.x0 for cell in row)


def _same_columns(header: Header, table: Table) -> bool:
    edges = _edges(table.rows[0])
    return len(edges) == len(header.edges) and all(
        abs(a - b) <= ALIKE for a, b in zip(edges, header.edges, strict=True)
    )


def _row(row: list[Cell], header: Header | None) -> Row:
    labels = header.labels if header and len(header.labels) == len(row) else ("",) * len(row)
    return Row(tuple(tuple(cell.glyphs) for cell in row), labels)
