"""The library as questions see it: one generation, opened for reading by any number of threads."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import IndexUnusable, PageMissing
from assistant.indexing import generations
from assistant.indexing.arrays import Bytes, Floats, Numbers, load
from assistant.indexing.findings import from_json, list_from_json
from assistant.indexing.generations import Manifest
from assistant.indexing.lexical import Words
from assistant.indexing.record_store import RecordStore, Vectors
from assistant.indexing.segments import COLUMNS, inverse_frequency, page_of, passage_of
from assistant.indexing.vectors import Rows, SentenceVectors
from assistant.indexing.vocabulary import Vocabulary
from assistant.records import Document, Finding, ItemList, Kind, Page, Passage
from assistant.understanding.glossary import Definition, Glossary

OPEN_RECORDS = 256
"""Documents whose token vectors stay mapped; each takes seven file handles at most."""
FILTERS_KEPT = 16
"""Selections of findings that stay in memory."""
ASKED_AT_ONCE = 500
"""Rows in one SQL query: SQLite takes at least 999 values."""


class Library:
    """A generation. A row is the number of a passage in it, from 0; the passages of a document stand together."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        segment = folder / "segments" / manifest.segment
        self.folder = folder
        self.generation = manifest.generation
        self.documents = manifest.documents
        self.refused = manifest.refused
        self.warnings = manifest.warnings
        self.vectors = SentenceVectors.load(segment / "vectors.faiss")
        self.words = Words.open(segment / "words")
        arrays = load(segment / "arrays.npz")
        self.sentence_passages: Numbers = arrays["sentence_passages"]
        """(vectors,) the passage row of each sentence vector."""
        self.sentence_numbers: Numbers = arrays["sentence_numbers"]
        """(vectors,) which of that passage's sentences it stands for."""
        self._firsts: Numbers = arrays["document_firsts"]
        self._frequencies: Numbers = arrays["piece_frequencies"]
        self.passage_documents: Numbers = np.repeat(
            np.arange(len(self.documents), dtype=np.int32), np.diff(self._firsts)
        )
        """(passages,) the position in documents of each passage's document."""
        self._sql = sqlite3.connect(
            f"{segment.resolve().as_uri()}/rows.sqlite?mode=ro", uri=True, check_same_thread=False
        )
        self._sql_lock = threading.Lock()
        self._kinds = np.array([kind for (kind,) in self._rows("SELECT kind FROM passages ORDER BY row")], dtype=str)
        self._positions = {document.name: n for n, document in enumerate(self.documents)}
        self._lists = lru_cache(FILTERS_KEPT)(self._read_lists)
        self._findings = lru_cache(FILTERS_KEPT)(self._read_findings)
        self._record_vectors = lru_cache(OPEN_RECORDS)(RecordStore(folder / "records").vectors)

    @classmethod
    def open(cls, folder: Path, fingerprint: str) -> Library:
        """The live generation, checked. fingerprint is that of the model that questions will be embedded with.

        Raises IndexMissing, or IndexUnusable when another version or model made it or a file is missing or damaged.
        """
        manifest = generations.live_manifest(folder)
        if manifest.fingerprint != fingerprint:
            raise IndexUnusable(folder, "it was made with another embedding model")
        if flaw := generations.flaw(folder, manifest):
            raise IndexUnusable(folder, flaw)
        try:
            return cls(folder, manifest)
        except (OSError, RuntimeError, ValueError, KeyError, sqlite3.Error) as error:
            raise IndexUnusable(folder, f"generation {manifest.generation} cannot be read ({error})") from error

    def __len__(self) -> int:
        return len(self.passage_documents)

    def close(self) -> None:
        """Give the row file back; who still searches gets an error."""
        with self._sql_lock:
            self._sql.close()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every word of the passages, the headings above them and the titles."""
        return Vocabulary(dict(self._rows("SELECT word, count FROM vocabulary")))

    @cached_property
    def glossary(self) -> Glossary:
        """What acronyms stand for, as each document says."""
        return Glossary(Definition(*values) for values in self._rows("SELECT * FROM definitions ORDER BY rowid"))

    def passages(self, rows: Sequence[int] | Rows | Numbers) -> list[Passage]:
        """The passages in these rows, in this order."""
        wanted = [int(row) for row in rows]
        found: dict[int, Passage] = {}
        for at in range(0, len(wanted), ASKED_AT_ONCE):
            some = wanted[at : at + ASKED_AT_ONCE]
            query = f"SELECT {COLUMNS} FROM passages WHERE row IN ({', '.join('?' * len(some))})"  # noqa: S608
            found |= {values[0]: passage_of(values, self.documents) for values in self._rows(query, some)}
        return [found[row] for row in wanted]

    def texts(self, rows: Sequence[int] | Rows | Numbers) -> list[str]:
        """The texts of the passages in these rows, in this order; quicker than the passages with all their places."""
        wanted = [int(row) for row in rows]
        found: dict[int, str] = {}
        for at in range(0, len(wanted), ASKED_AT_ONCE):
            some = wanted[at : at + ASKED_AT_ONCE]
            query = f"SELECT row, text FROM passages WHERE row IN ({', '.join('?' * len(some))})"  # noqa: S608
            found |= dict(self._rows(query, some))
        return [found[row] for row in wanted]

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None. Ids stay the same until the document's content or its reader changes."""
        found = self._rows(f"SELECT {COLUMNS} FROM passages WHERE id = ? ORDER BY row", [passage_id])  # noqa: S608
        return passage_of(found[0], self.documents) if found else None

    def rows(self, documents: Collection[str] = (), kinds: Collection[str] = ()) -> Rows:
        """The rows of passages of these documents and these kinds, ascending; empty stands for all."""
        among = np.ones(len(self), dtype=bool)
        if documents:
            known = [self._positions[name] for name in documents if name in self._positions]
            among &= np.isin(self.passage_documents, known)
        if kinds:
            among &= np.isin(self._kinds, list(kinds))
        return np.flatnonzero(among).astype(np.int64)

    def vector_rows(self, passage_rows: Rows) -> Rows:
        """The rows of the sentence vectors of these passages, ascending: what vectors.search takes as allowed."""
        return np.flatnonzero(np.isin(self.sentence_passages, passage_rows)).astype(np.int64)

    def tokens(self, row: int) -> tuple[Bytes, Floats, Numbers]:
        """Of a passage: word piece vectors (pieces, 64) int8, their scales (pieces,) and the word piece ids (pieces,).

        Raises IndexUnusable if the record went away since: the library was rebuilt twice and has to be opened again.
        """
        vectors, number = self._vectors_of(row)
        where = slice(int(vectors.offsets[number]), int(vectors.offsets[number + 1]))
        return vectors.tokens[where], vectors.scales[where], vectors.pieces[where]

    def places(self, row: int) -> Numbers:
        """(pieces,) the sentence that each word piece of tokens(row) is of, -1 for the heading's, which come first.

        Raises IndexUnusable like tokens.
        """
        vectors, number = self._vectors_of(row)
        return vectors.places[int(vectors.offsets[number]) : int(vectors.offsets[number + 1])]

    def idf(self, pieces: Numbers) -> Floats:
        """How telling each word piece is: inverse_frequency over the library's passages."""
        known = np.minimum(pieces, len(self._frequencies) - 1)
        frequencies = np.where(pieces == known, self._frequencies[known], 0)
        return inverse_frequency(frequencies, len(self))

    def findings(self, documents: Collection[str] = (), kinds: Collection[Kind] = ()) -> tuple[Finding, ...]:
        """The register's entries of these documents and kinds as they are printed; empty stands for all."""
        return self._findings(tuple(sorted(set(documents))), tuple(sorted(set(kinds))))

    def finding_counts(self) -> dict[str, int]:
        """How many findings each document has, repetitions counted; those with none are left out."""
        counts = self._rows("SELECT document, count(*) FROM findings GROUP BY document")
        return {self.documents[number].name: count for number, count in counts}

    def lists(self, documents: Collection[str] = ()) -> tuple[ItemList, ...]:
        """What these documents list together; empty stands for all."""
        return self._lists(tuple(sorted(set(documents))))

    def _read_lists(self, documents: tuple[str, ...]) -> tuple[ItemList, ...]:
        found = self._rows("SELECT document, entry FROM lists ORDER BY row")
        wanted = set(documents)
        return tuple(
            list_from_json(entry) for number, entry in found if not wanted or self.documents[number].name in wanted
        )

    def _read_findings(self, documents: tuple[str, ...], kinds: tuple[Kind, ...]) -> tuple[Finding, ...]:
        numbers = [self._positions[name] for name in documents if name in self._positions]
        if documents and not numbers:
            return ()
        among = [f"kind IN ({', '.join('?' * len(kinds))})"] if kinds else []
        parts = [numbers[at : at + ASKED_AT_ONCE] for at in range(0, len(numbers), ASKED_AT_ONCE)] or [[]]
        found: list[tuple[int, str]] = []
        for some in parts:
            wanted = [*among, *([f"document IN ({', '.join('?' * len(some))})"] if some else [])]
            where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
            found += self._rows(f"SELECT row, entry FROM findings {where}", [*kinds, *some])  # noqa: S608
        return tuple(from_json(entry) for _, entry in sorted(found))

    def document(self, name: str) -> Document | None:
        """The document of that name, or None."""
        return self.documents[self._positions[name]] if name in self._positions else None

    def page(self, document: str, number: int) -> Page:
        """A page with its raw text. Raises PageMissing."""
        found = None
        if document in self._positions:
            with self._sql_lock:
                found = page_of(self._sql, self._positions[document], number)
        if found is None:
            raise PageMissing(document, number)
        return found

    def _vectors_of(self, row: int) -> tuple[Vectors, int]:
        """The vectors of the document that a passage is of, and the passage's number in it."""
        document = int(self.passage_documents[row])
        try:
            vectors = self._record_vectors(self.documents[document].key)
        except (OSError, ValueError) as error:
            raise IndexUnusable(self.folder, f"the record of {self.documents[document].name} is gone") from error
        return vectors, row - int(self._firsts[document])

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._sql_lock:
            return self._sql.execute(query, values).fetchall()
