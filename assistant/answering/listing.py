"""Answers that list: every entry of the register that is asked for, or everything that a document lists together."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby

from assistant.answering.aliases import Aliases, plain
from assistant.answering.asked import SIMPLY, Asked, asked, stem, stems
from assistant.answering.citations import as_markdown, boxes, is_proven
from assistant.answering.extractive import Extract
from assistant.answering.register import Filters, Register, once, register
from assistant.indexing.library import Library
from assistant.records import Citation, Coverage, Finding, ItemList, Kind, Mode, Place, Span
from assistant.retrieval.hybrid import Scope
from assistant.understanding import sentences
from assistant.understanding.cues import CRITERIA
from assistant.understanding.glossary import Glossary
from assistant.understanding.printed import BLOCK_BREAK, CELL_BREAK, SECTION_BREAK, innermost

STATEMENT_WORDS = 8  # a first line this long says what the finding is; what stands below it explains
QUOTE_WORDS = 90  # a longer statement is cut at the end of a sentence
FITS = 0.6  # share of a question's telling words, by weight, that a list's heading and lead-in must have
NEAR = 0.5  # what a word counts that stands in the things listed, not over them
IN_LEAD = 0.05  # what it adds that the lead-in itself, not only the heading, has the word asked for
LEAD_WORDS = 120  # of a lead-in; what stands before them is another matter
LABEL_WORDS = 4  # a lead-in this short is a label that all things listed begin with
LABELLED = 0.2  # what it adds that the question asks for what the label says
NEARLY = 0.85  # how much alike two words are that are one, misspelt
NOWHERE = 0.5  # what a word of a question counts that stands over no list at all
BESIDE = 0.5  # what a list counts that has the word asked for neither right above it nor in its things
MOST = 60  # things; a longer list of other things than findings is a table of data
UNSTOPPED = re.compile(rf"(?<=\w){BLOCK_BREAK}(?=[^\W\d_])")  # a heading, or a line that has no stop, before its text
ADDRESSED = re.compile(r"\b(?:addressed|directed|aimed|made|given)\s+(?:to|at)\b", re.IGNORECASE)
TO = re.compile(r"\b(?:addressed|directed|aimed|made|given|meant|recommend\w+|for|to|para)\b(?P<who>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer that lists, with what it covers."""

    extract: Extract
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class _Quote:
    """Words to be cited as they stand."""

    document: str
    text: str
    spans: tuple[Span, ...]
    kind: Kind
    section: str
    context: str = ""
    also_in: tuple[Place, ...] = ()
    id: str = ""


def answer(library: Library, text: str, aliases: Aliases, scope: Scope) -> Listing | None:
    """The list that a question asks for; None where it asks for none, or for one that no document gives."""
    wanted = asked(text, library.documents)
    if wanted.kinds:
        listed = wanted.complete or wanted.counting or wanted.bare or SIMPLY.search(text)
        return _of_findings(library, wanted, aliases, scope) if listed else None
    return _of_things(library, wanted, scope) if wanted.complete and not wanted.counting else None


# --- findings --------------------------------------------------------------------------------------------------------


def _of_findings(library: Library, wanted: Asked, aliases: Aliases, scope: Scope) -> Listing | None:
    found = register(
        library,
        Filters(
            kinds=wanted.kinds,
            documents=tuple(wanted.documents or scope.documents),
            criteria=tuple(c for c in CRITERIA if c in plain(wanted.text)) if wanted.kinds[0] in JUDGED else (),
        ),
        aliases,
    )
    printed, left = _narrowed(found.printed, wanted, aliases, library.glossary)
    entries = once(printed)
    addressed = ADDRESSED.search(wanted.text) is not None and wanted.kinds == (Kind.RECOMMENDATION,)
    if (wanted.documents and not found.printed) or (addressed and (left or not entries)):
        return _nothing(found)
    if not entries or (left and not (wanted.complete or wanted.counting)):
        return None
    if left:
        titles = found.titles
        about = [e for e in entries if all(stem(w) in stems(f"{_whole(e)} {titles[e.document]}") for w in left)]
        if not about:
            return None
        entries = about
    return _listing(library, found, entries, left)


JUDGED = (Kind.KEY_FINDING, Kind.RATING)


def _narrowed(
    entries: Sequence[Finding], wanted: Asked, aliases: Aliases, glossary: Glossary
) -> tuple[list[Finding], list[str]]:
    """The entries for whom, and from where, is asked; and the telling words of the question that this leaves over."""
    known = {"project", "projects", "criterion", "criteria"}
    if wanted.kinds[0] in JUDGED:  # they are filtered by the criterion that they judge
        known |= {word for criterion in CRITERIA for word in criterion.split()}
    left = [word for word in wanted.telling if word not in known]
    kept = list(entries)
    if wanted.kinds == (Kind.RECOMMENDATION,):
        kept, left = _addressed(kept, left, wanted, aliases, glossary)
    if wanted.references:
        there = [each for each in kept if all(_refers(reference, each.section) for reference in wanted.references)]
        if there:
            over = stems(" ".join(each.section for each in there))
            kept, left = there, [word for word in left if stem(word) not in over]
    projects = {plain(name): name for each in kept for name in each.projects}
    for word in [word for word in left if word in projects]:
        kept = [each for each in kept if projects[word] in each.projects]
        left.remove(word)
    for word in list(left):
        called = {
            name for name in {each.document for each in kept} if stem(word) in stems(re.sub(r"[\W_]+", " ", name))
        }
        if called and (wanted.documents or re.search(rf"\b{re.escape(word.upper())}\b", wanted.text)):
            kept = [each for each in kept if each.document in called]
            left.remove(word)
    return kept, left


