"""A question as it is understood before anything is searched."""

from __future__ import annotations

import re
import unicodedata

from assistant.errors import EmptyQuestion, QuestionTooLong
from assistant.records import Kind

ASKS_FOR: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            Kind.RECOMMENDATION,
            r"\brecom+end|\badvi[cs]e|\b(should|ought to)\b|\bsuggest|\bpropos(ed|al)|\burged?\b|\bcalled (on|upon)\b",
        ),
        (Kind.LESSON, r"\blessons?\b|\blearn(ed|t|ing)\b"),
        (Kind.GOOD_PRACTICE, r"\b(good|best|promising) practices?\b"),
        (
            Kind.METHOD,
            r"\binterview|\bsampl(e|ing)|\bcod(ing|ed)\b|\bmethod|\brespondents?\b|\bresearchers\b|\bsurvey"
            r"|\bfocus groups?\b",
        ),
        (Kind.RATING, r"\brat(ed|ings?)\b|\bscor(ed?|es)\b"),
        (Kind.CONCLUSION, r"\bconclu"),
        (Kind.OUTCOME, r"\boutcomes?\b|\bresults?\b|\bachiev"),
        (Kind.TESTIMONY, r"\b(say|said|told|quote)\b"),
        (Kind.DEFINITION, r"\bstands? for\b|\bmeaning\b|\bacronym|^what (is|are) [\w-]+\??$"),
    )
)
"""Words of a question that name a kind of finding. More than one kind may be named."""


def understood(text: str, longest: int) -> str:
    """The question with its white space and odd characters put in order.

    Raises EmptyQuestion where no letter or digit is left, QuestionTooLong beyond longest characters.
    """
    if len(text) > longest:
        raise QuestionTooLong(len(text), longest)
    folded = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if c.isspace() else c for c in folded if c.isspace() or unicodedata.category(c)[0] != "C")
    cleaned = " ".join(visible.split())
    if not any(c.isalnum() for c in cleaned):
        raise EmptyQuestion
    return cleaned


def kinds(text: str) -> frozenset[Kind]:
    """The kinds of finding that a question names; empty for most."""
    return frozenset(kind for kind, cue in ASKS_FOR if cue.search(text))
