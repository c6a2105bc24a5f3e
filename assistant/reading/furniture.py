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


def without_furniture(pages: Sequence[tuple[float, list[Line]]]) -> list[list[Line]]:
    """The lines of each page, given with its height, less those that only furnish it."""
    counts: Counter[str] = Counter()
    for height, lines in pages:
        counts.update({_pattern(line) for line in lines if _at_edge(line, height)})
    needed = max(2, min(3, round(len(pages) / 2)))
    kept = []
    for height, lines in pages:
        kept.append([line for line in lines if not (_at_edge(line, height) and _furnishes(line, counts, needed))])
    return kept


def _furnishes(line: Line, counts: Counter[str], needed: int) -> bool:
    return bool(PAGE_NUMBER.match(line.text)) or counts[_pattern(line)] >= needed


def _pattern(line: Line) -> str:
    """The line with its numbers masked, at its height on the page: 'Page 7' and 'Page 8' are one."""
    return f"{round(line.top / 6)} {re.sub(r'[0-9]+', '#', line.text.lower())}"


def _at_edge(line: Line, height: float) -> bool:
    return line.bottom < EDGE * height or line.top > (1 - EDGE) * height
