"""Small tables of English that many rules share: numbers in words, months, years, and lists joined by 'and'."""

from __future__ import annotations

import re
from collections.abc import Sequence

NUMBERS = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split()
)
"""Each stands at its own value."""
MONTHS = tuple("january february march april may june july august september october november december".split())
SHORT_MONTHS = (*(month[:3] for month in MONTHS), "sept")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def listed(parts: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def ends_as_plural(word: str) -> bool:
    """The word ends as names of several things do: 'schools', not 'progress', 'status' or 'analysis'."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def stem(word: str) -> str:
    """A word cut to what survives most endings."""
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
