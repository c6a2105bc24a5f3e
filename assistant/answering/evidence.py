"""Whether the passages found hold evidence for what is asked: its subject, its names, its figures, its events.

One score is near chance as a sign that nothing answers, so several plain checks are made, each of which names the
reason when it fails; then the question is read once more, by a model taught to tell an answer from what comes near to
one. Supports are as in retrieval/hybrid.py, from 0 to 1. The thresholds were read off some 270
answerable questions about two libraries: each lies where it declines none of them, or one. What was tried beside is
in CONTRIBUTING.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.answering import examination, figures
from assistant.answering.asked import asked
from assistant.answering.examination import CERTAIN_ODDS, EVEN_ODDS, LEAST_ODDS, LEAST_ODDS_ALONE, SURE_ODDS
from assistant.answering.names import Name, Wording, names
from assistant.answering.premises import PRESUPPOSES, Told, opposite, other_figure, other_month, untold_event
from assistant.answering.quotable import LEADS_ON
from assistant.answering.wanted import wanted
from assistant.indexing.embedding import Embedder
from assistant.indexing.library import Library
from assistant.retrieval import hybrid
from assistant.retrieval.hybrid import Found
from assistant.understanding import counting
from assistant.understanding.printed import innermost

LEAST_SUPPORT = 0.55
"""Of the best passage. It declines 12 of 15 off topic, 5 of 40 near misses, and one of 251 answered questions."""
LEAST_TOGETHER = 0.6
"""Share of the names, weighed by how telling they are, that the best passage for them holds. Answered: from 0.72."""
YEARS_APART = 0.08
"""How much less than the best passage the best one that holds the years asked about may support."""
LEAST_STRENGTH = 0.71
"""Of the best sentence with an answer of the kind asked for: the weighed mean below. At 0.72 three more of 295 answered
questions are declined, with LEAST_SUPPORT at 0.56."""
LEAST_COUNTED = 0.66
"""The same of the best sentence that counts what is to be counted. Of 72 answered questions none lies below, of 27
others 19 do."""
SUPPORT, NAMES, NOUN, YEARS = 0.4, 0.25, 0.25, 0.1
IN_PASSAGE, NEARBY = 0.8, 0.6  # of what a name counts that stands not with the sentence but in or beside its passage
NO_NOUN_ASKED, NOUN_ELSEWHERE = 0.9, 0.5
YEARS_IN_PASSAGE, YEARS_ELSEWHERE = 0.7, 0.4
LEAST_NEAREST = 0.59  # support of a sentence that is quoted beside a name that nothing speaks of
BESIDE = 2  # passages before and behind that tell what a passage speaks of
COMPARES = re.compile(r"\b(compar\w+|versus|vs|differen\w+|between|both|each)\b", re.IGNORECASE)


class Lack(StrEnum):
    """Why there is no evidence."""

    NONE = ""
    SUBJECT = "nothing on this subject was found"
    NAME = "nothing found on this speaks of what is named"
    TOGETHER = "nothing found on this speaks of all that is named"
    PREMISE = "no passage found gives the figure or date that the question takes for granted"
    KIND = "nothing of the kind asked for was found for what is named"
    EVENT = "nothing says that this happened"
    OPPOSITE = "the passages found say the opposite"
    ANSWER = "the passages found come near, and none of them answers"


@dataclass(frozen=True, slots=True)
class Missing:
    """What the evidence for a question lacks."""

    lack: Lack
    what: str = ""
    """The words of the question that nothing meets."""
    told: Told | None = None
    """The sentence that says otherwise, or comes nearest to what was taken for granted."""
    sure: bool = True
    """False: what is found is quoted with a word of doubt."""
    unless: float = math.inf
    """For what is only presumed, as nothing was seen: the logarithm of the odds of an answer beyond which it does not
    hold. Other reasons point to words that are not there, or say otherwise."""


ENOUGH = Missing(Lack.NONE)
DOUBTFUL = Missing(Lack.NONE, sure=False)


@dataclass(frozen=True, slots=True)
class _Context:
    """A passage found, with what it says and what it speaks of."""

    found: Found
    inside: Wording
    around: Wording
    """The passages beside it, its document's title and who made it."""
    years: frozenset[str]
    sentences: tuple[tuple[Told, Wording], ...]


