"""Findings that stand in tables: ratings, change statements with their projects, recommendations with their owners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.records import Block, Finding, Kind, Shape, Word
from assistant.understanding import cues
from assistant.understanding.entries import Pages, criterion_in, finding, title_of
from assistant.understanding.printed import CELL_BREAK, cells, plain

VALUE_WORDS = 3  # a longer cell is no rating
VALUES = 8  # a scale has fewer steps than this
NEAR = 6  # blocks before and behind a table in which its scale is looked for


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows that stand together under the same labels; around holds the blocks before and behind them."""

    headers: tuple[str, ...]
    rows: list[Block] = field(default_factory=list)
    before: Sequence[Block] = ()
    after: Sequence[Block] = ()


def tabulated(pages: Pages, blocks: Sequence[Block], sections: Sequence[tuple[str, ...]]) -> list[Finding]:
    """The findings of all tables; sections names the headings above each block."""
    found: list[Finding] = []
    for table, section in _tables(blocks, sections):
        found += _ratings(pages, table, section) or _statements(pages, table, section)
    return found


def _tables(blocks: Sequence[Block], sections: Sequence[tuple[str, ...]]) -> list[tuple[_Table, tuple[str, ...]]]:
    tables: list[tuple[_Table, tuple[str, ...]]] = []
    place = 0
    headers: tuple[str, ...] = ()
    while place < len(blocks):
        if blocks[place].shape is not Shape.ROW:
            place += 1
            continue
        end = place
        while (
            end < len(blocks) and blocks[end].shape is Shape.ROW and len(blocks[end].cells) == len(blocks[place].cells)
        ):
            end += 1
        rows = list(blocks[place:end])
        headers, rows = _headed(rows, headers)
        tables.append(
            (_Table(headers, rows, blocks[max(0, place - NEAR) : place], blocks[end : end + NEAR]), sections[place])
        )
        place = end
    return tables


def _headed(rows: list[Block], last: tuple[str, ...]) -> tuple[tuple[str, ...], list[Block]]:
    """The labels of a table; a first row that reads like labels gives them, a table without takes those of the last."""
    printed_labels = next((row.headers for row in rows if any(row.headers)), None)
    if printed_labels:
        return printed_labels, rows
    labels = tuple(plain(cell) for cell in cells(rows[0].words, rows[0].cells))
    if _statement_column(labels) is not None and all(len(label.split()) <= 8 for label in labels):
        return labels, [row for row in rows[1:] if tuple(plain(c) for c in cells(row.words, row.cells)) != labels]
    return (last if len(last) == len(labels) else ("",) * len(labels)), rows


# --- ratings ---------------------------------------------------------------------------------------------------------


def _ratings(pages: Pages, table: _Table, section: tuple[str, ...]) -> list[Finding]:
    """One finding for each cell of a ratings table."""
    values = [[plain(cell) for cell in cells(row.words, row.cells)[1:]] for row in table.rows]
    told = " ".join([*section[-1:], *(plain(b.words) for b in table.before if b.shape is Shape.CAPTION)])
    criteria = [criterion_in(label) for label in table.headers[1:]]
    if (
        not re.search(r"\brat(ed|ings?)\b|\bscor(es?|ing)\b|\bcalific", told, re.IGNORECASE)
        and sum(map(bool, criteria)) < 2
    ):
        return []
    distinct = {value.lower() for row in values for value in row if value}
    if not distinct or len(distinct) > VALUES or any(len(value.split()) > VALUE_WORDS for value in distinct):
        return []
    scale = _scale([*table.after, *reversed(table.before)], distinct)
    found = []
    for row in table.rows:
        label, *rest = cells(row.words, row.cells)
        for place, value in enumerate(rest, 1):
            if label and value:
                found.append(
                    _rating(
                        pages, label, value, table.headers[place] if place < len(table.headers) else "", scale, section
                    )
                )
    return [each for each in found if each]


def _rating(
    pages: Pages, label: Sequence[Word], value: Sequence[Word], header: str, scale: str, section: tuple[str, ...]
) -> Finding | None:
    named = cues.ROW_CODE.match(plain(label))
    return finding(
        pages,
        Kind.RATING,
        [label, value],
        section,
        between=CELL_BREAK,
        title=title_of(plain(label)[named.end() :] if named else plain(label)),
        number=named["code"] if named else "",
        criterion=header.strip().capitalize() if header.isupper() else header.strip(),
        value=plain(value),
        scale=scale,
    )


