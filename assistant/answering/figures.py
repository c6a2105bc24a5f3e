"""Figures, months and years: those that a question takes for granted, and those that a text gives."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.retrieval.query import MONEY
from assistant.understanding.counting import BETWEEN, LABEL, WEB, counted, plural_in
from assistant.understanding.english import NUMBERS, SHORT_MONTHS, YEAR

VALUES = {word: float(value) for value, word in enumerate(NUMBERS)} | {
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "dozen": 12.0,
    "half": 50.0,
    "third": 33.0,
    "quarter": 25.0,
    "hundred": 100.0,
}
"""Numbers in words, and what shares in words come to in percent."""
TIMES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9, "k": 1e3}
PRINTED = re.compile(
    r"(?<![\w.,-])[$€£]?(\d[\d,]*(?:\.\d+)?)(?:[\s-]?(thousand|million|billion|bn|m|k)\b)?", re.IGNORECASE
)
ANY_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?:[\s-]?(thousand|million|billion|bn|m|k)\b)?", re.IGNORECASE)
ROUGHLY = re.compile(
    r"\b(about|around|nearly|almost|roughly|some|over|more than|less than|fewer than|under|at least|approximately|"
    r"up to|close to|at most)\s*[$€£]?$",
    re.IGNORECASE,
)
SLACK = 0.1  # share by which a figure may be off that is given roughly
PERCENT = re.compile(r"%|\bper ?cent|\bpor ciento", re.IGNORECASE)
MONTH_OF_YEAR = re.compile(
    rf"\b({'|'.join(SHORT_MONTHS[:12])})[a-z]*\.?,?\s+(?:\d\d?,?\s+)?((?:19|20)\d\d)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a question takes for granted."""

    text: str
    """As the question writes it, with its unit."""
    values: frozenset[float]
    unit: re.Pattern[str] | None
    noun: str
    """What it counts; '' where that cannot be told."""
    roughly: bool

    def stands_in(self, text: str) -> bool:
        """The text gives this figure, with its unit where it has one."""
        if self.unit and not self.unit.search(text):
            return False
        slack = SLACK if self.roughly else 1e-9
        return any(abs(a - b) <= slack * abs(a) for a in self.values for b in values(text))


def taken_for_granted(question: str) -> list[Figure]:
    """The figures, in digits, that a question states; not years, nor numbers that tell which one of several."""
    found = []
    for match in PRINTED.finditer(question):
        before, behind = question[: match.start()].rstrip(), question[match.end() :]
        if YEAR.fullmatch(match[1]) or LABEL.search(before) or re.match(r"\w|-\w*\d|[:/]\d", behind):
            continue
        percent = PERCENT.match(behind.lstrip())
        unit = PERCENT if percent else MONEY if match.group()[0] in "$€£" else None
        text = match.group().strip() + (f" {percent.group()}" if percent and percent.group() != "%" else "")
        text += "%" if percent and percent.group() == "%" else ""
        noun = "" if unit else plural_in(behind.split()[:BETWEEN]) or counted(question)
        found.append(Figure(text, _values(match), unit, noun, bool(ROUGHLY.search(before))))
    return found


def values(text: str) -> frozenset[float]:
    """All numbers that a text gives, in digits or words."""
    found = {value for match in ANY_NUMBER.finditer(WEB.sub(" ", text)) for value in _values(match)}
    return frozenset(found | {VALUES[word] for word in re.findall(r"[a-z]+", text.lower()) if word in VALUES})


def months(text: str) -> frozenset[tuple[str, str]]:
    """(month, year) that a text names together, months by their first three letters."""
    return frozenset((match[1].lower(), match[2]) for match in MONTH_OF_YEAR.finditer(text))


def years(text: str) -> frozenset[str]:
    """The years that a text names."""
    return frozenset(YEAR.findall(text))


def _values(match: re.Match[str]) -> frozenset[float]:
    value = float(match[1].replace(",", "") or 0)
    times = TIMES.get((match[2] or "").lower(), 1.0)
    return frozenset([value * times])