def _addressed(
    entries: list[Finding], left: list[str], wanted: Asked, aliases: Aliases, glossary: Glossary
) -> tuple[list[Finding], list[str]]:
    """The recommendations to whom the question names, and the words that are left over."""
    named = TO.search(wanted.rest)
    if not named:
        return entries, left
    called = {each.addressee: _called(each.addressee, glossary) for each in entries}
    groups = aliases.named_in(named["who"])
    if not groups:
        who = [word for word in left if word in plain(named["who"])]
        direct = [each for each in entries if who and all(_nearly(word, called[each.addressee]) for word in who)]
        return (direct, [word for word in left if word not in who]) if direct else (entries, left)
    kept = [each for each in entries if groups & aliases.named_in(called[each.addressee])]
    names = {plain(name) for group, all_names in aliases.groups if group in groups for name in all_names}
    words = {word for name in (*names, *(plain(called[each.addressee]) for each in kept)) for word in name.split()}
    return kept, [word for word in left if word not in words]


def _called(addressee: str, glossary: Glossary) -> str:
    """An addressee with what its acronyms stand for."""
    expansions = [group[0].expansion for word in addressee.split() for group in glossary.expansions(word)]
    return " ".join([addressee, *expansions])


def _nearly(word: str, addressee: str) -> bool:
    """The word stands in an addressee, if perhaps with a letter missing."""
    return bool(get_close_matches(stem(word), stems(addressee), 1, NEARLY))


def _refers(reference: str, heading: str) -> bool:
    name, number = reference.split(" ", 1)
    pattern = rf"\b{re.escape(name)}( of \w+)?\W{{0,3}}{re.escape(number)}(?!\w|\.\d)"
    return re.search(pattern, plain(heading)) is not None


def _whole(each: Finding) -> str:
    return f"{each.title} {each.text} {each.section} {each.addressee} {' '.join(each.projects)}"


def _listing(library: Library, found: Register, entries: Sequence[Finding], words: Sequence[str]) -> Listing:
    """All entries, grouped by document, every one cited, and what they cover.

    Where else an entry is printed is said whole beside its quote, but counted only in the documents that were searched.
    words are those that each entry was chosen by.
    """
    searched = {*found.coverage.without, *(each.document for each in found.printed)}
    quotes = [_quote(each) for each in entries]
    cited = [citation for citation in (_cited(library, n, quote) for n, quote in enumerate(quotes)) if citation]
    others = [place for each in entries for place in each.also_in if place.document in searched]
    with_entries = {each.document for each in entries} | {place.document for place in others}
    coverage = Coverage(
        kinds=found.coverage.kinds,
        documents_searched=found.coverage.documents_searched,
        with_entries=len(with_entries),
        without=tuple(
            dict.fromkeys(
                [*found.coverage.without, *(e.document for e in found.printed if e.document not in with_entries)]
            )
        ),
        entries=len(cited),
    )
    places = len(entries) + len(others)
    labelling = {each.document for each in found.printed} | set(found.unfitting)
    unfitting = tuple(name for name in coverage.without if name in labelling)
    told = replace(found, entries=tuple(entries), places=places, coverage=coverage, unfitting=unfitting)
    said = " and ".join(f"“{word}”" for word in words)
    only = f" Only those that say {said} are listed." if said else ""
    return Listing(_extract(cited, f"{told.sentence()}{only}"), coverage)


def _nothing(found: Register) -> Listing:
    """The answer that no entry fits, with the documents that label others."""
    searched = [*found.coverage.without, *dict.fromkeys(each.document for each in found.printed)]
    coverage = replace(found.coverage, with_entries=0, entries=0, without=tuple(dict.fromkeys(searched)))
    unfitting = tuple(name for name in coverage.without if any(e.document == name for e in found.printed))
    told = replace(found, entries=(), places=0, coverage=coverage, unfitting=unfitting)
    return Listing(Extract(as_markdown(told.nothing()), (), Mode.REFUSAL), coverage)


