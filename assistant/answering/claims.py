"""What is compared when a sentence is checked: the sentence taken apart, and the sentences of its sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.answering import wording
from assistant.answering.amounts import Figure, counted_shares, dates, figures
from assistant.answering.clauses import Clause, clauses, shared, terms, whole
from assistant.understanding import sentences
from assistant.understanding.english import MONTHS

QUOTED = re.compile(r"[“\"„«]([^“”\"„«»]+)[”\"»]|(?<!\w)['‘]([^'‘’]{12,}?)['’](?!\w)")
NAME = re.compile(r"\b(?:[A-ZÀ-Þ][\w’'&-]*|\d[\w-]*[A-Za-z][\w-]*)")
RUN = re.compile(r"[A-ZÀ-Þ][\w’'-]+(?:\s+(?:(?:of|the|and|for|de|del|la|on|in)\s+){0,2}[A-ZÀ-Þ][\w’'-]+)+")
OUTSIDE = re.compile(r"https?:|www\.|\S@\S+\.\w|!\[|\]\(|<\s*/?\s*\w+[^>]*>|\bjavascript:", re.IGNORECASE)
"""Addresses and markup: no report needs them in an answer."""
SEGMENT = re.compile(r"[;,]\s|\s(?:and|while|whereas|but|versus)\s")
"""Where one figure or name ends its say and the next begins."""
ROW = re.compile(r"\w: \S")
"""A line of a table or form: nobody acts in it."""
NEW_WORDS = 2
"""Words of substance that a rewritten question may add."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that may be cited: its text, its sentences as (start, end), and what stands above or beside it."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    around: str = ""


@dataclass(frozen=True)
class Evidence:
    """One sentence of a source: the places of both, and the sentence with what stands in it."""

    source: int
    number: int
    text: str

    @cached_property
    def clause(self) -> Clause:
        return whole(self.text)

    @cached_property
    def parts(self) -> tuple[Clause, ...]:
        return tuple(clauses(self.text))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        found = figures(self.text)
        return (*found, *counted_shares(self.text, found))


class Claim:
    """A sentence to be checked, taken apart once."""

    def __init__(self, sentence: str) -> None:
        self.text = sentence
        self.quotes = [match[1] or match[2] for match in QUOTED.finditer(sentence)]
        self.figures = figures(sentence)
        self.dates = dates(sentence)
        self.whole = whole(sentence)
        self.clauses = clauses(sentence) or [self.whole]
        self.names = named(QUOTED.sub(lambda quote: quote.group().lower(), sentence))
        self.runs = runs(sentence)
        self.spent = {term.word for quote in self.quotes for term in terms(quote)} | _figure_words(sentence)


def runs(text: str) -> list[tuple[str, str]]:
    """Names of several words, each with its initials."""
    return [(match.group(), "".join(re.findall(r"\b[A-ZÀ-Þ]", match.group()))) for match in RUN.finditer(text)]


def named(sentence: str) -> frozenset[str]:
    """The words of a sentence that are names, or parts of names, by their capitals."""
    found = set()
    for match in NAME.finditer(sentence):
        word = match.group()
        first = not sentence[: match.start()].strip(" “\"'‘(")
        alone = not re.match(r"\s+(?:(?:of|the|and|for)\s+)?[A-ZÀ-Þ]", sentence[match.end() :])
        word = re.sub(r"['’]s?$", "", word)
        is_ordinary = word.lower() in wording.SMALL | wording.LIGHT | wording.COUNTED
        if is_ordinary or (first and alone and not word.isupper()) or _figure_words(word):
            continue
        found.add(word)
    return frozenset(found)


def _figure_words(text: str) -> set[str]:
    """The words of a text that are part of its figures: thirty-eight, third, percent."""
    return {
        term.word for figure in figures(text) for term in terms(wording.plainly(text[figure.start : figure.end]))
    } | {term.word for term in terms(text) if term.word in MONTHS}


def says_nothing_new(text: str, question: str, said: str, longest: int) -> bool:
    """A question as it was rewritten has no figure, name or address that the conversation has not, and the old words.

    So a conversation that addresses the model cannot have it ask something else.
    """
    text = text.strip()
    if not text or len(text) > longest or "\n" in text or OUTSIDE.search(text):
        return False
    there = terms(said)
    stems = {term.stem for term in there}
    new = [t for t in terms(text) if t.is_content and t.stem not in stems and not shared([t], there)]
    added = [t for t in terms(text) if (t.word[0].isdigit() or t.text in named(text)) and t.stem not in stems]
    own = whole(question).content
    return not added and len(new) <= NEW_WORDS and 2 * len(shared(own, terms(text))) >= len(own)


def source(text: str, around: str = "") -> Source:
    """A source from plain text."""
    return Source(text, tuple(sentences.split(text)), around)
