"""Documents that are nearly the same: another scan or version of one report, told from samples of their words."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from assistant.understanding.families import MULTIPLIER

Sketch = npt.NDArray[np.uint64]

RUN = 5  # words
SAMPLE = 256
"""Runs that are kept of a document, those with the smallest hashes (bottom-k sketch, Cohen and Kaplan 2007): the share
of two documents' runs that they have in common is told with a standard error of 0.03 or less."""
ALIKE = 0.5
"""Of all runs of two documents. A word in fifty read otherwise by OCR leaves two thirds of the runs in common; a brief
and its report, or two reports of one series, share under a tenth."""
FEWEST_RUNS = 40  # of the shorter document; less is a cover page, and forms are alike
WORD = re.compile(r"\w+")


def sketch(texts: Iterator[str]) -> Sketch:
    """(up to SAMPLE,) the smallest hashes of the runs of words in these texts, ascending."""
    words = [zlib.crc32(word.encode()) for text in texts for word in WORD.findall(text.lower())]
    codes = np.array(words, dtype=np.uint64)
    found = np.zeros(max(0, len(codes) - RUN + 1), np.uint64)
    for place in range(RUN):
        found = found * MULTIPLIER + codes[place : place + len(found)]
    found = (found ^ (found >> np.uint64(32))) * MULTIPLIER  # which hashes are smallest must not depend on one word
    return np.unique(found)[:SAMPLE]


def likeness(one: Sketch, other: Sketch) -> float:
    """The share of the runs of both documents that both have, 0 to 1."""
    both = np.union1d(one, other)[:SAMPLE]
    return float(np.isin(both, np.intersect1d(one, other)).mean()) if len(both) else 0.0


def alike(sketches: Mapping[str, Sketch], fresh: frozenset[str]) -> Iterator[tuple[str, str, float]]:
    """(key, other key, likeness) of the documents that are nearly the same, where one of the two at least is fresh."""
    large = {key: each for key, each in sketches.items() if len(each) >= FEWEST_RUNS}
    holders: dict[int, list[str]] = defaultdict(list)
    for key, each in large.items():
        for value in each.tolist():
            holders[value].append(key)
    shared: Counter[tuple[str, str]] = Counter()
    for held in holders.values():
        for place, one in enumerate(held):
            shared.update((one, other) for other in held[place + 1 :] if one in fresh or other in fresh)
    for (one, other), count in shared.items():
        # What two sketches share, their sample of both together shares at most.
        if count >= ALIKE * min(len(large[one]), len(large[other])) / 2:
            share = likeness(large[one], large[other])
            if share >= ALIKE:
                yield one, other, share
