"""Sentences as clauses and words, with what stands at the head of each and behind its denials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering import wording

TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
BREAK = re.compile(
    r";|,(?=\s+(?:and|but|while|whereas|although|though|yet|so|nor)\b)"
    r"|\s(?=(?:while|whereas|but|although|though|and that)\s)",
    re.IGNORECASE,
)
"""Where one statement ends and another, often about somebody else, begins."""
POSSESSIVE = re.compile(r"['’]s?$")
LIGHTLY = 0.3
"""What a word that says little counts when the nearest clause is looked for."""
HEAD = 2
"""Words of substance that name who or what a clause is about."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word: as written, in lower case, and its stem."""

    text: str
    word: str
    stem: str

    @property
    def is_content(self) -> bool:
        """It says what the sentence is about; figures are looked at on their own."""
        return self.says_something and self.word not in wording.LIGHT

    @property
    def says_something(self) -> bool:
        """It is more than a small word or a part of a figure."""
        return not (self.word in wording.SMALL or self.word in wording.COUNTED or self.word[0].isdigit())


@dataclass(frozen=True)
class Clause:
    """A stretch of words that states something."""

    terms: tuple[Term, ...]

    @cached_property
    def content(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_content)

    @cached_property
    def said(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.says_something)

    @property
    def head(self) -> tuple[Term, ...]:
        """Its first words of substance."""
        return self.content[:HEAD]

    def holds(self, words: frozenset[str]) -> bool:
        """One of these words stands in it."""
        return any(term.word in words for term in self.terms)

    def behind(self, words: frozenset[str], reach: int) -> list[Term]:
        """The words of substance behind one of these words, at most reach of them each time."""
        found: list[Term] = []
        for place, term in enumerate(self.terms):
            if term.word in words:
                # "did not automatically lead": what is denied stands behind the adverb.
                found += [t for t in self.terms[place + 1 :] if t.says_something and not t.word.endswith("ly")][:reach]
        return found


def clauses(sentence: str) -> list[Clause]:
    """The clauses of a sentence, in order; those without a word of substance are left out."""
    made = [Clause(tuple(terms(part))) for part in BREAK.split(wording.plainly(sentence))]
    return [clause for clause in made if clause.content]


def whole(sentence: str) -> Clause:
    """The sentence as one clause."""
    return Clause(tuple(terms(wording.plainly(sentence))))


def terms(text: str) -> list[Term]:
    """The words of a text."""
    written = [POSSESSIVE.sub("", match.group()) for match in TOKEN.finditer(text)]
    return [Term(word, word.lower(), wording.stem(word)) for word in written if word]


def shared(some: Iterable[Term], others: Iterable[Term]) -> list[Term]:
    """Those of the one side that the other says, too, in these or like words."""
    stems = {term.stem for term in others}
    return [t for t in some if t.stem in stems or any(wording.say_alike(t.stem, stem) for stem in stems)]


def nearest_to(clause: Clause, parts: Sequence[Clause]) -> Clause | None:
    """The part that shares most with a clause; the first of those that share as much."""
    numbers = {term.word for term in clause.terms if term.word[0].isdigit()}

    def closeness(part: Clause) -> float:
        figures = sum(term.word in numbers for term in part.terms)
        light = len(shared(clause.said, part.said)) - len(shared(clause.content, part.content))
        return len(shared(clause.content, part.content)) + figures + LIGHTLY * light

    return max(parts, key=closeness, default=None)
