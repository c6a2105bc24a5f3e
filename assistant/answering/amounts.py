"""The figures and dates of a sentence, however they are written: 9,400 or 9.4 thousand, 12% or twelve per cent."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.english import MONTHS, NUMBERS

UNITS = {word: value for value, word in enumerate(NUMBERS[:20])} | {"dozen": 12, "twice": 2}
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
SCALES = {
    "hundred": 1e2, "hundreds": 1e2, "thousand": 1e3, "thousands": 1e3, "k": 1e3, "million": 1e6, "millions": 1e6,
    "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
}  # fmt: skip
PARTS = {"half": 1 / 2, "halves": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4,
         "fifth": 1 / 5, "fifths": 1 / 5, "tenth": 1 / 10, "tenths": 1 / 10}  # fmt: skip

_WORD = "|".join([*UNITS, *TENS])
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS)
FIGURE = re.compile(
    r"(?P<money>US\$|USD|EUR|GBP|NOK|CHF|[$€£])?\s?"
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:[ ,\u00a0\u2009\u202f'’]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?:st|nd|rd|th)\b)?(?:[\s-]?(?P<scale>hundred|thousand|million|billion|k|m|mn|bn)\b)?"
    r"|\b(?P<words>(?:" + _WORD + r")(?:[\s-](?:and\s)?(?:" + _WORD + r"|hundred|thousand|million|billion))*)\b",
    re.IGNORECASE,
)
ONE_IN = re.compile(
    r"\b(?P<one>\d+|" + _WORD + r") (?:in|out of) (?:every )?(?P<of>\d+|" + _WORD + r")\b(?! per\b|%| %)", re.IGNORECASE
)
FRACTION = re.compile(
    r"(?<!and )(?<!and a )\b(?:(?P<over>one|two|three|four|a|an)[\s-])?"
    r"(?P<part>half|halves|thirds?|quarters?|fifths?|tenths?)\b",
    re.IGNORECASE,
)
PERCENT = re.compile(r"\s?(?:%|per\s?cent\b|percent\b|percentage points?\b|por ciento\b)", re.IGNORECASE)
OF = re.compile(r"\s+(?:out )?of\s+(?:the\s+|all\s+)?(?:\w+\s+){0,1}", re.IGNORECASE)
GOES_ON = re.compile(r"\s*(?:,|to|and|or|versus|vs\.?|against|from|–|-|to just|to only)\s*", re.IGNORECASE)
DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})\b\.?"
    rf"(?:\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?,?(?:\s+(?P<year>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(about|around|roughly|approximately|some|nearly|almost|close to|just (?:over|under|above|below|short of)"
    r"|a little (?:over|under|more than|less than)|slightly (?:more|less) than"
    r"|(?:more|less|fewer) than|over|under|above|below"
    r"|up to|at least|at most|circa|c\.|~)\s*(?:USD|US\$|EUR|[$€£])?\s*(?:a |an |the )?$",
    re.IGNORECASE,
)
MORE = re.compile(r"\b(over|more|above|at least)\b", re.IGNORECASE)
LESS = re.compile(r"\b(nearly|almost|under|less|fewer|below|short of|up to|at most)\b", re.IGNORECASE)
BOUND = re.compile(r"\b(more|less|fewer) than\s*$", re.IGNORECASE)
"""Whoever leaves these out says something else: fewer than 300 are not 300."""
CLOSE = 0.06
"""Nearly 60 for 57, a little over 70 for 71: what a rounded figure may be off, as a share of it."""
MONTHS_A_YEAR = 12
WHOLE = 100  # per cent
ROUGH = 0.025
"""What 'half' or 'two thirds' may be off: 66 or 68 per cent."""
FAR = 0.17
"""How far beyond a fraction 'more than half' may lie."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text. share says that it is one of a hundred, or a fraction (value is then 0 to 1)."""

    value: float
    share: bool
    start: int
    end: int
    money: bool = False
    about: str = ""
    """The words that make it a round one: 'nearly', 'more than'."""
    fraction: bool = False
    """It is told in words like 'half' or 'two thirds'."""
    counted: bool = False
    """A share that is told as two counts: '38 of 90'."""
    unit: str = ""
    """'month' or 'year' where it counts these."""


def figures(text: str) -> list[Figure]:
    """The figures of a text in order; dates are no figures, and neither is a lone 'one' or 'a'."""
    spent = [match.span() for match in DATE.finditer(text) if match["day"] or match["day2"]]
    found: list[Figure] = []
    chances = [match for match in ONE_IN.finditer(text) if 0 < _number(match["one"]) < _number(match["of"]) <= WHOLE]
    spent += [match.span() for match in chances]
    found += [Figure(_number(m["one"]) / _number(m["of"]), True, *m.span(), fraction=True) for m in chances]
    for match in FIGURE.finditer(text):
        start, end = match.start("words" if match["words"] else "digits"), match.end()
        if any(a <= start and end <= b for a, b in spent) or _is_part_of_fraction(text, match):
            continue
        value = _value(match)
        if value is None:
            continue
        share = PERCENT.match(text, end)
        about = ABOUT.search(text[max(0, start - 24) : start])
        unit = re.match(r"[\s-](month|year)s?\b", text[end : end + 8])
        found.append(
            Figure(value / 100 if share else value, bool(share), start, share.end() if share else end,
                   bool(match["money"]), about.group() if about else "", unit=unit[1] if unit else "")
        )  # fmt: skip
    found = [*found, *_fractions(text)]
    return _with_shares(text, sorted(found, key=lambda figure: figure.start))


