"""What the command line shows to people: answers, passages and tables as text, and how far the work is."""

from __future__ import annotations

import logging
import re
import shutil
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import logs
from assistant.faces.command_line.keeping_texts import pace_text
from assistant.faces.rendering import clean, understood_otherwise
from assistant.records import Answer, Citation, Hit

if TYPE_CHECKING:
    from assistant.faces.seams import Found
    from assistant.reports import BuildReport, Progress

_log = logging.getLogger(__name__)

# Longer lines than this are hard to read however wide the window is.
WIDTH = 100
NEAREST = 3
NOT_SAID = "the document does not say"
# What a quotation, an item of a list or a source begins with.
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")  # a sign that Markdown would read as more than a sign
REMARK = re.compile(r"^\*(?!\*)(.+)\*$", re.MULTILINE)  # a line in italics
MARKER = re.compile(r"> |[-*] |\d+\. |\[\d+\] ")


def answer_text(answer: Answer, strength: Callable[[str], str] | None = None) -> str:
    """The answer, then its numbered sources; for a refusal the nearest passages.

    Where strength is given, which tells it of a document, a line for each document cited says how strong it is.
    """
    text = ESCAPE.sub(r"\1", REMARK.sub(r"\1", answer.answer))
    parts = [_wrapped(text)]
    if otherwise := understood_otherwise(answer):
        parts.insert(0, _wrapped(f"Understood as: {otherwise}"))
    parts += [_source_text(citation, text) for citation in answer.citations]
    if strength:
        titles = {citation.document: citation.title for citation in answer.citations}
        lines = [f"{title}: {strength(name) or NOT_SAID}" for name, title in titles.items()]
        parts += [f"Strength of the evidence\n{_wrapped(chr(10).join(lines), '    ')}"] if lines else []
    if answer.refused:
        parts += [_hit_text(place, hit) for place, hit in enumerate(answer.passages[:NEAREST], start=1)]
    return "\n\n".join(parts)


def search_text(found: Found) -> str:
    """The passages, best first."""
    hits = [_hit_text(place, hit) for place, hit in enumerate(found.passages, start=1)]
    return "\n\n".join(hits) or "Nothing found."


def documents_text(rows: Sequence[Any]) -> str:
    """The library as a table: one line per file, and what went wrong with it."""
    if not rows:
        return "The library is empty. Put PDFs into the corpus folder, then: assistant index"
    head = ("document", "pages", "passages", "findings", "OCR pages", "language", "remarks")
    lines = [
        (row.document, row.pages, row.passages, row.findings, row.ocr_pages, row.language, _remarks(row))
        for row in rows
    ]
    return _table([head, *lines])


def report_text(report: BuildReport, corpus: Path) -> str:
    """What an indexing run did, with every file that was refused and every page to know about."""
    if not report.documents and not report.failed:
        return f"There is no PDF in {corpus}. Put some in, then: assistant index"
    lines = [
        f"{report.documents} documents, {report.pages:,} pages, {report.passages:,} passages, "
        f"{report.sentences:,} sentences, {report.findings:,} findings",
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{report.unchanged} unchanged; {report.seconds['total']:.1f} s",
    ]
    lines += report.notes
    lines += [f"Renamed: {row['from']} is now {row['to']}" for row in report.renamed]
    lines += [f"Refused: {row['document']} ({row['reason']}): {row['detail']}" for row in report.failed]
    lines += [f"Note: {row['document']}{_page_of(row['page'])}: {row['reason']}" for row in report.warnings]
    return clean("\n".join(lines))


def figures_text(figures: Mapping[str, Any], indent: str = "") -> str:
    """Figures by name, those of a group set in below it."""
    width = max(map(len, figures), default=0)
    return "\n".join(
        f"{indent}{name}\n{figures_text(value, indent + '  ')}"
        if isinstance(value, dict)
        else f"{indent}{name:{width}}  {'-' if value is None else value}"
        for name, value in figures.items()
    )


