"""Corrections that staff make to findings, in a file that people can read and edit.

A line names a document and the first words of a finding as printed, and what is to be said of it instead: its kind,
its addressee, its title, or 'yes' under not_a_finding. An empty cell leaves things as they are. The words, not the
page, tell which finding is meant, so a correction follows its text when pages move.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.errors import UsageError
from assistant.records import Correction, Finding, Kind
from assistant.understanding.proof import letters

FILE = "corrections.csv"
COLUMNS = ("document", "first_words", "kind", "addressee", "title", "not_a_finding")
YES = frozenset(["yes", "y", "true", "1", "x"])
LEAST_LETTERS = 8  # fewer could be the beginning of many findings


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """The corrections in a folder's corrections.csv, none where there is no such file. Raises UsageError."""
    file = folder / FILE
    if not file.is_file():
        return ()
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [name for name in COLUMNS[:2] if name not in (rows.fieldnames or ())]
            if missing:
                raise UsageError(f"{file} has no column {missing[0]!r}. Its first line is: {','.join(COLUMNS)}")
            return tuple(_correction(row, f"{file}, line {rows.line_num}") for row in rows if any(row.values()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{file} cannot be read as a table of UTF-8 text with commas ({error}).") from None


def corrected(findings: Iterable[Finding], corrections: Sequence[Correction]) -> tuple[list[Finding], list[Correction]]:
    """The findings as staff want them, and the corrections that match none of them."""
    unused = set(range(len(corrections)))
    by_document: dict[str, list[tuple[int, str]]] = {}
    for number, correction in enumerate(corrections):
        by_document.setdefault(correction.document, []).append((number, letters(correction.first_words)))
    kept = []
    for each in findings:
        changed: Finding | None = each
        for number, first in by_document.get(each.document, ()):
            if letters(each.text).startswith(first):
                unused.discard(number)
                changed = _changed(changed, corrections[number]) if changed else None
        if changed:
            kept.append(changed)
    return kept, [corrections[number] for number in sorted(unused)]


def _changed(each: Finding, correction: Correction) -> Finding | None:
    if correction.dropped:
        return None
    return replace(
        each,
        kind=correction.kind or each.kind,
        addressee=correction.addressee or each.addressee,
        title=correction.title or each.title,
    )


def _correction(row: dict[str, str | None], place: str) -> Correction:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not cells["document"] or len(letters(cells["first_words"])) < LEAST_LETTERS:
        raise UsageError(f"{place}: name a document and at least the first two or three words of the finding.")
    if cells["kind"] and cells["kind"] not in set(Kind):
        raise UsageError(f"{place}: {cells['kind']!r} is no kind. Known: {', '.join(Kind)}.")
    return Correction(
        document=cells["document"],
        first_words=cells["first_words"],
        kind=Kind(cells["kind"]) if cells["kind"] else None,
        addressee=cells["addressee"],
        title=cells["title"],
        dropped=cells["not_a_finding"].lower() in YES,
    )