def _quote(each: Finding) -> _Quote:
    """What is quoted of an entry: the statement, without the paragraphs that explain it."""
    end = each.text.find(BLOCK_BREAK)
    statement = each.text[:end] if end > 0 and len(each.text[:end].split()) >= STATEMENT_WORDS else each.text
    words = len(statement.split())
    if words > QUOTE_WORDS and CELL_BREAK not in statement:
        ends = [stop for _, stop in sentences.split(statement) if len(statement[:stop].split()) <= QUOTE_WORDS]
        statement = statement[: max(ends, default=len(statement))]
    context = " — ".join(part for part in (each.criterion, each.value) if part) if each.kind is Kind.RATING else ""
    spans = tuple(span for span in each.spans if span.start < len(statement))
    return _Quote(each.document, statement, spans, each.kind, each.section, context, each.also_in, each.id)


# --- other things ----------------------------------------------------------------------------------------------------


def _of_things(library: Library, wanted: Asked, scope: Scope) -> Listing | None:
    """The list whose heading and lead-in say best what is asked for."""
    documents = tuple(wanted.documents or scope.documents)
    lists = library.lists(documents)
    frequencies = Counter(word for each in lists for word in stems(f"{each.section} {each.lead}"))
    scored = [(_fit(each, wanted, frequencies, len(lists)), -n, each) for n, each in enumerate(lists)]
    score, _, best = max(scored, key=lambda each: each[:2], default=(0.0, 0, None))
    if best is None or score < FITS or len(best.items) > MOST:
        return None
    quotes = [_Quote(best.document, item.text, item.spans, Kind.NARRATIVE, best.section) for item in best.items]
    cited = [citation for citation in (_cited(library, n, quote) for n, quote in enumerate(quotes)) if citation]
    searched = documents or tuple(document.name for document in library.documents)
    coverage = Coverage((), len(searched), 1, (), len(cited))
    over = best.section.split(SECTION_BREAK)[-1] or best.lead
    return Listing(_extract(cited, f"{len(cited)} items listed together under “{over}”."), coverage)


def _fit(each: ItemList, wanted: Asked, frequencies: Counter[str], lists: int) -> float:
    """How much of what is asked for stands over a list, or in most of its things."""
    lead = " ".join(each.lead.split()[-LEAD_WORDS:])
    over = stems(f"{each.section} {lead}")
    inside = Counter(word for item in each.items for word in stems(item.text))
    total = got = 0.0
    for word in dict.fromkeys(map(stem, wanted.telling)):
        weight = math.log(1 + lists / (1 + frequencies[word])) * (1 if frequencies[word] else NOWHERE)
        total += weight
        if word in over:
            got += weight
        elif inside[word] * 2 >= len(each.items):
            got += NEAR * weight if len(wanted.telling) > 1 else weight
    score = got / total if total else 0.0
    last = re.split(r"(?<=[.!?])\s", lead)[-1]
    if wanted.head and wanted.head not in stems(f"{last} {innermost(each.section)}"):
        score *= 1.0 if inside[wanted.head] * 2 >= len(each.items) else BESIDE
    label = stems(lead)
    if label and len(lead.split()) <= LABEL_WORDS and label <= frozenset(map(stem, wanted.telling)):
        score += LABELLED
    score += IN_LEAD * (wanted.head in stems(last))
    heading = re.sub(r"^[\W\d.]+", "", plain(innermost(each.section)))
    score += LABELLED * 2 * (len(heading.split()) > 1 and heading in plain(wanted.text))
    if wanted.references:
        near = f"{innermost(each.section)} {each.lead}"
        score += 0.5 * all(_refers(reference, near) for reference in wanted.references)
    return score


# --- both ------------------------------------------------------------------------------------------------------------


def _cited(library: Library, place: int, quote: _Quote) -> Citation | None:
    """A quote as a citation, its number still to be given; None when it is not proven on its pages."""
    if not quote.spans or not is_proven(library, quote.document, quote.spans, quote.text):
        return None
    document = library.document(quote.document)
    page = quote.spans[0].page
    labels = document.labels if document else ()
    return Citation(
        number=place + 1,
        document=quote.document,
        title=document.title if document else quote.document,
        page=page,
        page_end=max(span.page for span in quote.spans),
        page_label=labels[page - 1] if page <= len(labels) else str(page),
        quote=quote.text,
        context=quote.context,
        passage_id=quote.id,
        kind=quote.kind,
        section=quote.section,
        boxes=boxes(quote.spans),
        also_in=quote.also_in,
    )


def _extract(cited: Sequence[Citation], coverage: str) -> Extract:
    numbered = tuple(_renumbered(cited))
    lines = []
    for title, group in groupby(numbered, key=lambda citation: citation.title):
        lines.append(f"**{as_markdown(title)}**\n")
        for citation in group:
            context = f" ({as_markdown(citation.context)})" if citation.context else ""
            quote = UNSTOPPED.sub(" — ", citation.quote)
            lines.append(f"- {as_markdown(quote)}{context} [{citation.number}]")
        lines.append("")
    return Extract("\n".join([*lines, as_markdown(coverage)]), numbered, Mode.LISTING)


def _renumbered(cited: Sequence[Citation]) -> list[Citation]:
    return [replace(citation, number=number) for number, citation in enumerate(cited, 1)]
