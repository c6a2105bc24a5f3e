"""Documents of one evaluation, and the findings that they print more than once."""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.records import Finding, Kind
from assistant.understanding.printed import CELL_BREAK
from assistant.understanding.proof import letters

COMMON = frozenset(
    re.findall(
        r"\w+",
        "evaluation evaluations final interim midterm report reports brief briefs learning summary executive digest "
        "program programme project projects independent external full annual under with from their that this",
    )
)
"""Words in titles that tell one evaluation from another as little as 'the' does."""
TITLE_SHARE = 0.75  # of the telling words of the shorter title that stand in the other
TITLE_WORDS = 3  # telling words; a shorter title names no evaluation
NAMED_WORDS = 5  # words; a shorter title may stand in another document by chance
SHARED_RUN = 6  # words in a row
SHARED_FINDINGS = 3  # findings with such a run in common that make two documents a family
CROWD = 40  # documents; what so many share is a form, not an evaluation
ALIKE = 0.55
"""Share of a finding's words, weighed by rarity, that makes it the same as a longer one. On the labelled set the same
findings reach 0.55 to 1 and others 0.45 at most."""
ALIKE_NUMBERED = 0.35  # the same, of two with the same number in two documents
NUMBER = 0.15  # how much the same number adds when the best pairs are chosen
IDENTICAL = 0.9  # two of one list that are this much alike were printed twice
CERTAIN = 3.0  # more than any score: the same code, or printed twice
SIDE_BY_SIDE = 3  # pages; a summary is farther from its chapter than this
FEW_NAMES = 50  # titles; up to so many a plain search is quicker than looking up every run of words
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed (2^64 over the golden ratio)
CODE = re.compile(r"(\d{1,2}[a-z])\*?")
COPIED = (Kind.RECOMMENDATION, Kind.LESSON, Kind.GOOD_PRACTICE)
"""What a brief copies from its report word for word."""
REPEATED = (
    Kind.RECOMMENDATION,
    Kind.LESSON,
    Kind.GOOD_PRACTICE,
    Kind.OUTCOME,
    Kind.KEY_FINDING,
    Kind.CONCLUSION,
)


@dataclass(frozen=True, slots=True)
class Kin:
    """A document as far as its family can be told from it. key is any name of its own; opening is opening_words()."""

    key: str
    title: str
    pages: int
    year: str
    opening: str


def opening_words(text: str) -> str:
    """The words of a document's first pages, each reduced to its letters, a space between them."""
    return " ".join(filter(None, map(letters, text.split())))


def runs(finding: Finding) -> npt.NDArray[np.uint64]:
    """Numbers for each run of SHARED_RUN words of a finding that documents of a family have in common, else none.

    A polynomial hash modulo 2^64 over the CRC-32 of each word: two of 3 million runs meet by chance once in 4 million
    libraries.
    """
    if finding.kind not in COPIED:
        return np.zeros(0, np.uint64)
    return run_hashes(finding.text, SHARED_RUN)


def run_hashes(text: str, length: int) -> npt.NDArray[np.uint64]:
    """(runs,) a number for each run of so many words of a text, the same for the same letters in every run."""
    words = np.array([zlib.crc32(letters(word).encode()) for word in text.split()], dtype=np.uint64)
    count = max(0, len(words) - length + 1)
    found = np.zeros(count, np.uint64)
    for place in range(length):
        found = found * MULTIPLIER + words[place : place + count]
    return found * MULTIPLIER ^ (found >> np.uint64(29))  # the last word reaches the high bits as well


