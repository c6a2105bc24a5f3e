"""Words: passages found by the stems they share with a question, scored by BM25 in tantivy."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.indexing.files import link

LONGEST_WORD = 60
"""Characters; longer runs are addresses and noise."""
MEMORY = 64_000_000
"""Bytes that tantivy may fill before it writes."""
REWRITTEN = ("meta.json", ".managed.json")
"""The list of an index's pieces, and of its files: all that tantivy changes."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is indexed of a passage. row is any number of 63 bits that a search will give back."""

    row: int
    text: str
    heading: str
    document: str
    """The key of its record."""
    kind: str


class Words:
    """The words of passages and of the headings above them, lower-cased, without accents, stemmed as English.

    Written in immutable pieces by tantivy: who adds to an index links the old pieces and writes new ones beside them.
    """

    def __init__(self, index: Any) -> None:
        self._index = index
        self._analyser = _analyser()
        self._index.register_tokenizer("words", self._analyser)
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, wordings: Iterable[Wording]) -> None:
        """Write an index into an empty folder, as one piece so that equal passages score alike."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("row", fast=True)
        builder.add_text_field("words", tokenizer_name="words", index_option="freq")
        builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
        with _told():
            _write(tantivy.Index(builder.build(), str(folder)), wordings)
        _tidy(folder)

    @classmethod
    def extend(cls, before: Path, folder: Path, added: Iterable[Wording], removed: Iterable[str]) -> None:
        """Write into an empty folder an index like the one in before, without these documents, with these passages.

        Only what is new is written; tantivy melts small pieces into larger ones now and then. A document's words are
        out of reach at once and erased when their piece is melted; until then they count in how rare words are.
        """
        import tantivy

        for path in before.iterdir():
            if path.name in REWRITTEN:
                shutil.copyfile(path, folder / path.name)
            else:
                link(path, folder / path.name)
        with _told():
            _write(tantivy.Index.open(str(folder)), added, removed)
        _tidy(folder)

    @classmethod
    def open(cls, folder: Path) -> Words:
        """Raises ValueError for a folder that holds no such index."""
        import tantivy

        return cls(tantivy.Index.open(str(folder)))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def stems(self, text: str) -> list[str]:
        """The words of a text as they are indexed, in order."""
        return list(self._analyser.analyze(text))

    def search(
        self,
        text: str,
        k: int,
        documents: Collection[str] = (),
        kinds: Collection[str] = (),
        hidden: Collection[str] = (),
    ) -> list[tuple[int, float]]:
        """(row, BM25) of the k passages that share most with the text, best first.

        Any text will do: it is taken apart into words, never read as a query language. documents and kinds: only
        passages of these; empty means all. hidden: no passages of these documents.
        """
        import tantivy

        wanted = [self._any_of("words", [stem]) for stem in dict.fromkeys(self.stems(text))]
        if not wanted or k < 1 or not len(self):
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in wanted])
        for field, values in (("document", documents), ("kind", kinds)):
            if values:
                # A filter decides who is in, and must not score.
                only = tantivy.Query.boost_query(self._any_of(field, values), 0.0)
                query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, only)])
        if hidden:
            without = [(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, self._any_of("document", hidden))]
            query = tantivy.Query.boolean_query(without)
        hits = self._searcher.search(query, limit=min(k, len(self)), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        found = [(int(row), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def _any_of(self, field: str, values: Collection[str]) -> Any:
        import tantivy

        terms = [tantivy.Query.term_query(self._index.schema, field, str(value), "freq") for value in values]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])


def _write(index: Any, added: Iterable[Wording], removed: Iterable[str] = ()) -> None:
    import tantivy

    index.register_tokenizer("words", _analyser())
    writer = index.writer(MEMORY, num_threads=1)
    for document in removed:
        writer.delete_documents_by_term("document", document)
    for each in added:
        row = tantivy.Document()
        row.add_unsigned("row", each.row)
        row.add_text("words", f"{each.heading}\n{each.text}")
        row.add_text("document", each.document)
        row.add_text("kind", each.kind)
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()


@contextmanager
def _told() -> Iterator[None]:
    """What the file system refuses tantivy is told as OSError."""
    try:
        yield
    except ValueError as error:
        raise OSError(errno.EIO, str(error)) from error


def _tidy(folder: Path) -> None:
    for lock in folder.glob(".tantivy-*.lock"):
        lock.unlink()  # a lock of a finished index is no part of it
    for name in REWRITTEN:  # tantivy keeps them from all but their owner; who may read the folder may read them
        (folder / name).chmod(folder.stat().st_mode & 0o666)


def _analyser() -> Any:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for each in (Filter.remove_long(LONGEST_WORD), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
        builder = builder.filter(each)
    return builder.build()
