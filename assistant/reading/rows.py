"""Table rows that read on their own: each cell with the header label that stands over it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.reading.pdf import Glyphs
from assistant.reading.tables import Cell, Table

HEADER_WORDS = 8  # a header cell says what a column holds, in few words
ALIKE = 6.0  # points by which the columns of a continued table may be off


@dataclass(frozen=True, slots=True)
class Header:
    """The words over the columns of a table and where the columns lie (left edges in points)."""

    labels: tuple[tuple[Glyphs, ...], ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The words of each cell as printed, and the words of the label over each."""

    page: int
    cells: tuple[tuple[Glyphs, ...], ...]
    headers: tuple[tuple[Glyphs, ...], ...]


def rows_of(table: Table, page: int, before: Header | None) -> tuple[list[Row], Header | None]:
    """The rows of a table below its header, and the header, for the tables that continue this one.

    before is the header of the last table: a table with the same columns and none of its own goes on under it.
    """
    count = _header_rows(table)
    header = _header(table.rows[:count]) if count else None
    if header is None and before and _same_columns(before, table):
        header = before
    rows = [_row(row, page, header) for row in table.rows[count:]]
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
    return 2 if len(below) > 1 and _is_under_groups(below[0], first, below[1]) else 1


def _is_under_groups(second: list[Cell], first: list[Cell], third: list[Cell]) -> bool:
    """The second row holds labels, too: the first one is wider than its columns, or blank over some of them."""
    if any(_numeric(cell) or len(cell.glyphs) > HEADER_WORDS for cell in second):
        return False
    wider = len(first) < len(third) and len(first) <= len(second)
    blank = any(not cell.glyphs for cell in first) and len(first) == len(second) and not second[0].glyphs
    return wider or blank


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


def _header(rows: list[list[Cell]]) -> Header:
    """One label per column; over a group of columns the group's label stands before each."""
    columns = sorted({cell.x0: cell for row in reversed(rows) for cell in row}.values(), key=lambda cell: cell.x0)
    labels = []
    group: tuple[Glyphs, ...] = ()
    for column in columns:
        over, *under = (_words_over(row, column) for row in rows)
        if len(rows) > 1:  # a group's label may stand over the first of its columns alone
            group = over or (group if any(under) else ())
            over = group
        labels.append(tuple(dict.fromkeys((*over, *(glyph for words in under for glyph in words)))))
    return Header(tuple(labels), tuple(column.x0 for column in columns))


def _words_over(row: list[Cell], column: Cell) -> tuple[Glyphs, ...]:
    """The words of the cell of a header row that reaches over the left end of a column."""
    over = next((cell for cell in row if cell.x0 - 1 <= column.x0 < cell.x1 - 1), None)
    return tuple(glyph for glyph in over.glyphs if not glyph.mark) if over else ()


def _edges(row: list[Cell]) -> tuple[float, ...]:
    return tuple(cell.x0 for cell in row)


def _same_columns(header: Header, table: Table) -> bool:
    edges = _edges(table.rows[0])
    return len(edges) == len(header.edges) and all(
        abs(a - b) <= ALIKE for a, b in zip(edges, header.edges, strict=True)
    )


def _row(row: list[Cell], page: int, header: Header | None) -> Row:
    labels = header.labels if header and len(header.labels) == len(row) else ((),) * len(row)
    return Row(page, tuple(tuple(cell.glyphs) for cell in row), labels)
