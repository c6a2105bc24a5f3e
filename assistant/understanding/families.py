"""Documents of one evaluation, and the findings that they print more than once."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.records import Finding, Kind, Place
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
CODE = re.compile(r"(\d{1,2}[a-z])\*?")
REPEATED = (
    Kind.RECOMMENDATION,
    Kind.LESSON,
    Kind.GOOD_PRACTICE,
    Kind.OUTCOME,
    Kind.KEY_FINDING,
    Kind.CONCLUSION,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A document as far as its family can be told from it; opening is the text of its first pages."""

    name: str
    title: str
    pages: int
    year: str
    opening: str
    findings: tuple[Finding, ...]


def related(members: Sequence[Member]) -> list[Finding]:
    """The findings of all members, in order, with family, group (from 1) and also_in filled in."""
    families = _families(members)
    found: list[Finding] = []
    for family in families:
        fullest = max(family, key=lambda member: (member.pages, member.name))
        found += [replace(each, family=fullest.title) for member in family for each in member.findings]
    ties = _Ties(len(found))
    place = 0
    for family in families:
        count = sum(len(member.findings) for member in family)
        for a, b in _tied(found[place : place + count]):
            ties.tie(place + a, place + b)
        place += count
    grouped = _grouped(found, ties)
    order = {member.name: n for n, member in enumerate(members)}
    return sorted(grouped, key=lambda each: order[each.document])


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


def _grouped(found: Sequence[Finding], ties: _Ties) -> list[Finding]:
    groups: dict[int, list[Finding]] = defaultdict(list)
    for number, each in enumerate(found):
        groups[ties.top(number)].append(each)
    numbers = {top: number for number, top in enumerate(groups, 1)}
    grouped = []
    for number, each in enumerate(found):
        others = [Place(other.document, other.page) for other in groups[ties.top(number)] if other is not each]
        own = Place(each.document, each.page)
        places = tuple(place for place in dict.fromkeys(others) if place != own)
        grouped.append(replace(each, group=numbers[ties.top(number)], also_in=places))
    return grouped


# --- families --------------------------------------------------------------------------------------------------------


def _families(members: Sequence[Member]) -> list[list[Member]]:
    ties = _Ties(len(members))
    for a, b in itertools.chain(_by_title(members), _by_name(members), _by_findings(members)):
        if _same_time(members[a], members[b]):
            ties.tie(a, b)
    families: dict[int, list[Member]] = defaultdict(list)
    for number, member in enumerate(members):
        families[ties.top(number)].append(member)
    return list(families.values())


def _same_time(a: Member, b: Member) -> bool:
    return not a.year or not b.year or abs(int(a.year) - int(b.year)) <= 1


def _by_title(members: Sequence[Member]) -> Iterator[tuple[int, int]]:
    """Members whose titles share most of their telling words."""
    words = [_words(member.title) - COMMON for member in members]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, telling in enumerate(words):
        for word in telling:
            holders[word].append(number)
    pairs = {pair for held in holders.values() if len(held) <= CROWD for pair in itertools.combinations(held, 2)}
    for a, b in sorted(pairs):
        shorter = min(len(words[a]), len(words[b]))
        if shorter >= TITLE_WORDS and len(words[a] & words[b]) >= TITLE_SHARE * shorter:
            yield a, b


def _by_name(members: Sequence[Member]) -> Iterator[tuple[int, int]]:
    """Members that name another by its title on their first pages."""
    starts: dict[str, list[int]] = defaultdict(list)
    names = []
    for number, member in enumerate(members):
        name = max(re.split(r"[:–|]\s", re.sub(r"\([^)]*\)", "", member.title)), key=len)
        names.append(letters(name))
        if len(name.split()) >= NAMED_WORDS:
            starts["".join(map(letters, name.split()[:NAMED_WORDS]))].append(number)
    for number, member in enumerate(members):
        words = [letters(word) for word in member.opening.split()]
        whole = "".join(words)
        for place in range(len(words) - NAMED_WORDS + 1):
            for other in starts.get("".join(words[place : place + NAMED_WORDS]), ()):
                if other != number and names[other] in whole:
                    yield number, other


def _by_findings(members: Sequence[Member]) -> Iterator[tuple[int, int]]:
    """Members of which several findings have a run of words in common."""
    holders: dict[tuple[str, ...], set[tuple[int, int]]] = defaultdict(set)
    for number, member in enumerate(members):
        for place, each in enumerate(member.findings):
            if each.kind in (Kind.RECOMMENDATION, Kind.LESSON, Kind.GOOD_PRACTICE):
                words = [letters(word) for word in each.text.split()]
                for start in range(len(words) - SHARED_RUN + 1):
                    holders[tuple(words[start : start + SHARED_RUN])].add((number, place))
    shared: dict[tuple[int, int], set[int]] = defaultdict(set)
    for held in holders.values():
        if len({number for number, _ in held}) <= CROWD:
            for (a, place), (b, _) in itertools.permutations(held, 2):
                if a < b:
                    shared[a, b].add(place)
    yield from (pair for pair, places in shared.items() if len(places) >= SHARED_FINDINGS)


# --- findings --------------------------------------------------------------------------------------------------------


def _tied(found: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Pairs of findings of one family that say the same, best first, none by which two that differ would meet."""
    groups = {number: {number} for number in range(len(found))}
    for score, a, b in sorted(_same(found), key=lambda pair: (-pair[0], pair[1:])):
        if groups[a] is groups[b]:
            continue
        crossed = itertools.product(groups[a], groups[b])
        if score < CERTAIN and any(_differ(found[one], found[other]) for one, other in crossed):
            continue
        groups[a] |= groups[b]
        for number in groups[b]:
            groups[number] = groups[a]
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
