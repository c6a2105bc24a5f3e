"""Sentence vectors: the nearest to a question, found with FAISS."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.indexing.arrays import Floats

Rows = npt.NDArray[np.int64]


class SentenceVectors:
    """Unit vectors in rows, searched exactly by inner product. Safe for any number of threads that search.

    400,000 vectors of 384 numbers (some 50,000 passages) are searched in 0.15 s on two cores;
    beyond that a clustered index would pay.
    """

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: Floats) -> SentenceVectors:
        """(vectors, dimensions) float32 of unit length."""
        faiss = _faiss()
        index = faiss.IndexFlatIP(max(1, vectors.shape[1]))  # an empty library has no dimensions yet
        index.add(np.ascontiguousarray(vectors.reshape(-1, index.d)))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> SentenceVectors:
        """Memory-mapped, so that a start does not read them all. Raises RuntimeError for what is no such file."""
        faiss = _faiss()
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def save(self, path: Path) -> None:
        """Raises OSError."""
        try:
            _faiss().write_index(self._index, str(path))
        except RuntimeError as error:  # FAISS's own, a full disk among it
            raise OSError(errno.EIO, f"{path.name} could not be written: {error}") from error

    def add(self, vectors: Floats) -> None:
        """Append rows; not while another thread searches, and not to what was loaded memory-mapped."""
        self._index.add(np.ascontiguousarray(vectors))

    def rows(self, rows: Sequence[int]) -> Floats:
        """(rows, dimensions) the vectors in these rows."""
        return np.array([self._index.reconstruct(int(row)) for row in rows], np.float32).reshape(-1, self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Floats, k: int, allowed: Rows | None = None) -> tuple[Floats, Rows]:
        """Cosines and rows of the k nearest, best first; fewer where there are fewer. allowed: only these rows."""
        faiss = _faiss()
        if len(self) == 0 or k < 1 or (allowed is not None and len(allowed) == 0):
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        options = None
        if allowed is not None:
            bits = np.zeros(len(self), dtype=bool)
            bits[allowed] = True
            packed = np.packbits(bits, bitorder="little")  # must live as long as the selector that points to it
            options = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(packed))
        scores, rows = self._index.search(vector.reshape(1, -1), min(k, len(self)), params=options)
        found = rows[0] >= 0
        return scores[0][found], rows[0][found]


def _faiss() -> Any:
    import faiss  # its annotations know the C++ signatures, not the Python ones

    return faiss
