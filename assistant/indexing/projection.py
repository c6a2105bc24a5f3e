"""From a model's hidden states to small vectors of its word pieces, by which late interaction compares them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.indexing.arrays import TOKEN_DIMENSIONS, Floats, load, unit

FITTING = Path(__file__).with_name("fitting.txt")
"""What a projection is fitted on, a passage a line: those of tests/claims.jsonl, invented, of many fields."""
LAYERS = 2  # the last one first


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Fitted to one model. The last layer says what a word piece means in its text, the one before also what it says.

    The last layer was trained for the mean over a sentence: its word pieces have grown alike. Each layer's states are
    taken from their mean, which they all share and which says nothing (Mu and Viswanath 2018, All-but-the-Top), and
    brought to length 1, so that both count the same; the main directions of the two side by side are kept.
    """

    means: Floats
    """(LAYERS, dimensions)"""
    matrix: Floats
    """(LAYERS x dimensions, up to TOKEN_DIMENSIONS) orthonormal."""

    def __call__(self, states: Floats) -> Floats:
        """(tokens, LAYERS, dimensions) hidden states as (tokens, TOKEN_DIMENSIONS) vectors of length 1."""
        return unit(_beside(states, self.means) @ self.matrix)

    @classmethod
    def fitted(cls, states: Floats) -> Projection:
        """To (tokens, LAYERS, dimensions) hidden states of many texts."""
        means: Floats = states.mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(means, _principal_directions(_beside(states, means)))

    @classmethod
    def read(cls, path: Path) -> Projection:
        """What save() wrote. Raises OSError, ValueError, and KeyError for another .npz file."""
        saved = load(path)
        return cls(saved["means"], saved["matrix"])

    def save(self, path: Path, **more: npt.NDArray[Any]) -> None:
        """As a .npz file, with more arrays beside its own."""
        np.savez_compressed(path, allow_pickle=False, means=self.means, matrix=self.matrix, **more)

    def tobytes(self) -> bytes:
        """What makes it this projection and no other."""
        return self.means.tobytes() + self.matrix.tobytes()


def fitting_texts() -> Iterable[str]:
    """The texts that every projection is fitted on, so that two machines make the same of one model."""
    return FITTING.read_text("utf-8").splitlines()


def _beside(states: Floats, means: Floats) -> Floats:
    """The layers side by side, each from its mean and of length 1: (tokens, LAYERS x dimensions)."""
    return unit(states - means).reshape(len(states), means.size)


def _principal_directions(vectors: Floats) -> Floats:
    """The (dimensions, up to TOKEN_DIMENSIONS) orthonormal matrix that keeps most of the vectors' lengths."""
    moments = vectors.T.astype(np.float64) @ vectors.astype(np.float64)
    found = np.linalg.eigh(moments).eigenvectors[:, ::-1][:, :TOKEN_DIMENSIONS]
    largest = found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])]
    return np.ascontiguousarray(found * np.sign(largest), dtype=np.float32)  # one sign, whatever the machine
