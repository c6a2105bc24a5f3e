"""Whether a question asks who made a document, paid for it or when it was published, and of which documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.aliases import plain
from assistant.answering.asked import asked, stems
from assistant.indexing.library import Library
from assistant.records import Document
from assistant.retrieval.hybrid import Found
from assistant.understanding import credits
from assistant.understanding.credits import WORK, Credit
from assistant.understanding.english import stem

THING = rf"\b{WORK}\b{credits.ALONE}"
MORE = 50  # documents that are read beside those that the search found
BODY = r"(?:firm|company|organi[sz]ations?|agency|institution|team|people|body)"
WHO = rf"\b(?:who|whom|(?:which|what) (?:[\w-]+ ){{0,2}}?{BODY})\b"
NAMED = r"(?:the )?(?-i:[A-Z]|[“\"])"  # a name follows
TITLE = r"(?:the )?[“\"]"
SMALL = (
    r"(?:in|on|of|for|from|by|with|at|to|as|about|during|through|between|that|which|who|according|is|was|are|were|be|"
    r"been|has|have|had|did|does?|says?|said)\b"
)
"""What ends the name of a document, unless it joins words with capitals: 'Bureau of Labor report'."""
NAME = rf"(?:(?-i:[A-Z][\w-]*(?: (?:of|in|for|on|to|with) [A-Z][\w-]*)+) |(?!{SMALL})[\w'’&.-]+,? ){{0,9}}?"
A_THING = rf"{NAME}{THING}"
BE = r"(?:is|was|are|were|has been|have been)"

ROLES: tuple[tuple[Credit, re.Pattern[str]], ...] = tuple(
    (credit, re.compile(pattern, re.IGNORECASE))
    for credit, pattern in (
        (
            Credit.LEADER,
            rf"{WHO}.*\b(?:lead|principal|chief|head) (?:evaluator|author|researcher|investigator|consultant)s?\b"
            rf"|{WHO}.*\b(?:evaluation|evaluators?|assessment|review) team leaders?\b"
            rf"|{WHO} (?:{BE}|(?:served|acted|worked) as) {NAME}team leaders? (?:of|for|on|in|behind) {A_THING}",
        ),
        (
            Credit.AUTHOR,
            rf"{WHO} (?:actually )?(?:wrote|authored|prepared|drafted|compiled|produced|made) {A_THING}"
            rf"|{WHO} {BE} the (?:authors?|writers?)(?: of {NAMED}|\W*$)|\bauthors? of {A_THING}"
            rf"|{WHO} {BE} {A_THING}.* (?:written|prepared|authored)(?: by)?\W*$|{WHO} (?:wrote|authored) {NAMED}",
        ),
        (
            Credit.EVALUATOR,
            rf"{WHO} (?:conducted|carried out|undertook|performed|did|led|ran) {A_THING}"
            rf"|{WHO} (?:evaluated|audited) (?=.*{NAMED}|.*\b(?:projects?|program(?:me)?s?)\b)"
            rf"|{WHO} {BE} the evaluators?\b"
            rf"|{WHO} (?:did|has|had) .*\b(?:hired?|contract(?:ed)?|commission(?:ed)?|engaged?|select(?:ed)?) .*"
            rf"\b(?:evaluate|assess|audit|(?:conduct|carry out|do|lead) .*{THING})"
            rf"|{WHO} {BE} {A_THING}.* (?:conducted|carried out|done|led|performed)(?: by)?\W*$",
        ),
        (
            Credit.COMMISSIONER,
            rf"{WHO} (?:commissioned|requested|ordered|asked for|contracted) {A_THING}"
            rf"|{WHO} {BE} {A_THING}.* (?:(?:commissioned|requested)(?: by)?|(?:written|prepared) for)\W*$",
        ),
        (
            Credit.FUNDER,
            rf"{WHO} (?:funded|funds|financed|finances|paid for|pays for|sponsored) {A_THING}"
            rf"|{WHO} {BE} {A_THING}.* (?:funded|financed|paid for|sponsored)(?: by)?\W*$",
        ),
        (Credit.PUBLISHER, rf"{WHO} (?:published|issued|released) {A_THING}|{WHO} {BE} the publisher\b"),
        (
            Credit.DATE,
            rf"\b(?:when|(?:what|which) year) {BE} (?:{A_THING}|{TITLE}).*\b(?:published|issued|released|dated)\W*$"
            rf"|(?:{THING}.*|^\W*)\bwhen {BE} (?:it|they) (?:published|issued|released|dated)\W*$"
            rf"|\bhow (?:recent|old) {BE} {A_THING}"
            rf"|\b(?:publication (?:date|year)|(?:date|year) of publication) (?:of|for) (?:{A_THING}|{TITLE})"
            rf"|\b(?:{WORK}(?:['’]s)?|{BE} (?:the|its)) (?:publication (?:date|year)|(?:date|year) of publication)\W*$"
            rf"|\b(?:date|year) (?:of {A_THING}|(?:(?:on|in) which |that |when )?(?:{A_THING}|{TITLE}).*\bpublished)",
        ),
    )
)
"""How it is asked for."""
SUBJECT = re.compile(
    rf"\b(?:(?:who|whom|which|what|when|how) {BE}|{WORK}|{BODY}|{credits.WRITTEN}|{credits.DONE}|evaluat\w+|publi\w+|"
    r"issued|released|wrote|made|led|ran|undertook|commissioned|requested|ordered|hired?|engaged?|contract(?:ed)?|did|"
    r"does|fund\w*|financ\w*|paid|pays|sponsor\w*|authors?|writers?|leaders?|lead|principal|chief|head|researchers?|"
    r"investigators?|consultants?|date[ds]?|years?|recent|old|how|projects?|program(?:me)?s?|final|mid-?term|interim|"
    r"independent|external|ministry|government|donors?|full|main|actually|says?|tell|please|know)\b",
    re.IGNORECASE,
)
"""Words of such a question that do not tell which document is meant."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The documents that a question speaks of, best first, and all that are searched."""

    documents: tuple[Document, ...]
    """No more than a question has time to read."""
    unread: int
    """How many others it speaks of."""
    named: bool
    """The question names them; else they are all there are."""
    searched: tuple[Document, ...]


