"""An embedder without a model: texts are near each other when they share words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from assistant.indexing.arrays import TOKEN_DIMENSIONS, Floats, Numbers, quantise, unit
from assistant.indexing.embedding import Encoded, EncodedQuestion, worth_a_vector
from assistant.indexing.encoder import sentence_places
from assistant.indexing.examiner import Examined, Examiner

WORD = re.compile(r"\w+")


class WordHashEmbedder:
    """Each word has a direction of its own, drawn from its hash; a sentence is the sum of its words."""

    def __init__(self, fingerprint: str = "word-hash") -> None:
        self.fingerprint = fingerprint
        self.dimensions = TOKEN_DIMENSIONS
        self.examiner: Examiner | None = None

    def load(self) -> None:
        """There is nothing to load."""

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        return [self._encoded(*each) for each in zip(texts, headings, sentences, strict=True)]

    def embed_question(self, text: str) -> EncodedQuestion:
        vectors = _vectors(text)
        return EncodedQuestion(unit(vectors.sum(axis=0)), vectors, self._pieces(text))

    def word_pieces(self, text: str) -> list[int]:
        return [_number(word) % 30_000 for word in _words(text)]

    def _encoded(self, text: str, heading: str, sentences: Sequence[tuple[int, int]]) -> Encoded:
        wanted = worth_a_vector(text, sentences)
        tokens, scales = quantise(_vectors(f"{heading} {text}"))
        return Encoded(
            sentences=unit(np.stack([_vectors(text[start:end]).sum(axis=0) for _, start, end in wanted])),
            sentence_numbers=np.array([number for number, _, _ in wanted], dtype=np.int32),
            tokens=tokens,
            scales=scales,
            pieces=self._pieces(f"{heading} {text}"),
            places=np.concatenate(
                [
                    np.full(len(_words(heading)), -1, np.int32),
                    sentence_places([match.start() for match in WORD.finditer(text)], sentences),
                ]
            ),
        )

    def _pieces(self, text: str) -> Numbers:
        return np.array(self.word_pieces(text), dtype=np.int32)


class Examining(WordHashEmbedder):
    """An embedder whose examiner finds these odds, whatever it reads."""

    def __init__(self, odds: float) -> None:
        super().__init__()
        self.examiner = self
        self.looked_at: list[Examined] = []
        self._odds = odds

    def log_odds(self, question: str, passages: Sequence[Examined]) -> Floats:
        self.looked_at += passages
        return np.full(len(passages), self._odds, np.float32)


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _vectors(text: str) -> Floats:
    return np.array([_direction(word) for word in _words(text)], np.float32).reshape(-1, TOKEN_DIMENSIONS)


@lru_cache(10_000)
def _direction(word: str) -> Floats:
    return unit(np.random.default_rng(_number(word)).normal(size=TOKEN_DIMENSIONS))


def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
