"""A segment: the sentence vectors and rows of many records, written once and then only read.

index/segments/<id>/vectors.faiss   a vector per sentence
                    rows.sqlite     passages, pages, findings, lists, words of each document, what acronyms stand for
                    arrays.npz      which passage and sentence a vector belongs to, and where each document begins

Documents go by their record's key: a file that is renamed changes nothing here. A passage's row is its number in the
segment, from 0; the passages of a document stand together.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.indexing.arrays import Floats, Numbers
from assistant.indexing.findings import list_to_json, to_json
from assistant.indexing.record_store import Record, Vectors, spans_array
from assistant.indexing.vectors import SentenceVectors
from assistant.indexing.vocabulary import counted
from assistant.understanding.families import opening_words, runs
from assistant.understanding.glossary import definitions_of
from assistant.understanding.likeness import sketch

TABLES = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, key TEXT, title TEXT, pages INTEGER, year TEXT, opening TEXT, sketch BLOB, words BLOB
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document INTEGER, page INTEGER, page_end INTEGER, text TEXT, section TEXT,
    context TEXT, kind TEXT, shape TEXT, ocr INTEGER, sentences BLOB, spans BLOB
);
CREATE TABLE pages (
    document INTEGER, number INTEGER, label TEXT, width REAL, height REAL, text TEXT, ocr INTEGER,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE findings (row INTEGER PRIMARY KEY, document INTEGER, kind TEXT, entry TEXT);
CREATE INDEX findings_by_document ON findings (document);
CREATE TABLE lists (row INTEGER PRIMARY KEY, document INTEGER, entry TEXT);
CREATE TABLE runs (
    hash INTEGER, document INTEGER, finding INTEGER, PRIMARY KEY (hash, document, finding)
) WITHOUT ROWID;
CREATE INDEX runs_by_document ON runs (document);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE TABLE definitions (
    document INTEGER, passage INTEGER, acronym TEXT, expansion TEXT, page INTEGER, first INTEGER, last INTEGER
);
"""
OPENING_PAGES = 2  # on which a document names the evaluation it belongs to
UNPLACED = "row, document, page, page_end, text, section, context, kind, shape, ocr, sentences"
COLUMNS = f"{UNPLACED}, spans"


@dataclass(frozen=True, slots=True)
class Contents:
    """What was written into a segment."""

    keys: tuple[str, ...]
    passages: int
    sentences: int
    findings: int


def write_segment(folder: Path, records: Iterable[tuple[str, Record]]) -> Contents:
    """Write a segment of (key, record) into an empty folder; only one record's passages are in memory at a time."""
    keys: list[str] = []
    vectors: list[Vectors] = []
    words: Counter[str] = Counter()
    first = findings = 0
    with closing(sqlite3.connect(folder / "rows.sqlite")) as rows:
        rows.execute("PRAGMA journal_mode = OFF")  # a segment that is not finished is thrown away
        rows.execute("PRAGMA synchronous = OFF")  # the whole folder is settled before anything points to it
        rows.executescript(TABLES)
        for number, (key, record) in enumerate(records):
            words.update(_write_document(rows, number, key, record))
            _write_rows(rows, number, first, record)
            first += len(record.passages)
            findings += len(record.findings)
            keys.append(key)
            vectors.append(record.vectors)
        rows.executemany("INSERT INTO vocabulary VALUES (?, ?)", words.items())
        rows.commit()
    sentences = [each.sentences for each in vectors if len(each.sentences)]
    SentenceVectors.of(np.concatenate(sentences) if sentences else np.zeros((0, 0), np.float32)).save(
        folder / "vectors.faiss"
    )
    arrays: dict[str, Any] = _arrays(vectors)
    np.savez(folder / "arrays.npz", **arrays)
    return Contents(tuple(keys), first, sum(map(len, sentences)), findings)


def inverse_frequency(frequencies: Numbers, passages: int) -> Floats:
    """log(1 + (N - df + 0.5) / (df + 0.5)) of things found in df of N passages (the IDF of BM25 as Lucene has it)."""
    weights: Floats = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    return weights


