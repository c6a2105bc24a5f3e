"""A document cut into stretches: the blocks below one heading, and what kind of findings that heading promises."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.records import Block, Kind, Shape, Word
from assistant.understanding import cues
from assistant.understanding.printed import plain

RUN_IN_HEADING = 25  # words; a longer paragraph is no heading that lost its looks
ACTORS = re.compile(
    r"\b(governments?|ministr\w+|partners?|donors?|agenc\w+|offices?|unions?|organi[sz]ations?|departments?|"
    r"country teams?|"
    r"boards?|management|staff|employers?|stakeholders?|funders?|grantees?|implement\w+|authorities|headquarters|"
    r"secretariat|congress|parliament)\b",
    re.IGNORECASE,
)
OWN_ORDER = (Kind.CONCLUSION, Kind.RECOMMENDATION, Kind.LESSON, Kind.GOOD_PRACTICE)
NO_ADDRESSEE = re.compile(
    r"^(executive action|future|further|action|improv\w+|follow|the future|next)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Blocks below one heading. kind is what its chapter lists, None where it lists nothing."""

    kind: Kind | None
    section: tuple[str, ...]
    chapter: str = ""
    """The heading that gave the kind."""
    page: int = 0
    """Of that heading."""
    heading: Block | None = None
    """The innermost heading, where it is not the chapter's own."""
    addressee: str = ""
    sorted_items: bool = False
    """Only items right below the heading count."""
    blocks: list[Block] = field(default_factory=list)

    @property
    def above(self) -> tuple[str, ...]:
        """The headings above its findings: not one that is a finding itself."""
        labelled = self.heading is not None and label_of(plain(self.heading.words))
        return self.section[:-1] if labelled else self.section


def stretches(blocks: Sequence[Block]) -> list[Stretch]:
    """Every block of the document but headings, in order, in the stretch it stands in."""
    small = frozenset(word.text for block in blocks for word in block.words if word.text.islower())
    found = [Stretch(None, ())]
    path: list[tuple[int, str]] = []
    level = 0  # of the chapter's heading
    for place, block in enumerate(blocks):
        if block.shape is Shape.CONTENTS:
            continue
        text = plain(block.words)
        if not _is_heading(block, text, found[-1]):
            found[-1].blocks.append(block)
            continue
        depth = block.level or 9
        path = [(above, name) for above, name in path if above < depth] + [(depth, text)]
        found.append(_next(found[-1], block, text, level, _after(blocks, place), small))
        found[-1] = replace(found[-1], section=tuple(name for _, name in path))
        if found[-1].chapter == text:
            level = depth
    return found


def addressee_in(heading: str) -> str:
    """Whom a heading such as 'For the Ministry of Labour' or 'Recommendations to donors' names; '' when nobody."""
    plainly = _unnumbered(heading).strip(" :.")
    match = cues.ADDRESSED.match(plainly)
    return "" if not match or NO_ADDRESSEE.match(match["who"]) else match["who"].strip()


def _unnumbered(heading: str) -> str:
    return re.sub(r"^[\W\d.]+(?=\D)", "", heading)


def label_of(text: str) -> tuple[re.Match[str], Kind] | None:
    """The label that a text begins with, as 'Lesson learned no. 2: …', and its kind."""
    for cue, kind in cues.LABELS:
        match = re.match(rf"\W*(?:\d{{1,2}}\s+)?(?:{cue.pattern}){cues.LABEL_REST}", text, re.IGNORECASE)
        if match:
            return match, kind
    return None


def _is_heading(block: Block, text: str, before: Stretch) -> bool:
    """A heading, or the next of several that sort results where it has lost its looks."""
    if block.shape is Shape.HEADING:
        return True
    lost = block.shape is Shape.PARAGRAPH and len(block.words) <= RUN_IN_HEADING and text[-1:] not in ".:;,"
    return lost and before.sorted_items and cues.SORTING.match(text) is not None


def _after(blocks: Sequence[Block], place: int) -> str:
    """The text of the next block that is neither heading nor note."""
    following = (b for b in blocks[place + 1 : place + 6] if b.shape not in (Shape.FOOTNOTE, Shape.CAPTION))
    block = next(following, None)
    return "" if block is None or block.shape is Shape.HEADING else plain(block.words)


def _next(before: Stretch, block: Block, text: str, level: int, after: str, small: frozenset[str]) -> Stretch:
    page = block.words[0].page
    label = label_of(text)
    if label and label[1] is Kind.OUTCOME:  # what is dated below it is an outcome, too
        return Stretch(Kind.OUTCOME, (), text, page, block)
    if label:  # the finding's own heading: the chapter goes on behind it
        return Stretch(before.kind, (), before.chapter, before.page, block, before.addressee)
    kind = cues.chapter_kind(text)
    if before.kind in OWN_ORDER and not kind and cues.SORTING.match(_unnumbered(text)):
        return Stretch(before.kind, (), before.chapter, before.page, block, before.addressee)
    if not kind and cues.SORTING.match(_unnumbered(text)):
        return Stretch(Kind.OUTCOME, (), text, page, sorted_items=True)
    if kind:
        return Stretch(kind, (), text, page, None, addressee_in(text))
    if before.kind is None or before.sorted_items or cues.NO_CHAPTER.search(text):
        return Stretch(None, (), heading=block)
    if before.kind is Kind.RECOMMENDATION:
        named = addressee_in(text)
        goes_on = cues.ENUMERATED.match(after.lstrip("| ")) is not None
        if named or (goes_on and _names_actor(block.words, text, small)):
            return Stretch(before.kind, (), before.chapter, before.page, block, named or text.strip(" :."))
    elif before.kind is Kind.OUTCOME:
        goes_on = cues.OUTCOME_PARTS.search(text) is not None or (before.heading is not None and not before.blocks)
    else:
        goes_on = False
    if (block.level or 9) > level or goes_on:
        return Stretch(before.kind, (), before.chapter, before.page, block, before.addressee if goes_on else "")
    return Stretch(None, (), heading=block)


def _names_actor(words: Sequence[Word], text: str, small: frozenset[str]) -> bool:
    """A heading that names who acts: by a word for an organisation, or by a name that is never written small."""
    if ACTORS.search(text):
        return True
    tokens = [re.sub(r"\W+$|^\W+", "", word.text) for word in words]
    return any(token.isupper() and len(token) > 1 and token.lower() not in small for token in tokens)