def dates(text: str) -> list[tuple[int | None, int, int | None]]:
    """Day, month and year of each date that names its month; None for what is not said. 'may' alone is a verb."""
    found = []
    for match in DATE.finditer(text):
        day = match["day"] or match["day2"]
        month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(match["month"][:3].lower()))
        bare = not day and not match["year"]
        if bare and (match["month"].lower() in ("may", "mar", "march") or not match["month"][0].isupper()):
            continue
        found.append((int(day) if day else None, month, int(match["year"]) if match["year"] else None))
    return found


def stands_in(figure: Figure, others: Sequence[Figure], shares: bool = False) -> list[Figure]:
    """Those figures of a source that bear a figure out; with shares, its bare numbers may be percentages."""
    return [other for other in others if _bears_out(figure, other, shares)]


def counted_shares(text: str, found: Sequence[Figure]) -> list[Figure]:
    """The shares that a text tells as counts: '38 of 90'."""
    pairs = itertools.pairwise(found)
    return [
        Figure(one.value / other.value, True, one.start, other.end, counted=True)
        for one, other in pairs
        if not (one.share or other.share) and 0 < one.value <= other.value and OF.fullmatch(text[one.end : other.start])
    ]


def _bears_out(figure: Figure, other: Figure, shares: bool) -> bool:
    value, source = figure.value, other.value
    if figure.share != other.share:
        if figure.share and shares and not other.money:
            source = source / WHOLE
        elif figure.unit != "month":
            return False
    if figure.unit == "month" and other.unit == "year":
        source *= MONTHS_A_YEAR
    off = source - value
    more, less = bool(MORE.search(figure.about)), bool(LESS.search(figure.about))
    if abs(off) < 1e-9 * max(1.0, abs(value)):
        return bool(figure.about) or not BOUND.search(other.about)
    if figure.fraction:
        return abs(off) <= ROUGH or (more and 0 < off <= FAR) or (less and -FAR <= off < 0)
    # A share worked out from two counts is a rounded one.
    if figure.share and abs(off) <= 0.005 + 1e-9 and other.counted:
        return True
    if not figure.about or abs(off) > CLOSE * abs(value):
        return False
    return not (more and off < 0) and not (less and off > 0)


def _value(match: re.Match[str]) -> float | None:
    if match["digits"]:
        number = float(re.sub(r"[^\d.]", "", match["digits"]))
        return number * SCALES.get((match["scale"] or "").lower(), 1)
    words = re.split(r"[\s-]+", match["words"].lower())
    if words == ["one"]:
        return 1.0 if re.match(r"[\s-](month|year)\b", match.string[match.end() :]) else None
    total = part = 0.0
    for word in words:
        if word in SCALES:
            part = max(part, 1) * SCALES[word]
            if SCALES[word] > 100:
                total, part = total + part, 0.0
        elif word != "and":
            part += UNITS.get(word, 0) + TENS.get(word, 0)
    return total + part


def _number(text: str) -> float:
    word = text.lower()
    return float(text) if text.isdigit() else float(UNITS.get(word, 0) + TENS.get(word, 0))


def _is_part_of_fraction(text: str, match: re.Match[str]) -> bool:
    """The 'two' of 'two thirds'; a count before it, as in 'one in three', stays a figure."""
    return bool(match["words"] and FRACTION.match(text, match.start()))


def _fractions(text: str) -> list[Figure]:
    found = []
    for match in FRACTION.finditer(text):
        over = (match["over"] or "a").lower()
        part = match["part"].lower()
        if part in ("third", "fifth", "tenth", "quarter") and not match["over"]:
            continue  # the third visit, the last quarter
        if part == "quarter" and re.match(r"\s+(of|in)\s+(the year|(19|20)\d\d)", text[match.end() :]):
            continue
        count = 1 if over in ("a", "an") else UNITS[over]
        about = ABOUT.search(text[max(0, match.start() - 24) : match.start()])
        found.append(
            Figure(count * PARTS[part], True, *match.span(), about=about.group() if about else "", fraction=True)
        )
    return found


def _with_shares(text: str, found: list[Figure]) -> list[Figure]:
    """In 'from 19 to 12 per cent' and '48 versus 65 per cent' both are shares."""
    for place in range(len(found) - 2, -1, -1):
        figure, after = found[place], found[place + 1]
        between = text[figure.end : after.start]
        is_percent = after.share and PERCENT.search(text[after.start : after.end])
        could_be = figure.value <= WHOLE and not figure.share and not figure.money
        if is_percent and could_be and GOES_ON.fullmatch(between):
            found[place] = Figure(figure.value / 100, True, figure.start, figure.end, about=figure.about)
    return found
