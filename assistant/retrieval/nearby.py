"""Passages near those that an earlier answer showed: a follow-up question is mostly answered close by.

A follow-up question is searched for as a whole, with what was asked before, and by its own words alone: the one finds
the matter, the other what is asked of it. What each of the two and nearness are worth is in CONTRIBUTING.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.records import Passage
from assistant.retrieval.hybrid import Found

NEAR = 0.6
"""Added to the score of a passage on a page that the earlier answer quotes; 0.45 and 0.75 get one of 127 turns less."""
OWN = 0.4  # times the score for the question's own words is added; 0.25 and 0.6 get one of 127 turns less
EARLIER = 3  # passages of the earlier question that count where its answer quotes none
WIDE = 50  # passages of each search that are weighed
QUOTED = 30  # characters; what is shorter may stand in an answer by chance
ESCAPE = re.compile(r"\\(.)")

Page = tuple[str, int]


def pages(earlier: Sequence[Found], answer: str) -> set[Page]:
    """The pages that an answer (Markdown) to the earlier question quotes; where it quotes none, of the first found."""
    said = " ".join(ESCAPE.sub(r"\1", answer).split())
    quoted = [each for each in earlier if _is_quoted(each.passage, said)]
    return {(each.passage.document, each.passage.page) for each in quoted or earlier[:EARLIER]}


def drawn(whole: Sequence[Found], own: Sequence[Found], near: set[Page]) -> list[Found]:
    """The passages found for the whole question, weighed with what its own words find and with nearness, best first."""
    scores = {each.row: each.score for each in own}
    least = min(scores.values(), default=0.0)

    def weighed(each: Found) -> float:
        own = OWN * scores.get(each.row, least)
        return each.score + own + NEAR * ((each.passage.document, each.passage.page) in near)

    return sorted((replace(each, score=weighed(each)) for each in whole), key=lambda each: (-each.score, each.row))


def _is_quoted(passage: Passage, said: str) -> bool:
    texts = (" ".join(passage.text[each.start : each.end].split()) for each in passage.sentences)
    return any(len(text) >= QUOTED and text in said for text in texts)
