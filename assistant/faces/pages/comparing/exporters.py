"""A comparison in the formats that people work with: questions as rows, documents as columns, a quote in each cell."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

from assistant.answering.citations import as_markdown
from assistant.errors import UsageError
from assistant.faces.exporting.files import Row, csv_file, library, printable, safe, xlsx_file
from assistant.faces.exporting.formats import inactive
from assistant.faces.pages.comparing.comparisons import Comparison
from assistant.faces.texts import Texts

QUESTION_WIDTH, DOCUMENT_WIDTH = 36, 48  # characters


def to_docx(comparison: Comparison, words: Texts) -> bytes:
    """A heading for each question, below it each document with its quote and page."""
    document = library("docx", "docx").Document()
    document.add_heading(printable(words("compare.title")), 0)
    for row, question in enumerate(comparison.questions):
        document.add_heading(printable(question), 1)
        for column, (name, title) in enumerate(comparison.documents):
            quote, place = _said(comparison, words, row, column)
            document.add_heading(printable(title), 2)
            document.add_paragraph(printable(quote), style="Quote" if place else None)
            document.add_paragraph().add_run(printable(f"{name}, {place}" if place else name)).italic = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def to_xlsx(comparison: Comparison, words: Texts) -> bytes:
    """A sheet, and a second one that lists the documents."""
    columns = _columns(comparison, words)
    widths = {columns[0]: QUESTION_WIDTH} | dict.fromkeys(columns[1:], DOCUMENT_WIDTH)
    documents = {words("choices.documents"): [list(each) for each in comparison.documents]}
    return xlsx_file(words("nav.compare"), columns, _rows(comparison, words), widths, documents)


def to_csv(comparison: Comparison, words: Texts) -> bytes:
    """UTF-8 with a mark that spreadsheets know it by."""
    return csv_file(_columns(comparison, words), _rows(comparison, words))


def to_markdown(comparison: Comparison, words: Texts) -> bytes:
    """Headings for questions, a list item for each document."""
    lines = [f"# {as_markdown(words('compare.title'))}", ""]
    for row, question in enumerate(comparison.questions):
        lines += [f"## {as_markdown(question)}", ""]
        for column, (name, title) in enumerate(comparison.documents):
            quote, place = _said(comparison, words, row, column)
            source = f"{name}, {place}" if place else name
            lines.append(f"- **{as_markdown(title)}**: {as_markdown(quote)} *({as_markdown(source)})*")
        lines.append("")
    return inactive("\n".join(lines)).encode()


def to_json(comparison: Comparison, words: Texts) -> bytes:
    """An object: questions, documents and cells; a cell that is not filled is not there."""
    cells = []
    for (row, column), cell in list(comparison.cells.items()):
        quote = cell.quote
        cells.append(
            {
                "question": comparison.questions[row],
                "document": comparison.documents[column][0],
                "quote": quote.quote if quote else None,
                "context": quote.context if quote else "",
                "page": quote.page if quote else None,
                "page_label": quote.page_label if quote else "",
                "passage_id": quote.passage_id if quote else "",
                "further_quotes": cell.more,
                "reason": cell.reason,
            }
        )
    documents = [{"document": name, "title": title} for name, title in comparison.documents]
    made = {"questions": list(comparison.questions), "documents": documents, "cells": cells}
    return json.dumps(made, ensure_ascii=False).encode()


EXPORTERS: dict[str, Callable[[Comparison, Texts], bytes]] = {
    "xlsx": to_xlsx,
    "csv": to_csv,
    "docx": to_docx,
    "md": to_markdown,
    "json": to_json,
}


def export(comparison: Comparison, words: Texts, form: str) -> bytes:
    """The comparison as far as it is filled. Raises UsageError for a format that is not known or not installed."""
    if form not in EXPORTERS:
        raise UsageError(f"{form!r} is no format. Known: {', '.join(EXPORTERS)}.")
    return EXPORTERS[form](comparison, words)


def _columns(comparison: Comparison, words: Texts) -> list[str]:
    # The name of the file tells documents of one title apart.
    return [words("compare.question"), *(str(safe(f"{title} ({name})")) for name, title in comparison.documents)]


def _rows(comparison: Comparison, words: Texts) -> list[Row]:
    return [
        [question, *(_in_cell(*_said(comparison, words, row, column)) for column in range(len(comparison.documents)))]
        for row, question in enumerate(comparison.questions)
    ]


def _in_cell(quote: str, place: str) -> str:
    return f"{quote}\n({place})" if place else quote


def _said(comparison: Comparison, words: Texts, row: int, column: int) -> tuple[str, str]:
    """The quote of a cell and its page; in place of a quote why there is none, with '' for the page."""
    cell = comparison.cells.get((row, column))
    if cell is None:
        return words("compare.unfilled"), ""
    if cell.quote is None:
        return cell.reason if cell.failed else f"{words('compare.none')} {cell.reason}".strip(), ""
    quote = cell.quote
    printed = words("picture.printed", page=quote.page, label=quote.page_label)
    page = printed if quote.page_label not in ("", str(quote.page)) else str(quote.page)
    context = f"{quote.context}\n" if quote.context else ""
    return f"{context}{quote.quote}", words("picture.open", page=page)
