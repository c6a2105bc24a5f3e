"""A passage or a question as vectors: one per sentence, one small one per word piece, from one pass of the model."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from assistant.indexing import adapter, examiner, model_files
from assistant.indexing.arrays import TOKEN_DIMENSIONS, Bytes, Floats, Numbers, quantise, unit
from assistant.indexing.encoder import Encoder, sentence_places
from assistant.indexing.examiner import Examiner
from assistant.indexing.projection import FITTING
from assistant.understanding.printed import SECTION_BREAK

RECIPE = 6
"""Goes up when the way from text to vectors changes, so that old records are not mixed with new ones."""
LIMIT = 320
"""Word pieces of a heading or a passage that the model sees; what is beyond has no vector."""
SENTENCE_WORDS = 4
LAST = 0  # of the layers whose states the model gives: the one that was trained to stand for a sentence


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A passage as the model sees it. Not every sentence has a vector: sentence_numbers says which has."""

    sentences: Floats
    """(vectors, dimensions) unit length."""
    sentence_numbers: Numbers
    """(vectors,) which of the passage's sentences each vector stands for, ascending; never empty."""
    tokens: Bytes
    """(tokens, TOKEN_DIMENSIONS) unit vectors of the word pieces of heading and passage, divided by their scale."""
    scales: Floats
    """(tokens,) tokens x scale gives the unit vector back."""
    pieces: Numbers
    """(tokens,) word piece ids."""
    places: Numbers
    """(tokens,) the passage's sentence that each word piece is of; -1 for those of the heading, which come first."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """A question as the model sees it."""

    vector: Floats
    """(dimensions,) unit length."""
    tokens: Floats
    """(tokens, TOKEN_DIMENSIONS) unit length."""
    pieces: Numbers
    """(tokens,) word piece ids."""


class Embedder(Protocol):
    """What indexing and retrieval ask of a model. Two embedders with one fingerprint give the same vectors."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def examiner(self) -> Examiner | None:
        """What tells whether a passage answers a question; None where nothing was trained for this model."""

    def load(self) -> None:
        """Get ready to embed; may take seconds, may be called often and from several threads."""

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        """The passages of ONE document, each with the heading it stands under, and its sentences as (start, end)."""

    def embed_question(self, text: str) -> EncodedQuestion: ...

    def word_pieces(self, text: str) -> list[int]:
        """Word piece ids, without the model's own marks."""


