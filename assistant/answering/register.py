"""The register: every finding that the documents label, filtered, each shown once, with what the list covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.answering.aliases import Aliases, plain
from assistant.errors import UsageError
from assistant.indexing.library import Library
from assistant.records import Coverage, Finding, Kind, Place

NAMES = ("kind", "addressee", "document", "project", "criterion", "year", "type", "words")
"""What a register can be filtered by."""
LISTED = (
    Kind.OUTCOME,
    Kind.LESSON,
    Kind.GOOD_PRACTICE,
    Kind.RECOMMENDATION,
    Kind.KEY_FINDING,
    Kind.CONCLUSION,
    Kind.RATING,
    Kind.TESTIMONY,
)
"""Kinds that findings have, in the order in which listings are counted."""
PLURALS = {
    Kind.OUTCOME: "outcomes",
    Kind.LESSON: "lessons",
    Kind.GOOD_PRACTICE: "good practices",
    Kind.RECOMMENDATION: "recommendations",
    Kind.KEY_FINDING: "key findings",
    Kind.CONCLUSION: "conclusions",
    Kind.RATING: "ratings",
    Kind.TESTIMONY: "respondents' statements",
}
UNTOLD = 6  # documents; more than this without an entry are counted, not named


@dataclass(frozen=True, slots=True)
class Filters:
    """What a register is filtered by; empty means everything. Several values of one filter are alternatives."""

    kinds: tuple[Kind, ...] = ()
    addressees: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    """Names of documents."""
    projects: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Of documents: 'learning brief' and so on."""
    words: tuple[str, ...] = ()
    """All of them must stand in an entry, its title, section or addressee."""

    @classmethod
    def read(cls, given: Mapping[str, Any], library: Library) -> Filters:
        """Filters as typed or sent. Raises UsageError for a name or a kind that is not known."""
        unknown = sorted(set(given) - set(NAMES))
        if unknown:
            raise UsageError(f"The register cannot be filtered by {unknown[0]!r}. Known: {', '.join(NAMES)}.")
        values = {name: _listed(given.get(name)) for name in NAMES}
        return cls(
            kinds=tuple(_kind(value) for value in values["kind"]),
            addressees=values["addressee"],
            documents=tuple(_documents(values["document"], library)),
            projects=values["project"],
            criteria=values["criterion"],
            years=values["year"],
            types=tuple(plain(value) for value in values["type"]),
            words=tuple(word for value in values["words"] for word in value.split()),
        )


@dataclass(frozen=True, slots=True)
class Register:
    """Entries in the order of the documents, and what they cover. places counts where they are printed."""

    entries: tuple[Finding, ...]
    places: int
    coverage: Coverage
    printed: tuple[Finding, ...]
    """The same with every place an entry is printed in."""
    titles: dict[str, str]
    """Of the documents searched, by name."""
    unfitting: tuple[str, ...] = ()
    """Documents that label findings of these kinds, but none that is asked for."""

    def sentence(self) -> str:
        """What the list covers: '31 recommendations in 4 of 5 documents; none labelled in …'."""
        cover = self.coverage
        kinds = [Kind(kind) for kind in cover.kinds]
        counted = f"{cover.entries} {_counted(kinds, cover.entries)}"
        printed = f", printed in {self.places} places," if self.places > cover.entries else ""
        searched = f"{cover.documents_searched} document{'s' * (cover.documents_searched != 1)}"
        found = f"{counted}{printed} in {cover.with_entries} of {searched}"
        silent = [name for name in cover.without if name not in self.unfitting]
        parts = [found]
        if silent:
            parts.append(f"none labelled in {self._called(silent)}")
        if self.unfitting:
            parts.append(f"others, but none of these, in {self._called(self.unfitting)}")
        return "; ".join(parts) + "."

    def nothing(self) -> str:
        """That no entry fits: 'No such recommendations are labelled in the 4 documents searched. Others are in …'."""
        kinds = _counted([Kind(kind) for kind in self.coverage.kinds], 0)
        count = self.coverage.documents_searched
        searched = f"the {count} documents searched" if count != 1 else "the document searched"
        others = f" Others are in {self._called(self.unfitting)}." if self.unfitting else ""
        return f"No such {kinds} are labelled in {searched}.{others}"

    def _called(self, names: Sequence[str]) -> str:
        """Documents by their titles, with the name where two have one title."""
        told = Counter(self.titles.values())
        titles = [(name, self.titles.get(name, name)) for name in names[:UNTOLD]]
        called = [title if told[title] < 2 else f"{title} ({name})" for name, title in titles]
        more = f" and {len(names) - UNTOLD} more" if len(names) > UNTOLD else ""
        return ", ".join(called) + more


