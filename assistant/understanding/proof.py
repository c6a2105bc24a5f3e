"""Whether a quote stands on its page, letter for letter.

Verbatim means: the letters and digits of the quote, in order and in one run of whole words, are those of the page's raw
text (after NFKC), leaving out footnote marks, hyphens at a line's end and, where a quote runs over a page break, page
furniture. A number is no footnote mark where white space stands before it: "from 61 to 74" does not say "from to 74".
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴-⁹]+")
RAISED = "\ue000"  # stands before superscript digits while a text is folded
CELL_BREAK = " | "
MARK = r"(\d{0,3})"  # a footnote mark, which most raw texts give as plain digits behind a word
BEFORE_MARK = RAISED + ".,;:!?)]%\"'”’"


@dataclass(frozen=True, slots=True)
class PageLetters:
    """The letters and digits of a page, and the places among them where words begin and where marks may begin."""

    text: str
    begins: frozenset[int]
    """The end of the text is one of them."""
    marks: frozenset[int]

    def holds(self, start: int, end: int) -> bool:
        """Whole words stand from start to end."""
        return start in self.begins and (end in self.begins or end in self.marks)


def letters(text: str) -> str:
    """The letters and digits of a text after NFKC, in lower case, nothing between them; superscript marks left out."""
    folded = unicodedata.normalize("NFKC", SUPERSCRIPTS.sub("", text)).lower()
    return "".join(c for c in folded if c.isalnum())


@lru_cache(maxsize=256)  # passages, findings and answers look up the same pages; some 40 KB each
def page_letters(text: str) -> PageLetters:
    """The raw text of a page, reduced once for all the quotes that are looked up on it."""
    folded = unicodedata.normalize("NFKC", SUPERSCRIPTS.sub(lambda mark: RAISED + mark.group(), text)).lower()
    kept: list[str] = []
    begins, marks = set(), set()
    for before, last, character in zip("  " + folded, " " + folded, folded, strict=False):
        if not character.isalnum():
            continue
        if not last.isalnum():
            begins.add(len(kept))
        if character.isdigit() and _may_carry_mark(before, last):
            marks.add(len(kept))
        kept.append(character)
    return PageLetters("".join(kept), frozenset({*begins, len(kept)}), frozenset(marks))


def _may_carry_mark(before: str, last: str) -> bool:
    """A digit behind last may be a footnote mark: behind a letter or what closes a phrase, not within 3.5 or 1,200."""
    return last.isalpha() or (last in BEFORE_MARK and not (last in ".,:" and before.isdigit()))


def appears_on(quote: str, *pages: str) -> bool:
    """The quote stands on the page whose raw text is given; with two texts, it may run from the first to the second.

    The cells of a table row are parted by ' | ' and may stand apart on the page. An empty quote stands nowhere.
    """
    return on_letters(quote, [page_letters(page) for page in pages])


def on_letters(quote: str, pages: Sequence[PageLetters]) -> bool:
    """As appears_on, for pages already reduced by page_letters()."""
    if not letters(quote):
        return False
    if _runs_over(quote, pages):
        return True
    cells = [cell for cell in quote.split(CELL_BREAK) if letters(cell)]
    return len(cells) > 1 and all(_runs_over(cell, pages) for cell in cells)


def _runs_over(quote: str, pages: Sequence[PageLetters]) -> bool:
    words = [letters(word) for word in quote.split()]
    words = [word for word in words if word]
    if any(_stands(words, page) for page in pages):
        return True
    return any(
        _stands(words[:cut], first) and _stands(words[cut:], second)
        for first, second in itertools.pairwise(pages)
        for cut in range(1, len(words))
        if words[cut - 1] in first.text and words[cut] in second.text
    )


def _stands(words: Sequence[str], page: PageLetters) -> bool:
    """The words stand in one run, with at most a footnote mark behind any of them."""
    run = "".join(words)
    start = page.text.find(run)
    while start >= 0:
        if page.holds(start, start + len(run)):
            return True
        start = page.text.find(run, start + 1)
    if not all(word in page.text for word in words):
        return False
    return any(
        page.holds(*match.span())
        and all(first == end or first in page.marks for first, end in map(match.span, range(1, len(words))))
        for match in re.finditer(MARK.join(map(re.escape, words)), page.text)
    )