def tied(fresh: Sequence[Kin], settled: Sequence[Kin], shared: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of keys of documents that report on one evaluation, where one of the two at least is fresh.

    shared are pairs whose findings have much in common (SHARED_FINDINGS with runs in common).
    """
    known = {kin.key: kin for kin in (*fresh, *settled)}
    pairs = (*_by_title(fresh, settled), *_by_name(fresh, [*fresh, *settled]), *_by_name(settled, fresh), *shared)
    same = ((a, b) if a < b else (b, a) for a, b in pairs if a != b and _same_time(known[a], known[b]))
    return sorted(set(same))


def families(documents: Sequence[Kin], pairs: Iterable[tuple[str, str]]) -> list[list[Kin]]:
    """The documents in families, both in the order in which they come."""
    numbers = {kin.key: number for number, kin in enumerate(documents)}
    ties = _Ties(len(documents))
    for a, b in pairs:
        ties.tie(numbers[a], numbers[b])
    found: dict[int, list[Kin]] = defaultdict(list)
    for number, kin in enumerate(documents):
        found[ties.top(number)].append(kin)
    return list(found.values())


def fullest(family: Sequence[Kin]) -> Kin:
    """The document that a family is named after: the one with most pages."""
    return max(family, key=lambda kin: (kin.pages, kin.key))


def groups(found: Sequence[Finding]) -> list[list[Finding]]:
    """The findings of one family in groups that say the same, both in the order in which they come."""
    ties = _Ties(len(found))
    for a, b in _same_findings(found):
        ties.tie(a, b)
    together: dict[int, list[Finding]] = defaultdict(list)
    for number, each in enumerate(found):
        together[ties.top(number)].append(each)
    return list(together.values())


class _Ties:
    """Things tied together, one at a time (union-find)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def top(self, one: int) -> int:
        while self._above[one] != one:
            self._above[one] = one = self._above[self._above[one]]
        return one

    def tie(self, one: int, other: int) -> None:
        self._above[max(self.top(one), self.top(other))] = min(self.top(one), self.top(other))


# --- documents -------------------------------------------------------------------------------------------------------


def _same_time(a: Kin, b: Kin) -> bool:
    return not a.year or not b.year or abs(int(a.year) - int(b.year)) <= 1


def _by_title(fresh: Sequence[Kin], settled: Sequence[Kin]) -> Iterator[tuple[str, str]]:
    """Documents whose titles share most of their telling words."""
    documents = (*fresh, *settled)
    words = [_words(kin.title) - COMMON for kin in documents]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, telling in enumerate(words):
        for word in telling:
            holders[word].append(number)
    few = [held for held in holders.values() if len(held) <= CROWD]
    pairs = {(a, b) for held in few for a, b in itertools.combinations(held, 2) if a < len(fresh)}
    for a, b in sorted(pairs):
        shorter = min(len(words[a]), len(words[b]))
        if shorter >= TITLE_WORDS and len(words[a] & words[b]) >= TITLE_SHARE * shorter:
            yield documents[a].key, documents[b].key


def _by_name(readers: Sequence[Kin], named: Sequence[Kin]) -> Iterator[tuple[str, str]]:
    """Documents that name another by its title on their first pages."""
    starts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kin in named:
        name = max(re.split(r"[:–|]\s", re.sub(r"\([^)]*\)", "", kin.title)), key=len)
        if len(name.split()) >= NAMED_WORDS:
            starts["".join(map(letters, name.split()[:NAMED_WORDS]))].append((kin.key, letters(name)))
    if not starts:
        return
    for kin in readers:
        whole = kin.opening.replace(" ", "")
        if len(starts) < FEW_NAMES and not any(start in whole for start in starts):
            continue
        words = kin.opening.split()
        for place in range(len(words) - NAMED_WORDS + 1):
            for other, name in starts.get("".join(words[place : place + NAMED_WORDS]), ()):
                if other != kin.key and name in whole:
                    yield kin.key, other


# --- findings --------------------------------------------------------------------------------------------------------


def _same_findings(found: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Pairs of findings of one family that say the same, best first, none by which two that differ would meet."""
    together = {number: {number} for number in range(len(found))}
    for score, a, b in sorted(_same(found), key=lambda pair: (-pair[0], pair[1:])):
        if together[a] is together[b]:
            continue
        crossed = itertools.product(together[a], together[b])
        if score < CERTAIN and any(_differ(found[one], found[other]) for one, other in crossed):
            continue
        together[a] |= together[b]
        for number in together[b]:
            together[number] = together[a]
        yield a, b


def _differ(a: Finding, b: Finding) -> bool:
    """Two that a document lists side by side, or with two codes, are not one finding."""
    codes = [CODE.fullmatch(each.number) for each in (a, b)]
    if codes[0] and codes[1]:
        return codes[0][1] != codes[1][1]
    if a.document != b.document:
        return False
    return a.section == b.section or (a.number != b.number and abs(a.page - b.page) <= SIDE_BY_SIDE)


def _same(found: Sequence[Finding]) -> Iterator[tuple[float, int, int]]:
    """Pairs that look alike, with how much: one of one list goes with one of another at most."""
    words = [_words(each.text) for each in found]
    counts = Counter(word for telling in words for word in telling)
    weights = {word: math.log(1 + len(found) / count) for word, count in counts.items()}
    lists: dict[tuple[Kind, str, str], list[int]] = defaultdict(list)
    for number, each in enumerate(found):
        if each.kind in REPEATED:
            lists[each.kind, each.document, each.section].append(number)
    for members in lists.values():
        for a, b in itertools.combinations(members, 2):
            if _coded(found[a], found[b]) or _alike(words[a], words[b], weights, both=True) >= IDENTICAL:
                yield CERTAIN, a, b
    for (first, one), (second, other) in itertools.combinations(lists.items(), 2):
        if first[0] is second[0]:
            yield from _matched(found, words, weights, one, other)


def _matched(
    found: Sequence[Finding],
    words: Sequence[frozenset[str]],
    weights: dict[str, float],
    one: Iterable[int],
    other: Sequence[int],
) -> Iterator[tuple[float, int, int]]:
    """The best pairs of two lists, each finding in one pair at most."""
    scored = []
    for a, b in itertools.product(one, other):
        if _coded(found[a], found[b]):
            scored.append((CERTAIN, a, b))
            continue
        apart = found[a].document != found[b].document
        rows = not apart and CELL_BREAK in found[a].text and CELL_BREAK in found[b].text
        # The tables of one document word different results alike: only what is printed twice is the same there.
        score = _alike(words[a], words[b], weights, both=rows) * (not rows or ALIKE / IDENTICAL)
        numbered = apart and found[a].number == found[b].number != ""
        if score >= (ALIKE_NUMBERED if numbered else ALIKE):
            scored.append((score + NUMBER * numbered, a, b))
    taken: set[int] = set()
    for score, a, b in sorted(scored, key=lambda pair: (-pair[0], pair[1:])):
        if not taken & {a, b}:
            taken |= {a, b}
            yield score, a, b


def _coded(a: Finding, b: Finding) -> bool:
    """Two with the same code of a number and a letter ('3b*') are one in all places."""
    codes = [CODE.fullmatch(each.number) for each in (a, b)]
    return codes[0] is not None and codes[1] is not None and codes[0][1] == codes[1][1]


def _alike(a: frozenset[str], b: frozenset[str], weights: dict[str, float], both: bool = False) -> float:
    """The share of the words of the shorter finding, by weight, that the other has; of both together if both."""
    shared = sum(weights[word] for word in a & b)
    totals = [sum(weights[word] for word in words) for words in (a, b)]
    whole = sum(totals) - shared if both else min(totals)
    return shared / whole if whole else 0.0


def _words(text: str) -> frozenset[str]:
    """The telling words of a text, cut to the six letters that survive most endings."""
    words = re.findall(r"\w{4,}", text.lower())
    return frozenset(word[:6].rstrip("s") for word in words) - COMMON
