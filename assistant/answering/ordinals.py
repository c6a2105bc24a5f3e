"""Which ones of a list are asked for: "the second recommendation to donors", "lessons 3 and 4"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.items import NUMBER
from assistant.records import Finding, Kind
from assistant.retrieval import query
from assistant.understanding.printed import SECTION_BREAK

KIND = (
    r"(?:recommendations?|lessons?(?: learn(?:ed|t))?|(?:(?:emerging|good|best|promising) )+practices?|"
    r"(?:key )?findings?|conclusions?)"
)
NTH = {word: place for word, place in NUMBER.items() if re.search("(?:st|nd|rd|th)$|final", word)}
COUNTS = "|".join(word for word in NUMBER if word not in NTH)
AND = r"\s*(?:,\s*(?:(?:and|or)\s+)?|and|&|or|to|through|-|–)\s*(?:no\.?\s*|#\s*)?"
CALLED = re.compile(
    rf"(?:\b(?P<by_number>{KIND}) ?(?:(?:no\.?|number|#) ?)?(?P<numbers>\d{{1,2}}\b(?:{AND}\d{{1,2}}\b)*)"
    rf"|\b(?P<end>first|last) (?P<count>{COUNTS}) (?:main )?(?P<at_end>{KIND})"
    rf"|\b(?P<nth>{'|'.join(NTH)}) (?:main )?(?P<by_place>{KIND}))"
    r"(?!\w| ?%| percent|[.,:]?\d| ?(?:,|and|&|or|to|-) ?#?\d| to be\b| (?:that|which|whose)\b)",
    re.IGNORECASE,
)
"""How some of a list are called."""
RANGE = re.compile(r"(\d+)\s*(?:to|through|-|–)\s*(\d+)")
BEFORE = re.compile(
    r"(?:^|[,:;] ?|\b(?:and|then) )(?:please |(?:can|could) you )*"
    r"(?:(?:what(?:['’]s| is| are| was| were| do| does| did)|which (?:is|are|was|were)|show(?: me| us)?|"
    r"give(?: me| us)?|list|quote|cite|read|tell me|summari[sz]e|(?:to |for )?whom? (?:is|are|was|were)|"
    r"(?:text|wording) of)\s)?(?:the\s)?$",
    re.IGNORECASE,
)
"""What stands before such a call where these entries are what is asked for: no 'what changed after lesson 3?'"""
WHOM = re.compile(r"\bwhom?\b", re.IGNORECASE)
FOR_WHOM = re.compile(r"\b(?:to|for) whom\b|\b(?:for|to|addressed|directed|aimed|meant)\W*$", re.IGNORECASE)
"""Who is asked for, and is it whom the entry is for?"""


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Some entries of a list: a stretch of it, or those that bear certain numbers."""

    text: str
    """The question without the words that tell which."""
    kind: str
    """What the entries are called in the question."""
    told: str
    """Which: 'the second', 'numbers 3 and 4'."""
    are_many: bool
    stretch: slice | None = None
    numbers: tuple[int, ...] = ()


def named(text: str) -> Ordinal | None:
    """What a question asks for of a list; None where it asks for something else, or names neither place nor number.

    A question with brackets behind it asks of what stands in them.
    """
    match = CALLED.search(text)
    if not match or not BEFORE.search(text[: match.start()]) or query.unbracketed(text) != text:
        return None
    if WHOM.search(text) and not FOR_WHOM.search(text):
        return None
    kind = match["by_number"] or match["at_end"] or match["by_place"]
    rest = f"{text[: match.start()]}{kind}{text[match.end() :]}"
    if match["numbers"]:
        wanted = _numbers(match["numbers"])
        return Ordinal(rest, kind, _called(wanted), len(wanted) > 1, numbers=wanted)
    if match["end"]:
        count = NUMBER[match["count"].lower()] + 1
        stretch = slice(count) if match["end"].lower() == "first" else slice(-count, None)
        return Ordinal(rest, kind, f"the {match['end']} {match['count']}".lower(), True, stretch)
    place = NTH[match["nth"].lower()]
    return Ordinal(rest, kind, f"the {match['nth']}".lower(), False, slice(place, place + 1 or None))


