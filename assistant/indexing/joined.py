"""The segments of a library as one: its passages, sentence vectors and documents, numbered over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from assistant.indexing.arrays import Floats, Numbers
from assistant.indexing.generations import Part
from assistant.indexing.segment_reader import SegmentReader
from assistant.indexing.segments import inverse_frequency
from assistant.indexing.vectors import Rows
from assistant.records import Document, Page
from assistant.understanding.glossary import Definition

Found = TypeVar("Found")


class Joined:
    """Documents are given by their position, passages by their row, and vectors by their number, all from 0.

    The rows of each document's passages follow each other in the order of the documents, whichever segments hold them.
    A vector has the number it has over all segments, one after another. Other documents of a segment are not there.
    """

    def __init__(
        self, parts: Sequence[Part], readers: Mapping[str, SegmentReader], documents: Sequence[Document]
    ) -> None:
        """Readers by the ids of the parts. Raises ValueError where no part holds one of these documents."""
        self._positions = {document.key: position for position, document in enumerate(documents)}
        self._readers = [(part.ordinal, readers[part.id]) for part in parts]
        self._homes = self._found_homes(parts, documents)
        counts = [home.passages for home in self._homes]
        self.firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        """(documents + 1,) the row of each document's first passage, and the number of all passages."""
        self.passage_documents: Numbers = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        """(passages,) the position of each passage's document."""
        self._rows_of = [self._library_rows(place, reader) for place, (_, reader) in enumerate(self._readers)]
        self.kinds = self._gathered_kinds()
        """(passages,) of each passage its kind."""
        self.sentence_passages: Numbers = _joined(
            [rows[reader.sentence_passages] for rows, (_, reader) in zip(self._rows_of, self._readers, strict=True)]
        )
        """(vectors,) the passage row of each sentence vector; -1 for one of a document that is not there."""
        self.sentence_numbers: Numbers = _joined([reader.sentence_numbers for _, reader in self._readers])
        """(vectors,) which of that passage's sentences it stands for."""
        lengths = [len(reader.vectors) for _, reader in self._readers]
        self._vector_firsts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self._in_order = np.argsort(self.sentence_passages, kind="stable")
        self._ordered = self.sentence_passages[self._in_order]
        out = self.sentence_passages < 0
        self._allowed = np.flatnonzero(~out).astype(np.int64) if out.any() else None
        self._frequencies = _summed([reader.frequencies for _, reader in self._readers])

    def nearest(self, vector: Floats, k: int, allowed: Rows | None = None) -> tuple[Floats, Rows]:
        """Cosines and numbers of the k nearest sentence vectors, best first; allowed: only these, ascending."""
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

    def vectors(self, row: int) -> Floats:
        """(sentences with a vector, dimensions) those of a passage."""
        first, end = np.searchsorted(self._ordered, [row, row + 1])
        where = self._in_order[first:end]
        segment = self._homes[int(self.passage_documents[row])].segment
        return self._readers[segment][1].vectors.rows((where - self._vector_firsts[segment]).tolist())

    def placed(self, hits: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        """(row, score) of hits that name a passage by its part's ordinal, 32 bits up, and its row in that segment.

        Best first; those that are not there are left out.
        """
        places = {ordinal: rows for (ordinal, _), rows in zip(self._readers, self._rows_of, strict=True)}
        found = [(int(places[row >> 32][row & 0xFFFFFFFF]), score) for row, score in hits if row >> 32 in places]
        return sorted(((row, score) for row, score in found if row >= 0), key=lambda hit: (-hit[1], hit[0]))

    def read(
        self, rows: Sequence[int] | Rows | Numbers, read: Callable[[SegmentReader, Sequence[int]], Mapping[int, Found]]
    ) -> dict[int, Found]:
        """What the segments have in these rows, by row."""
        asked: dict[int, dict[int, int]] = {}
        for row in map(int, rows):
            home = self._homes[int(self.passage_documents[row])]
            local = row - int(self.firsts[self.passage_documents[row]]) + home.first
            asked.setdefault(home.segment, {})[local] = row
        return {
            own[local]: value
            for place, own in asked.items()
            for local, value in read(self._readers[place][1], list(own)).items()
        }

    def of_documents(
        self, wanted: Collection[int], read: Callable[[SegmentReader, Sequence[int]], Iterator[tuple[int, Found]]]
    ) -> list[tuple[int, Found]]:
        """(position of its document, what a segment has of it) for these documents, in their order."""
        found: list[tuple[int, Found]] = []
        for place, (_, reader) in enumerate(self._readers):
            here = {self._homes[n].number: n for n in wanted if self._homes[n].segment == place}
            found += [(here[number], each) for number, each in read(reader, sorted(here))]
        return sorted(found, key=lambda each: each[0])

    def page(self, document: int, number: int) -> Page | None:
        """A page of a document with its raw text."""
        home = self._homes[document]
        return self._readers[home.segment][1].page(home.number, number)

    def definitions(self) -> list[tuple[int, int, Definition]]:
        """(position of the document, number of the passage in it, definition), in the order of the documents."""
        found = []
        for place, (_, reader) in enumerate(self._readers):
            for document, passage, definition in reader.definitions():
                position = self._positions.get(reader.keys[document])
                if position is not None and self._homes[position].segment == place:
                    found.append((position, passage, definition))
        return sorted(found, key=lambda each: each[0])

    def word_counts(self) -> dict[str, int]:
        """Every word of the passages, the headings above them and the titles, with its number of times."""
        counts: Counter[str] = Counter()
        for _, reader in self._readers:
            counts.update(reader.vocabulary)
            counts.subtract(reader.words([n for key, n in reader.numbers.items() if key not in self._positions]))
        return {word: count for word, count in counts.items() if count > 0}

    def idf(self, pieces: Numbers) -> Floats:
        """How telling each word piece is: inverse_frequency over the passages of the segments."""
        known = np.minimum(pieces, len(self._frequencies) - 1)
        frequencies = np.where(pieces == known, self._frequencies[known], 0)
        return inverse_frequency(frequencies, sum(len(reader) for _, reader in self._readers))

    def _found_homes(self, parts: Sequence[Part], documents: Sequence[Document]) -> list[_Home]:
        homes: dict[int, _Home] = {}
        for place, (part, (_, reader)) in enumerate(zip(parts, self._readers, strict=True)):
            for key in part.keys:
                position, number = self._positions.get(key), reader.numbers[key]
                if position is not None:
                    first, end = int(reader.firsts[number]), int(reader.firsts[number + 1])
                    homes[position] = _Home(place, number, first, end - first)
        if missing := [document.name for position, document in enumerate(documents) if position not in homes]:
            raise ValueError(f"no segment holds {missing[0]}")
        return [homes[position] for position in range(len(documents))]

    def _library_rows(self, place: int, reader: SegmentReader) -> Numbers:
        """(passages of the segment,) the row of each; -1 for those that are not there."""
        rows = np.full(len(reader), -1, np.int32)
        for position, home in enumerate(self._homes):
            if home.segment == place:
                begin = int(self.firsts[position])
                rows[home.first : home.first + home.passages] = np.arange(begin, begin + home.passages)
        return rows

    def _gathered_kinds(self) -> np.ndarray[Any, np.dtype[np.str_]]:
        kinds = [self._readers[home.segment][1].kinds[home.first : home.first + home.passages] for home in self._homes]
        return np.concatenate([np.zeros(0, dtype=str), *kinds])


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