def packed(words: Counter[str]) -> bytes:
    """Words with their counts in a few bytes."""
    return zlib.compress(json.dumps(words, ensure_ascii=False).encode(), 1)


def unpacked(data: bytes) -> Counter[str]:
    """What packed() was given."""
    return Counter(json.loads(zlib.decompress(data)))


def _write_document(rows: sqlite3.Connection, number: int, key: str, record: Record) -> Counter[str]:
    """What is known of the document as a whole; returns its words."""
    printed = [record.document.title, *(text for p in record.passages for text in (p.text, p.section, p.context))]
    words = counted(printed)
    opening = opening_words(" ".join(page.text for page in record.pages[:OPENING_PAGES]))
    sample = sketch(p.text for p in record.passages).tobytes()
    known = (number, key, record.document.title, record.document.pages, record.document.year, opening, sample)
    rows.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*known, packed(words)))
    return words


def _write_rows(rows: sqlite3.Connection, number: int, first: int, record: Record) -> None:
    passages = (
        (
            first + n,
            number,
            *(p.page, p.page_end, p.text, p.section, p.context, str(p.kind), str(p.shape), p.ocr),
            np.array([(s.start, s.end, s.proven) for s in p.sentences], np.int32).tobytes(),
            spans_array(p.spans).tobytes(),
        )
        for n, p in enumerate(record.passages)
    )
    rows.executemany(f"INSERT INTO passages ({COLUMNS}) VALUES ({', '.join('?' * 12)})", passages)  # noqa: S608
    definitions = (
        (number, n, each.acronym, each.expansion, each.page, each.start, each.end)
        for n, p in enumerate(record.passages)
        for each in definitions_of(p)
    )
    rows.executemany("INSERT INTO definitions VALUES (?, ?, ?, ?, ?, ?, ?)", definitions)
    found = ((number, str(each.kind), to_json(replace(each, id=str(n)))) for n, each in enumerate(record.findings))
    rows.executemany("INSERT INTO findings (document, kind, entry) VALUES (?, ?, ?)", found)
    copied = ((value, number, n) for n, each in enumerate(record.findings) for value in set(_signed(runs(each))))
    rows.executemany("INSERT INTO runs VALUES (?, ?, ?)", copied)
    lists = ((number, list_to_json(each)) for each in record.lists)
    rows.executemany("INSERT INTO lists (document, entry) VALUES (?, ?)", lists)
    pages = ((number, p.number, p.label, p.width, p.height, p.text, p.ocr) for p in record.pages)
    rows.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", pages)


def _signed(hashes: Any) -> list[int]:
    """SQLite's numbers have a sign."""
    found: list[int] = hashes.view(np.int64).tolist()
    return found


def _arrays(vectors: Sequence[Vectors]) -> dict[str, Numbers]:
    counts = [len(each.offsets) - 1 for each in vectors]
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    none = np.zeros(0, np.int32)
    shifted = [each.sentence_passages + first for each, first in zip(vectors, firsts, strict=False)]
    return {
        "sentence_passages": np.concatenate([none, *shifted]),
        "sentence_numbers": np.concatenate([none, *(each.sentence_numbers for each in vectors)]),
        "document_firsts": firsts,
        "piece_frequencies": _piece_frequencies(vectors),
    }


def _piece_frequencies(vectors: Sequence[Vectors]) -> Numbers:
    """In how many passages each word piece stands, by its id."""
    found = np.zeros(1, np.int32)
    for each in vectors:
        if len(each.pieces):
            passage = np.repeat(np.arange(len(each.offsets) - 1), np.diff(each.offsets))
            width = int(each.pieces.max()) + 1
            once = np.unique(passage * width + each.pieces) % width  # one number for a pair sorts four times as fast
            counts = np.bincount(once, minlength=len(found)).astype(np.int32)
            counts[: len(found)] += found
            found = counts
    return found
