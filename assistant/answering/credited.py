"""Whether a question asks who made a document, paid for it or when it was published, and of which documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.aliases import plain
from assistant.answering.asked import asked, stem, stems
from assistant.indexing.library import Library
from assistant.records import Document
from assistant.retrieval.hybrid import Found
from assistant.understanding import credits
from assistant.understanding.credits import WORK, Credit

BEHIND = (
    r"(?:of|on|for|in|by|about|under|from|and|to|with|at|was|were|is|are|that|which|dated|published|issued|released|"
    r"written|prepared|authored|commissioned|requested|funded|financed|sponsored|paid|conducted|carried|done|led)\b"
)
"""What may stand behind the word for a document; 'evaluation workshop' is another thing."""
THING = rf"\b{WORK}\b(?! (?!{BEHIND})[a-z])"
BODY = r"(?:firm|company|organi[sz]ations?|agency|institution|team|people|body)"
WHO = rf"\b(?:who|whom|(?:which|what) (?:[\w-]+ ){{0,2}}?{BODY})\b"
NAMED = r"(?-i:[A-Z]|[“\"])"  # a name follows
BE = r"(?:is|was|are|were|has been|have been)"

ROLES: tuple[tuple[Credit, re.Pattern[str]], ...] = tuple(
    (credit, re.compile(pattern, re.IGNORECASE))
    for credit, pattern in (
        (
            Credit.LEADER,
            rf"{WHO}.*\b(?:lead|principal|chief|head) (?:evaluator|author|researcher|investigator|consultant)s?\b"
            rf"|{WHO}.*\b(?:evaluation|evaluators?|assessment|review) team leaders?\b"
            rf"|{WHO}.*\bteam leaders?\b.*{THING}",
        ),
        (
            Credit.AUTHOR,
            rf"{WHO} (?:actually )?(?:wrote|authored|prepared|drafted|compiled|produced|made) .*{THING}"
            rf"|{WHO} {BE} the (?:authors?|writers?)\b|{WHO} {BE} .*{THING}.* (?:written|prepared|authored)(?: by)?\W*$"
            rf"|\bauthors? of\b.*{THING}|{WHO} (?:wrote|authored) (?=.*{NAMED})",
        ),
        (
            Credit.EVALUATOR,
            rf"{WHO} (?:conducted|carried out|undertook|performed|did|led|ran) .*{THING}"
            rf"|{WHO} (?:evaluated|audited) (?=.*{NAMED}|.*\b(?:projects?|program(?:me)?s?)\b)"
            rf"|{WHO} {BE} the evaluators?\b"
            rf"|{WHO} (?:did|has|had) .*\b(?:hired?|contract(?:ed)?|commission(?:ed)?|engaged?|select(?:ed)?) .*"
            rf"\b(?:evaluate|assess|audit|(?:conduct|carry out|do|lead) .*{THING})"
            rf"|{WHO} {BE} .*{THING}.* (?:conducted|carried out|done|led|performed)(?: by)?\W*$",
        ),
        (
            Credit.COMMISSIONER,
            rf"{WHO} (?:commissioned|requested|ordered|asked for|contracted) .*{THING}"
            rf"|{WHO} {BE} .*{THING}.* (?:(?:commissioned|requested)(?: by)?|(?:written|prepared) for)\W*$",
        ),
        (
            Credit.FUNDER,
            rf"{WHO} (?:funded|funds|financed|finances|paid for|pays for|sponsored) .*{THING}"
            rf"|{WHO} {BE} .*{THING}.* (?:funded|financed|paid for|sponsored)(?: by)?\W*$",
        ),
        (Credit.PUBLISHER, rf"{WHO} (?:published|issued|released) .*{THING}|{WHO} {BE} the publisher\b"),
        (
            Credit.DATE,
            rf"\b(?:when|(?:what|which) year) {BE} .*(?:published|issued|released|dated)\W*$"
            rf"|\bhow (?:recent|old) {BE} .*{THING}|\bpublication (?:date|year)\b"
            rf"|\b(?:date|year) (?:of publication|.*\bpublished|of .*{THING})",
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
        fitting = [d for d in held if d.name in taken.documents]
    else:
        score = {d.name: 2 * len(subject & titles[d.name]) + len(subject & others[d.name]) for d in held}
        fitting = [d for d in held if score[d.name] == max(score.values())]
    names = _words(*re.findall(r"\b[A-Z][\w-]*", taken.rest))
    fitting = [d for d in fitting if _is_known(subject - titles[d.name] - others[d.name], names, library, d)]
    places = {each.passage.document: place for place, each in reversed(list(enumerate(found)))}
    fitting.sort(key=lambda d: places.get(d.name, len(found)))
    named = bool(taken.documents) or len(fitting) < len(held) or len(held) == 1
    return Meant(tuple(fitting), named, tuple(held)) if fitting else None


def _is_known(words: frozenset[str], names: frozenset[str], library: Library, document: Document) -> bool:
    """Each word is a name that the first pages of the document speak of."""
    return not words or (words <= names and words <= _words(*_opening(library, document)))


def _opening(library: Library, document: Document) -> Iterator[str]:
    """The text of its first pages: what is evaluated and who did it often stands there, and not in the title."""
    for number in range(1, min(credits.OPENING_PAGES, document.pages) + 1):
        yield library.page(document.name, number).text


def _words(*texts: str) -> frozenset[str]:
    """The words by which a document may be called, cut by stem, with those that are joined by hyphens taken apart."""
    words = [word for text in texts for word in re.findall(r"[\w'-]+", plain(text))]
    return frozenset(stem(part) for word in words for part in (word, *re.split(r"\W", word)))
