"""Whether a passage answers a question, or only comes near to it: questions embedded a second time, to be strict.

What is found by a question is near it, whether it answers or not. So the question is read once more by the same model
with other small changes (see adapter.py), trained by scripts/train_examiner.py to tell questions that a passage answers
from questions that it does not answer, some on false premises; passages keep the vectors that they have in the index.
Both are compared word piece by word piece (late interaction): a piece that nothing in the passage meets counts the more
the more it matters, and the worst one counts again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.indexing.adapter import Adapter
from assistant.indexing.arrays import Floats, Numbers, by_sentence, load, unit
from assistant.indexing.encoder import Encoder

TAUGHT = Path(__file__).with_name("examiner.npz")
LAST = 0  # of the layers whose states the model gives
LONGEST = 256  # word pieces, as in training
STATES = 4.0  # what unit states are multiplied with beside a weight of words
WIDEST = 3.0  # of what is learned about the weight of a word piece, as the power of e
SHARPNESS = 8.0  # of the soft maximum over what is not met
HEAVIEST = 3.0  # times the mean weight: the most that a word piece counts in it


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """A passage as the index holds it."""

    tokens: Floats
    """(tokens, TOKEN_DIMENSIONS) unit vectors of the word pieces of heading and passage."""
    places: Numbers
    """(tokens,) the passage's sentence that each is of; -1 for those of the heading, which come first."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """From how well each word piece is met to one figure, the logarithm of the odds."""

    weights: Floats
    """(dimensions + 1,) of a word piece's state and of its rarity: how much it matters."""
    bias: float
    terms: Floats
    """(4,): the start; what is taken off for what the passage does not meet, its best sentence does not; the worst."""

    def __call__(self, states: Floats, rarity: Floats, whole: Floats, best: Floats) -> Floats:
        """(passages,) from (pieces, dimensions), (pieces,), and twice (pieces, passages) of cosines."""
        known = np.concatenate([STATES * unit(states), rarity[:, None]], axis=1)
        weights = np.exp(np.clip(known @ self.weights + self.bias, -WIDEST, WIDEST)) * rarity
        weights = weights / weights.sum()
        relative = np.minimum(weights * len(weights), HEAVIEST)
        lacking = 1 - whole
        worst = np.log(np.exp(SHARPNESS * lacking * relative[:, None]).mean(axis=0)) / SHARPNESS
        start, overall, in_one, for_worst = self.terms
        figures: Floats = start - overall * (weights @ lacking) - in_one * (weights @ (1 - best)) - for_worst * worst
        return figures


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What scripts/train_examiner.py trained: the changes of the model, and what is made of its states."""

    adapter: Adapter
    rarity: Floats
    """(vocabulary,) square root of the inverse document frequency of each word piece in the training texts."""
    head: Head
    goes_with: str
    """The fingerprint() of the adapter that passages are embedded with."""

    @classmethod
    def read(cls, path: Path) -> Taught:
        """What save() wrote. Raises OSError, ValueError, and KeyError for another .npz file."""
        saved = load(path)
        head = Head(saved["head"], float(saved["bias"]), saved["terms"])
        changes = Adapter.of(saved)
        return cls(changes, saved["rarity"].astype(np.float32), head, str(saved["weights"]))

    def save(self, path: Path) -> None:
        """As a .npz file."""
        rarity, bias = self.rarity.astype(np.float16), np.array(self.head.bias)
        self.adapter.save(path, self.goes_with, rarity=rarity, head=self.head.weights, bias=bias, terms=self.head.terms)


class Examiner(Protocol):
    """Looks at passages with a question in hand."""

    def load(self) -> None:
        """Get ready; may take seconds, may be called often and from several threads."""

    def log_odds(self, question: str, passages: Sequence[Examined]) -> Floats:
        """(passages,) the logarithm of the odds that each answers the question."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelExaminer:
    """The examiner that came with the program; for any number of threads. Loaded by load() or at first use."""

    encoder: Encoder
    taught: Taught

    def load(self) -> None:
        """Raises ModelUnusable."""
        self.encoder.load()

    def log_odds(self, question: str, passages: Sequence[Examined]) -> Floats:
        self.encoder.load()
        pieces = self.encoder.tokenizer.encode(question)
        [states] = self.encoder.states([pieces.ids])
        tokens, ids = self.encoder.projected(states, pieces)
        if not len(ids) or not passages:
            return np.full(len(passages), -np.inf, np.float32)
        rarity = self.taught.rarity[ids]
        whole, best = (np.stack(each, axis=1) for each in zip(*(met(tokens, rarity, p) for p in passages), strict=True))
        own = np.array(pieces.special_tokens_mask) == 0
        return self.taught.head(states[own, LAST], rarity, whole, best)


def met(tokens: Floats, rarity: Floats, passage: Examined) -> tuple[Floats, Floats]:
    """How well each word piece of a question is met: by the passage, and by its best sentence, or the heading."""
    heading, _, each = by_sentence(tokens @ passage.tokens.T, passage.places)
    return (each.max(axis=1), each[:, int((rarity @ each).argmax())]) if each.size else (heading, heading)


def shipped(
    adapter: Adapter | None, name: str, folder: Path, precision: str, cache: Path | None
) -> ModelExaminer | None:
    """The examiner that came with the program, if it goes with this adapter of the model of that folder.

    name is what errors call the model; cache is a folder in which its converted form is kept.
    """
    taught = Taught.read(TAUGHT) if adapter and TAUGHT.is_file() else None
    if taught is None or adapter is None or taught.goes_with != adapter.fingerprint():
        return None
    kept = cache / taught.adapter.fingerprint() if cache else None
    return ModelExaminer(Encoder(name, folder, LONGEST, precision, kept, taught.adapter), taught)
