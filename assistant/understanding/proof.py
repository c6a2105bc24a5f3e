"""Whether a quote stands on its page, letter for letter.

Verbatim means: the letters and digits of the quote, in order and in one run, are those of the page's raw text (after
NFKC), leaving out footnote marks, hyphens at a line's end and, where a quote runs over a page break, page furniture.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence

SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴-⁹]+")
CELL_BREAK = " | "
MARK = r"\d{0,3}"  # a footnote mark that the raw text gives as plain digits behind a word


def letters(text: str) -> str:
    """The letters and digits of a text after NFKC, in lower case, nothing between them; superscript marks left out."""
    folded = unicodedata.normalize("NFKC", SUPERSCRIPTS.sub("", text)).lower()
    return "".join(c for c in folded if c.isalnum())


def appears_on(quote: str, *pages: str) -> bool:
    """The quote stands on the page whose raw text is given; with two texts, it may run from the first to the second.

    The cells of a table row are parted by ' | ' and may stand apart on the page. An empty quote stands nowhere.
    """
    if not letters(quote):
        return False
    return on_letters(quote, [letters(page) for page in pages])


def on_letters(quote: str, pages: Sequence[str]) -> bool:
    """As appears_on, for pages already reduced by letters()."""
    if _runs_over(quote, pages):
        return True
    cells = [cell for cell in quote.split(CELL_BREAK) if letters(cell)]
    return len(cells) > 1 and all(_runs_over(cell, pages) for cell in cells)


def _runs_over(quote: str, pages: Sequence[str]) -> bool:
    wanted = letters(quote)
    if any(wanted in page for page in pages):
        return True
    words = [letters(word) for word in quote.split()]
    words = [word for word in words if word]
    if any(_with_marks(words, page) for page in pages):
        return True
    return any(
        _with_marks(words[:cut], first) and _with_marks(words[cut:], second)
        for first, second in itertools.pairwise(pages)
        for cut in range(1, len(words))
        if "".join(words[:cut][-4:]) in first and "".join(words[cut:][:4]) in second
    )


def _with_marks(words: list[str], page: str) -> bool:
    """The words stand in one run, with at most a footnote mark behind any of them."""
    if "".join(words) in page:
        return True
    if not words or not all(word in page for word in words):
        return False
    return re.search(MARK.join(map(re.escape, words)), page) is not None
