"""What a document says of its own making: who wrote it, led, ordered and paid for the work, and when it came out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.records import Passage
from assistant.understanding.english import MONTHS, SHORT_MONTHS
from assistant.understanding.metadata import DATE_WORDS, OTHER_DATES

WORK = (
    r"(?:evaluations?|reports?|briefs?|briefings?|stud(?:y|ies)|reviews?|assessments?|audits?|papers?|documents?|"
    r"publications?|digests?)"
)
"""What is written, or done and written up."""
BEHIND = (
    r"(?:of|on|for|in|by|about|under|from|and|or|to|with|at|as|during|through|was|were|is|are|has|had|have|will|that|"
    r"which|who|we|according|following|covering|concerning|including|within|before|after|since|because|came|comes|did|does|made|led|paid|done|written|[a-z]+ed|[a-z]+ly)\b"
)
"""What may stand behind the word for a document; 'evaluation workshop' and 'study tour' are other things."""
ALONE = rf"(?! (?!{BEHIND})[a-z])"


class Credit(StrEnum):
    """What can be asked of the making of a document; the value ends a sentence that begins 'It does not say'."""

    AUTHOR = "who wrote it"
    LEADER = "who was the lead evaluator or the leader of the team"
    EVALUATOR = "who carried out the evaluation"
    COMMISSIONER = "who commissioned it"
    FUNDER = "who paid for it"
    PUBLISHER = "who published it"
    DATE = "when it was published"


LINE, OWN_WORK, A_WORK, POINTS = range(4)
"""Ranks of what tells it: a line of a cover, a sentence on this very work, on 'the' work, one that points elsewhere."""
OPENING_PAGES = 3  # where a document speaks of itself: its cover, imprint and first words
CLOSING_PAGES = 2  # and its last pages, where contacts and acknowledgements stand
KIND = r"(?:series of )?(?:(?!(?:and|or|of|in|on|for|by|to|with|from|at|through|that)\b)[\w-]+ ){0,4}?"
OWN = rf"\b(?:[Tt]his|[Tt]hese|[Oo]ur) {KIND}{WORK}\b{ALONE}"
ANY = rf"\b(?:[Tt]his|[Tt]hese|[Oo]ur|[Tt]he|[Aa]n?) {KIND}{WORK}\b{ALONE}"
"""The work that a sentence speaks of; on its first pages a document calls itself 'the evaluation', too."""
WRITTEN = r"(?:written|prepared|authored|drafted|compiled|produced)"
DONE = r"(?:conducted|carried out|undertaken|performed|implemented|done|evaluated)"
NOT_WE = r"(?<!\b[Ww]e )(?<!\b[Tt]hey )(?<!\b[Ii]t )"
ORDER = (
    rf"\b(?:contracted|commissioned|hired|engaged|tasked|selected|appointed)\b[^;]{{0,100}}?"
    rf"\bto (?:conduct|carry out|undertake|perform|lead|prepare|do|implement)\b[^;]{{0,80}}?{WORK}"
)

LABELS: dict[Credit, str] = {
    Credit.AUTHOR: r"(?:Report )?(?:[Aa]uthors?|[Ww]ritten by|[Pp]repared by|[Aa]uthored by|[Ss]ubmitted by)\b",
    Credit.LEADER: r"(?:[Ll]ead|[Pp]rincipal|[Cc]hief) (?:[Ee]valuator|[Aa]uthor|[Rr]esearcher|[Ii]nvestigator)s?\b"
    r"|[Tt]eam [Ll]eaders?\b",
    Credit.EVALUATOR: r"(?:[Ee]xternal |[Ii]ndependent )?(?:[Ee]valuators?|[Ee]valuation [Tt]eam|[Cc]onsultants?)(?=:)"
    r"|(?:[Cc]onducted|[Ee]valuated|[Cc]arried out) by\b",
    Credit.COMMISSIONER: r"(?:[Cc]ommissioned by|[Rr]equested by|[Ss]ubmitted to|[Pp]repared for|[Rr]eport to)\b",
    Credit.FUNDER: r"(?:[Ff]unded|[Ff]inanced|[Ss]ponsored) by\b|[Ff]unding (?:source|agency|organi[sz]ation)\b",
    Credit.PUBLISHER: r"(?:[Pp]ublished|[Ii]ssued) by\b|[Pp]ublisher\b|©",
    Credit.DATE: r"(?:[Dd]ate of (?:publication|report|issue)|(?:[Pp]ublication|[Rr]eport|[Ii]ssue) date"
    r"|[Pp]ublished(?: in| on)?)\b",
}
"""How a line of a cover or an imprint begins that gives a credit, a name or a date behind it."""
ELSEWHERE = re.compile(
    r"\b(?:listed|named|given|found|shown|acknowledged|see) in (?:the )?(?:appendix|annex)", re.IGNORECASE
)
"""What a sentence says that only points to where it is told."""
SIGN = r"(?:\s*:|\s+[–—-]|[–—])\s*"
NAME = (
    r"(?:(?:the|an?|independent|external|grant|contract|team|consultants?|evaluators?|from|of|with)\s+){0,4}"
    r"[“\"]?[A-ZÀ-Þ0-9]"
)
DAY = (
    rf"(?:\d{{1,2}}\w{{0,2}}\s+(?:of\s+)?)?(?:{'|'.join(month.title() for month in SHORT_MONTHS)})[a-z]*\b"
    r"|\d{1,2}[./-]\d|(?:19|20)\d\d\b"
)
FEW = rf"(?!(?:\S+[ \t]+){{{DATE_WORDS}}}\S)"  # 'Led by the Bank, the unions of five towns …' is no line of a cover


def _labelled(credit: Credit) -> str:
    """A short line with a label and a name, or with a sign between; for a date, a label and a day, month or year."""
    label = rf"(?:{LABELS[credit]})"
    if credit is Credit.DATE:
        return rf"^\W{{0,3}}{FEW}{label}(?:{SIGN}|\s+)(?:{DAY})"
    return rf"^\W{{0,3}}(?:{FEW}{label}\s*{NAME}|{label}{SIGN}\S)"


WORKS: dict[Credit, tuple[str, ...]] = {
    Credit.AUTHOR: (
        rf"{{work}}\b[^;]{{{{0,100}}}}?\b{WRITTEN}\b[^;]{{{{0,30}}}}? by\b",
        rf"{NOT_WE}\b(?:wrote|prepared|authored|drafted|compiled|produced) {{work}}",
        r"\b(?:contributions|contributors|contributed) to {work}",
    ),
    Credit.LEADER: (),
    Credit.EVALUATOR: (
        rf"{{work}}\b[^;]{{{{0,100}}}}?\b(?:{DONE}|led)\b[^;]{{{{0,30}}}}? by\b",
        rf"{NOT_WE}\b(?:conducted|carried out|undertook|performed|led) {{work}}",
    ),
    Credit.COMMISSIONER: (
        r"{work}\b[^;]{{0,100}}?\b(?:commissioned|requested|ordered) by\b",
        rf"{NOT_WE}\b(?:commissioned|requested) {{work}}",
        r"{work},? (?:(?:submitted|presented|prepared) )?(?:to|for) (?:the )?[A-Z]",
        r"{work}[^;]*\b(?:contract with|at the request of)\b",
    ),
    Credit.FUNDER: (
        r"\b(?:[Ff]unding|[Ff]unds|[Ff]inancial support|[Ss]upport) for {work}",
        r"{work}\b[^;]{{0,40}}?\b(?:was|is|were|been|be) (?:[\w-]+ )?(?:funded|financed|sponsored|paid|supported)\b",
    ),
    Credit.PUBLISHER: (r"{work}\b[^;]{{0,60}}?\b(?:published|issued) by\b",),
    Credit.DATE: (r"{work}\b[^;]{{0,60}}?\b(?:published|issued|released) (?:in|on)\b",),
}
"""Sentences that tell it, {work} standing for what they call the document or its work."""
ORDERED = frozenset([Credit.EVALUATOR, Credit.COMMISSIONER])
"""What a sentence tells that says who contracted whom to do the work."""
NEXT: dict[Credit, tuple[Credit, ...]] = {
    Credit.AUTHOR: (Credit.LEADER, Credit.EVALUATOR),
    Credit.FUNDER: (Credit.COMMISSIONER,),
    Credit.COMMISSIONER: (Credit.FUNDER,),
    Credit.PUBLISHER: (Credit.AUTHOR, Credit.EVALUATOR),
}
"""What comes nearest, for a document that does not tell what is asked."""
WITH: dict[Credit, Credit] = {Credit.AUTHOR: Credit.LEADER, Credit.EVALUATOR: Credit.LEADER}
"""Lines of a cover that belong to an answer, too."""


@dataclass(frozen=True, slots=True)
class Told:
    """Characters start to end of a passage, which tell who or when; first in rank, a line of a cover."""

    passage: Passage
    start: int
    end: int
    rank: int


def may_tell(credit: Credit, text: str, date: str) -> bool:
    """The text of a passage may hold a sentence that tells it; quicker than told()."""
    return any(pattern.search(text) for _, pattern in _patterns(credit)) or (
        credit is Credit.DATE and _dated(text, date)
    )


def told(credit: Credit, passages: Sequence[Passage], pages: int, date: str) -> list[Told]:
    """The sentences of a document, of so many pages and that date (2025-05), that tell it: the plainest ones first."""
    found = [each for passage in passages for each in _told(credit, passage, pages, date)]
    return sorted(found, key=lambda each: (each.rank, each.passage.page))


def _told(credit: Credit, passage: Passage, pages: int, date: str) -> Iterator[Told]:
    credits_page = passage.page <= OPENING_PAGES or passage.page > pages - CLOSING_PAGES
    for number, sentence in enumerate(passage.sentences):
        text = passage.text[sentence.start : sentence.end]
        rank = _rank(credit, text, credits_page)
        if rank is None and credit is Credit.DATE and passage.page <= OPENING_PAGES and _is_dateline(text, date):
            rank = OWN_WORK
        if rank is None or not sentence.proven or text.rstrip().endswith("?"):
            continue
        following = passage.sentences[number + 1 : number + 2]
        goes_on = text.rstrip().endswith((":", "by", "and")) and all(each.proven for each in following)
        yield Told(passage, sentence.start, following[0].end if goes_on and following else sentence.end, rank)


def _rank(credit: Credit, text: str, credits_page: bool) -> int | None:
    """How plainly a sentence tells it, LINE to POINTS; None where it does not."""
    found = (rank for rank, pattern in _patterns(credit) if (credits_page or rank == OWN_WORK) and pattern.search(text))
    rank = next(found, None)
    return rank if rank is None or not ELSEWHERE.search(text) else POINTS


@cache
def _patterns(credit: Credit) -> list[tuple[int, re.Pattern[str]]]:
    """By rank; sentences on this very work count everywhere, the others on the first and last pages."""
    own = [pattern.format(work=OWN) for pattern in WORKS[credit]]
    anybody = [pattern.format(work=ANY) for pattern in WORKS[credit]] + [ORDER] * (credit in ORDERED)
    rows = [
        (LINE, _labelled(credit)),
        *((OWN_WORK, pattern) for pattern in own),
        *((A_WORK, pattern) for pattern in anybody),
    ]
    return [(rank, re.compile(pattern, re.MULTILINE)) for rank, pattern in rows]


def _dated(text: str, date: str) -> bool:
    """The text holds the month and year of a date such as 2025-05, or the year where no month is known."""
    year, _, month = date.partition("-")
    return bool(year) and re.search(rf"\b{_month(month)}{year}\b", text, re.IGNORECASE) is not None


def _month(month: str) -> str:
    return rf"{MONTHS[int(month[:2]) - 1]}\s+(?:\d{{1,2}},\s*)?" if month else ""


def _is_dateline(text: str, date: str) -> bool:
    """A line that says little else than when the document came out."""
    return _dated(text, date) and len(text.split()) <= DATE_WORDS and not OTHER_DATES.search(text)
