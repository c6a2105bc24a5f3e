"""Table rows that read on their own: each cell with the header label that stands over it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.reading.pdf import Glyphs
from assistant.reading.tables import Cell, Table

HEADER_WORDS = 8  # a header cell says what a column holds, in few words
ALIKE = 6.0  # points by which the columns of a continued table may be off


@dataclass(frozen=True, slots=True)
class Header:
    """The words over the columns of a table and where the columns lie (left edges in points; none: anywhere)."""

    labels: tuple[tuple[Glyphs, ...], ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The words of each cell as printed, and the words of the label over each."""

    page: int
    cells: tuple[tuple[Glyphs, ...], ...]
    headers: tuple[tuple[Glyphs, ...], ...]


def rows_of(table: Table, page: int, before: Header | None, goes_on: bool = False) -> tuple[list[Row], Header | None]:
    """The rows of a table below its header, and the header, for the tables that continue this one.

    before is the header of the last table: a table with the same columns and none of its own goes on under it.
    goes_on says that a table with the same columns stands directly before: a header must then be plain to see.
    """
    if before and (count := _repeated(table.rows, before)):
        header: Header | None = Header(before.labels, _edges(table.rows[count - 1]))
    else:
        count = _header_rows(table, goes_on)
        header = _header(table.rows[:count]) if count else None
        if header is None and before and _same_columns(before, table):
            header = before
    rest = table.rows[count:]
    rows = []
    while rest:
        again = _repeated(rest, header) if header else 0
        if not again:
            rows.append(_row(rest[0], page, header))
        rest = rest[again or 1 :]
    rows = [row for row in rows if any(row.cells)]
    if header and not rows:  # a header alone stands over what comes next, even where that is cut in other widths
        header = Header(header.labels, ())
    return rows, header


def same_columns(one: Table, other: Table) -> bool:
    """The columns of two tables lie over each other."""
    return _alike(_edges(one.rows[-1]), _edges(other.rows[0]))


def _repeated(rows: list[list[Cell]], header: Header) -> int:
    """How many rows at the top say again what the header says: 0 when they do not."""
    wanted = [_letters(label) for label in header.labels]
    for count in (2, 1):
        top = rows[:count]
        if len(top) == count and [_letters(label) for label in _header(top).labels] == wanted:
            return count
    return 0


def _letters(label: tuple[Glyphs, ...]) -> str:
    return "".join(glyph.text for glyph in label).lower()


def _header_rows(table: Table, goes_on: bool) -> int:
    """How many rows at the top hold labels: bold ones, or short ones over longer or numeric rows."""
    first = table.rows[0]
    filled = [cell for cell in first if cell.glyphs]
    if len(first) < 2 or any(len(cell.glyphs) > HEADER_WORDS for cell in filled):
        return 0
    bold = all(glyph.bold for cell in filled for glyph in cell.glyphs)
    below = table.rows[1:]
    if not bold and (goes_on or not (_has_corner(first) or _labels_by_contrast(filled, below))):
        return 0
    return 2 if len(below) > 1 and _is_under_groups(below[0], first, below[1]) else 1


def _has_corner(first: list[Cell]) -> bool:
    """Only the cell at the top left is empty."""
    return not first[0].glyphs and sum(bool(cell.glyphs) for cell in first) > 1


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
    return bool(cells) and (numeric > len(cells) / 2 or any(_longer(cell, below) for cell in filled))


def _longer(label: Cell, below: list[list[Cell]]) -> bool:
    """The cells below are much longer than what may be their label."""
    under = [len(cell.glyphs) for row in below for cell in row if cell.glyphs and abs(cell.x0 - label.x0) <= ALIKE]
    return bool(under) and sum(under) / len(under) > 3 * len(label.glyphs)


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
    if not header.edges:
        return len(table.rows[0]) == len(header.labels)
    return _alike(_edges(table.rows[0]), header.edges)


def _alike(edges: tuple[float, ...], others: tuple[float, ...]) -> bool:
    return len(edges) == len(others) and all(abs(a - b) <= ALIKE for a, b in zip(edges, others, strict=True))


def _row(row: list[Cell], page: int, header: Header | None) -> Row:
    labels = header.labels if header and len(header.labels) == len(row) else ((),) * len(row)
    return Row(page, tuple(tuple(cell.glyphs) for cell in row), labels)
