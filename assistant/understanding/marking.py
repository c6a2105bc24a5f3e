"""Passages get the kind of the findings they hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from assistant.records import Finding, Kind, Passage, Span

HALF = 0.5  # of a passage's words


def marked(passages: Sequence[Passage], findings: Sequence[Finding]) -> list[Passage]:
    """The passages, those of which at least half belongs to findings of one kind with that kind.

    Somebody's words within a lesson count as words first, as they are quoted as such.
    """
    kinds: dict[tuple[int, float, float], set[Kind]] = defaultdict(set)
    for each in findings:
        for span in each.spans:
            kinds[_spot(span)].add(each.kind)
    return [_marked(passage, kinds) for passage in passages]


def _marked(passage: Passage, kinds: dict[tuple[int, float, float], set[Kind]]) -> Passage:
    counts = Counter(kind for span in passage.spans for kind in kinds.get(_spot(span), ()))
    most = [kind for kind, count in counts.most_common() if count >= HALF * len(passage.spans)]
    if not most:
        return passage
    return replace(passage, kind=Kind.TESTIMONY if Kind.TESTIMONY in most else most[0])


def _spot(span: Span) -> tuple[int, float, float]:
    return span.page, span.top, span.x0
