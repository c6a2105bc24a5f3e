"""The register in the formats that people work with: table, json, csv, xlsx, docx and md."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

from assistant.answering.citations import as_markdown
from assistant.answering.register import Register
from assistant.errors import UsageError
from assistant.faces.exporting.files import csv_file, library, printable, xlsx_file
from assistant.faces.exporting.formats import inactive
from assistant.faces.rendering import clean
from assistant.records import Finding, Kind

COLUMNS = (
    "id",
    "document",
    "title_of_document",
    "page",
    "page_end",
    "kind",
    "number",
    "title",
    "text",
    "addressee",
    "section",
    "projects",
    "criterion",
    "value",
    "scale",
    "priority",
    "timeframe",
    "family",
    "also_in",
)
"""The keys of an entry, in order."""
WIDTHS = {"text": 80, "title": 40, "section": 40, "document": 32, "title_of_document": 32, "addressee": 28}
LABEL_CHARACTERS = 24  # before a title: 'Lesson learned no. 12: '
STOP = re.compile(r"\s*(?:[.:–—]\s+|\n)(?=\S)")
"""What parts a title from the text it stands before."""


def entry_json(each: Finding, title: str) -> dict[str, Any]:
    """An entry as the contract has it. title is that of its document."""
    plain = {name: getattr(each, name, None) for name in COLUMNS}
    return {
        **plain,
        "title_of_document": title,
        "kind": str(each.kind),
        "projects": list(each.projects),
        "also_in": [{"document": place.document, "page": place.page} for place in each.also_in],
    }


def to_json(register: Register) -> bytes:
    """A list of entries."""
    entries = [entry_json(each, register.titles[each.document]) for each in register.entries]
    return json.dumps(entries, ensure_ascii=False).encode()


def to_csv(register: Register) -> bytes:
    """A row for each entry."""
    return csv_file(COLUMNS, _rows(register))


def to_xlsx(register: Register) -> bytes:
    """A sheet that can be filtered, and a second one that says what it covers."""
    return xlsx_file("Register", COLUMNS, _rows(register), WIDTHS, {"Coverage": [[register.sentence()]]})


def to_docx(register: Register) -> bytes:
    """A document with a heading for each report and a paragraph for each entry, its place behind it."""
    document = library("docx", "docx").Document()
    document.add_heading("Register of findings", 0)
    for (title, kind), entries in _grouped(register):
        document.add_heading(printable(f"{title}: {heading_of(kind)}"), 1)
        for each in entries:
            paragraph = document.add_paragraph()
            paragraph.add_run(printable(named(each))).bold = True
            document.add_paragraph(printable(untitled(each)))
            paragraph = document.add_paragraph()
            paragraph.add_run(printable(source(each))).italic = True
    document.add_paragraph(printable(register.sentence()))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def to_markdown(register: Register) -> bytes:
    """Headings for reports and kinds, a list item for each entry."""
    lines = ["# Register of findings", ""]
    for (title, kind), entries in _grouped(register):
        lines += [f"## {as_markdown(title)}: {heading_of(kind)}", ""]
        lines += [
            f"- **{as_markdown(named(each))}** {as_markdown(untitled(each))} *({as_markdown(source(each))})*"
            for each in entries
        ]
        lines.append("")
    return inactive("\n".join([*lines, as_markdown(register.sentence()), ""])).encode()


def to_table(register: Register) -> bytes:
    """What fits on a terminal: a line or two for each entry, and what the list covers."""
    lines = []
    for (title, kind), entries in _grouped(register):
        lines += [f"{title}: {heading_of(kind)}"]
        lines += [f"  {named(each)}\n    {source(each)}" for each in entries]
        lines.append("")
    return clean("\n".join([*lines, register.sentence()])).encode()


EXPORTERS: dict[str, Callable[[Register], bytes]] = {
    "table": to_table,
    "json": to_json,
    "csv": to_csv,
    "xlsx": to_xlsx,
    "docx": to_docx,
    "md": to_markdown,
}


def export(register: Register, form: str) -> bytes:
    """The register as the bytes of a file. Raises UsageError for a format that is not known or not installed."""
    if form not in EXPORTERS:
        raise UsageError(f"{form!r} is no format. Known: {', '.join(EXPORTERS)}.")
    return EXPORTERS[form](register)


def named(each: Finding) -> str:
    """An entry's number and title, for a rating its value."""
    title = f"{each.title}: {each.criterion} {each.value}".rstrip() if each.kind is Kind.RATING else each.title
    return " ".join(part for part in (each.number, title) if part)


def untitled(each: Finding) -> str:
    """An entry's text without the label, number and title it begins with, for where these are shown before it."""
    label, title, rest = each.text.partition(each.title) if each.title else ("", "", "")
    stop = STOP.match(rest)
    return rest[stop.end() :] if title and stop and len(label) <= LABEL_CHARACTERS else each.text


def source(each: Finding) -> str:
    """Where an entry stands and to whom it is addressed, in a line."""
    pages = f"p. {each.page}" if each.page == each.page_end else f"pp. {each.page}-{each.page_end}"
    also = ", ".join(dict.fromkeys(f"{place.document} p. {place.page}" for place in each.also_in))
    parts = (
        f"{each.document}, {pages}",
        f"to {each.addressee}" if each.addressee else "",
        f"projects: {', '.join(each.projects)}" if each.projects else "",
        f"scale: {each.scale}" if each.scale else "",
        f"also in {also}" if also else "",
    )
    return "; ".join(part for part in parts if part)


def heading_of(kind: Kind) -> str:
    """A kind as a heading says it."""
    return str(kind).replace("_", " ") + ("" if kind is Kind.TESTIMONY else "s")


def _grouped(register: Register) -> list[tuple[tuple[str, Kind], list[Finding]]]:
    order = sorted(range(len(register.entries)), key=lambda n: _rank(register, n))
    entries = [register.entries[n] for n in order]
    grouped = groupby(entries, key=lambda each: (register.titles[each.document], each.kind))
    return [(key, list(group)) for key, group in grouped]


def _rank(register: Register, number: int) -> tuple[int, int, int]:
    each = register.entries[number]
    return list(register.titles).index(each.document), list(Kind).index(each.kind), number


def _rows(register: Register) -> list[list[str | int]]:
    rows = []
    for each in register.entries:
        plain = entry_json(each, register.titles[each.document])
        plain["projects"] = "; ".join(each.projects)
        plain["also_in"] = "; ".join(f"{place.document} p. {place.page}" for place in each.also_in)
        rows.append([plain[name] for name in COLUMNS])
    return rows
