"""Figures: those that a question takes for granted, the thing that it wants counted, and whether a text holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.answering.asked import stem
from assistant.retrieval.query import MONEY
from assistant.understanding.english import MONTHS, NUMBERS, SHORT_MONTHS, YEAR, ends_as_plural

VALUES = {word: float(value) for value, word in enumerate(NUMBERS)} | {
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "dozen": 12.0,
    "half": 50.0,
    "third": 33.0,
    "quarter": 25.0,
    "hundred": 100.0,
}
"""Numbers in words, and what shares in words come to in percent."""
TIMES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9, "k": 1e3}
WEB = re.compile(r"\S*(?:https?:|www\.)\S*|<[^>\s]*>")
"""Addresses: their digits count nothing."""
PRINTED = re.compile(
    r"(?<![\w.,-])[$€£]?(\d[\d,]*(?:\.\d+)?)(?:[\s-]?(thousand|million|billion|bn|m|k)\b)?", re.IGNORECASE
)
ANY_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?:[\s-]?(thousand|million|billion|bn|m|k)\b)?", re.IGNORECASE)
LABEL = re.compile(
    r"\b(annex|appendix|table|box|figure|section|chapter|article|convention|goal|law|act|resolution|domain|outcome|"
    r"output|objective|component|pillar|question|story|day|part|page|phase|step|level|round|wave|answer|indicator|"
    r"item|number|no\.|lesson|finding|recommendation|group|zone|region|type|category|stage|top|first|last|"
    + "|".join(MONTHS)
    + r")\s*#?$",
    re.IGNORECASE,
)
"""Before a number that is no figure: it tells which one."""
ROUGHLY = re.compile(
    r"\b(about|around|nearly|almost|roughly|some|over|more than|less than|fewer than|under|at least|approximately|"
    r"up to|close to|at most)\s*[$€£]?$",
    re.IGNORECASE,
)
SLACK = 0.1  # share by which a figure may be off that is given roughly
PERCENT = re.compile(r"%|\bper ?cent|\bpor ciento", re.IGNORECASE)
MONTH_OF_YEAR = re.compile(
    rf"\b({'|'.join(SHORT_MONTHS[:12])})[a-z]*\.?,?\s+(?:\d\d?,?\s+)?((?:19|20)\d\d)\b", re.IGNORECASE
)

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
TOKEN = re.compile(r"\d[\d,.]*\d(?!\w)|\w[\w'+]*|[.;:()|%$]")
NUMBER = re.compile(
    rf"\d[\d,.]*|{'|'.join(NUMBERS[1:])}|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|dozens?"
    r"|half|none|no",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a question takes for granted."""

    text: str
    """As the question writes it, with its unit."""
    values: frozenset[float]
    unit: re.Pattern[str] | None
    noun: str
    """What it counts; '' where that cannot be told."""
    roughly: bool

    def stands_in(self, text: str) -> bool:
        """The text gives this figure, with its unit where it has one."""
        if self.unit and not self.unit.search(text):
            return False
        slack = SLACK if self.roughly else 1e-9
        return any(abs(a - b) <= slack * abs(a) for a in self.values for b in values(text))


def taken_for_granted(question: str) -> list[Figure]:
    """The figures, in digits, that a question states; not years, nor numbers that tell which one of several."""
    found = []
    for match in PRINTED.finditer(question):
        before, behind = question[: match.start()].rstrip(), question[match.end() :]
        if YEAR.fullmatch(match[1]) or LABEL.search(before) or re.match(r"\w|-\w*\d|[:/]\d", behind):
            continue
        percent = PERCENT.match(behind.lstrip())
        unit = PERCENT if percent else MONEY if match.group()[0] in "$€£" else None
        text = match.group().strip() + (f" {percent.group()}" if percent and percent.group() != "%" else "")
        text += "%" if percent and percent.group() == "%" else ""
        noun = "" if unit else _plural_in(behind.split()[:BETWEEN]) or counted(question)
        found.append(Figure(text, _values(match), unit, noun, bool(ROUGHLY.search(before))))
    return found


def values(text: str) -> frozenset[float]:
    """All numbers that a text gives, in digits or words."""
    found = {value for match in ANY_NUMBER.finditer(WEB.sub(" ", text)) for value in _values(match)}
    return frozenset(found | {VALUES[word] for word in re.findall(r"[a-z]+", text.lower()) if word in VALUES})


def months(text: str) -> frozenset[tuple[str, str]]:
    """(month, year) that a text names together, months by their first three letters."""
    return frozenset((match[1].lower(), match[2]) for match in MONTH_OF_YEAR.finditer(text))


def years(text: str) -> frozenset[str]:
    """The years that a text names."""
    return frozenset(YEAR.findall(text))


def counted(question: str) -> str:
    """The noun that a question wants counted, in small letters; '' where it names none."""
    match = COUNTED.search(question)
    return _plural_in(match[1].split()) if match else ""


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


def _plural_in(words: Sequence[str]) -> str:
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


def _values(match: re.Match[str]) -> frozenset[float]:
    value = float(match[1].replace(",", "") or 0)
    times = TIMES.get((match[2] or "").lower(), 1.0)
    return frozenset([value * times])
