"""A passage or a question as vectors: one per sentence, one small one per word piece, from one pass of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.int32]

TOKEN_DIMENSIONS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A passage as the model sees it. Not every sentence has a vector: sentence_numbers says which has."""

    sentences: Floats
    """(vectors, dimensions) unit length."""
    sentence_numbers: Numbers
    """(vectors,) which of the passage's sentences each vector stands for, ascending; never empty."""
    tokens: Bytes
    """(tokens, 64) unit vectors of the word pieces of heading and passage, divided by their scale."""
    scales: Floats
    """(tokens,) tokens x scale gives the unit vector back."""
    pieces: Numbers
    """(tokens,) word piece ids."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """A question as the model sees it."""

    vector: Floats
    """(dimensions,) unit length."""
    tokens: Floats
    """(tokens, 64) unit length."""
    pieces: Numbers
    """(tokens,) word piece ids."""


class Embedder(Protocol):
    """What indexing and retrieval ask of a model. Two embedders with one fingerprint give the same vectors."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def load(self) -> None:
        """Get ready to embed; may take seconds, may be called often and from several threads."""

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        """The passages of ONE document; sentences are (start, end) in characters of each text."""

    def embed_question(self, text: str) -> EncodedQuestion: ...

    def word_pieces(self, text: str) -> list[int]:
        """Word piece ids, without the model's own marks."""


class ModelEmbedder:
    """A sentence-transformers model on this machine's processor; cheap to make, loaded by load() or at first use."""

    def __init__(self, model: str = "", precision: str = "auto", cache: Path | None = None) -> None: ...


def heading(title: str, section: str) -> str:
    """What stands before a passage when it is embedded or its words are indexed."""
    return " > ".join(part for part in (title, section) if part)
