"""The shapes that vectors come in, and the little arithmetic done on them."""

from __future__ import annotations

import threading
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.int32]

TOKEN_DIMENSIONS = 128
"""Of the vectors of word pieces; with 64 of them 2 of 274 questions fewer find their passage among the first five."""

_opening = threading.Lock()
DAMAGED = (SyntaxError, TypeError, tokenize.TokenError, EOFError, zipfile.BadZipFile, zlib.error)
"""What numpy's parser of headers and the readers of .npz files raise beside OSError and ValueError."""


def load(path: Path, mapped: bool = False) -> Any:
    """The array of a .npy file, memory-mapped if wanted, or the arrays of an .npz file by name.

    One file at a time: numpy parses headers with ast, which in CPython 3.11 fails now and then in two threads at once
    ("AST constructor recursion depth mismatch"). Raises OSError, or ValueError for what is no such file.
    """
    with _opening:
        try:
            found = np.load(path, mmap_mode="r" if mapped else None)
            if isinstance(found, np.ndarray):
                return np.asarray(found)  # a plain array over the same memory, quicker to slice than a memmap
            with found:
                return dict(found)
        except DAMAGED as error:
            raise ValueError(f"{path.name} is damaged ({error})") from error


def unit(vectors: npt.NDArray[Any]) -> Floats:
    """The same directions with length 1, over the last axis."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def by_sentence(similar: Floats, places: Numbers) -> tuple[Floats, Numbers, Floats]:
    """From how near pieces of a question are to those of a passage: near to its heading, which sentences, and how near.

    similar is (question's pieces, passage's pieces); places says of which sentence each of the latter is, -1 for the
    heading. Given are (question's pieces,) the best of the heading, 0 without one; (sentences,) ascending; and
    (question's pieces, sentences) the best of each, or of the heading.
    """
    inside = places >= 0
    heading: Floats = similar[:, ~inside].max(axis=1, initial=0.0)
    numbers, firsts = np.unique(places[inside], return_index=True)
    if not len(numbers):
        return heading, numbers, np.zeros((len(similar), 0), np.float32)
    each = np.maximum.reduceat(similar[:, inside], firsts, axis=1)
    return heading, numbers, np.maximum(each, heading[:, None])


def quantise(vectors: Floats) -> tuple[Bytes, Floats]:
    """Vectors as int8 with one scale each: bytes * scales[:, None] gives each number back to within half a scale."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0), 1e-12) / 127
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)