def missing(library: Library, embedder: Embedder, question: str, found: Sequence[Found], own: str = "") -> Missing:
    """What the evidence for a question lacks; ENOUGH when nothing does, or DOUBTFUL.

    own are the words of a follow-up question without what stands in brackets behind them, '' for all of it.
    """
    if not found:
        return Missing(Lack.SUBJECT)
    text = asked(question, library.documents).rest  # the year and the maker of a report are no part of what is asked
    is_plain = not (own or COMPARES.search(text) or counting.counted(text))
    least = LEAST_ODDS_ALONE if is_plain else LEAST_ODDS
    own = asked(own, library.documents).rest if own else text
    contexts = _contexts(library, found)
    told = [sentence for context in contexts for sentence, _ in context.sentences]
    log_odds = cache(lambda: examination.log_odds(library, embedder.examiner, question, found))
    for lacks in _plainly_missing(library, embedder, (text, own), contexts, told):
        if lacks.unless == math.inf or log_odds() <= lacks.unless:
            return lacks
    if log_odds() < least:
        return Missing(Lack.ANSWER, told=_nearest(told, text))
    return DOUBTFUL if log_odds() < SURE_ODDS else ENOUGH


def _plainly_missing(
    library: Library, embedder: Embedder, texts: tuple[str, str], contexts: Sequence[_Context], told: Sequence[Told]
) -> Iterator[Missing]:
    """All that is missing, what is plainest first. texts are the question and its own words."""
    text, own = texts
    if max(context.found.support for context in contexts) < LEAST_SUPPORT:
        yield Missing(Lack.SUBJECT, unless=EVEN_ODDS)
    named = names(library, embedder, text)
    if lacks := _missing_name(contexts, told, named, text):
        yield lacks
    if lacks := _missing_premise(contexts, told, text):
        yield lacks
    if lacks := _missing_kind(contexts, named, own, figures.years(text)):
        yield lacks
    if event := untold_event(own, told):
        yield Missing(Lack.EVENT, event, unless=CERTAIN_ODDS)
    if otherwise := opposite(own, told):
        yield Missing(Lack.OPPOSITE, told=otherwise)


def _missing_name(
    contexts: Sequence[_Context], told: Sequence[Told], named: Sequence[Name], text: str
) -> Missing | None:
    """A name that no passage found speaks of, or names that none speaks of together."""
    for name in named:
        if name.sure and not any(context.inside.holds(name) or context.around.holds(name) for context in contexts):
            return Missing(Lack.NAME, name.text, _nearest(told, text))
    if named and not COMPARES.search(text):
        together = [_share(named, context.inside, context.inside, context.around) for context in contexts]
        if max(together) < LEAST_TOGETHER:
            return Missing(Lack.TOGETHER, " and ".join(name.text for name in named))
    return None


def _missing_premise(contexts: Sequence[_Context], told: Sequence[Told], text: str) -> Missing | None:
    """A figure, a month or years that the question takes for granted and that no passage on the matter gives."""
    passages = [context.found.passage for context in contexts]
    for figure in figures.taken_for_granted(text):
        if not any(figure.stands_in(f"{passage.text} {passage.context}") for passage in passages):
            return Missing(Lack.PREMISE, figure.text, other_figure(figure, told))
    printed = {month for passage in passages for month in figures.months(passage.text)}
    for month in figures.MONTH_OF_YEAR.finditer(text):
        if (month[1].lower(), month[2]) not in printed:
            return Missing(Lack.PREMISE, month.group(), other_month(told))
    years = figures.years(text)
    best = max(context.found.support for context in contexts)
    with_years = max((c.found.support for c in contexts if years <= c.years), default=0.0)
    if years and with_years < best - YEARS_APART:
        return Missing(Lack.PREMISE, " and ".join(sorted(years)))
    return None