def _numbers(printed: str) -> tuple[int, ...]:
    """'2, 4 to 6' as (2, 4, 5, 6)."""
    numbers = {int(number) for number in re.findall(r"\d+", printed)}
    for first, last in RANGE.findall(printed):
        numbers |= set(range(int(first), int(last) + 1))
    return tuple(sorted(numbers))


def _called(numbers: Sequence[int]) -> str:
    """'numbers 1, 4 and 5'."""
    *others, last = map(str, numbers)
    return f"numbers {', '.join(others)} and {last}" if others else f"number {last}"


def chosen(printed: Sequence[Finding], among: Sequence[Finding], ordinal: Ordinal) -> list[Finding]:
    """The entries asked for, of each of the printed lists; counted are those that are among these."""
    return [each for run, whole in _runs(printed, among) for each in _of_run(run, whole, ordinal)]


def sentence(found: Sequence[Finding], ordinal: Ordinal) -> str:
    """What is said of the list that is left: 'Of each list only numbers 3 and 4 are given.'"""
    borne = {_number(each) for each in found}
    there = tuple(number for number in ordinal.numbers if number in borne) or ordinal.numbers
    missing = [number for number in ordinal.numbers if number not in there]
    told, many = (_called(there), len(there) > 1) if ordinal.numbers else (ordinal.told, ordinal.are_many)
    more = f" No list has {_called(missing[:1])}{' and beyond' if missing[1:] else ''}." if missing else ""
    return f"Of each list only {told} {'are' if many else 'is'} given.{more}"


def is_beyond(printed: Sequence[Finding], among: Sequence[Finding], ordinal: Ordinal) -> bool:
    """No list is so long: what is asked for is not there, and not merely left out."""
    end = ordinal.numbers[0] if ordinal.numbers else ordinal.stretch.stop if ordinal.stretch else 0
    return longest(printed, among) < (end or 0)


def longest(printed: Sequence[Finding], among: Sequence[Finding]) -> int:
    """The highest number, or place where none bears a number, of these entries in the printed lists."""
    return max(max(_places(run)) for run, _ in _runs(printed, among))


def _of_run(run: list[Finding], is_whole: bool, ordinal: Ordinal) -> list[Finding]:
    if ordinal.stretch is None:
        return [each for each, place in zip(run, _places(run), strict=True) if place in ordinal.numbers]
    if is_whole and ordinal.stretch.start is not None and ordinal.stretch.start >= 0 and _number(run[0]):
        return [each for each in run if _number(each) == ordinal.stretch.stop]  # a number may have been misread
    return run[ordinal.stretch]


def _places(run: Sequence[Finding]) -> list[int]:
    """The number that each entry bears; where it bears none its place, from 1."""
    return [_number(each) or place for place, each in enumerate(run, 1)]


def _runs(printed: Sequence[Finding], among: Sequence[Finding]) -> list[tuple[list[Finding], bool]]:
    """The entries by printed list and whether these are all of it, each in the order of its numbers.

    Columns may have been read across. Where a document has key findings, its conclusions are no more of them.
    """
    keyed = {each.document for each in printed if each.kind is Kind.KEY_FINDING}
    runs: list[list[Finding]] = []
    for each in printed:
        if each.kind is Kind.CONCLUSION and each.document in keyed:
            continue
        if not runs or not _goes_on(runs[-1], each):
            runs.append([])
        runs[-1].append(each)
    meant = {each.id for each in among}
    kept = [([each for each in sorted(run, key=_number) if each.id in meant], len(run)) for run in runs]
    return [(run, len(run) == whole) for run, whole in kept if run]


def _goes_on(run: Sequence[Finding], entry: Finding) -> bool:
    """The entry is of that list: with a number that is not in it yet, or without any below the same heading."""
    number, numbers = _number(entry), {_number(each) for each in run}
    if entry.document != run[-1].document or (number == 0) != (0 in numbers):
        return False
    return number not in numbers if number else _above(entry) == _above(run[-1])


def _above(entry: Finding) -> str:
    """The headings above the one that the entry stands under."""
    return entry.section.rpartition(SECTION_BREAK)[0] or entry.section


def _number(entry: Finding) -> int:
    """The number that an entry bears: 3 for '3' and '3b*'; 0 for none."""
    match = re.match(r"\d+", entry.number)
    return int(match.group()) if match else 0
