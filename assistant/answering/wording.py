"""Words that say the same, words that say little, and words that turn a statement round: English, of any report."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), said)
    for pattern, said in (
        (r"per\s?cent", "percent"),
        (r"(carry|carries|carried|carrying) out", "conduct"),
        (r"(take|takes|took|taken|taking) place", "held"),
        (r"(take|takes|took|taken) up", "incorporate"),
        (r"(take|takes|took|taken|taking) over", "assume"),
        (r"(turn|turns|turned) down", "reject"),
        (r"(set|sets|setting) up", "establish"),
        (r"(point|points|pointed) out", "note"),
        (r"(slip|slips|slipped|fall|falls|fell|fallen) back", "revert"),
        (r"(cave|caves|caved) in", "collapse"),
        (r"(go|goes|going|went) on", "continue"),
        (r"(make|makes|made|making) up", "represent"),
        (r"(leave|leaves|left|leaving) out", "not cover"),
        (r"(leave|leaves|left|leaving) (?P<kept>(?:\S+ ){1,8})undone", r"not act \g<kept>"),
        (r"cannot", "did not"),
        (r"no[- ]one|not anyone", "nobody"),
        (
            r"(?:plan|plans|planned|hope|hopes|hoped|intend|intends|intended|promise|promises|promised|offer|offers|offered|"
            r"agree|agrees|agreed|expect|expects|expected|ask|asks|asked|want|wants|wanted|aim|aims|aimed) to",
            "should",
        ),
        (r"(?:recommend|recommends|recommended|advise|advises|advised) that", "should"),
        (r"(?:could|can|would) not", "did not"),
        (r"labor", "labour"),
        (r"center", "centre"),
        (r"program", "programme"),
        (r"organiz(?P<rest>\w+)", r"organis\g<rest>"),
        (r"on time|on schedule", "punctually"),
        (r"behind schedule", "late"),
        (r"on (?:its|their|his|her) own", "alone"),
        (r"in charge of|in charge", "responsible"),
        (r"(?:put|puts|putting) (?P<what>(?:\S+ ){1,8})down to", r"attribute \g<what>to"),
        (r"(?:call|calls|called|calling) off", "cancel"),
        (r"(?:pull|pulls|pulled|pulling) out", "withdraw"),
        (r"(?:hand|hands|handed) in", "submit"),
        (r"(?:run|runs|ran) out of", "stock-out"),
        (r"(?:sign|signs) of", "evidence"),
        (r"(?:gone|go|goes|going|went) up", "rise"),
        (r"(?:gone|go|goes|going|went) down", "fall"),
        (r"(?:find|finds|found) (?:its|their) way into", "enter"),
        (r"(?P<how>more|less) likely", r"\g<how> prone"),
        (r"for want of|in the absence of|for lack of|the absence of|absence of", "without"),
        (r"(did|do|does) not get any|(has|have|had) yet to (?:get|receive) any", "received no"),
        (r"for free", "free"),
        (r"free of charge", "free"),
        (r"family members?", "relatives"),
        (
            r"(because|on account) of|owing to|thanks to|due to|as a (result|consequence)( of)?"
            r"|on the grounds? (of|that)",
            "because",
        ),
        (r"at the hands of", "by"),
        (r"rather than|instead of", "than"),
        (r"short of", "below"),
        (r"a number of", "several"),
        (r"a (?:large )?majority of|the majority of|most of", "most"),
        (r"a (?:small )?minority of", "few"),
    )
)
"""Expressions of several words, as the one word that says the same."""


NOT = re.compile(r"n['’]t\b")


def _sections() -> dict[str, list[str]]:
    """The lines of words.txt by section."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return found


_LINES = _sections()


def _words(section: str) -> frozenset[str]:
    return frozenset(" ".join(_LINES[section]).split())


# What each set is for stands beside it in words.txt.
SMALL, LIGHT, COMMON, COUNTED = map(_words, ("small", "light", "common", "counted"))
NEGATIVE, GOVERNING, DENIES_TWO, OUTRIGHT = map(_words, ("negative", "governing", "denies_two", "outright"))
SELDOM, ALL, CLAIMS_ALL, CLAIMS_NONE, MOST = map(_words, ("seldom", "all", "claims_all", "claims_none", "most"))
SURE, AMPLIFIED, HEDGES, WEIGHS = map(_words, ("sure", "amplified", "hedges", "weighs"))
WISHES, PROMISES, IN_PART, PARTLY = map(_words, ("wishes", "promises", "in_part", "partly"))
LESS, MORE, CAUSES, CLAIMS_CAUSE = map(_words, ("less", "more", "causes", "claims_cause"))
OPPOSITES = tuple(tuple(frozenset(side.split()) for side in line.split("|")) for line in _LINES["opposites"])


def plainly(text: str) -> str:
    """The text with expressions of several words said in one."""
    text = NOT.sub(" not", text)
    for pattern, said in PHRASES:
        text = pattern.sub(said, text)
    return text


@lru_cache(1)
def _analyser() -> Any:
    import tantivy

    plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return (
        plain.filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


@lru_cache(50_000)
def stem(word: str) -> str:
    """The stem of one word, lower-cased, without accents."""
    return "".join(_analyser().analyze(word))


@lru_cache(1)
def _common() -> frozenset[str]:
    return frozenset(stem(word) for word in COMMON)


def is_common(word: str) -> bool:
    """A stem that says little by itself."""
    return word in _common()


@lru_cache(1)
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_LINES["alike"]):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def say_alike(one: str, other: str) -> bool:
    """Two stems that are equal or may stand for one another."""
    return one == other or not _groups().get(one, frozenset()).isdisjoint(_groups().get(other, frozenset()))
