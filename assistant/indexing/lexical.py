"""Words: passages found by the stems they share with a question, scored by BM25 in tantivy."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_WORD = 60
"""Characters; longer runs are addresses and noise."""
MEMORY = 64_000_000
"""Bytes that tantivy may fill before it writes."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is indexed of the passage in one row of the library."""

    row: int
    text: str
    heading: str
    document: str
    kind: str


class Words:
    """The words of passages and of the headings above them, lower-cased, without accents, stemmed as English."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._analyser = _analyser()
        self._index.register_tokenizer("words", self._analyser)
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, wordings: Iterable[Wording]) -> None:
        """Write an index into an empty folder, as one segment so that equal passages score alike."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("row", fast=True)
        builder.add_text_field("words", tokenizer_name="words", index_option="freq")
        builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
        schema = builder.build()
        index = tantivy.Index(schema, str(folder))
        index.register_tokenizer("words", _analyser())
        writer = index.writer(MEMORY, num_threads=1)
        for each in wordings:
            row = tantivy.Document()
            row.add_unsigned("row", each.row)
            row.add_text("words", f"{each.heading}\n{each.text}")
            row.add_text("document", each.document)
            row.add_text("kind", each.kind)
            writer.add_document(row)
        writer.commit()
        writer.wait_merging_threads()
        for lock in folder.glob(".tantivy-*.lock"):
            lock.unlink()  # a lock of a finished index is no part of it

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
        self, text: str, k: int, documents: Collection[str] = (), kinds: Collection[str] = ()
    ) -> list[tuple[int, float]]:
        """(passage row, BM25) of the k passages that share most with the text, best first.

        Any text will do: it is taken apart into words, never read as a query language. documents and kinds: only
        passages of these; empty means all.
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
        hits = self._searcher.search(query, limit=min(k, len(self)), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        found = [(int(row), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def _any_of(self, field: str, values: Collection[str]) -> Any:
        import tantivy

        terms = [tantivy.Query.term_query(self._index.schema, field, str(value), "freq") for value in values]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])


def _analyser() -> Any:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for each in (Filter.remove_long(LONGEST_WORD), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
        builder = builder.filter(each)
    return builder.build()
