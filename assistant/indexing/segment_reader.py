"""A segment opened for reading, by any number of threads; generations that follow each other share it."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assistant.indexing.arrays import Numbers, load
from assistant.indexing.findings import from_json, list_from_json
from assistant.indexing.record_store import spans_from
from assistant.indexing.segments import COLUMNS, UNPLACED, unpacked
from assistant.indexing.vectors import SentenceVectors
from assistant.records import Finding, ItemList, Kind, Page, Passage, Sentence, Shape
from assistant.understanding.families import Kin
from assistant.understanding.glossary import Definition
from assistant.understanding.likeness import Sketch

ASKED_AT_ONCE = 500
"""Values in one SQL query: SQLite takes at least 999."""


class SegmentReader:
    """Passages are given by their row in the segment, documents by their number in it, both from 0."""

    def __init__(self, folder: Path) -> None:
        self.vectors = SentenceVectors.load(folder / "vectors.faiss")
        arrays = load(folder / "arrays.npz")
        self.sentence_passages: Numbers = arrays["sentence_passages"]
        """(vectors,) the passage row of each sentence vector, ascending."""
        self.sentence_numbers: Numbers = arrays["sentence_numbers"]
        """(vectors,) which of that passage's sentences it stands for."""
        self.firsts: Numbers = arrays["document_firsts"]
        """(documents + 1,) the row of each document's first passage, and the number of all passages."""
        self.frequencies: Numbers = arrays["piece_frequencies"]
        """(word pieces,) in how many passages each stands, by its id."""
        self._lock = threading.Lock()
        address = f"{folder.resolve().as_uri()}/rows.sqlite?mode=ro&immutable=1"
        self._sql = sqlite3.connect(address, uri=True, check_same_thread=False)
        # A connection and its cache of statements hold each other: nobody but us closes the file when we are done.
        weakref.finalize(self, self._sql.close)
        self.keys = tuple(key for (key,) in self._rows("SELECT key FROM documents ORDER BY number"))
        self.numbers = {key: number for number, key in enumerate(self.keys)}
        self.kinds = np.array([kind for (kind,) in self._rows("SELECT kind FROM passages ORDER BY row")], dtype=str)
        """(passages,) of each passage its kind."""

    def __len__(self) -> int:
        return int(self.firsts[-1])

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages in these rows, without the names of their documents and with ids of the record."""
        found = self._among(f"SELECT {COLUMNS} FROM passages WHERE row", rows)  # noqa: S608
        return {values[0]: self._passage(values) for values in found}

    def unplaced(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The same passages without the places of their words, which take most of the time."""
        found = self._among(f"SELECT {UNPLACED}, x'' FROM passages WHERE row", rows)  # noqa: S608
        return {values[0]: self._passage(values) for values in found}

    def texts(self, rows: Sequence[int]) -> dict[int, str]:
        """The texts of the passages in these rows; quicker than the passages with all their places."""
        return dict(self._among("SELECT row, text FROM passages WHERE row", rows))

    def sections(self, rows: Sequence[int]) -> dict[int, str]:
        """The headings above the passages in these rows."""
        return dict(self._among("SELECT row, section FROM passages WHERE row", rows))

    def page(self, document: int, number: int) -> Page | None:
        """A page of a document with its raw text."""
        query = "SELECT number, label, width, height, text, ocr FROM pages WHERE document = ? AND number = ?"
        found = self._rows(query, (document, number))
        if not found:
            return None
        number, label, width, height, text, ocr = found[0]
        return Page(number, label, width, height, text, bool(ocr))

    def findings(self, documents: Sequence[int], kinds: Sequence[str] = ()) -> Iterator[tuple[int, Finding]]:
        """(document, finding) of these documents and kinds in order; without kinds, of all."""
        wanted = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        query = "SELECT row, document, entry FROM findings WHERE document"
        for _, document, entry in sorted(self._among(query, documents, wanted, kinds)):
            yield document, from_json(entry)

    def finding_counts(self) -> dict[int, int]:
        """How many findings each document has; those with none are left out."""
        return dict(self._rows("SELECT document, count(*) FROM findings GROUP BY document"))

    def lists(self, documents: Sequence[int]) -> Iterator[tuple[int, ItemList]]:
        """(document, list) of these documents in order."""
        for _, document, entry in sorted(
            self._among("SELECT row, document, entry FROM lists WHERE document", documents)
        ):
            yield document, list_from_json(entry)

    def definitions(self) -> Iterator[tuple[int, int, Definition]]:
        """(document, number of the passage in it, definition) of all documents, in order."""
        for document, passage, *values, first, last in self._rows("SELECT * FROM definitions ORDER BY rowid"):
            acronym, expansion, page = values
            yield document, passage, Definition(acronym, expansion, "", page, "", first, last)

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """Every word of the passages, the headings above them and the titles, with its number of times."""
        return Counter(dict(self._rows("SELECT word, count FROM vocabulary")))

    def words(self, documents: Iterable[int]) -> Counter[str]:
        """The same of these documents alone."""
        counts: Counter[str] = Counter()
        for _, data in self._among("SELECT number, words FROM documents WHERE number", list(documents)):
            counts.update(unpacked(data))
        return counts

    def kin(self) -> dict[str, Kin]:
        """What families are told from, by key."""
        found = self._rows("SELECT key, title, pages, year, opening FROM documents")
        return {values[0]: Kin(*values) for values in found}

    def sketches(self) -> dict[str, Sketch]:
        """What near copies are told from, by key."""
        found = self._rows("SELECT key, sketch FROM documents")
        return {key: np.frombuffer(data, np.uint64) for key, data in found}

    def runs(self, documents: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """The runs of words of the findings of these documents: by hash, the (document, finding) it stands in."""
        held: dict[int, list[tuple[int, int]]] = {}
        for value, document, finding in self._among(
            "SELECT hash, document, finding FROM runs WHERE document", documents
        ):
            held.setdefault(value, []).append((document, finding))
        return held

    def holders(self, hashes: Sequence[int]) -> list[tuple[int, int, int]]:
        """(hash, document, finding) of all findings of the segment that hold one of these runs of words."""
        return self._among("SELECT hash, document, finding FROM runs WHERE hash", hashes)

    def wordings(self, documents: Sequence[int]) -> list[tuple[int, int, str, str, str, str, str]]:
        """(row, document, title, text, section, context, kind) of the passages of these documents, by row."""
        query = (
            "SELECT row, document, title, text, section, context, kind FROM passages "
            "JOIN documents ON document = number WHERE document"
        )
        return sorted(self._among(query, documents))

    def _passage(self, values: Sequence[Any]) -> Passage:
        row, document, page, page_end, text, section, context, kind, shape, ocr, sentences, spans = values
        triples = np.frombuffer(sentences, np.int32).reshape(-1, 3).tolist()
        return Passage(
            id=str(row - int(self.firsts[document])),
            document="",
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

    def _among(
        self, query: str, values: Sequence[int], more: str = "", others: Sequence[object] = ()
    ) -> list[tuple[Any, ...]]:
        """The rows of a query that ends with a column, for these values of it."""
        found: list[tuple[Any, ...]] = []
        for at in range(0, len(values), ASKED_AT_ONCE):
            some = values[at : at + ASKED_AT_ONCE]
            found += self._rows(f"{query} IN ({', '.join('?' * len(some))}){more}", [*some, *others])
        return found

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._sql.execute(query, values).fetchall()
