"""The library as questions see it: one generation, opened for reading by any number of threads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.indexing.embedding import Bytes, Floats, Numbers
from assistant.records import Document, Kind, Page, PageWarning, Passage

# --- generations.py -------------------------------------------------------------------------------------------------
# class Refused: frozen dataclass(document, reason, detail)
# class Manifest: frozen dataclass(generation, segment, fingerprint, reader, documents: tuple[Document], refused:
#     tuple[Refused], warnings: tuple[PageWarning], passages: int, sentences: int, ...)
# def writing(folder) -> ContextManager[None]      raises IndexBusy, IndexUnwritable; hold it over a whole indexing run
# def live_generation(folder) -> int               0 where there is none; cheap, for "is there a newer one?"
# def assemble(folder, documents: Sequence[tuple[str, str]], *, fingerprint: str, reader: str,
#              refused: Sequence[Refused] = ()) -> int      documents are (name, record key); inside writing()


class Library:
    folder: Path
    generation: int
    documents: tuple[Document, ...]
    refused: tuple[Any, ...]
    warnings: tuple[PageWarning, ...]
    vectors: Any  # SentenceVectors: .search(vector, k, allowed=None) -> (scores, rows)
    words: Any  # Words: .search(text, k, documents=None, kinds=None) -> list[(passage row, bm25)]
    sentence_passages: Numbers  # (vectors,) passage row of each sentence vector
    sentence_numbers: Numbers  # (vectors,) which sentence of that passage
    passage_documents: Numbers  # (passages,) position in documents

    @classmethod
    def open(cls, folder: Path, fingerprint: str) -> Library: ...  # raises IndexMissing, IndexUnusable
    def close(self) -> None: ...
    def passages(self, rows: Sequence[int] | Numbers) -> list[Passage]: ...  # in the order of rows
    def passage(self, id: str) -> Passage | None: ...
    def rows(self, documents: Collection[str] = (), kinds: Collection[Kind] = ()) -> npt.NDArray[np.int64]: ...
    def tokens(self, row: int) -> tuple[Bytes, Floats, Numbers]: ...  # tokens (n, 64), scales (n,), pieces (n,)
    def idf(self, pieces: Numbers) -> Floats: ...
    def page(self, document: str, number: int) -> Page: ...  # raises PageMissing
    def document(self, name: str) -> Document | None: ...
