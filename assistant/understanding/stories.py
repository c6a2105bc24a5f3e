"""Stories of change: below a heading with a code each opens with the statement of what has changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.records import Block, Finding, Kind, Shape
from assistant.understanding import cues
from assistant.understanding.entries import LABEL_WORDS, Pages, finding
from assistant.understanding.printed import plain

DETAIL = re.compile(r"\w+(?:\(s\))?(?: \w+)?\s?:\s")
"""A line that says where or when: 'Location(s): …'."""


def stories(
    pages: Pages, blocks: Sequence[Block], sections: Sequence[tuple[str, ...]], rows: Sequence[Finding]
) -> list[Finding]:
    """The statement of each story, with the code and the name of the story's heading.

    sections names the headings above each block. The projects are those of the row of a table that has the same code.
    """
    projects = {_folded(row.number): row.projects for row in rows if row.number and row.projects}
    found: list[Finding] = []
    told: set[str] = set()
    for block, section in zip(blocks, sections, strict=True):
        named = next(filter(None, map(cues.STORY.match, reversed(section))), None)
        if named is None or named.string in told or not _states(block):
            continue
        told.add(named.string)
        title = named.string[named.end() :].strip(" .")
        made = finding(
            pages,
            Kind.OUTCOME,
            [block.words],
            section,
            number=named["number"],
            title=title,
            projects=projects.get(_folded(named["number"]), ()),
        )
        found += [made] if made else []
    return found


def _folded(code: str) -> str:
    return code.rstrip("*").lower()


def _states(block: Block) -> bool:
    text = plain(block.words)
    return block.shape is Shape.PARAGRAPH and len(text.split()) >= LABEL_WORDS and DETAIL.match(text) is None
