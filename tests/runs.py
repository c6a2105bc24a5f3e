"""A corpus that tests change, its index, and the runs over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fakes import WordHashEmbedder

from assistant.building import build
from assistant.indexing.embedding import Encoded
from assistant.pipeline import Assistant
from assistant.reports import BuildReport
from assistant.settings import Settings


class CountingEmbedder(WordHashEmbedder):
    """Word hashes that count the passages they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.passages = 0

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        self.passages += len(texts)
        return super().embed_passages(texts, headings, sentences)


class Shelf:
    """A corpus folder, its index, and the runs over it."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        self.settings = Settings(corpus=self.corpus, index=folder / "index")
        self.embedder = CountingEmbedder()

    def run(self) -> BuildReport:
        return build(self.settings, embedder=self.embedder)

    def open(self) -> Assistant:
        return Assistant(self.settings, embedder=self.embedder)
