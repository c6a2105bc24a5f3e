"""Respondents' words: quotations that stand alone, each with who is said to have spoken."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.records import Block, Finding, Kind, Shape
from assistant.understanding import cues
from assistant.understanding.entries import Pages, finding
from assistant.understanding.printed import plain

LEAST_WORDS = 8  # a shorter quotation is a term, not somebody's words
ATTRIBUTION_WORDS = 16
QUOTED = re.compile(r"^\W{0,3}[“\"«](?P<words>.+?)[”\"»]\W{0,3}(?P<who>[–—-]\s*\S.{3,120})?$", re.DOTALL)


def testimony(pages: Pages, blocks: Sequence[Block], sections: Sequence[tuple[str, ...]]) -> list[Finding]:
    """The quotations among the blocks that are somebody's words; sections names the headings above each block."""
    found = []
    for place, block in enumerate(blocks):
        if block.shape not in (Shape.PARAGRAPH, Shape.ITEM):
            continue
        quoted = QUOTED.match(plain(block.words))
        if quoted is None or len(quoted["words"].split()) < LEAST_WORDS:
            continue
        who = _attribution(quoted["who"] or "", blocks, place)
        made = finding(pages, Kind.TESTIMONY, [block.words], sections[place], title=who) if who else None
        found += [made] if made else []
    return found


def _attribution(after: str, blocks: Sequence[Block], place: int) -> str:
    """Who spoke: behind the quotation, in the line below it, or in the lead-in above."""
    if after:
        return after.strip(" –—-.")
    below = next((b for b in blocks[place + 1 : place + 2] if b.shape in (Shape.ITEM, Shape.PARAGRAPH)), None)
    if below is not None:
        text = plain(below.words).strip(" –—-•")
        if len(text.split()) <= ATTRIBUTION_WORDS and text[-1:] not in '.:,;”"' and text[:1].isupper():
            return text
    above = plain(blocks[place - 1].words) if place else ""
    led = cues.SPOKEN_BY.search(above)
    return (led["who"] or led["by"]).strip(" ,") if led else ""
