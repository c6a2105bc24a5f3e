"""Counting: the thing that a question wants counted, and whether a text gives a number of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.understanding.english import MONTHS, NUMBERS, YEAR, ends_as_plural, stem

WEB = re.compile(r"\S*(?:https?:|www\.)\S*|<[^>\s]*>")
"""Addresses: their digits count nothing."""
LABEL = re.compile(
    r"\b(annex|appendix|table|box|figure|section|chapter|article|convention|goal|law|act|resolution|domain|outcome|"
    r"output|objective|component|pillar|question|story|day|part|page|phase|step|level|round|wave|answer|indicator|"
    r"item|number|no\.|lesson|finding|recommendation|group|zone|region|type|category|stage|top|first|last|"
    + "|".join(MONTHS)
    + r")\s*#?$",
    re.IGNORECASE,
)
"""Before a number that is no figure: it tells which one."""
COUNTED = re.compile(
    r"(?<!largest )(?<!greatest )(?<!highest )(?<!smallest )(?<!lowest )(?<!growing )"
    r"\b(?:how many|number of)\s+(?:(?:of )?(?:the|these|those|its|their|different|new|other)\s+)*"
    r"((?:[\w'+-]+\s*){1,7})",
    re.IGNORECASE,
)
NO_NOUN = frozenset(
    "of the a in on at for with by to from and or does do did has have had were was are is can could will would it "
    "they there he she who that which already still now then took went got came come more times "
    "ways things points".split()
)
"""Words that end the search for what is counted: behind "how many were" it is not named."""
PEOPLE = frozenset(
    "people persons person individuals workers worker staff employees members women men participants respondents users "
    "children boys girls students teachers leaders farmers officials inspectors delegates informants interviewees kids "
    "patients migrants judges trainees attendees".split()
)
ANYBODY = frozenset("people persons person individuals".split())
NOTHING = frozenset(["no", "none"])
SAME = tuple(
    frozenset(group.split())
    for group in (
        "employees staff personnel workers worker employee",
        "children child kids kid minors minor boys girls youth",
        "students student pupils pupil learners learner",
        "participants participant attendees trainees respondents users members people persons individuals",
        "women woman female females",
        "men man male males",
        "reviewers coders researchers analysts reviewer coder analyst",
        "companies firms employers businesses company firm business",
        "meetings sessions workshops meeting session workshop",
        "places locations sites stations cities towns states municipalities communities",
        "centres centers offices centre center office",
        "cases complaints lawsuits case complaint",
    )
)
"""Words that a question and a report may use for the same counted thing."""
SINGLE = frozenset(["1", "one", *NOTHING])
BREAKS = frozenset(". ; | : for in to by with that which who from at on as were was is are".split())
"""Between a number and a noun they say that it counts something else."""
SHORT = 3  # words
BETWEEN = 6  # words from a number to the noun it counts: 13 new independent labor unions
MISSPELT = 0.88
FIRST = re.compile(
    r"^(?P<clause>.*\b(?:what|which|who|how|why|where)\b.*?\w) "
    r"(?:after|before|when|because|while|once|"
    r"(?<!shows )(?<!show )(?<!says )(?<!say )(?<!report )(?<!reports )that)\b.*$",
    re.IGNORECASE,
)
TOKEN = re.compile(r"\d[\d,.]*\d(?!\w)|\w[\w'+]*|[.;:()|%$]")
NUMBER = re.compile(
    rf"\d[\d,.]*|{'|'.join(NUMBERS[1:])}|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|dozens?"
    r"|half|none|no",
    re.IGNORECASE,
)


def main_clause(question: str) -> str:
    """The question without a clause that only says when or why: 'what changed after the number of inspectors fell?'"""
    match = FIRST.match(question)
    return match["clause"] if match else question


def counted(question: str) -> str:
    """The noun that a question wants counted, in small letters; '' where it names none."""
    match = COUNTED.search(main_clause(question))
    return plural_in(match[1].split()) if match else ""


def counts(text: str, noun: str) -> bool:
    """The text holds a number of the noun: '12 new schools', 'schools: 12', 'schools (12)'."""
    tokens = TOKEN.findall(WEB.sub(" ", text))
    for place, token in enumerate(tokens):
        if not NUMBER.fullmatch(token) or YEAR.fullmatch(token) or LABEL.search(" ".join(tokens[:place])[-20:]):
            continue
        for behind in tokens[place + 1 : place + 1 + (SHORT if token.lower() in NOTHING else BETWEEN)]:
            if behind.lower() in BREAKS:
                break
            if is_of(noun, behind) and (_is_plural(behind) or token.lower() in SINGLE):
                return True
        before = tokens[max(0, place - BETWEEN) : place]
        if any(each in ("(", ":", "|") for each in before) and any(is_of(noun, each) for each in before):
            return True
    return False


def counted_in_row(text: str, labels: str, noun: str) -> bool:
    """A row of a table, its cells parted by ' | ', names the noun in a cell or a label, and has a cell of a number."""
    numbers = [cell for cell in text.split("|") if len(cell.split()) <= SHORT and re.search(r"\d", YEAR.sub("", cell))]
    return bool(numbers) and any(is_of(noun, word) for word in re.findall(r"\w+", f"{text} {labels}"))


def is_of(noun: str, word: str) -> bool:
    """The word is the noun in another form, another word for it, or a spelling of it."""
    other = word.lower()
    if stem(noun) == stem(other) or (noun in ANYBODY and other in PEOPLE) or (other in ANYBODY and noun in PEOPLE):
        return True
    if any(noun in group and other in group for group in SAME):
        return True
    if min(len(noun), len(other)) < 4:
        return False
    if noun.endswith(other) or other.endswith(noun):
        return True
    return len(noun) > 5 and noun[0] == other[0] and SequenceMatcher(None, noun, other).ratio() >= MISSPELT


def plural_in(words: Sequence[str]) -> str:
    """The first word that names several of something, in small letters, before a word that ends the search; or ''."""
    for word in words:
        small = word.lower().strip(".,;:?!").removesuffix("'s")
        if small in NO_NOUN:
            return ""
        if small in PEOPLE or (ends_as_plural(small) and not word[0].isupper()):
            return small
    return ""


def _is_plural(word: str) -> bool:
    """Two worker organisations are no workers."""
    return word.lower().endswith("s") or word.lower() in PEOPLE - {"worker", "person", "individual"}
