"""Running headers, footers and page numbers, recognised because they come back at the edge of page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.reading.lines import Line

EDGE = 0.12  # share of the page's height at its top and at its bottom where furniture stands
# A full stop behind it makes a number the end of a sentence: "in June / 2021."
PAGE_NUMBER = re.compile(
    r"^\W*((page|p\.|página|pág\.?)\s*)?(\d{1,6}|(?=[ivxlc])(c|l)?x{0,4}(i[xv]|v?i{0,3}))(\s*(of|de|/|\|)\s*\d+)?[^\w.,;:)]*$",
    re.IGNORECASE,
)
YEAR = re.compile(r"^(1[5-9]|20)\d\d$")
EARLIEST = 1500  # pages; only a longer document has a page of such a number
NUMERALS = re.compile(r"\d+|\b(?=[ivxl])l?x{0,4}(i[xv]|v?i{0,3})\b")


def without_furniture(pages: Sequence[tuple[float, list[Line]]]) -> list[list[Line]]:
    """The lines of each page, given with its height, less those that only furnish it.

    A chapter's name that runs over its pages stays where it is printed large, as the chapter's heading.
    """
    counts: Counter[str] = Counter()
    for height, lines in pages:
        counts.update({_pattern(line) for line in lines if _at_edge(line, height)})
    needed = max(2, min(3, round(len(pages) / 2)))
    kept = []
    before: dict[str, float] = {}
    for height, lines in pages:
        edge = {id(line) for line in lines if _at_edge(line, height)}
        furniture = {
            id(line)
            for line in lines
            if id(line) in edge and (_furnishes(line, counts, needed, len(pages)) or _runs_on(line, before))
        }
        kept.append([line for line in lines if id(line) not in furniture])
        before = {_masked(line): line.size for line in lines if id(line) in edge}
    return kept


def _furnishes(line: Line, counts: Counter[str], needed: int, pages: int) -> bool:
    if PAGE_NUMBER.match(line.text) and not (YEAR.match(line.text) and pages < EARLIEST):
        return True
    return counts[_pattern(line)] >= needed


def _runs_on(line: Line, before: dict[str, float]) -> bool:
    """The same words stood larger at the edge of the page before: the name of a chapter."""
    return before.get(_masked(line), 0.0) > line.size


def _pattern(line: Line) -> str:
    """The line at its height and in its size: 'Page 7' and 'Page 8' are one."""
    return f"{round(line.top / 6)} {round(line.size)} {_masked(line)}"


def _masked(line: Line) -> str:
    """The words of a line, its numbers left open."""
    return NUMERALS.sub("#", line.text.lower())


def _at_edge(line: Line, height: float) -> bool:
    return line.bottom < EDGE * height or line.top > (1 - EDGE) * height
