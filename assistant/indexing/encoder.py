"""Texts as a model's hidden states, word piece by word piece."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import ModelUnusable
from assistant.indexing import inference
from assistant.indexing.adapter import Adapter
from assistant.indexing.arrays import Floats, Numbers
from assistant.indexing.projection import Projection

BATCH_PIECES = 2048
"""Padded word pieces in one pass: 6 % of them are padding, where 4,096 have 10 %; single passages take 20 % longer."""


class Encoder:
    """A model on this machine's processor, for any number of threads; cheap to make, loaded by load().

    name is what errors call it; limit is the most word pieces of a text that it sees; cache is a folder for its
    converted form. What encodes may be called once it is loaded.
    """

    def __init__(
        self, name: str, folder: Path, limit: int, precision: str, cache: Path | None, adapter: Adapter | None
    ) -> None:
        self._name, self._folder, self._limit = name, folder, limit
        self._precision, self._cache, self._adapter = precision, cache, adapter
        self._lock = threading.Lock()
        self._forward: inference.Forward | None = None
        self.tokenizer: Any = None
        self.projection: Projection

    def load(self) -> None:
        """Raises ModelUnusable."""
        with self._lock:
            if self._forward is not None:
                return
            try:
                self.tokenizer = inference.load_tokenizer(self._folder)
                self.tokenizer.enable_truncation(self._limit)
                loaded = inference.load_model(self._folder, self._precision, self._cache, self._adapter)
            except Exception as error:  # tokenizers and safetensors raise bare ones
                raise ModelUnusable(self._name, str(error).strip().split("\n")[0]) from error
            self.projection = loaded.projection
            self._forward = loaded.forward

    @property
    def runs_on(self) -> str:
        """Which library computes and how precisely, for example 'OpenVINO bf16'; '' before the model is loaded."""
        return self._forward.name if self._forward else ""

    def projected(self, states: Floats, pieces: Any) -> tuple[Floats, Numbers]:
        """(tokens, TOKEN_DIMENSIONS) unit vectors of a text's own word pieces, without the model's marks; their ids."""
        own = np.array(pieces.special_tokens_mask) == 0
        return self.projection(states[own]), np.array(pieces.ids, dtype=np.int32)[own]

    def all_states(self, pieces: Sequence[Any]) -> Iterator[tuple[int, Floats]]:
        """Each text's number and states; the next batch is computed while this one is made use of."""
        with ThreadPoolExecutor(1) as pool:
            waiting: deque[tuple[list[int], Future[list[Floats]]]] = deque()
            for batch in batches([len(piece.ids) for piece in pieces]):
                waiting.append((batch, pool.submit(self.states, [pieces[n].ids for n in batch])))
                if len(waiting) > 1:
                    done, states = waiting.popleft()
                    yield from zip(done, states.result(), strict=True)
            while waiting:
                done, states = waiting.popleft()
                yield from zip(done, states.result(), strict=True)

    def states(self, ids: Sequence[Sequence[int]]) -> list[Floats]:
        """The hidden states of each text, (its word pieces, LAYERS, dimensions)."""
        assert self._forward is not None
        longest = max(map(len, ids))
        padded = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros_like(padded)
        for row, values in enumerate(ids):
            padded[row, : len(values)] = values
            mask[row, : len(values)] = 1
        with self._lock:  # the libraries' request objects are not made for several threads
            hidden = self._forward(padded, mask)
        return [hidden[row, : len(values)] for row, values in enumerate(ids)]


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Positions of texts to embed together: of similar length, at most BATCH_PIECES word pieces with padding."""
    found: list[list[int]] = []
    for n in sorted(range(len(lengths)), key=lambda n: lengths[n]):
        if not found or lengths[n] * (len(found[-1]) + 1) > BATCH_PIECES:
            found.append([])
        found[-1].append(n)
    return found


def sentence_places(starts: Sequence[int], sentences: Sequence[tuple[int, int]]) -> Numbers:
    """Which sentence each word piece is of, told from where it starts in the text; the first if there is none."""
    begins = [start for start, _ in sentences] or [0]
    return np.maximum(np.searchsorted(begins, starts, side="right") - 1, 0).astype(np.int32)
