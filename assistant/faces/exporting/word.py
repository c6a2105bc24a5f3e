"""Answers as a Word document: their Markdown in its own headings, lists, quotes and tables, the sources below."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assistant.faces.exporting.dossiers import Dossier, Part
from assistant.faces.exporting.files import library, printable
from assistant.faces.exporting.footnotes import footnote

INDENT_CENTIMETRES = 0.63
OFF = ("link", "image", "autolink", "backticks", "entity", "html_inline")
OFF_BLOCKS = ("code", "fence", "reference", "html_block", "lheading", "hr")
"""What the page does not read as Markdown, either: it stays the signs that it is written with."""
MARKS = {"strong": "bold", "em": "italic", "s": "strike"}


def to_docx(dossier: Dossier) -> bytes:
    """Each answer with its text, its sources and how it was made."""
    document = library("docx", "docx").Document()
    document.core_properties.title = printable(dossier.title)[:255]
    document.core_properties.author = ""
    document.add_heading(printable(dossier.title), 0)
    for part in dossier.parts:
        _write_part(document, part, dossier)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write_part(document: Any, part: Part, dossier: Dossier) -> None:
    words, statement = dossier.words, part.statement
    if statement.question != dossier.title and statement.question:
        document.add_heading(printable(statement.question), 1)
    when = words("export.when", asked=statement.asked, generation=statement.generation)
    document.add_paragraph().add_run(when).italic = True
    write_markdown(document, part.text)
    for name, excerpts in part.listed:
        document.add_heading(words(name), 2)
        for each in excerpts:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"[{each.number}] ").bold = True
            paragraph.add_run(printable(footnote(each, each)))
            document.add_paragraph(printable(each.quote), style="Quote")
    document.add_heading(words("export.made"), 2)
    document.add_paragraph(f"{printable(statement.made)} {words('export.version', version=statement.version)}")


def write_markdown(document: Any, text: str) -> None:
    """Add an answer's Markdown to a document."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = reader.disable([*OFF, *OFF_BLOCKS]).parse(printable(text))
    items: list[str] = []  # what stands before each item that is open; '' once it has been written
    quotes = 0
    heading = 0
    stream = iter(tokens)
    for token in stream:
        if token.type == "table_open":
            _write_table(document, stream)
        elif token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "list_item_open":
            items.append(f"{token.info}. " if token.info else "• ")
        elif token.type == "list_item_close":
            items.pop()
        elif token.type == "inline":
            paragraph = _paragraph(document, heading, quotes)
            if items:
                paragraph.paragraph_format.left_indent = _centimetres(INDENT_CENTIMETRES * len(items))
                paragraph.add_run(items[-1])
                items[-1] = ""
            _write_inline(paragraph, token.children or ())
            heading = 0


def _paragraph(document: Any, heading: int, quotes: int) -> Any:
    if heading:
        return document.add_heading("", min(heading + 1, 9))
    return document.add_paragraph(style="Quote" if quotes else None)


def _write_inline(paragraph: Any, tokens: Sequence[Any]) -> None:
    """Runs of words, each as bold, italic or struck as the marks around it say."""
    marks = dict.fromkeys(MARKS.values(), 0)
    for token in tokens:
        name = token.type.rpartition("_")[0]
        if name in MARKS:
            marks[MARKS[name]] += token.nesting
        elif token.type in ("softbreak", "hardbreak"):
            paragraph.add_run().add_break()
        elif token.content:
            run = paragraph.add_run(token.content)
            run.bold, run.italic, run.font.strike = (bool(marks[each]) or None for each in ("bold", "italic", "strike"))


def _write_table(document: Any, tokens: Iterator[Any]) -> None:
    rows = list(_rows(tokens))
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)), style="Table Grid")
    for cells, row in zip(rows, table.rows, strict=True):
        for inline, cell in zip(cells, row.cells, strict=False):
            _write_inline(cell.paragraphs[0], inline)
    document.add_paragraph()


def _rows(tokens: Iterator[Any]) -> Iterable[list[Sequence[Any]]]:
    """The cells of a table, row by row, up to its end."""
    row: list[Sequence[Any]] = []
    for token in tokens:
        if token.type == "table_close":
            return
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(token.children or ())
        elif token.type == "tr_close":
            yield row


def _centimetres(length: float) -> Any:
    from docx.shared import Cm

    return Cm(length)
