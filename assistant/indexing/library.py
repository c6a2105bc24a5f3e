"""The library as questions see it: one generation, opened for reading by any number of threads."""

from __future__ import annotations

import sqlite3
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from assistant.errors import GenerationGone, IndexUnusable, PageMissing
from assistant.indexing import generations
from assistant.indexing.arrays import Bytes, Floats, Numbers
from assistant.indexing.generations import Manifest
from assistant.indexing.lexical import Words
from assistant.indexing.record_store import Pieces, RecordStore
from assistant.indexing.relations import Relations, near_copies
from assistant.indexing.seen import Seen
from assistant.indexing.segment_reader import SegmentReader
from assistant.indexing.segments import inverse_frequency
from assistant.indexing.vectors import Rows
from assistant.indexing.vocabulary import Vocabulary
from assistant.records import Document, Finding, ItemList, Kind, Page, PageWarning, Passage
from assistant.understanding.glossary import Glossary

OPEN_RECORDS = 256
"""Documents whose token vectors stay mapped; each takes a file handle, of which many systems grant 1,024."""
LARGEST_NUMBER = 2**63 - 1
"""Of SQLite."""
FILTERS_KEPT = 16
"""Selections of findings that stay in memory."""

Found = TypeVar("Found")


class Parts:
    """The open files of a generation, shared by those who see all of its documents and those who see some."""

    def __init__(self, folder: Path, manifest: Manifest, before: Parts | None = None) -> None:
        self.folder = folder
        self.manifest = manifest
        opened: dict[str, SegmentReader] = before.readers if before else {}
        self.readers: dict[str, SegmentReader] = {
            part.id: opened.get(part.id) or SegmentReader(folder / "segments" / part.id) for part in manifest.parts
        }
        self.words = Words.open(folder / "words" / manifest.words)
        self.relations = Relations.load(folder / "generations" / f"{manifest.generation}.relations.json")
        self.sha256 = lru_cache(None)(RecordStore(folder / "records").sha256)
        self.seen: Seen = before.seen if before else Seen()
        self.pieces = lru_cache(OPEN_RECORDS)(RecordStore(folder / "records").pieces)


