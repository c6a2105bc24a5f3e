"""Parts of a document that are called by their number: 'Annex I', 'domain 2'."""

from __future__ import annotations

import re

from assistant.understanding.printed import SECTION_BREAK, fold

PART = re.compile(
    r"\b(annex|appendix|table|box|figure|section|chapter|domain|outcome|output|objective|component|pillar|phase|theme|"
    r"workstream|question)\s?#?\s?"
    r"(\d{1,2}(?:\.\d{1,2})*|(?<=[\s#])(?-i:[IVX]{1,4}|[A-Z])(?!'))\b",
    re.IGNORECASE,
)
"""How a text names one."""
ANNEX = r"(?:annex(?:e|es|ure)?|appendix|appendices|anexos?|ap[eé]ndices?)\b"
NAMES_ANNEX = re.compile(rf"\b{ANNEX}", re.IGNORECASE)
HEADS_ANNEX = re.compile(rf"(?:^|{SECTION_BREAK})\W*{ANNEX}", re.IGNORECASE)
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def named(text: str) -> tuple[str, ...]:
    """The parts that a text names, in small letters: 'domain 2'."""
    return tuple(dict.fromkeys(fold(f"{match[1]} {match[2]}") for match in PART.finditer(text)))


def names_annex(text: str) -> bool:
    """The text speaks of an annex."""
    return NAMES_ANNEX.search(text) is not None


def is_annexed(section: str) -> bool:
    """One of the headings above a passage is that of an annex: 'Annex C. Interview guide > Questions'."""
    return HEADS_ANNEX.search(section) is not None


def is_of_another(heading: str, part: str) -> bool:
    """The heading names parts of that sort, and not this one: 'Domain 3. Courts' for 'domain 2'."""
    noun, number = part.split(" ", 1)
    others = [each.split(" ", 1)[1] for each in named(heading) if each.split(" ", 1)[0] == noun]
    is_told = is_called(heading, part) or re.search(rf"(?<![\w.]){re.escape(number)}(?!\w)", fold(heading))
    return bool(others) and not is_told and not any(_are_one(number, other) for other in others)


def _are_one(number: str, other: str) -> bool:
    """The same in other figures, or a part of it: 'ii' and '2', '4' and '4.2'."""
    a, b = (str(ROMAN.index(each) + 1) if each in ROMAN else each for each in (number, other))
    return a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.")


def is_called(heading: str, part: str) -> bool:
    """The heading is that of the part, or names it: 'Domain 3. Courts', 'D3. Courts'."""
    noun, number = part.split(" ", 1)
    named_so = rf"\b{re.escape(noun)}( of \w+)?\W{{0,3}}{re.escape(number)}(?!\w|\.\d)"
    behind = r"(?:[.:)](?!\d)| [-–—] )"
    initial = rf"(?:^|[.>|] ){re.escape(noun[0])}{re.escape(number)}{behind}" if number[0].isdigit() else "(?!)"
    return re.search(rf"{named_so}|{initial}", fold(heading)) is not None
