"""The library as questions see it: one generation, opened for reading by any number of threads."""

from __future__ import annotations

import sqlite3
import weakref
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from assistant.errors import GenerationGone, IndexUnusable, PageMissing
from assistant.indexing import generations
from assistant.indexing.arrays import Bytes, Floats, Numbers
from assistant.indexing.generations import Manifest
from assistant.indexing.joined import Joined
from assistant.indexing.lexical import Words
from assistant.indexing.record_store import Pieces, RecordStore
from assistant.indexing.relations import Relations, near_copies
from assistant.indexing.seen import Seen
from assistant.indexing.segment_reader import SegmentReader
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
        self._joined = Joined(manifest.parts, parts.readers, self.documents)
        self.passage_documents: Numbers = self._joined.passage_documents
        """(passages,) the position in documents of each passage's document."""
        self.sentence_passages: Numbers = self._joined.sentence_passages
        """(vectors,) the passage row of each sentence vector; -1 for one of a document that is not in the library."""
        self.sentence_numbers: Numbers = self._joined.sentence_numbers
        """(vectors,) which of that passage's sentences it stands for."""
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
        return Vocabulary(self._joined.word_counts())

    @cached_property
    def glossary(self) -> Glossary:
        """What acronyms stand for, as each document says."""
        found = []
        for position, passage, definition in self._joined.definitions():
            known = self.documents[position]
            found.append(replace(definition, document=known.name, passage=f"{known.key[:12]}-{passage}"))
        return Glossary(found)

    def search_vectors(self, vector: Floats, k: int, allowed: Rows | None = None) -> tuple[Floats, Rows]:
        """Cosines and numbers of the k nearest sentence vectors, best first; fewer where there are fewer.

        allowed: only these vectors, as vector_rows() gives them.
        """
        return self._joined.nearest(vector, k, allowed)

    def sentence_vectors(self, row: int) -> Floats:
        """(sentences with a vector, dimensions) those of a passage."""
        return self._joined.vectors(row)

    def search_words(
        self, text: str, k: int, documents: Collection[str] = (), kinds: Collection[str] = ()
    ) -> list[tuple[int, float]]:
        """(row, BM25) of the k passages that share most with the text, best first; any text will do.

        documents and kinds: only passages of these; empty means all.
        """
        known = [self.documents[self._positions[name]].key for name in documents if name in self._positions]
        if documents and not known:
            return []
        return self._joined.placed(self._parts.words.search(text, k, known, kinds, self._hidden))

    def stems(self, text: str) -> list[str]:
        """The words of a text as they are indexed, in order."""
        return self._parts.words.stems(text)

    def passages(self, rows: Sequence[int] | Rows | Numbers, placed: bool = True) -> list[Passage]:
        """The passages in these rows, in this order; unless placed without their spans, in a fifth of the time."""
        found = self._joined.read(rows, SegmentReader.passages if placed else SegmentReader.unplaced)
        return [self._named(int(row), found[int(row)]) for row in rows]

    def texts(self, rows: Sequence[int] | Rows | Numbers) -> list[str]:
        """The texts of the passages in these rows, in this order; quicker than the passages with all their places."""
        found = self._joined.read(rows, SegmentReader.texts)
        return [found[int(row)] for row in rows]

    def sections(self, rows: Sequence[int] | Rows | Numbers) -> list[str]:
        """The headings above the passages in these rows, in this order."""
        found = self._joined.read(rows, SegmentReader.sections)
        return [found[int(row)] for row in rows]

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None. Ids stay the same until the document's content or its reader changes."""
        key, _, number = passage_id.rpartition("-")
        position = next((n for n, document in enumerate(self.documents) if document.key[:12] == key), None)
        if position is None or not number.isdecimal() or not number.isascii():
            return None
        row = int(self._joined.firsts[position]) + int(number)
        return self.passages([row])[0] if row < self._joined.firsts[position + 1] else None

    def rows(self, documents: Collection[str] = (), kinds: Collection[str] = ()) -> Rows:
        """The rows of passages of these documents and these kinds, ascending; empty stands for all."""
        among = np.ones(len(self), dtype=bool)
        if documents:
            known = [self._positions[name] for name in documents if name in self._positions]
            among &= np.isin(self.passage_documents, known)
        if kinds:
            among &= np.isin(self._joined.kinds, list(kinds))
        return np.flatnonzero(among).astype(np.int64)

    def vector_rows(self, passage_rows: Rows) -> Rows:
        """The numbers of the sentence vectors of these passages, ascending: what search_vectors takes as allowed."""
        return np.flatnonzero(np.isin(self.sentence_passages, passage_rows)).astype(np.int64)

    def tokens(self, row: int) -> tuple[Bytes, Floats, Numbers]:
        """Of a passage: (pieces, TOKEN_DIMENSIONS) int8 vectors, their scales and the word piece ids, (pieces,) each.

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
        return self._joined.idf(pieces)

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
            found = self._joined.page(self._positions[document], number)
        if found is None:
            raise PageMissing(document, number)
        return found

    def _read_lists(self, documents: tuple[str, ...]) -> tuple[ItemList, ...]:
        found = [
            (position, replace(each, document=self.documents[position].name))
            for position, each in self._joined.of_documents(self._wanted(documents), SegmentReader.lists)
        ]
        return tuple(each for _, each in found)

    def _read_findings(self, documents: tuple[str, ...], kinds: tuple[Kind, ...]) -> tuple[Finding, ...]:
        seen = {document.key: document for document in self.documents}
        found = (
            self._parts.relations.applied(each, self.documents[position].key, seen)
            for position, each in self._joined.of_documents(self._wanted(documents), SegmentReader.findings)
        )
        return tuple(each for each in found if each is not None and (not kinds or each.kind in kinds))

    def _wanted(self, documents: Collection[str]) -> set[int]:
        """The positions of these documents; empty stands for all."""
        if not documents:
            return set(range(len(self.documents)))
        return {self._positions[name] for name in documents if name in self._positions}

    def _named(self, row: int, passage: Passage) -> Passage:
        document = self.documents[int(self.passage_documents[row])]
        return replace(passage, id=f"{document.key[:12]}-{passage.id}", document=document.name)

    def _pieces_of(self, row: int) -> tuple[Pieces, int]:
        """The word pieces of the document that a passage is of, and the passage's number in it."""
        position = int(self.passage_documents[row])
        try:
            held = self._parts.pieces(self.documents[position].key)
        except (OSError, ValueError) as error:
            raise GenerationGone(self.folder, self.generation) from error
        return held, row - int(self._joined.firsts[position])