class Library:
    """A generation, or what somebody may see of it.

    A row is the number of a passage in it, from 0: documents stand in the order of their names, the passages of each
    together, whichever segments hold them. A vector has the number it has over all segments, one after another.
    """

    def __init__(self, parts: Parts, hidden: Collection[str] = ()) -> None:
        manifest = parts.manifest
        self.folder = parts.folder
        self.generation = manifest.generation
        self.made = manifest.made
        self.documents = tuple(document for document in manifest.documents if document.name not in hidden)
        self.refused = tuple(each for each in manifest.refused if each.document not in hidden)
        self._parts = parts
        self._manifest = manifest
        self._unseen = frozenset(hidden)
        self._hidden = frozenset(d.key for d in manifest.documents if d.name in hidden)
        self._positions = {name: n for n, d in enumerate(self.documents) for name in (d.name, *d.copies)}
        self._by_key = {document.key: n for n, document in enumerate(self.documents)}
        self._readers = [(part.ordinal, parts.readers[part.id]) for part in manifest.parts]
        self._homes = self._found_homes()
        counts = [home.passages for home in self._homes]
        self._firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.passage_documents: Numbers = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        """(passages,) the position in documents of each passage's document."""
        self._rows_of = [self._library_rows(place, reader) for place, (_, reader) in enumerate(self._readers)]
        self._kinds = self._gathered_kinds()
        self.sentence_passages: Numbers = _joined(
            [rows[reader.sentence_passages] for rows, (_, reader) in zip(self._rows_of, self._readers, strict=True)]
        )
        """(vectors,) the passage row of each sentence vector; -1 for one of a document that is not in the library."""
        self.sentence_numbers: Numbers = _joined([reader.sentence_numbers for _, reader in self._readers])
        """(vectors,) which of that passage's sentences it stands for."""
        lengths = [len(reader.vectors) for _, reader in self._readers]
        self._vector_firsts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self._in_order = np.argsort(self.sentence_passages, kind="stable")
        self._ordered = self.sentence_passages[self._in_order]
        out = self.sentence_passages < 0
        self._allowed = np.flatnonzero(~out).astype(np.int64) if out.any() else None
        self._frequencies = _summed([reader.frequencies for _, reader in self._readers])
        # Holding each other, a library and its caches would keep its files open long after the next generation came.
        me = weakref.proxy(self)
        self._lists = lru_cache(FILTERS_KEPT)(lambda documents: Library._read_lists(me, documents))
        self._findings = lru_cache(FILTERS_KEPT)(lambda documents, kinds: Library._read_findings(me, documents, kinds))

    @classmethod
    def open(cls, folder: Path, fingerprint: str, before: Library | None = None) -> Library:
        """The live generation, checked. fingerprint is that of the model that questions will be embedded with.

        What an earlier one has open already is taken from there, without checking it again. Raises IndexMissing, or
        IndexUnusable when another version or model made it or a file is missing or damaged.
        """
        earlier = before._parts if before is not None else None
        while True:
            manifest = generations.live_manifest(folder)
            if manifest.fingerprint != fingerprint:
                raise IndexUnusable(folder, "it was made with another embedding model")
            try:
                seen = Seen(folder / generations.SEEN)
                if flaw := generations.flaw(folder, manifest, seen, earlier.manifest if earlier else None):
                    raise IndexUnusable(folder, flaw)
                return cls(Parts(folder, manifest, earlier))
            except (OSError, RuntimeError, ValueError, KeyError, TypeError, sqlite3.Error, IndexUnusable) as error:
                if generations.live_generation(folder) > manifest.generation:
                    continue  # runs that ended since may have taken away what it names
                if isinstance(error, IndexUnusable):
                    raise
                raise IndexUnusable(folder, f"generation {manifest.generation} cannot be read ({error})") from error

    def without(self, names: Collection[str]) -> Library:
        """The same generation as somebody sees it from whom these documents are kept: nothing of them is found."""
        if not names:
            return self
        return Library(self._parts, names)

    def __len__(self) -> int:
        return len(self.passage_documents)

    @property
    def warnings(self) -> tuple[PageWarning, ...]:
        """What is doubtful in the documents, those that are nearly the same among it."""
        names = {document.key: document.name for document in self.documents}
        own = [each for each in self._manifest.warnings if each.document not in self._unseen]
        return (*own, *near_copies(self._parts.relations, names))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every word of the passages, the headings above them and the titles."""
        counts: Counter[str] = Counter()
        for _, reader in self._readers:
            counts.update(reader.vocabulary)
            counts.subtract(reader.words([n for key, n in reader.numbers.items() if key not in self._by_key]))
        return Vocabulary({word: count for word, count in counts.items() if count > 0})

    @cached_property
    def glossary(self) -> Glossary:
        """What acronyms stand for, as each document says."""
        found = []
        for place, (_, reader) in enumerate(self._readers):
            for document, passage, definition in reader.definitions():
                position = self._by_key.get(reader.keys[document])
                if position is not None and self._homes[position].segment == place:
                    known = self.documents[position]
                    id_ = f"{known.key[:12]}-{passage}"
                    found.append((position, replace(definition, document=known.name, passage=id_)))
        return Glossary(definition for _, definition in sorted(found, key=lambda each: each[0]))

    def search_vectors(self, vector: Floats, k: int, allowed: Rows | None = None) -> tuple[Floats, Rows]:
        """Cosines and numbers of the k nearest sentence vectors, best first; fewer where there are fewer.

        allowed: only these vectors, as vector_rows() gives them.
        """
        among = self._allowed if allowed is None else allowed
        scores, rows = [], []
        for first, end, (_, reader) in zip(self._vector_firsts, self._vector_firsts[1:], self._readers, strict=False):
            own = None if among is None else among[np.searchsorted(among, first) : np.searchsorted(among, end)] - first
            found, where = reader.vectors.search(vector, k, own)
            scores.append(found)
            rows.append(where + first)
        every, places = (
            np.concatenate([np.zeros(0, np.float32), *scores]),
            np.concatenate([np.zeros(0, np.int64), *rows]),
        )
        if len(self._readers) < 2:
            return every, places
        best = np.argsort(-every, kind="stable")[:k]
        return every[best], places[best]

    def sentence_vectors(self, row: int) -> Floats:
        """(sentences with a vector, dimensions) those of a passage."""
        first, end = np.searchsorted(self._ordered, [row, row + 1])
        where = self._in_order[first:end]
        segment = self._homes[int(self.passage_documents[row])].segment
        return self._readers[segment][1].vectors.rows((where - self._vector_firsts[segment]).tolist())

    def search_words(
        self, text: str, k: int, documents: Collection[str] = (), kinds: Collection[str] = ()
    ) -> list[tuple[int, float]]:
        """(row, BM25) of the k passages that share most with the text, best first; any text will do.

        documents and kinds: only passages of these; empty means all.
        """
        known = [self.documents[self._positions[name]].key for name in documents if name in self._positions]
        if documents and not known:
            return []
        hits = self._parts.words.search(text, k, known, kinds, self._hidden)
        places = {ordinal: rows for (ordinal, _), rows in zip(self._readers, self._rows_of, strict=True)}
        found = [(int(places[row >> 32][row & 0xFFFFFFFF]), score) for row, score in hits if row >> 32 in places]
        return sorted(((row, score) for row, score in found if row >= 0), key=lambda hit: (-hit[1], hit[0]))

    def stems(self, text: str) -> list[str]:
        """The words of a text as they are indexed, in order."""
        return self._parts.words.stems(text)

    def passages(self, rows: Sequence[int] | Rows | Numbers) -> list[Passage]:
        """The passages in these rows, in this order."""
        found = self._read(rows, SegmentReader.passages)
        return [self._named(int(row), found[int(row)]) for row in rows]

    def texts(self, rows: Sequence[int] | Rows | Numbers) -> list[str]:
        """The texts of the passages in these rows, in this order; quicker than the passages with all their places."""
        found = self._read(rows, SegmentReader.texts)
        return [found[int(row)] for row in rows]

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None. Ids stay the same until the document's content or its reader changes."""
        key, _, number = passage_id.rpartition("-")
        position = next((n for n, document in enumerate(self.documents) if document.key[:12] == key), None)
        if position is None or not number.isdecimal() or not number.isascii():
            return None
        row = int(self._firsts[position]) + int(number)
        return self.passages([row])[0] if row < self._firsts[position + 1] else None

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
        """The numbers of the sentence vectors of these passages, ascending: what search_vectors takes as allowed."""
        return np.flatnonzero(np.isin(self.sentence_passages, passage_rows)).astype(np.int64)

    def tokens(self, row: int) -> tuple[Bytes, Floats, Numbers]:
        """Of a passage: word piece vectors (pieces, 64) int8, their scales (pieces,) and the word piece ids (pieces,).

        Raises GenerationGone if the record went away since.
        """
        held, number = self._pieces_of(row)
        where = slice(int(held.offsets[number]), int(held.offsets[number + 1]))
        return held.tokens[where], held.scales[where], held.pieces[where]

    def places(self, row: int) -> Numbers:
        """(pieces,) the sentence that each word piece of tokens(row) is of, -1 for the heading's, which come first.

        Raises GenerationGone like tokens.
        """
        held, number = self._pieces_of(row)
        return held.places[int(held.offsets[number]) : int(held.offsets[number + 1])]

    def idf(self, pieces: Numbers) -> Floats:
        """How telling each word piece is: inverse_frequency over the passages of the library's segments."""
        known = np.minimum(pieces, len(self._frequencies) - 1)
        frequencies = np.where(pieces == known, self._frequencies[known], 0)
        return inverse_frequency(frequencies, sum(len(reader) for _, reader in self._readers))

    def findings(self, documents: Collection[str] = (), kinds: Collection[Kind] = ()) -> tuple[Finding, ...]:
        """The register's entries of these documents and kinds as they are printed; empty stands for all."""
        return self._findings(tuple(sorted(set(documents))), tuple(sorted(set(kinds))))

    def finding_counts(self) -> dict[str, int]:
        """How many findings each document has, repetitions counted; those with none are left out."""
        counts = Counter(each.document for each in self.findings())
        return dict(counts)

    def families(self) -> dict[str, str]:
        """By document the key of the fullest one of its evaluation: the same for all documents of one."""
        fullest = self._parts.relations.fullest
        return {document.name: fullest.get(document.key, document.key) for document in self.documents}

    def lists(self, documents: Collection[str] = ()) -> tuple[ItemList, ...]:
        """What these documents list together; empty stands for all."""
        return self._lists(tuple(sorted(set(documents))))

    def document(self, name: str) -> Document | None:
        """The document of that name, or None."""
        return self.documents[self._positions[name]] if name in self._positions else None

    def is_as_indexed(self, document: str, file: Path) -> bool:
        """The file has the bytes that the document of that name was read from; read once, then told from its look."""
        known = self.document(document)
        try:
            return known is not None and self._parts.sha256(known.key) == self._parts.seen.sha256(file)
        except (OSError, ValueError, KeyError):
            return False

    def page(self, document: str, number: int) -> Page:
        """A page with its raw text. Raises PageMissing."""
        found = None
        # Any number may be asked for, even one that SQLite cannot take.
        if document in self._positions and 1 <= number <= LARGEST_NUMBER:
            home = self._homes[self._positions[document]]
            found = self._readers[home.segment][1].page(home.number, number)
        if found is None:
            raise PageMissing(document, number)
        return found

    def _read_lists(self, documents: tuple[str, ...]) -> tuple[ItemList, ...]:
        found = [
            (position, replace(each, document=self.documents[position].name))
            for position, each in self._of_documents(documents, SegmentReader.lists)
        ]
        return tuple(each for _, each in found)

    def _read_findings(self, documents: tuple[str, ...], kinds: tuple[Kind, ...]) -> tuple[Finding, ...]:
        seen = {document.key: document for document in self.documents}
        found = (
            self._parts.relations.applied(each, self.documents[position].key, seen)
            for position, each in self._of_documents(documents, SegmentReader.findings)
        )
        return tuple(each for each in found if each is not None and (not kinds or each.kind in kinds))

    def _of_documents(
        self, documents: Collection[str], read: Callable[[SegmentReader, Sequence[int]], Iterator[tuple[int, Found]]]
    ) -> list[tuple[int, Found]]:
        """(position of its document, what a segment has of it), in the order of the documents; empty stands for all."""
        wanted = {self._positions[name] for name in documents if name in self._positions}
        if not documents:
            wanted = set(range(len(self.documents)))
        found: list[tuple[int, Found]] = []
        for place, (_, reader) in enumerate(self._readers):
            here = {self._homes[n].number: n for n in wanted if self._homes[n].segment == place}
            found += [(here[number], each) for number, each in read(reader, sorted(here))]
        return sorted(found, key=lambda each: each[0])

    def _read(
        self, rows: Sequence[int] | Rows | Numbers, read: Callable[[SegmentReader, Sequence[int]], Mapping[int, Found]]
    ) -> dict[int, Found]:
        """What the segments have in these rows, by row."""
        asked: dict[int, dict[int, int]] = {}
        for row in map(int, rows):
            home = self._homes[int(self.passage_documents[row])]
            local = row - int(self._firsts[self.passage_documents[row]]) + home.first
            asked.setdefault(home.segment, {})[local] = row
        return {
            own[local]: value
            for place, own in asked.items()
            for local, value in read(self._readers[place][1], list(own)).items()
        }

    def _named(self, row: int, passage: Passage) -> Passage:
        document = self.documents[int(self.passage_documents[row])]
        return replace(passage, id=f"{document.key[:12]}-{passage.id}", document=document.name)

    def _found_homes(self) -> list[_Home]:
        homes: list[_Home | None] = [None] * len(self.documents)
        for place, (part, (_, reader)) in enumerate(zip(self._manifest.parts, self._readers, strict=True)):
            for key in part.keys:
                position, number = self._by_key.get(key), reader.numbers[key]
                if position is not None:
                    first, end = int(reader.firsts[number]), int(reader.firsts[number + 1])
                    homes[position] = _Home(place, number, first, end - first)
        if missing := [d.name for d, home in zip(self.documents, homes, strict=True) if home is None]:
            raise ValueError(f"no segment holds {missing[0]}")
        return [home for home in homes if home is not None]

    def _library_rows(self, place: int, reader: SegmentReader) -> Numbers:
        """(passages of the segment,) the library's row of each; -1 for those that are not in the library."""
        rows = np.full(len(reader), -1, np.int32)
        for position, home in enumerate(self._homes):
            if home.segment == place:
                begin = int(self._firsts[position])
                rows[home.first : home.first + home.passages] = np.arange(begin, begin + home.passages)
        return rows

    def _gathered_kinds(self) -> np.ndarray[Any, np.dtype[np.str_]]:
        kinds = [self._readers[home.segment][1].kinds[home.first : home.first + home.passages] for home in self._homes]
        return np.concatenate([np.zeros(0, dtype=str), *kinds])

    def _pieces_of(self, row: int) -> tuple[Pieces, int]:
        """The word pieces of the document that a passage is of, and the passage's number in it."""
        position = int(self.passage_documents[row])
        try:
            held = self._parts.pieces(self.documents[position].key)
        except (OSError, ValueError) as error:
            raise GenerationGone(self.folder, self.generation) from error
        return held, row - int(self._firsts[position])


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a document stands: the place of its segment, its number and its first row there, and how many it has."""

    segment: int
    number: int
    first: int
    passages: int


def _joined(arrays: Sequence[Numbers]) -> Numbers:
    return np.concatenate([np.zeros(0, np.int32), *arrays])


def _summed(frequencies: Sequence[Numbers]) -> Numbers:
    total = np.zeros(max([1, *map(len, frequencies)]), np.int32)
    for each in frequencies:
        total[: len(each)] += each
    return total