def wanted(text: str) -> list[Credit]:
    """What a question asks of the making of documents; nothing for questions on something else."""
    found = [credit for credit, pattern in ROLES if pattern.search(text)]
    return found[:1] if Credit.LEADER in found else found


def meant(library: Library, text: str, found: Sequence[Found], narrowed: Collection[str]) -> Meant | None:
    """Those that the question names, by their title or by what is evaluated; None where it names what none is called.

    narrowed are the names that the search is narrowed to. A name that no title has may stand on their first pages.
    """
    held = [d for d in library.documents if not narrowed or d.name in narrowed]
    taken = asked(text, held)
    subject = stems(SUBJECT.sub(" ", taken.rest))
    titles = {d.name: _words(d.title, re.sub(r"[\W_]+", " ", d.name.rsplit(".", 1)[0])) for d in held}
    others = {d.name: _words(d.year, *d.projects, *d.countries, *d.organisations) for d in held}
    if taken.documents:
        best = 1
        fitting = [d for d in held if d.name in taken.documents]
    else:
        score = {d.name: 2 * len(subject & titles[d.name]) + len(subject & others[d.name]) for d in held}
        best = max(score.values(), default=0)
        fitting = [d for d in held if score[d.name] == best]
    places = {each.passage.document: place for place, each in reversed(list(enumerate(found)))}
    fitting.sort(key=lambda d: places.get(d.name, len(found)))
    readable = len(places) + MORE
    opened = fitting[:readable] if best or len(held) <= readable else []
    names = _words(*re.findall(r"\b[A-Z][\w-]*", taken.rest))
    unknown = {d.name: subject - titles[d.name] - others[d.name] for d in fitting}
    spoken_of = {d.name for d in opened if unknown[d.name] and _opens_with(unknown[d.name], names, library, d)}
    fitting = [d for d in fitting if not unknown[d.name] or d.name in spoken_of]
    named = bool(taken.documents) or len(fitting) < len(held) or len(held) == 1
    read = fitting[:readable]
    return Meant(tuple(read), len(fitting) - len(read), named, tuple(held)) if fitting else None


def _opens_with(words: frozenset[str], names: frozenset[str], library: Library, document: Document) -> bool:
    """Each word is a name that the first pages of the document speak of."""
    return words <= names and words <= _words(*_opening(library, document))


def _opening(library: Library, document: Document) -> Iterator[str]:
    """The text of its first pages: what is evaluated and who did it often stands there, and not in the title."""
    for number in range(1, min(credits.OPENING_PAGES, document.pages) + 1):
        yield library.page(document.name, number).text


def _words(*texts: str) -> frozenset[str]:
    """The words by which a document may be called, cut by stem, with those that are joined by hyphens taken apart."""
    words = [word for text in texts for word in re.findall(r"[\w'-]+", plain(text))]
    return frozenset(stem(part) for word in words for part in (word, *re.split(r"\W", word)))
