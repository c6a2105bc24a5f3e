"""A segment: the sentence vectors, words and rows of many records, written once and then only read.

index/segments/<id>/vectors.faiss   a vector per sentence
                    words/          tantivy
                    rows.sqlite     passages, pages, findings, lists, the vocabulary and what acronyms stand for
                    arrays.npz      which passage and sentence a vector belongs to, and the passages' documents
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.indexing.arrays import Floats, Numbers, load
from assistant.indexing.embedding import heading
from assistant.indexing.findings import list_to_json, to_json
from assistant.indexing.lexical import Wording, Words
from assistant.indexing.record_store import Record, Vectors, spans_array, spans_from
from assistant.indexing.vectors import SentenceVectors
from assistant.indexing.vocabulary import counted
from assistant.records import Correction, Document, Finding, Kind, Page, PageWarning, Passage, Sentence, Shape
from assistant.understanding.corrections import corrected
from assistant.understanding.families import Member, related
from assistant.understanding.glossary import definitions_of

TABLES = """
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT, document INTEGER, page INTEGER, page_end INTEGER, text TEXT, section TEXT,
    context TEXT, kind TEXT, shape TEXT, ocr INTEGER, sentences BLOB, spans BLOB
);
CREATE INDEX passages_by_id ON passages (id);
CREATE TABLE pages (
    document INTEGER, number INTEGER, label TEXT, width REAL, height REAL, text TEXT, ocr INTEGER,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE findings (row INTEGER PRIMARY KEY, document INTEGER, kind TEXT, entry TEXT);
CREATE INDEX findings_by_document ON findings (document);
CREATE TABLE lists (row INTEGER PRIMARY KEY, document INTEGER, entry TEXT);
CREATE INDEX lists_by_document ON lists (document);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE TABLE definitions (
    acronym TEXT, expansion TEXT, document TEXT, page INTEGER, passage TEXT, first INTEGER, last INTEGER
);
"""
OPENING_PAGES = 2  # on which a document names the evaluation it belongs to
COLUMNS = "row, id, document, page, page_end, text, section, context, kind, shape, ocr, sentences, spans"


@dataclass(frozen=True, slots=True)
class Contents:
    """What was written into a segment."""

    documents: tuple[Document, ...]
    warnings: tuple[PageWarning, ...]
    passages: int
    sentences: int
    findings: int


def write_segment(
    folder: Path, records: Iterable[tuple[Document, Record]], corrections: Sequence[Correction] = ()
) -> Contents:
    """Write a segment into an empty folder; only one record's passages are in memory at a time, but all findings.

    Passages get their rows in the order of the records, those of a record in their own order.
    """
    documents: list[Document] = []
    warnings: list[PageWarning] = []
    vectors: list[Vectors] = []
    members: list[Member] = []
    first = 0
    with closing(sqlite3.connect(folder / "rows.sqlite")) as rows:
        rows.executescript(TABLES)
        for number, (document, record) in enumerate(records):
            _write_rows(rows, number, first, document, record)
            first += len(record.passages)
            documents.append(document)
            warnings += [PageWarning(document.name, page, reason) for page, reason in record.warnings]
            vectors.append(record.vectors)
            members.append(_member(document, record))
        findings, unused = _related(members, corrections)
        _write_findings(rows, findings, documents)
        _write_vocabulary(rows, documents)
        warnings += [
            PageWarning(each.document, 0, f"the correction of “{each.first_words}” fits no finding") for each in unused
        ]
        rows.commit()
        (folder / "words").mkdir()
        Words.build(folder / "words", _wordings(rows, documents))
    sentences = [each.sentences for each in vectors if len(each.sentences)]
    SentenceVectors.of(np.concatenate(sentences) if sentences else np.zeros((0, 0), np.float32)).save(
        folder / "vectors.faiss"
    )
    arrays: dict[str, Any] = _arrays(vectors)
    np.savez(folder / "arrays.npz", **arrays)
    return Contents(tuple(documents), tuple(warnings), first, sum(map(len, sentences)), len(findings))


def holds(folder: Path, contents: Contents) -> bool:
    """The segment, read back, has in each of its parts what was written."""
    with closing(sqlite3.connect(folder / "rows.sqlite")) as rows:
        [(passages,)] = rows.execute("SELECT count(*) FROM passages")
        [(findings,)] = rows.execute("SELECT count(*) FROM findings")
    placed = len(load(folder / "arrays.npz")["sentence_passages"])
    words, vectors = len(Words.open(folder / "words")), len(SentenceVectors.load(folder / "vectors.faiss"))
    written = (contents.passages, contents.passages, contents.sentences, contents.sentences, contents.findings)
    return (passages, words, vectors, placed, findings) == written


def passage_of(row: Sequence[Any], documents: Sequence[Document]) -> Passage:
    """The passage in a row of the table, its columns in the order of COLUMNS."""
    _, id_, document, page, page_end, text, section, context, kind, shape, ocr, sentences, spans = row
    triples = np.frombuffer(sentences, np.int32).reshape(-1, 3).tolist()
    return Passage(
        id=id_,
        document=documents[document].name,
        page=page,
        page_end=page_end,
        text=text,
        section=section,
        context=context,
        kind=Kind(kind),
        shape=Shape(shape),
        ocr=bool(ocr),
        sentences=tuple(Sentence(start, end, bool(proven)) for start, end, proven in triples),
        spans=spans_from(np.frombuffer(spans, np.float32).reshape(-1, 7)),
    )


def page_of(rows: sqlite3.Connection, document: int, number: int) -> Page | None:
    """A page of the document at that position, with its raw text."""
    query = "SELECT number, label, width, height, text, ocr FROM pages WHERE document = ? AND number = ?"
    found = rows.execute(query, (document, number)).fetchone()
    if found is None:
        return None
    number, label, width, height, text, ocr = found
    return Page(number, label, width, height, text, bool(ocr))


def inverse_frequency(frequencies: Numbers, passages: int) -> Floats:
    """log(1 + (N - df + 0.5) / (df + 0.5)) of things found in df of N passages (the IDF of BM25 as Lucene has it)."""
    weights: Floats = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    return weights


def _member(document: Document, record: Record) -> Member:
    findings = tuple(
        replace(each, id=f"{document.key[:12]}-f{number}", document=document.name)
        for number, each in enumerate(record.findings)
    )
    opening = " ".join(page.text for page in record.pages[:OPENING_PAGES])
    return Member(document.name, document.title, document.pages, document.year, opening, findings)


def _related(members: Sequence[Member], corrections: Sequence[Correction]) -> tuple[list[Finding], list[Correction]]:
    """The findings of all documents as staff want them, families and repetitions told; and corrections left over."""
    kept, unused = corrected((each for member in members for each in member.findings), corrections)
    by_document: dict[str, list[Finding]] = {}
    for each in kept:
        by_document.setdefault(each.document, []).append(each)
    return related([replace(m, findings=tuple(by_document.get(m.name, ()))) for m in members]), unused


def _write_findings(rows: sqlite3.Connection, findings: Sequence[Finding], documents: Sequence[Document]) -> None:
    numbers = {document.name: number for number, document in enumerate(documents)}
    entries = ((row, numbers[each.document], str(each.kind), to_json(each)) for row, each in enumerate(findings))
    rows.executemany("INSERT INTO findings VALUES (?, ?, ?, ?)", entries)


def _write_vocabulary(rows: sqlite3.Connection, documents: Sequence[Document]) -> None:
    printed = rows.execute("SELECT text, section, context FROM passages")
    counts = counted([each.title for each in documents])
    counts.update(counted(text for texts in printed for text in texts))
    rows.executemany("INSERT INTO vocabulary VALUES (?, ?)", counts.items())


def _write_rows(rows: sqlite3.Connection, number: int, first: int, document: Document, record: Record) -> None:
    passages = (
        (
            first + n,
            f"{document.key[:12]}-{n}",
            number,
            *(p.page, p.page_end, p.text, p.section, p.context, str(p.kind), str(p.shape), p.ocr),
            np.array([(s.start, s.end, s.proven) for s in p.sentences], np.int32).tobytes(),
            spans_array(p.spans).tobytes(),
        )
        for n, p in enumerate(record.passages)
    )
    rows.executemany(f"INSERT INTO passages ({COLUMNS}) VALUES ({', '.join('?' * 13)})", passages)  # noqa: S608
    named = (replace(p, id=f"{document.key[:12]}-{n}", document=document.name) for n, p in enumerate(record.passages))
    definitions = (astuple(definition) for passage in named for definition in definitions_of(passage))
    rows.executemany("INSERT INTO definitions VALUES (?, ?, ?, ?, ?, ?, ?)", definitions)
    lists = ((number, list_to_json(replace(each, document=document.name))) for each in record.lists)
    rows.executemany("INSERT INTO lists (document, entry) VALUES (?, ?)", lists)
    pages = ((number, p.number, p.label, p.width, p.height, p.text, p.ocr) for p in record.pages)
    rows.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", pages)


def _wordings(rows: sqlite3.Connection, documents: Sequence[Document]) -> Iterator[Wording]:
    for row, document, text, section, context, kind in rows.execute(
        "SELECT row, document, text, section, context, kind FROM passages ORDER BY row"
    ):
        title, name = documents[document].title, documents[document].name
        yield Wording(row=row, text=text, heading=heading(title, section, context), document=name, kind=kind)


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
