"""Which ones of a list are asked for: "the second recommendation to donors", "lessons 3 and 4"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.items import NUMBER
from assistant.records import Finding

KIND = (
    r"(?:recommendation|lesson(?: learn(?:ed|t))?|(?:(?:emerging|good|best|promising) )+practice|finding|conclusion|"
    r"recomendación|lección|buena práctica)"
)
NTH = {word: place for word, place in NUMBER.items() if re.search("(?:st|nd|rd|th)$|final", word)}
BY_PLACE = re.compile(rf"\b(?P<word>{'|'.join(NTH)}) (?:(?:key|main) )?(?P<kind>{KIND})\b", re.IGNORECASE)
BY_NUMBER = re.compile(
    rf"\b(?P<kind>{KIND})(?P<many>e?s)? ?(?:(?:no\.?|number|nº|n°|#) ?)?"
    r"(?P<numbers>\d{1,2}(?!\d)(?:(?:, | ?(?:and|&|to|-|–|y) ?)\d{1,2}(?!\d))*)(?! ?%| percent|\.\d)",
    re.IGNORECASE,
)
AT_AN_END = re.compile(
    rf"\b(?P<end>first|last) (?P<count>{'|'.join(word for word in NUMBER if word not in NTH)}) "
    rf"(?:(?:key|main) )?(?P<kind>{KIND}s)\b",
    re.IGNORECASE,
)
RANGE = re.compile(r"(\d+) ?(?:to|-|–) ?(\d+)")


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Some entries of a list: a stretch of it, or those that bear certain numbers."""

    text: str
    """The question without the words that tell which."""
    told: str
    """Which: 'the second', 'numbers 3 and 4'."""
    are_many: bool
    stretch: slice | None = None
    numbers: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """What is said of the list that is left."""
        return f"Of each list only {self.told} {'are' if self.are_many else 'is'} given."


def named(text: str) -> Ordinal | None:
    """What a question asks for of a list; None where it names neither a place nor a number."""
    if match := BY_NUMBER.search(text):
        return _by_number(text, match)
    if match := AT_AN_END.search(text):
        count = NUMBER[match["count"].lower()] + 1
        stretch = slice(count) if match["end"].lower() == "first" else slice(-count, None)
        return Ordinal(_without(text, match), f"the {match['end']} {match['count']}".lower(), True, stretch)
    if match := BY_PLACE.search(text):
        place = NTH[match["word"].lower()]
        return Ordinal(_without(text, match), f"the {match['word']}".lower(), False, slice(place, place + 1 or None))
    return None


def _by_number(text: str, match: re.Match[str]) -> Ordinal:
    """'lessons 3 and 4', 'recommendation no. 2', 'findings 2 to 5'."""
    numbers = {int(number) for number in re.findall(r"\d+", match["numbers"])}
    for first, last in RANGE.findall(match["numbers"]):
        numbers |= set(range(int(first), int(last) + 1))
    wanted = tuple(sorted(numbers))
    *others, last_one = map(str, wanted)
    told = f"numbers {', '.join(others)} and {last_one}" if others else f"number {last_one}"
    return Ordinal(_without(text, match), told, bool(others), numbers=wanted)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]}{match['kind']}{text[match.end() :]}"


def chosen(printed: Sequence[Finding], among: Sequence[Finding], ordinal: Ordinal) -> list[Finding]:
    """The entries asked for, of each of the printed lists; counted are those that are among these."""
    return [each for run in _runs(printed, among) for each in _of_run(run, ordinal)]


def longest(printed: Sequence[Finding], among: Sequence[Finding]) -> int:
    """The highest number, or place, of these entries in the printed lists."""
    return max(max(_places(run)) for run in _runs(printed, among))


def _of_run(run: list[Finding], ordinal: Ordinal) -> list[Finding]:
    if ordinal.stretch:
        return run[ordinal.stretch]
    return [each for each, place in zip(run, _places(run), strict=True) if place in ordinal.numbers]


def _places(run: Sequence[Finding]) -> list[int]:
    """The number that each entry bears; where it bears none its place, from 1."""
    return [_number(each) or place for place, each in enumerate(run, 1)]


def _runs(printed: Sequence[Finding], among: Sequence[Finding]) -> list[list[Finding]]:
    """The entries by printed list, each in the order of its numbers: columns may have been read across."""
    runs: list[list[Finding]] = []
    for each in printed:
        if not runs or not _goes_on(runs[-1], each):
            runs.append([])
        runs[-1].append(each)
    meant = {each.id for each in among}
    kept = ([each for each in sorted(run, key=_number) if each.id in meant] for run in runs)
    return [run for run in kept if run]


def _goes_on(run: Sequence[Finding], entry: Finding) -> bool:
    """The entry is of that list: with a number that is not in it yet, or without any in the same section."""
    number, numbers = _number(entry), {_number(each) for each in run}
    if entry.document != run[-1].document or (number == 0) != (0 in numbers):
        return False
    return number not in numbers if number else entry.section == run[-1].section


def _number(entry: Finding) -> int:
    """The number that an entry bears: 3 for '3' and '3b*'; 0 for none."""
    match = re.match(r"\d+", entry.number)
    return int(match.group()) if match else 0