class ModelEmbedder:
    """A sentence-transformers model on this machine's processor; cheap to make, loaded by load() or at first use.

    model is a folder, the name of a model in the hub's cache on this machine, or '' for the packaged MiniLM.
    cache is a folder where the converted models are kept, so that the next start takes half a second each, not eight.
    Raises ModelUnusable when made and when loaded.
    """

    def __init__(self, model: str = "", precision: str = "auto", cache: Path | None = None) -> None:
        name = model or model_files.PACKAGED
        folder = model_files.model_folder(model)
        self._files = model_files.hashes(folder)
        self._adapter = adapter.shipped(self._files)
        self.fingerprint = self._fingerprint()
        self.dimensions, longest = model_files.sizes(folder)
        kept = cache / self.fingerprint if cache else None
        self._encoder = Encoder(name, folder, min(LIMIT, longest), precision, kept, self._adapter)
        self.examiner = examiner.shipped(self._adapter, name, folder, precision, kept)

    def load(self) -> None:
        self._encoder.load()
        if self.examiner:
            self.examiner.load()

    @property
    def runs_on(self) -> str:
        """Which library computes and how precisely, for example 'OpenVINO bf16'; '' before the model is loaded."""
        return self._encoder.runs_on

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        self._encoder.load()
        pieces = self._encoder.tokenizer.encode_batch(list(texts))
        encoded: dict[int, Encoded] = {}
        # The threads of numpy's own BLAS wait by spinning: of 46 s of processor time they took 11 from the model.
        with threadpool_limits(1, "blas"):
            above = self._of_headings(set(headings))
            for n, states in self._encoder.all_states(pieces):
                wanted = worth_a_vector(texts[n], sentences[n])
                places = sentence_places([start for start, _ in pieces[n].offsets], sentences[n])
                encoded[n] = self._encoded(states, pieces[n], wanted, places, above[headings[n]])
        return [encoded[n] for n in range(len(texts))]

    def embed_question(self, text: str) -> EncodedQuestion:
        self._encoder.load()
        pieces = self._encoder.tokenizer.encode(text)
        [states] = self._encoder.states([pieces.ids])
        tokens, ids = self._encoder.projected(states, pieces)
        return EncodedQuestion(vector=unit(states[:, LAST].mean(axis=0)), tokens=tokens, pieces=ids)

    def word_pieces(self, text: str) -> list[int]:
        self._encoder.load()
        return list(self._encoder.tokenizer.encode(text, add_special_tokens=False).ids)

    def _of_headings(self, headings: Collection[str]) -> dict[str, tuple[Floats, Numbers]]:
        """Of each heading, the (tokens, TOKEN_DIMENSIONS) unit vectors and the ids of its word pieces, level by level.

        Each level is embedded once for all that stands below it: whole paths are 8 % more word pieces, no more found.
        """
        parts = sorted({part for heading in headings for part in heading.split(SECTION_BREAK)})
        pieces = self._encoder.tokenizer.encode_batch(parts)
        small = {parts[n]: self._encoder.projected(states, pieces[n]) for n, states in self._encoder.all_states(pieces)}
        return {each: _joined([small[part] for part in each.split(SECTION_BREAK)]) for each in headings}

    def _encoded(
        self,
        states: Floats,
        pieces: Any,
        wanted: list[tuple[int, int, int]],
        places: Numbers,
        above: tuple[Floats, Numbers],
    ) -> Encoded:
        own = np.array(pieces.special_tokens_mask) == 0
        means, numbers = [], []
        for number, _, _ in wanted:
            inside = own & (places == number)
            if inside.any():
                means.append(states[inside, LAST].mean(axis=0))
                numbers.append(number)
        if not means:  # there is not one word piece
            means, numbers = [states[:, LAST].mean(axis=0)], [wanted[0][0]]
        vectors, ids = self._encoder.projected(states, pieces)
        tokens, scales = quantise(np.concatenate([above[0], vectors]))
        return Encoded(
            sentences=unit(np.stack(means)),
            sentence_numbers=np.array(numbers, dtype=np.int32),
            tokens=tokens,
            scales=scales,
            pieces=np.concatenate([above[1], ids]),
            places=np.concatenate([np.full(len(above[1]), -1, np.int32), places[own]]),
        )

    def _fingerprint(self) -> str:
        """Changes with whatever changes what a vector means: the model's files, the adapter, the recipe.

        Not with the precision or the library that computes: bf16 and fp32 agree to a cosine above 0.999, so vectors
        of one may be searched with questions of the other.
        """
        digest = hashlib.sha256(f"{RECIPE} {LIMIT} {TOKEN_DIMENSIONS}\n".encode())
        for name, value in sorted(self._files.items()):
            digest.update(f"{name} {value}\n".encode())
        digest.update(FITTING.read_bytes() if self._adapter is None else self._adapter.tobytes())
        return digest.hexdigest()[:16]


def heading(title: str, section: str, context: str = "") -> str:
    """What a passage stands under, from the document's title to a table's labels."""
    return SECTION_BREAK.join(part for part in (title, section, context) if part)


def _joined(parts: Sequence[tuple[Floats, Numbers]]) -> tuple[Floats, Numbers]:
    return np.concatenate([vectors for vectors, _ in parts]), np.concatenate([ids for _, ids in parts])


def worth_a_vector(text: str, sentences: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(number, start, end) of the sentences that get a vector: those of at least 4 words, else the longest.

    Shorter ones ("See below.", "In the city") lie near everything and nothing. Never empty.
    """
    numbered = [(number, start, end) for number, (start, end) in enumerate(sentences)] or [(0, 0, len(text))]
    long = [each for each in numbered if len(text[each[1] : each[2]].split()) >= SENTENCE_WORDS]
    return long or [max(numbered, key=lambda each: each[2] - each[1])]
