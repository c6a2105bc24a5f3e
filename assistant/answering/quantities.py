"""Whether the figures and dates of a sentence stand in its sources, each with what it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.amounts import Figure, dates, figures, stands_in
from assistant.answering.claims import ROW, SEGMENT, Claim, Evidence
from assistant.answering.clauses import Term, shared, whole
from assistant.understanding.english import stem

SHARE_WORDS = re.compile(r"\b(percentage|share|rate|proportion)\b", re.IGNORECASE)
"""Where these stand, bare numbers may be percentages."""
BEHIND = re.compile(r"\s?([a-z]{3,}s)\b", re.IGNORECASE)
"""A word in the plural, with nothing between it and the figure."""


def strays(claim: Claim, evidence: Sequence[Evidence], above: Sequence[Evidence]) -> str:
    """What is wrong with a figure or date of a claim; '' if nothing is. above is what stands over the sources' text."""
    return (
        _figures(claim, [*evidence, *above])
        or _bound(claim, evidence)
        or _counted(claim, evidence)
        or _dates(claim, [*evidence, *above])
    )


def _figures(claim: Claim, evidence: Sequence[Evidence]) -> str:
    for figure in claim.figures:
        holding = [e for e in evidence if stands_in(figure, e.figures, bool(SHARE_WORDS.search(e.text)))]
        if not any(each.number < 0 or shared(claim.whole.content, each.clause.content) for each in holding):
            return f"the figure {claim.text[figure.start : figure.end].strip()} is not there"
    return ""


def _bound(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """No figure is given to what the source gives another figure to: '44 per cent concerned land, 21 disputes'."""
    for figure in claim.figures:
        own = claim.text[figure.start : figure.end].strip()
        holding = [each for each in evidence if stands_in(figure, each.figures, True)]
        said = [term for term in claim.whole.content if term.word not in own.lower()]
        if not _is_year(figure) and holding and all(_is_misbound(figure, claim, said, each) for each in holding):
            return f"the source gives {own} to something else"
    return ""


def _counted(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """No figure that the source has of one thing alone is said of another that the source counts with other figures.

    'Within two seasons' is not borne out by 'two wards' where there were 'three seasons'.
    """
    counted = [(each, noun) for e in evidence for each in e.figures if (noun := _noun_behind(e.text, each))]
    for figure in claim.figures:
        noun = _noun_behind(claim.text, figure)
        if not noun or not any(other == noun for _, other in counted):
            continue
        bearing = [each for e in evidence for each in stands_in(figure, e.figures)]
        elsewhere = [each for each, other in counted if other != noun]
        if bearing and all(each in elsewhere for each in bearing):
            return f"the source gives {claim.text[figure.start : figure.end].strip()} to something else"
    return ""


def _noun_behind(text: str, figure: Figure) -> str:
    """The stem of the word right behind a figure, where it may be what it counts; '' where it is none."""
    match = BEHIND.match(text, figure.end)
    return stem(match[1].lower()) if match else ""


def _is_misbound(figure: Figure, claim: Claim, said: Sequence[Term], evidence: Evidence) -> bool:
    """Words of the claim stand by another figure of the same sort, which the claim leaves out, and none by this one."""
    if ROW.search(evidence.text):
        return False
    own: list[Term] = []
    rivals: list[Term] = []
    for text in SEGMENT.split(evidence.text):
        found = [each for each in figures(text) if not _is_year(each)]
        if stands_in(figure, found, True):
            own += whole(text).content
        elif any(each.share == figure.share and not stands_in(each, claim.figures, True) for each in found):
            rivals += whole(text).content
    return bool(own) and not shared(said, own) and bool(shared(said, rivals))


def _is_year(figure: Figure) -> bool:
    return not figure.share and figure.value in range(1900, 2100)


def _dates(claim: Claim, evidence: Sequence[Evidence]) -> str:
    there = [date for each in evidence for date in dates(each.text)]
    for date in claim.dates:
        if not any(all(a is None or a == b for a, b in zip(date, other, strict=True)) for other in there):
            return "a date is not there"
    return ""