def _scale(blocks: Sequence[Block], values: set[str]) -> str:
    """The steps of the scale as the sentence beside the table names them, from the first value to the last."""
    for block in blocks:
        text = plain(block.words)
        for sentence in re.split(r"(?<=[.!?])\s", text) if cues.SCALE.search(text) else ():
            places = [
                match.span() for value in values for match in re.finditer(rf"\b{re.escape(value)}\b", sentence.lower())
            ]
            named = {sentence[start:end].lower() for start, end in places}
            if len(named) > len(values) / 2:
                return sentence[min(start for start, _ in places) : max(end for _, end in places)]
    return ""


# --- statements ------------------------------------------------------------------------------------------------------


def _statement_column(labels: Sequence[str]) -> tuple[int, Kind] | None:
    """The column that holds the findings of a table, when another one says more about them."""
    beside = {name for name, cue in cues.OTHER_COLUMNS.items() for label in labels if cue.search(label)}
    for place, label in enumerate(labels):
        for cue, kind in cues.STATEMENT_COLUMNS:
            if not cue.search(label) or cues.OTHER_COLUMNS["projects"].search(label):
                continue
            # Many a table has results in it that are no outcomes; those of a project name it, or say what changed.
            if "projects" in beside or (beside and kind is not Kind.OUTCOME) or cues.CHANGED.search(label):
                return place, kind
    return None


def _statements(pages: Pages, table: _Table, section: tuple[str, ...]) -> list[Finding]:
    column = _statement_column(table.headers)
    coded = _coded(pages, table, section)
    if column is None or len(coded) == len(table.rows):
        return coded
    place, kind = column
    found = []
    for row in table.rows:
        texts = cells(row.words, row.cells)
        if place < len(texts) and texts[place]:
            found.append(_statement(pages, kind, texts, place, table.headers, section))
    return [each for each in found if each]


def _statement(
    pages: Pages,
    kind: Kind,
    texts: Sequence[Sequence[Word]],
    place: int,
    headers: Sequence[str],
    section: tuple[str, ...],
) -> Finding | None:
    beside = {
        name: plain(texts[n])
        for name, cue in cues.OTHER_COLUMNS.items()
        for n, label in enumerate(headers)
        if n != place and n < len(texts) and cue.search(label)
    }
    statement = plain(texts[place])
    code = cues.CODE.match(statement)
    number = re.sub(r"\s", "", beside.get("number", "")) or (
        f"{code['code']}{'*' * code['stop'].count('*')}" if code else ""
    )
    return finding(
        pages,
        kind,
        [cell for cell in texts if cell],
        section,
        between=CELL_BREAK,
        title=title_of(statement[code.end() :] if code else cues.DATED.sub("", statement, count=1)),
        number=number.rstrip("."),
        projects=projects_in(beside.get("projects", "")),
        addressee=beside.get("addressee", ""),
        priority=beside.get("priority", "").lower(),
        timeframe=beside.get("timeframe", ""),
    )


def _coded(pages: Pages, table: _Table, section: tuple[str, ...]) -> list[Finding]:
    """Change statements in a table without labels, told by a code such as 'CS 5c*' that stands before each."""
    found = []
    for row in table.rows:
        first, *rest = cells(row.words, row.cells)
        code = re.fullmatch(r"(?:CS|change statement|outcome)\s(\d{1,2}[a-z]\*?)[.:]?", plain(first), re.IGNORECASE)
        if code and rest:
            projects = projects_in(plain(rest[-1])) if len(rest) > 1 else ()
            made = finding(
                pages,
                Kind.OUTCOME,
                [cell for cell in (first, *rest) if cell],
                section,
                between=CELL_BREAK,
                title=title_of(plain(rest[0])),
                number=code[1],
                projects=projects,
            )
            found += [made] if made else []
    return found


def projects_in(cell: str) -> tuple[str, ...]:
    """The projects a cell names: 'WELLS project; ROADS', or 'WELLS. What it did …'."""
    led = re.match(r"([A-Z][\w.-]{1,20})\.\s", cell)
    if led:
        return (led[1],)
    if len(cell.split()) > 40:
        return ()
    names = re.split(r"\s*[;,]\s*(?:and\s+)?", cell)
    return tuple(re.sub(r"\s+projects?$", "", name.strip(" .")) for name in names if name.strip(" ."))