@contextmanager
def working(message: str) -> Iterator[Callable[[str], None]]:
    """Show that work goes on, on a terminal; yields what changes the message.

    Whatever a library prints meanwhile goes to standard error: standard output is for results alone.
    """
    with redirect_stdout(sys.stderr):
        if not sys.stderr.isatty():
            yield lambda message: None
            return
        from rich.console import Console

        with Console(stderr=True).status(message) as status:
            yield status.update


@contextmanager
def indexing() -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, else a line per document, on standard error; after Ctrl+C it stops at the next document."""
    with redirect_stdout(sys.stderr), _noticing_ctrl_c() as pressed, _shown() as show:

        def go_on(progress: Progress) -> None:
            if pressed.is_set():
                raise KeyboardInterrupt
            show(progress)

        yield go_on


@contextmanager
def _noticing_ctrl_c() -> Iterator[threading.Event]:
    """Remember Ctrl+C: a library that is being imported may swallow it, as OpenVINO does, and the work would go on."""
    pressed = threading.Event()

    def press(number: int, frame: object) -> None:
        pressed.set()
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # a shell has it ignored for commands in the background
        yield pressed
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    if logs.as_json() or not sys.stderr.isatty():
        yield _told
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars
    from rich.table import Column

    one_line = Column(no_wrap=True, overflow="ellipsis", max_width=WIDTH // 2)
    said = TextColumn("{task.description}", markup=False, table_column=one_line)
    pace = TextColumn("{task.fields[pace]}", markup=False)
    with logs.hushed(), Bars(said, BarColumn(), MofNCompleteColumn(), pace, console=Console(stderr=True)) as bars:
        yield _bars(bars)


def _bars(bars: Any) -> Callable[[Progress], None]:
    task = bars.add_task("", total=None, pace="")

    def show(progress: Progress) -> None:
        if progress.stage == "note":
            bars.console.print(clean(progress.document), markup=False)
            return
        said = clean(f"{progress.stage} {progress.document}".strip())
        bars.update(task, description=said, completed=progress.done, total=progress.total, pace=pace_text(progress))

    return show


def _told(progress: Progress) -> None:
    if progress.stage == "note":
        logs.event(_log, "note", progress.document)
        return
    parts = [f"{progress.done}/{progress.total} {progress.stage} {progress.document}".strip(), pace_text(progress)]
    logs.event(_log, "progress", ", ".join(filter(None, parts)), **asdict(progress))


def _source_text(citation: Citation, answer: str) -> str:
    label = f" (printed {citation.page_label})" if citation.page_label not in ("", str(citation.page)) else ""
    end = f"-{citation.page_end}" if citation.page_end > citation.page else ""
    head = f"[{citation.number}] {citation.title}, page {citation.page}{end}{label}, {citation.document}"
    # A quote that the answer shows word for word need not be read twice.
    quote = "" if citation.quote in answer else f"“{citation.quote}”"
    return "\n".join(filter(None, [_wrapped(head), _wrapped(citation.context, "    "), _wrapped(quote, "    ")]))


def _hit_text(place: int, hit: Hit) -> str:
    passage = hit.passage
    head = f"{place}. {hit.title}, page {passage.page}, {passage.document} ({passage.kind}, {hit.score:.2f})"
    return f"{_wrapped(head)}\n{_wrapped(passage.text, '   ')}"


def _remarks(row: Any) -> str:
    refused = f"refused ({row.refused}): {row.detail}" if row.refused else ""
    return "; ".join(filter(None, [refused, *row.warnings]))


def _page_of(page: int) -> str:
    return f", page {page}" if page else ""


def _table(rows: Iterable[Sequence[object]]) -> str:
    cells = [[clean(str(value)).replace("\n", " ") for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _wrapped(text: str, indent: str = "") -> str:
    """The text without control characters, long lines broken below their marker; Markdown tables stay as they are."""
    width = min(WIDTH, shutil.get_terminal_size().columns)
    return "\n".join(
        indent + line if line.startswith("|") else _broken(line, indent, width) for line in clean(text).splitlines()
    )


def _broken(line: str, indent: str, width: int) -> str:
    marker = MARKER.match(line)
    hanging = "" if not marker else "> " if marker[0] == "> " else " " * len(marker[0])
    return textwrap.fill(
        line,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