def register(library: Library, filters: Filters, aliases: Aliases) -> Register:
    """The entries that pass the filters, one for each group of repetitions: the fullest that passes."""
    searched = [
        document.name
        for document in library.documents
        if (not filters.documents or document.name in filters.documents)
        and (not filters.years or document.year in filters.years)
        and (not filters.types or plain(document.type) in filters.types)
    ]
    found = library.findings(searched, filters.kinds) if searched else ()
    inherited = _addressees(found)
    passing = [each for each in (_with_addressee(each, inherited) for each in found) if _passes(each, filters, aliases)]
    entries = once(passing)
    with_entries = {each.document for each in passing}
    coverage = Coverage(
        kinds=tuple(map(str, filters.kinds)),
        documents_searched=len(searched),
        with_entries=len(with_entries),
        without=tuple(name for name in searched if name not in with_entries),
        entries=len(entries),
    )
    titles = {document.name: document.title for document in library.documents if document.name in searched}
    labelling = {each.document for each in found}
    unfitting = tuple(name for name in coverage.without if name in labelling)
    places = len({_place(each) for each in passing})
    return Register(tuple(entries), places, coverage, tuple(passing), titles, unfitting)


def counts(library: Library, aliases: Aliases) -> dict[str, dict[str, int]]:
    """How many entries of each kind each document has, repetitions between documents counted in each."""
    table: dict[str, dict[str, int]] = {}
    for document in library.documents:
        found = register(library, Filters(documents=(document.name,)), aliases).entries
        table[document.name] = {str(kind): sum(each.kind is kind for each in found) for kind in LISTED}
    return table


def once(passing: Sequence[Finding]) -> list[Finding]:
    """Of each group the fullest entry, at the place of the group's first; also_in names all other places."""
    groups: dict[str, list[Finding]] = {}
    for each in passing:
        groups.setdefault(each.group, []).append(each)
    entries = []
    for members in groups.values():
        best = max(members, key=lambda each: (bool(each.number), len(each.text)))
        others = [Place(m.document, m.page) for m in members] + [p for m in members for p in m.also_in]
        own = Place(best.document, best.page)
        entries.append(replace(best, also_in=tuple(p for p in dict.fromkeys(others) if p != own)))
    order = {name: n for n, name in enumerate(dict.fromkeys(each.document for each in passing))}
    rank = {each.id: n for n, each in enumerate(passing)}
    return sorted(entries, key=lambda each: (order[each.document], rank[each.id]))


def _addressees(found: Sequence[Finding]) -> dict[str, str]:
    """For each group the addressee that one of its members names: a summary often leaves it out."""
    return {each.group: each.addressee for each in reversed(found) if each.addressee}


def _with_addressee(each: Finding, inherited: Mapping[str, str]) -> Finding:
    if each.kind is not Kind.RECOMMENDATION or each.addressee or each.group not in inherited:
        return each
    return replace(each, addressee=inherited[each.group])


def _passes(each: Finding, filters: Filters, aliases: Aliases) -> bool:
    if filters.addressees and not any(aliases.same(wanted, each.addressee) for wanted in filters.addressees):
        return False
    if filters.projects and not {plain(p) for p in filters.projects} & {plain(p) for p in each.projects}:
        return False
    if filters.criteria and not any(plain(wanted) in plain(each.criterion) for wanted in filters.criteria):
        return False
    if not filters.words:
        return True
    text = plain(f"{each.title} {each.text} {each.section} {each.addressee}")
    return all(plain(word) in text for word in filters.words)


def _place(each: Finding) -> tuple[str, int, str]:
    return each.document, each.page, each.text[:80]


def _counted(kinds: Sequence[Kind], count: int) -> str:
    if len(kinds) != 1:
        return "finding" if count == 1 else "findings"
    plural = PLURALS.get(kinds[0], f"{kinds[0]}s")
    return plural.removesuffix("s") if count == 1 else plural


def _listed(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(str(each).strip() for each in values if each is not None and str(each).strip())


def _kind(value: str) -> Kind:
    try:
        return Kind(plain(value).replace(" ", "_").removesuffix("s"))
    except ValueError:
        raise UsageError(f"{value!r} is no kind of finding. Known: {', '.join(LISTED)}.") from None


def _documents(wanted: Sequence[str], library: Library) -> list[str]:
    """The documents whose name or title holds what was typed. Raises UsageError where none does."""
    found = []
    for part in wanted:
        names = [d.name for d in library.documents if d.name == part] or [
            d.name for d in library.documents if plain(part) in plain(d.name) or plain(part) in plain(d.title)
        ]
        if not names:
            raise UsageError(f"No document of the library is called {part!r}. See: assistant documents")
        found += names
    return list(dict.fromkeys(found))
