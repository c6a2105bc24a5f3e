"""The formats in which answers, conversations and chosen passages leave: a row of FORMATS each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from assistant.answering.citations import as_markdown
from assistant.errors import UsageError
from assistant.faces.exporting.bibliography import to_bibtex, to_ris
from assistant.faces.exporting.dossiers import Dossier, Part
from assistant.faces.exporting.files import Row, csv_file, xlsx_file
from assistant.faces.exporting.footnotes import footnote
from assistant.faces.exporting.word import to_docx
from assistant.faces.rendering import clean

COLUMNS = (
    "question",
    "asked_at",
    "generation",
    "number",
    "quote",
    "context",
    "kind",
    "document",
    "title",
    "organisations",
    "date",
    "type",
    "page",
    "page_end",
    "page_label",
    "section",
    "link",
    "passage_id",
    "statement",
    "version",
)
WIDTHS = {"question": 40, "quote": 80, "context": 30, "document": 32, "title": 40, "section": 40, "statement": 60}
# What is escaped, a citation that is no link, and what would open a link, HTML or code; also what becomes a link
# without any sign where Markdown is read as on GitHub: http://, www. and addresses of mail.
ACTIVE = re.compile(r"(?P<kept>\\.|\[\d+\](?![(\[:]))|[<\[\]`]|:(?=//)|(?<=www)\.|@", re.S | re.I)


def to_markdown(dossier: Dossier) -> bytes:
    """Each answer as it was given, the list of its sources, and how it was made."""
    lines = [f"# {_line(dossier.title)}", ""]
    for part in dossier.parts:
        lines += _markdown_part(part, dossier)
    return inactive("\n".join(lines)).encode()


def to_csv(dossier: Dossier) -> bytes:
    """A row for each citation; an answer that cites nothing has a row without one."""
    return csv_file(COLUMNS, (row for part in dossier.parts for row in _rows(part)))


def to_xlsx(dossier: Dossier) -> bytes:
    """A sheet with a row for each citation, and one with the answers and how they were made."""
    rows = [row for part in dossier.parts for row in _rows(part)]
    words = dossier.words
    told: list[Row] = []
    for part in dossier.parts:
        statement = part.statement
        when = words("export.when", asked=statement.asked, generation=statement.generation)
        made = f"{statement.made} {words('export.version', version=statement.version)}"
        told += [[words("export.question"), statement.question], ["", when]]
        told += [[words("export.answer"), part.text]] if part.text else []
        told += [[words("export.made"), made], []]
    return xlsx_file("Sources", COLUMNS, rows, WIDTHS, {"Statement": told})


def to_json(dossier: Dossier) -> bytes:
    """The contract's answer, or the chosen passages, with the statement; of a conversation all of them."""
    parts = [_json(part) for part in dossier.parts]
    made = parts[0] if len(parts) == 1 else {"title": dossier.title, "answers": parts}
    return json.dumps(made, ensure_ascii=False, indent=1).encode("utf-8", "replace")


FORMATS: dict[str, Callable[[Dossier], bytes]] = {
    "docx": to_docx,
    "xlsx": to_xlsx,
    "md": to_markdown,
    "csv": to_csv,
    "json": to_json,
    "bib": to_bibtex,
    "ris": to_ris,
}


NEED_SOURCES = ("bib", "ris")
"""Lists of sources: nothing to offer where nothing is cited."""


def export(dossier: Dossier, form: str) -> bytes:
    """A dossier as the bytes of a file.

    Raises UsageError for a format that is not known or not installed, and for sources of an answer that cites none.
    """
    if form not in FORMATS:
        raise UsageError(f"{form!r} is no format. Known: {', '.join(FORMATS)}.")
    return FORMATS[form](dossier)


def _markdown_part(part: Part, dossier: Dossier) -> list[str]:
    words, statement = dossier.words, part.statement
    lines = []
    if statement.question != dossier.title and statement.question:
        lines += [f"## {_line(statement.question)}", ""]
    lines += [f"*{words('export.when', asked=statement.asked, generation=statement.generation)}*", ""]
    if part.text:
        lines += [part.text, ""]
    for name, excerpts in part.listed:
        lines += [f"### {words(name)}", ""]
        for each in excerpts:
            lines += [f"**[{each.number}]** {_line(footnote(each, each))}", "", f"> {_line(each.quote)}", ""]
    made = f"{_line(statement.made)} {words('export.version', version=statement.version)}"
    return [*lines, f"### {words('export.made')}", "", made, ""]


def inactive(markdown: str) -> str:
    """Markdown in which nothing is a link, a picture, HTML or code or turns its direction, whoever opens it."""
    return ACTIVE.sub(lambda found: found["kept"] or f"\\{found.group()}", clean(markdown))


def _line(text: str) -> str:
    return as_markdown(clean(text))


def _rows(part: Part) -> list[Row]:
    statement = part.statement
    told = {**asdict(statement), "statement": statement.made}
    excerpts: list[dict[str, Any]] = [asdict(excerpt) for excerpt in part.excerpts] or [{}]
    rows = ({**told, **each, "organisations": "; ".join(each.get("organisations", ()))} for each in excerpts)
    return [[row.get(name, "") for name in COLUMNS] for row in rows]


def _json(part: Part) -> dict[str, Any]:
    content = dict(part.contract) or {"excerpts": [asdict(excerpt) for excerpt in part.excerpts]}
    return content | {"statement": asdict(part.statement)}
