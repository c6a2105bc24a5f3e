"""Finished records: everything known of one PDF, in one folder that is never changed once it is there.

index/records/<key>/document.json       title, counts, warnings, versions, sizes and checksums of the other files
                        pages.json          label, size and raw text of each page
                    passages.json       text, section, kind and sentences of each passage
                    findings.json       the entries of the register
                    lists.json          what the document lists together
                    spans.npy           (words, 7) start, end, page, x0, top, x1, bottom of all passages' words
                    sentences.npy       (vectors, dimensions) and where they belong: sentence_*.npy
                    tokens.npy          (pieces, TOKEN_DIMENSIONS) int8; scales.npy, pieces.npy, offsets.npy, places.npy
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.indexing.arrays import TOKEN_DIMENSIONS, Bytes, Floats, Numbers, load
from assistant.indexing.embedding import Encoded
from assistant.indexing.files import put, settle, sizes_and_checksums, translated
from assistant.indexing.findings import from_json, list_from_json, list_to_json, to_json
from assistant.indexing.seen import Seen, damage
from assistant.records import Document, Finding, ItemList, Kind, Page, Passage, Sentence, Shape, Span

SCHEMA = 5


class RecordDamaged(Exception):
    """A record is not as it was written: the document has to be read again."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """All vectors of a document. tokens, scales and pieces of passage n are rows offsets[n] to offsets[n + 1]."""

    sentences: Floats
    """(vectors, dimensions) unit length."""
    sentence_passages: Numbers
    """(vectors,) the number of the passage each belongs to."""
    sentence_numbers: Numbers
    """(vectors,) which of that passage's sentences it stands for."""
    tokens: Bytes
    """(word pieces, TOKEN_DIMENSIONS)"""
    scales: Floats
    """(word pieces,)"""
    pieces: Numbers
    """(word pieces,)"""
    offsets: Numbers
    """(passages + 1,)"""
    places: Numbers
    """(word pieces,) the sentence of its passage that each is of, -1 for the heading's."""

    @classmethod
    def of(cls, encoded: Sequence[Encoded]) -> Vectors:
        """The vectors of a document's passages, in their order."""
        if not encoded:
            none = np.zeros(0, np.int32)
            tokens = np.zeros((0, TOKEN_DIMENSIONS), np.int8)
            no_floats = np.zeros(0, np.float32)
            no_sentences, offsets = np.zeros((0, 0), np.float32), np.zeros(1, np.int32)
            return cls(no_sentences, none, none, tokens, no_floats, none, offsets, none)
        counts = [len(passage.sentence_numbers) for passage in encoded]
        lengths = [len(passage.pieces) for passage in encoded]
        return cls(
            sentences=np.concatenate([passage.sentences for passage in encoded]),
            sentence_passages=np.repeat(np.arange(len(encoded), dtype=np.int32), counts),
            sentence_numbers=np.concatenate([passage.sentence_numbers for passage in encoded]),
            tokens=np.concatenate([passage.tokens for passage in encoded]),
            scales=np.concatenate([passage.scales for passage in encoded]),
            pieces=np.concatenate([passage.pieces for passage in encoded]),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
            places=np.concatenate([passage.places for passage in encoded]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What late interaction needs of a document's vectors, named as in Vectors; one open file for each document."""

    tokens: Bytes
    scales: Floats
    pieces: Numbers
    offsets: Numbers
    places: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A finished document. Nothing in it depends on the file's name, so a renamed file costs nothing.

    document.name, document.key and passage.document are therefore '', and passage.id is the passage's number from 0.
    """

    document: Document
    sha256: str
    size: int
    reader: str
    fingerprint: str
    pages: tuple[Page, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[tuple[int, str], ...]
    vectors: Vectors
    findings: tuple[Finding, ...] = ()
    """Their ids are their numbers from 0."""
    lists: tuple[ItemList, ...] = ()


def document_of(saved: Mapping[str, Any]) -> Document:
    """A document as it was saved as JSON, its lists tuples again."""
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in saved.items()}
    return Document(**values)


def record_key(sha256: str, reader: str, fingerprint: str) -> str:
    """The name of the record of a PDF with that hash, read by that reader's version and embedded by that model."""
    return hashlib.sha256(f"{sha256} {reader} {fingerprint} {SCHEMA}".encode()).hexdigest()[:32]


class RecordStore:
    """The records in one folder (index/records). One process writes at a time; any number read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self) -> list[str]:
        """The records that are there, finished ones only."""
        return sorted(path.parent.name for path in self.folder.glob("*/document.json") if path.parent.suffix == "")

    def there(self) -> set[str]:
        """The keys of all records that have a folder, whole or not; quicker than looking for each."""
        try:
            return set(os.listdir(self.folder))
        except FileNotFoundError:
            return set()

    def has(self, key: str) -> bool:
        """The record is there and every file has the size it was written with."""
        return self.flaw(key) == ""

    def flaw(self, key: str, seen: Seen | None = None) -> str:
        """Why a record cannot be used, in words; '' where it can.

        Looks at the sizes of its files, and at the checksums of those that do not look untouched where seen is given.
        """
        try:
            files = json.loads((self.folder / key / "document.json").read_text("utf-8"))["files"]
        except (OSError, ValueError, KeyError):
            return "it is missing or incomplete"
        return damage(self.folder / key, files, seen)

    def write(self, key: str, record: Record) -> None:
        """Put a record into its folder in one step. Raises IndexUnwritable."""
        with translated(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            made = self.folder / f"{key}.new"
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            try:
                _write(made, record)
                self.discard(key)
                put(made, self.folder / key)
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise

    def read(self, key: str) -> Record:
        """A whole record, its vectors memory-mapped. Raises RecordDamaged when a checksum does not agree."""
        folder = self.folder / key
        try:
            saved = json.loads((folder / "document.json").read_text("utf-8"))
            if flaw := damage(folder, saved["files"], Seen()):
                raise RecordDamaged(key, flaw)
            return Record(
                document=document_of(saved["document"]),
                pages=tuple(Page(**page) for page in json.loads((folder / "pages.json").read_text("utf-8"))),
                passages=_read_passages(folder),
                warnings=tuple((page, reason) for page, reason in saved["warnings"]),
                vectors=self.vectors(key),
                findings=tuple(map(from_json, _lines(folder / "findings.json"))),
                lists=tuple(map(list_from_json, _lines(folder / "lists.json"))),
                **{name: saved[name] for name in ("sha256", "size", "reader", "fingerprint")},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RecordDamaged(key, str(error)) from error

    def known(self, key: str) -> tuple[Document, tuple[tuple[int, str], ...]]:
        """A record's document, without name and key, and its warnings (page, reason). Raises RecordDamaged."""
        try:
            saved = json.loads((self.folder / key / "document.json").read_text("utf-8"))
            return document_of(saved["document"]), tuple((page, reason) for page, reason in saved["warnings"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RecordDamaged(key, str(error)) from error

    def sha256(self, key: str) -> str:
        """Of the bytes of the PDF that a record was made from. Raises OSError, ValueError or KeyError."""
        return str(json.loads((self.folder / key / "document.json").read_text("utf-8"))["sha256"])

    def vectors(self, key: str) -> Vectors:
        """The vectors of a record, memory-mapped. Raises OSError or ValueError where they are not there."""
        return Vectors(
            **{each.name: load(self.folder / key / f"{each.name}.npy", mapped=True) for each in fields(Vectors)}
        )

    def pieces(self, key: str) -> Pieces:
        """The word pieces of a record, their vectors memory-mapped. Raises OSError or ValueError like vectors."""
        folder = self.folder / key
        small = {name: load(folder / f"{name}.npy") for name in ("scales", "pieces", "offsets", "places")}
        return Pieces(tokens=load(folder / "tokens.npy", mapped=True), **small)

    def discard(self, key: str) -> None:
        """Take a record away, if it is there."""
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Take away all other records, and what an interrupted run left behind."""
        kept = set(keys)
        for path in self.folder.glob("*"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)


def _write(folder: Path, record: Record) -> None:
    for each in fields(Vectors):
        np.save(folder / f"{each.name}.npy", getattr(record.vectors, each.name))
    np.save(folder / "spans.npy", spans_array(span for passage in record.passages for span in passage.spans))
    passages = [_plain(passage) for passage in record.passages]
    (folder / "passages.json").write_text(json.dumps(passages, ensure_ascii=False), "utf-8")
    findings = "".join(to_json(finding) + "\n" for finding in record.findings)
    (folder / "findings.json").write_text(findings, "utf-8")
    lists = "".join(list_to_json(each) + "\n" for each in record.lists)
    (folder / "lists.json").write_text(lists, "utf-8")
    pages = [asdict(page) for page in record.pages]
    (folder / "pages.json").write_text(json.dumps(pages, ensure_ascii=False), "utf-8")
    document = {
        "schema": SCHEMA,
        "document": asdict(replace(record.document, name="", key="")),
        "warnings": record.warnings,
        **{name: getattr(record, name) for name in ("sha256", "size", "reader", "fingerprint")},
        "files": sizes_and_checksums(folder),
    }
    (folder / "document.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    settle(folder)


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").split("\n") if line]


def _plain(passage: Passage) -> dict[str, Any]:
    simple = ("page", "page_end", "text", "section", "context", "kind", "shape", "ocr")
    return {
        **{name: getattr(passage, name) for name in simple},
        "sentences": [(sentence.start, sentence.end, sentence.proven) for sentence in passage.sentences],
        "spans": len(passage.spans),
    }


def _read_passages(folder: Path) -> tuple[Passage, ...]:
    spans = spans_from(load(folder / "spans.npy"))
    passages: list[Passage] = []
    begin = 0
    for number, saved in enumerate(json.loads((folder / "passages.json").read_text("utf-8"))):
        end = begin + saved.pop("spans")
        saved["kind"], saved["shape"] = Kind(saved["kind"]), Shape(saved["shape"])
        saved["sentences"] = tuple(Sentence(*sentence) for sentence in saved["sentences"])
        passages.append(Passage(id=str(number), document="", spans=spans[begin:end], **saved))
        begin = end
    return tuple(passages)


def spans_array(spans: Iterable[Span]) -> Floats:
    """(spans, 7) start, end, page, x0, top, x1, bottom; numbers up to 16 million are exact."""
    rows = [(s.start, s.end, s.page, s.x0, s.top, s.x1, s.bottom) for s in spans]
    return np.array(rows, dtype=np.float32).reshape(-1, 7)


def spans_from(array: Floats) -> tuple[Span, ...]:
    """The spans that spans_array was given, with their points rounded to float32."""
    return tuple(Span(int(s), int(e), int(p), *box) for s, e, p, *box in array.tolist())
