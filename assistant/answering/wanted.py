"""The kinds of answer that a question wants, and what a sentence must hold to give one: an amount, a date, a rate.

This is stricter than retrieval/query.py: there a kind is a wish that orders passages, here what lacks it is declined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.figures import values
from assistant.retrieval import query
from assistant.retrieval.query import MONEY
from assistant.understanding.counting import WEB
from assistant.understanding.english import MONTHS, SHORT_MONTHS, YEAR, stem

FINDING = re.compile(r"^\W*(lessons?|recom+end\w*)\b", re.IGNORECASE)
"""Questions that name a budget or a rate as the subject of a finding: they want no figure."""
COUNT = query.FIGURES[-1][0]
SPENT = r"\b(spen[dt]\w*|expen\w+|disburs\w+|invest\w*|costs?|paid|pays?|allocat\w*|budget\w*|outlay\w*)\b"
DATE = (
    rf"{YEAR.pattern}|\b({'|'.join(MONTHS)}|({'|'.join(SHORT_MONTHS)})\.?)\b"
    r"|\b(mon|tues|wednes|thurs|fri|satur|sun)day\b|\bquarter\b"
)
DURATION = (
    r"\b(days?|weeks?|months?|years?|hours?|minutes?|daily|weekly|monthly|quarterly|annual\w*|times?)\b"
    rf"|{YEAR.pattern}"
)
KINDS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (name, re.compile(asked, re.IGNORECASE), re.compile(printed, re.IGNORECASE))
    for name, asked, printed in (
        (
            "amount that was spent",
            r"\bhow (much|many)\b.*\bspen[dt]\b|\bwhat\b.*\b(spend|spent) on\b",
            rf"(?s)(?=.*{SPENT})(?=.*({MONEY.pattern}))",
        ),
        (
            "amount of money",
            r"\bhow much (is|are|was|were|did|do|does|has|have|will|would)\b.*"
            r"\b(pay|pays|paid|costs?|earn\w*|receive\w*|charged?)\b|"
            r"\bwhat (do|does|did|will|would)\b.*\b(pay|cost|earn|charge(?= for\b|\W*$| per\b))\b",
            MONEY.pattern,
        ),
        (
            "date",
            r"^\W*when\b|[:,] (since |until )?when\b|\b(what|which) (year|month|day|date)\b|\b(since|by) when\b",
            DATE,
        ),
        (
            "length of time",
            r"\bhow (long|quickly|soon) (is|are|was|were|did|do|does|has|have|will|after|before)\b",
            DURATION,
        ),
        ("age", r"\bhow old\b|\b(average|mean|median) age\b", r"\b(aged?|years? old|years? of age|year-old)\b"),
        (
            "address or number to reach anybody",
            r"\b(e-?mail|phone|telephone|postal|street) (address|number)\b|\bweb ?site\b|\bcontact (details|person)\b",
            r"@|www\.|https?:|\+\d|\b(phone|tel)\b",
        ),
    )
)
"""What a kind is called, how it is asked for, and what a sentence that gives it holds."""
RATE = re.compile(
    r"\bper (?!cent\b)(\w+)|\b(?:a|each|every) (day|week|month|year|hour|hectare|kilo\w*|pound|ton)\b", re.IGNORECASE
)

PAID = re.compile(
    r"\bhow (much|many)\b|\b(amounts?|numbers?|figures?|rates?|costs?|prices?|wages?|pa(y|ys|id)|incomes?|earn\w*|"
    r"salar(y|ies)|fees?|receiv\w*|get|bonus\w*|subsid\w*|stipends?|allowances?|grants?|rents?|repayments?|"
    r"spen[dt]\w*|revenues?|output|yields?|turnover)\b",
    re.IGNORECASE,
)
"""Words without which 'every month' only says how often something is done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of answer, and what a sentence that gives it holds."""

    name: str
    printed: re.Pattern[str]
    figure: bool
    """A number must stand with it, in digits or words."""

    @property
    def counts(self) -> bool:
        """It is how many there are of something."""
        return self.name == COUNT

    def given_in(self, text: str) -> bool:
        """The text holds an answer of this kind."""
        plain = WEB.sub(" ", text) if self.figure else text
        return self.printed.search(plain) is not None and (not self.figure or bool(values(plain)))


def wanted(question: str) -> list[Wanted]:
    """What a question wants; often nothing in particular."""
    if FINDING.search(question):
        return []
    found = []
    figure = query.figure_asked(question)
    if figure:
        name = next(name for name, _, printed in query.FIGURES if printed is figure)
        found.append(Wanted(name, figure, figure=True))
    found += [Wanted(name, printed, figure=False) for name, asked, printed in KINDS if asked.search(question)]
    rate = None if query.NO_FIGURE.search(question) else RATE.search(question)  # "Why did it take a year to start?"
    if rate and (rate[1] or PAID.search(question)):
        found.append(_per((rate[1] or rate[2]).lower()))
    return found


def _per(unit: str) -> Wanted:
    """A figure per unit: 'per day', 'a day', 'each day', '12/day', 'daily'."""
    cut = re.escape(stem(unit))
    printed = rf"\b(per|an?|each|every)\s+{cut}|/\s?{cut}|\b{cut}ly\b{'|daily' if unit == 'day' else ''}"
    return Wanted(f"figure per {unit}", re.compile(printed, re.IGNORECASE), figure=True)
