"""What the owners of a library say of its documents: documents.csv beside the PDFs, stronger than what was read.

It changes what is shown and filtered, and who may see it, at once. What was embedded stays as it was read, so nothing
is embedded anew. Where it cannot be told who may see a document, curators alone may.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.records import Document

FILE = "documents.csv"
COLUMNS = ("file", "title", "type", "date", "organisation", "project", "country", "link", "access")
ALL, CURATORS = ACCESS = ("all", "curators")
DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?$")
UNTIL_THEN = "until that is mended, curators alone see the documents"
LINK = re.compile(r"^https?://\S+$")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rows by file name, and what is wrong with the others: (line, reason)."""

    rows: dict[str, dict[str, str]]
    problems: tuple[tuple[int, str], ...] = ()
    access: str = ALL
    """Who may see a document that no row speaks of."""


def read_catalogue(corpus: Path, names: Collection[str] | None = None) -> Catalogue:
    """The rows of documents.csv in the corpus folder; an absent file is an empty catalogue.

    names are the documents that exist, where they are known: a row for any other is a problem.
    """
    path = corpus / FILE
    if not path.is_file():
        return Catalogue({})
    try:
        text = path.read_text("utf-8-sig")
        lines = csv.reader(io.StringIO(text), delimiter=";" if text.partition("\n")[0].count(";") > 2 else ",")
        numbered = [(lines.line_num, cells) for cells in lines]
    except (OSError, UnicodeError, csv.Error) as error:
        return Catalogue({}, ((0, f"{FILE} cannot be read ({error}); {UNTIL_THEN}"),), CURATORS)
    head = [name.strip().lower() for name in numbered[0][1]] if numbered else []
    if "file" not in head or set(head) - set(COLUMNS):
        return Catalogue({}, ((1, f"{FILE}, line 1: the columns are {', '.join(COLUMNS)}; {UNTIL_THEN}"),), CURATORS)
    rows: dict[str, dict[str, str]] = {}
    problems = []
    for line, cells in numbered[1:]:
        row = {name: cell.strip() for name, cell in zip(head, cells, strict=False) if cell.strip()}
        if reason := _problem(row, len(cells) > len(head), rows, names):
            problems.append((line, f"{FILE}, line {line}: {reason}"))
            if "access" in head and "file" in row:
                rows[row["file"]] = rows.get(row["file"], {}) | {"access": CURATORS}
        elif row:
            rows[row.pop("file")] = row
    return Catalogue(rows, tuple(problems))


def _problem(
    row: dict[str, str], too_long: bool, rows: dict[str, dict[str, str]], names: Collection[str] | None
) -> str:
    if not row:
        return ""
    name = row.get("file", "")
    if not name:
        return "no file is named"
    if too_long:
        return "there are more cells than columns; put a cell that holds a comma in quotation marks"
    if name in rows:
        return f"{name} is named a second time"
    if names is not None and name not in names:
        return f"there is no document {name}"
    if "date" in row and not DATE.match(row["date"]):
        return f"the date {row['date']} is not written as 2025, 2025-05 or 2025-05-31"
    if "link" in row and not LINK.match(row["link"]):
        return f"the link {row['link']} does not begin with http:// or https://"
    if row.get("access", ALL).lower() not in ACCESS:
        return f"the access {row['access']} is neither {' nor '.join(ACCESS)}, so curators alone see {name}"
    return ""


def catalogued(documents: Sequence[Document], catalogue: Catalogue) -> tuple[Document, ...]:
    """The documents with what the catalogue says of them."""
    return tuple(_with(each, catalogue.rows.get(each.name, {}), _access(each, catalogue)) for each in documents)


def kept_from_readers(documents: Sequence[Document], refused: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    """The names of the documents, and of the files that could not be read, that are for curators alone."""
    kept = {each.name for each in documents if _access(each, catalogue) != ALL}
    return frozenset(kept | {name for name in refused if _said(name, catalogue) != ALL})


def _access(document: Document, catalogue: Catalogue) -> str:
    """Who may see a document; whatever is restricted under one of its names is restricted."""
    names = (document.name, *document.copies)
    return ALL if {_said(name, catalogue) for name in names} == {ALL} else CURATORS


def _said(name: str, catalogue: Catalogue) -> str:
    return catalogue.rows.get(name, {}).get("access", catalogue.access).lower()


def _with(document: Document, row: dict[str, str], access: str) -> Document:
    date = row.get("date", "")
    return replace(
        document,
        title=row.get("title", document.title),
        type=row.get("type", document.type),
        date=date or document.date,
        year=date[:4] or document.year,
        organisations=_several(row.get("organisation", "")) or document.organisations,
        projects=_several(row.get("project", "")) or document.projects,
        countries=_several(row.get("country", "")) or document.countries,
        link=row.get("link", document.link),
        access=access,
    )


def _several(cell: str) -> tuple[str, ...]:
    """The values of a cell, ';' or '|' between them."""
    return tuple(value.strip() for value in re.split(r"[;|]", cell) if value.strip())
