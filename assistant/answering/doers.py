"""Words for those who do something: 'they' of a question means them rather than what they did."""

from __future__ import annotations

import re

from assistant.answering.phrases import content, head
from assistant.understanding.counting import PEOPLE

DOERS = PEOPLE | frozenset(
    "partners unions companies firms factories farms mills banks organisations organizations projects"
    " programmes programs ministries agencies governments authorities offices departments councils"
    " committees ngos communities families households countries states municipalities villages courts"
    " schools universities hospitals clinics centers centres judges experts nurses midwives refugees".split()
)
ENDING = re.compile(r"(?:ers|ors|ists|ants|ees)$")
"""How other words for them end."""
THINGS = frozenset(
    "answers barriers borders computers corners covers documents drivers errors factors floors grants indicators"
    " letters matters mirrors motors numbers offers orders papers plants posters powers quarters registers sectors"
    " shelters tractors vouchers waters fees trees".split()
)
"""What ends so and does nothing."""


def is_doer(word: str) -> bool:
    """The word names several who do something."""
    small = word.lower()
    return small in DOERS or (ENDING.search(small) is not None and small not in THINGS)


def are_doers(phrase: str) -> bool:
    """The phrase is built on such a word: 'implementing partners', not 'lessons'."""
    last = head(phrase).split()[-1:]
    return bool(last) and is_doer(last[0])


def names_doers(text: str) -> bool:
    """One of the words of a text does."""
    return any(map(is_doer, content(text)))