def _missing_kind(
    contexts: Sequence[_Context], named: Sequence[Name], own: str, years: frozenset[str]
) -> Missing | None:
    """A kind of answer that no sentence gives for the noun, the names and the years of the question."""
    noun = counting.counted(own)

    def strength(context: _Context, told: Told, wording: Wording, noun: str) -> float:
        return (
            SUPPORT * told.support
            + NAMES * _share(named, wording, context.inside, context.around)
            + NOUN * _noun(noun, told)
            + YEARS * _years(years, told, context)
        )

    sentences = [(context, told, wording) for context in contexts for told, wording in context.sentences]
    if noun:
        counts = [strength(*each, noun) for each in sentences if hybrid.counts(each[1].passage, each[1].text, noun)]
        if max(counts, default=0.0) < LEAST_COUNTED:
            return Missing(Lack.KIND, f"number of {noun}", unless=EVEN_ODDS if counts else CERTAIN_ODDS)
    for kind in wanted(own):
        gives = (strength(*each, noun if kind.counts else "") for each in sentences if kind.given_in(each[1].text))
        if max(gives, default=0.0) < LEAST_STRENGTH:
            return Missing(Lack.KIND, kind.name, unless=CERTAIN_ODDS)
    return None


def _nearest(told: Sequence[Told], text: str) -> Told | None:
    """For a question that takes something for granted, the sentence that may tell how it is instead."""
    said = [sentence for sentence in told if sentence.text[-1:] not in LEADS_ON]
    nearest = max(said, key=lambda sentence: sentence.support, default=None)
    return nearest if nearest and nearest.support >= LEAST_NEAREST and PRESUPPOSES.search(text) else None


def _contexts(library: Library, found: Sequence[Found]) -> list[_Context]:
    beside = {each.row: _beside(library, each.row) for each in found}
    rows = sorted({row for around in beside.values() for row in around})
    texts = dict(zip(rows, library.texts(rows), strict=True))
    contexts = []
    for each in found:
        passage = each.passage
        document = library.document(passage.document)
        known = (document.title, *document.organisations) if document else ()
        contexts.append(
            _Context(
                found=each,
                inside=Wording(f"{passage.section} . {passage.context} . {passage.text}"),
                around=Wording(" . ".join([*known, *(texts[row] for row in beside[each.row])])),
                years=figures.years(f"{passage.section} {passage.context} {passage.text}"),
                sentences=tuple(_told(each)),
            )
        )
    return contexts


def _beside(library: Library, row: int) -> range:
    """The rows around one that belong to its document."""
    first, last = max(0, row - BESIDE), min(len(library) - 1, row + BESIDE)
    own = library.passage_documents[row]
    while library.passage_documents[first] != own:
        first += 1
    while library.passage_documents[last] != own:
        last -= 1
    return range(first, last + 1)


def _told(found: Found) -> Iterator[tuple[Told, Wording]]:
    passage = found.passage
    over = f"{innermost(passage.section)} . {passage.context}"
    for sentence, support in zip(passage.sentences, found.sentences, strict=True):
        told = Told(passage, sentence.start, sentence.end, support)
        yield told, Wording(f"{over} . {told.text}")


def _share(named: Sequence[Name], here: Wording, inside: Wording, around: Wording) -> float:
    """Share of the names, by weight, that stand here; less for those inside the passage or beside it; 1 for none."""

    def held(name: Name) -> float:
        if here.holds(name) or (name.source and (inside.holds(name) or around.holds(name))):
            return 1.0
        if inside.holds(name):
            return IN_PASSAGE
        return NEARBY if around.holds(name) or not name.sure else 0.0

    total = sum(name.weight for name in named)
    return sum(name.weight * held(name) for name in named) / total if total else 1.0


def _noun(noun: str, told: Told) -> float:
    """How far a sentence counts the noun asked about: 1 where it does."""
    if not noun:
        return NO_NOUN_ASKED
    return 1.0 if hybrid.counts(told.passage, told.text, noun) else NOUN_ELSEWHERE


def _years(years: frozenset[str], told: Told, context: _Context) -> float:
    """How near the years asked about stand to a sentence: 1 in it, or where none is asked about."""
    if years <= figures.years(f"{told.text} {told.passage.context}"):
        return 1.0
    return YEARS_IN_PASSAGE if years <= context.years else YEARS_ELSEWHERE
