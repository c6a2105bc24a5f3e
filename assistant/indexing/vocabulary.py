"""The words of a library, how often each is printed, and which of them are a letter or two from another word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from assistant.understanding.languages import WORD
from assistant.understanding.printed import fold

LONGEST_WORD = 30
"""Letters; longer runs are addresses and words that were printed without spaces."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CONSONANTS = np.uint64(sum(1 << place for place, letter in enumerate(LETTERS) if letter not in "aeiou"))


def counted(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in these texts, folded."""
    printed: Counter[str] = Counter()
    for text in texts:
        printed.update(WORD.findall(text))
    counts: Counter[str] = Counter()
    for word, count in printed.items():
        if len(word) <= LONGEST_WORD:
            counts[fold(word)] += count
    return counts


class Vocabulary:
    """Words, folded, with how often each is printed."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        self._words = sorted(self._counts, key=len)
        self._lengths = np.array([len(word) for word in self._words], dtype=np.int32)
        self._letters = _letters(self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def count(self, word: str) -> int:
        """How often a folded word is printed; 0 for one that is not there."""
        return self._counts.get(word, 0)

    def near(self, word: str, most: int) -> list[tuple[int, str]]:
        """(distance, word) of the words at most so many edits from a folded word, nearest first, then commonest.

        A word two edits away counts only with the same first letter and consonants: who types two letters wrong
        doubles or drops them, swaps them or takes one vowel for another, while with two other consonants it is another
        word ('pertinent', 'permanent'). 50,000 words take about a millisecond.
        """
        first, end = np.searchsorted(self._lengths, [len(word) - most, len(word) + most + 1])
        # One edit takes away a letter, adds one, or both: words that differ in more letters are further away.
        differing = self._letters[first:end] ^ _letters([word])[0]
        may_be = np.bitwise_count(differing) <= 2
        if most > 1:
            may_be |= (np.bitwise_count(differing) <= 2 * most) & (differing & CONSONANTS == 0)
        found = []
        for place in np.flatnonzero(may_be) + first:
            other = self._words[place]
            alike = other[0] == word[0] and not differing[place - first] & CONSONANTS
            allowed = most if alike else min(most, 1)
            distance = edits(word, other, allowed)
            if distance <= allowed:
                found.append((distance, other))
        return sorted(found, key=lambda each: (each[0], -self._counts[each[1]], each[1]))


def edits(first: str, second: str, most: int) -> int:
    """Letters left out, added, changed, or swapped with their neighbour, from one word to the other.

    The optimal string alignment distance (Damerau 1964, without edits inside a swapped pair); any number above most
    stands for all of them.
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for n, letter in enumerate(first, 1):
        before, above, row = row, before, [n]
        for m, other in enumerate(second, 1):
            cost = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (letter != other))
            if n > 1 and m > 1 and letter == second[m - 2] and other == first[n - 2]:
                cost = min(cost, above[m - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _letters(words: list[str]) -> npt.NDArray[np.uint64]:
    """(words,) of each word, which letters it has, and in the higher half which it has more than once."""
    padded = np.array([word.encode("ascii", "ignore")[:LONGEST_WORD] for word in words], dtype=f"S{LONGEST_WORD}")
    characters = padded.view(np.uint8).reshape(len(words), LONGEST_WORD)
    found = np.zeros(len(words), dtype=np.uint64)
    for place, letter in enumerate(LETTERS):
        times = (characters == ord(letter)).sum(axis=1)
        found |= (times > 0).astype(np.uint64) << np.uint64(place)
        found |= (times > 1).astype(np.uint64) << np.uint64(place + 32)
    return found
