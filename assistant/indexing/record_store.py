"""Finished records: everything known of one PDF, in one folder that is never changed once it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.indexing.embedding import Bytes, Encoded, Floats, Numbers
from assistant.records import Document, Page, Passage


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """All vectors of a document."""

    sentences: Floats  # (vectors, dimensions)
    sentence_passages: Numbers  # (vectors,) which passage
    sentence_numbers: Numbers  # (vectors,) which of its sentences
    tokens: Bytes  # (tokens, 64)
    scales: Floats  # (tokens,)
    pieces: Numbers  # (tokens,)
    offsets: Numbers  # (passages + 1,) where each passage's tokens begin

    @classmethod
    def of(cls, encoded: Sequence[Encoded]) -> Vectors: ...


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A finished document. Nothing in it depends on the file's name: document.name and passage.document are ''."""

    document: Document
    sha256: str
    size: int
    reader: str
    fingerprint: str
    pages: tuple[Page, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[tuple[int, str], ...]
    vectors: Vectors


def record_key(sha256: str, reader: str, fingerprint: str) -> str:
    """The name of the record for a PDF of that hash, read by that reader version and embedded by that model."""


class RecordStore:
    def __init__(self, folder: Path) -> None: ...  # index/records
    def has(self, key: str) -> bool: ...
    def write(self, key: str, record: Record) -> None: ...  # raises IndexUnwritable
    def read(self, key: str) -> Record: ...
    def keys(self) -> list[str]: ...
    def discard(self, key: str) -> None: ...
    def keep_only(self, keys: Iterable[str]) -> None: ...
