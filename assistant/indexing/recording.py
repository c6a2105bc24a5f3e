"""A PDF becomes a finished record: read in a child process, understood, embedded; one file never waits for another."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from assistant import logs
from assistant.errors import DocumentRefused
from assistant.indexing.embedding import Embedder, heading
from assistant.indexing.record_store import Record, Vectors
from assistant.reading import sandbox
from assistant.reading.sandbox import READER_VERSION, Limits
from assistant.records import Document, Passage, Reading
from assistant.understanding import metadata
from assistant.understanding.countries import countries
from assistant.understanding.findings import findings_of
from assistant.understanding.lists import lists_of
from assistant.understanding.marking import marked
from assistant.understanding.passages import passages_of

_log = logging.getLogger(__name__)


def readings(
    files: Mapping[str, Path], limits: Limits, processes: int, passwords: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Reading | DocumentRefused, float]]:
    """Each file's name, what was read and the seconds it took: a few files at a time, in order."""

    def attempt(name: str, path: Path) -> tuple[Reading | DocumentRefused, float]:
        clock = time.perf_counter()
        try:
            reading: Reading | DocumentRefused = sandbox.read(path, limits, sandbox.password_of(name, passwords or {}))
        except DocumentRefused as refusal:
            reading = refusal
        except OSError as error:
            reading = DocumentRefused("unreadable", f"The file cannot be read ({error.strerror or error}).")
        return reading, time.perf_counter() - clock

    waiting = iter(files.items())
    with ThreadPoolExecutor(max(1, processes)) as pool:
        running = [(name, pool.submit(attempt, name, path)) for name, path in islice(waiting, processes + 1)]
        while running:
            name, future = running.pop(0)
            reading, seconds = future.result()
            following = next(waiting, None)
            if following:
                running.append((following[0], pool.submit(attempt, *following)))
            _tell(name, reading, seconds)
            yield name, reading, seconds


def _tell(name: str, reading: Reading | DocumentRefused, seconds: float) -> None:
    took = round(seconds, 3)
    if isinstance(reading, DocumentRefused):
        said = f"{name} was refused ({reading.reason})"
        logs.event(_log, "document_refused", said, logging.WARNING, document=name, reason=reading.reason, seconds=took)
    else:
        pages = len(reading.pages)
        logs.event(
            _log, "document_read", f"{name}: {pages} pages in {took} s", document=name, pages=pages, seconds=took
        )


def record(reading: Reading, sha256: str, size: int, embedder: Embedder) -> Record:
    """Everything known of one document, its vectors among it; nothing in it depends on the file's name."""
    title = metadata.title(reading)
    passages = passages_of(reading)
    with ThreadPoolExecutor(1) as pool:  # the model leaves the interpreter free for the findings
        embedding = pool.submit(
            embedder.embed_passages,
            [passage.text for passage in passages],
            [heading(title, passage.section, passage.context) for passage in passages],
            [[(sentence.start, sentence.end) for sentence in passage.sentences] for passage in passages],
        )
        found = findings_of(reading, title)
        lists = tuple(lists_of(reading))
        known = _document(reading, title, passages)
    return Record(
        document=known,
        sha256=sha256,
        size=size,
        reader=READER_VERSION,
        fingerprint=embedder.fingerprint,
        pages=reading.pages,
        passages=tuple(marked(passages, found.findings)),
        warnings=(*reading.warnings, *found.warnings),
        vectors=Vectors.of(embedding.result()),
        findings=found.findings,
        lists=lists,
    )


def _document(reading: Reading, title: str, passages: Sequence[Passage]) -> Document:
    return Document(
        name="",
        key="",
        title=title,
        pages=len(reading.pages),
        passages=len(passages),
        sentences=sum(len(passage.sentences) for passage in passages),
        labels=tuple(page.label for page in reading.pages),
        language=metadata.language(reading),
        year=metadata.year(reading, title),
        ocr_pages=sum(page.ocr for page in reading.pages),
        type=metadata.type_of(reading, title),
        date=metadata.date(reading),
        organisations=metadata.organisations(reading),
        projects=metadata.projects(reading),
        countries=countries(title, [page.text for page in reading.pages]),
    )
