"""Answers that list: every entry of the register that is asked for, or everything that a document lists together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from assistant.answering import ordinals
from assistant.answering.aliases import Aliases, plain
from assistant.answering.asked import SIMPLY, Asked, asked, stems
from assistant.answering.citations import as_markdown
from assistant.answering.extractive import Extract
from assistant.answering.listed import Listing, Quote, cited, extract
from assistant.answering.ordinals import Ordinal
from assistant.answering.register import Filters, Register, once, register
from assistant.answering.things import of_things
from assistant.indexing.library import Library
from assistant.records import Coverage, Finding, Kind, Mode
from assistant.retrieval.hybrid import Scope
from assistant.understanding import numbered, sentences
from assistant.understanding.cues import CRITERIA
from assistant.understanding.english import stem
from assistant.understanding.glossary import Glossary
from assistant.understanding.printed import BLOCK_BREAK, CELL_BREAK

STATEMENT_WORDS = 8  # a first line this long says what the finding is; what stands below it explains
QUOTE_WORDS = 90  # a longer statement is cut at the end of a sentence
NEARLY = 0.85  # how much alike two words are that are one, misspelt
ADDRESSED = re.compile(r"\b(?:addressed|directed|aimed|made|given)\s+(?:to|at)\b", re.IGNORECASE)
TO = re.compile(r"\b(?:addressed|directed|aimed|made|given|meant|recommend\w+|for|to|para)\b(?P<who>.*)", re.IGNORECASE)


def answer(library: Library, text: str, aliases: Aliases, scope: Scope) -> Listing | None:
    """The list that a question asks for; None where it asks for none, or for one that no document gives."""
    ordinal = ordinals.named(text)
    wanted = asked(ordinal.text if ordinal else text, library.documents)
    if ordinal:
        is_of_kind = wanted.kinds == asked(ordinal.kind, ()).kinds
        return _of_findings(library, wanted, aliases, scope, ordinal) if is_of_kind else None
    if wanted.kinds:
        listed = wanted.complete or wanted.counting or wanted.bare or SIMPLY.search(text)
        return _of_findings(library, wanted, aliases, scope) if listed else None
    return of_things(library, wanted, scope) if wanted.complete and not wanted.counting else None


def _of_findings(
    library: Library, wanted: Asked, aliases: Aliases, scope: Scope, ordinal: Ordinal | None = None
) -> Listing | None:
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
    if ordinal:
        return _of_places(library, found, printed, left, ordinal)
    if not entries or (left and not (wanted.complete or wanted.counting)):
        return None
    if left:
        stemmed = {stem(word) for word in left}
        entries = [each for each in entries if stemmed <= stems(f"{_whole(each)} {found.titles[each.document]}")]
    said = " and ".join(f"“{word}”" for word in left)
    only = f"Only those that say {said} are listed." if said else ""
    return _listing(library, found, entries, only) if entries else None


def _of_places(
    library: Library, found: Register, among: Sequence[Finding], left: Sequence[str], ordinal: Ordinal
) -> Listing | None:
    """The entries that a place or a number names; None where words are left that do not name their document."""
    titles = {name: stems(title) for name, title in found.titles.items()}
    among = [each for each in among if {stem(word) for word in left} <= titles[each.document]]
    if not among:
        return None
    chosen = ordinals.chosen(found.printed, among, ordinal)
    if chosen:
        return _listing(library, found, once(chosen), ordinals.sentence(chosen, ordinal))
    if not ordinals.is_beyond(found.printed, among, ordinal):
        return None
    return _nothing(found, f"The longest list ends with number {ordinals.longest(found.printed, among)}.")


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
    if wanted.parts:
        there = [each for each in kept if all(numbered.is_called(each.section, part) for part in wanted.parts)]
        if there:
            over = stems(" ".join(each.section for each in there))
            kept, left = there, [word for word in left if stem(word) not in over]
        else:
            left += [part.split(" ", 1)[0] for part in wanted.parts]
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


def _whole(each: Finding) -> str:
    return f"{each.title} {each.text} {each.section} {each.addressee} {' '.join(each.projects)}"


def _listing(library: Library, found: Register, entries: Sequence[Finding], only: str) -> Listing:
    """All entries, grouped by document, every one cited, and what they cover.

    Where else an entry is printed is said whole beside its quote, but counted only in the documents that were searched.
    only is what is said of how they were chosen.
    """
    searched = {*found.coverage.without, *(each.document for each in found.printed)}
    shown = cited(library, [_quote(each) for each in entries])
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
        entries=len(shown),
    )
    places = len(entries) + len(others)
    labelling = {each.document for each in found.printed} | set(found.unfitting)
    unfitting = tuple(name for name in coverage.without if name in labelling)
    told = replace(found, entries=tuple(entries), places=places, coverage=coverage, unfitting=unfitting)
    return Listing(extract(shown, f"{told.sentence()} {only}".strip()), coverage)


def _nothing(found: Register, more: str = "") -> Listing:
    """The answer that no entry fits, with the documents that label others."""
    searched = [*found.coverage.without, *dict.fromkeys(each.document for each in found.printed)]
    coverage = replace(found.coverage, with_entries=0, entries=0, without=tuple(dict.fromkeys(searched)))
    unfitting = tuple(name for name in coverage.without if any(e.document == name for e in found.printed))
    told = replace(found, entries=(), places=0, coverage=coverage, unfitting=unfitting)
    return Listing(Extract(as_markdown(f"{told.nothing()} {more}".strip()), (), Mode.REFUSAL), coverage)


def _quote(each: Finding) -> Quote:
    """What is quoted of an entry: the statement, without the paragraphs that explain it."""
    end = each.text.find(BLOCK_BREAK)
    statement = each.text[:end] if end > 0 and len(each.text[:end].split()) >= STATEMENT_WORDS else each.text
    words = len(statement.split())
    if words > QUOTE_WORDS and CELL_BREAK not in statement:
        ends = [stop for _, stop in sentences.split(statement) if len(statement[:stop].split()) <= QUOTE_WORDS]
        statement = statement[: max(ends, default=len(statement))]
    context = f"for {each.addressee}" if each.kind is Kind.RECOMMENDATION and each.addressee else ""
    if each.kind is Kind.RATING:
        context = " — ".join(part for part in (each.criterion, each.value) if part)
    spans = tuple(span for span in each.spans if span.start < len(statement))
    return Quote(each.document, statement, spans, each.kind, each.section, context, each.also_in, each.id)
