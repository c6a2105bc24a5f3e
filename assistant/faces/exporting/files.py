"""What all exported files share: their types, names that are safe everywhere, and cells that cannot act."""

from __future__ import annotations

import csv
import importlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from assistant.errors import UsageError
from assistant.faces.rendering import clean

MEDIA_TYPES = {
    "table": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}
FORMAT_NAMES = {
    "docx": "Word",
    "xlsx": "Excel",
    "md": "Markdown",
    "csv": "CSV",
    "json": "JSON",
    "bib": "BibTeX",
    "ris": "RIS (Zotero, EndNote)",
}
"""What people call the formats that the pages offer."""
CELL_CHARACTERS = 32_767  # the most that a cell of a spreadsheet holds
NAME_CHARACTERS = 60
FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
"""What a spreadsheet may take for a formula (OWASP, CSV injection), also in the wide forms of East Asian keyboards."""
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML file can hold."""

Row = Sequence[str | int]


def disposition(title: str, form: str) -> str:
    """The Content-Disposition of a download named after its title: plain ASCII, and in full as RFC 5987 has it."""
    words = re.sub(r'[\s<>:"/\\|?*%.]+', " ", clean(title)).strip()[:NAME_CHARACTERS].strip() or "export"
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    ascii_name = re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-") or "export"
    return f"attachment; filename=\"{ascii_name}.{form}\"; filename*=UTF-8''{quote(words, safe='')}.{form}"


def printable(text: str) -> str:
    """The text without what an office file cannot hold or what turns its direction round."""
    return UNPRINTABLE.sub("", clean(text))


def safe(cell: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula, and that fits."""
    if isinstance(cell, int):
        return cell
    kept = printable(cell)[: CELL_CHARACTERS - 1]
    return f"'{kept}" if FORMULA.match(kept) else kept


def csv_file(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with a mark that spreadsheets know it by."""
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(columns)
    written.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(
    name: str, columns: Sequence[str], rows: Iterable[Row], widths: Mapping[str, int], told: Mapping[str, Iterable[Row]]
) -> bytes:
    """A sheet that can be filtered, and behind it, by name, sheets that say what it is."""
    Workbook = library("openpyxl", "xlsx").Workbook  # noqa: N806
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = name
    sheet.append(list(columns))
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = widths.get(column, 14)
        sheet.cell(1, number).font = Font(bold=True)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for title, lines in told.items():
        more = book.create_sheet(title)
        more.column_dimensions["A"].width, more.column_dimensions["B"].width = 24, 110
        for line in lines:
            more.append([safe(cell) for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def library(name: str, form: str) -> Any:
    """The library that writes a format. Raises UsageError where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UsageError(
            f'The format {form} needs more libraries. Install them with: pip install "assistant[export]"'
        ) from None
