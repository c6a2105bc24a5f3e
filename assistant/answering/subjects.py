"""Which project a question names, and which of the passages found speak of it and not of another one alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from assistant.indexing.library import Library
from assistant.records import Document
from assistant.retrieval.hybrid import Found
from assistant.understanding.printed import fold

BESIDE = 2  # passages before and behind one that names no project; they tell which one "the project" is
LONG = re.compile(
    r"(?:^|: |\b(?:[Ee]valuation|[Rr]eview|[Aa]ssessment|[Ss]tudy|[Rr]eport|[Bb]rief) (?:of|on) (?:the )?)"
    r"(?!.*\b(?:[Ee]valuation|[Rr]eview|[Aa]ssessment|[Ss]tudy|[Rr]eport|[Bb]rief) (?:of|on) )([^:()]{8,}) \(([^()]+)\)"
)
"""How a title gives the long name of a project: 'Evaluation of … (SHORT)', 'Final evaluation: … (SHORT)'."""
OWN = 2  # projects; a document that names more is not about one of them
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Projects:
    """The projects of a library, and which of them its documents are about.

    Names are kept by their first words: a text is tried with those alone that may stand in it.
    """

    shorts: Mapping[str, Sequence[str]]
    longs: Mapping[str, Sequence[tuple[str, str]]]
    """Each short name with a long one; long ones and their first words are folded."""
    titled: Mapping[str, frozenset[str]]
    """By document those that its title names."""

    def named(self, text: str) -> frozenset[str]:
        """Those that a text names, in short or by the long name that a title has."""
        folded = fold(text)
        in_short = ((name, word) for word in set(WORD.findall(text)) for name in self.shorts.get(word, ()))
        at_length = (pair for word in set(WORD.findall(folded)) for pair in self.longs.get(word, ()))
        named = {name for name, word in in_short if name == word or _stands_in(name, text)}
        return frozenset(named.union(name for name, long in at_length if long in folded))


_PROJECTS: WeakKeyDictionary[Library, _Projects] = WeakKeyDictionary()


def named(library: Library, text: str) -> frozenset[str]:
    """The projects of the library that a text names, in short or by the long name that a title has."""
    return _projects(library).named(text)


def documents(library: Library, text: str) -> list[str]:
    """The documents that a project which the text names is the matter of, by their titles."""
    known = _projects(library)
    projects = known.named(text)
    return [name for name, titled in known.titled.items() if titled & projects] if projects else []


def speaking_of(library: Library, found: Sequence[Found], text: str, strictly: bool = False) -> list[Found]:
    """Those of the passages found that speak of the project which a question names, or of none; else all of them.

    strictly leaves out those that speak of none, too; then none may be left.
    """
    known = _projects(library)
    projects = known.named(text)
    if not projects:
        return list(found)
    subjects = [(each, _subject(library, each, known)) for each in found]
    if strictly:
        return [each for each, subject in subjects if subject & projects]
    if not any(subject & projects for _, subject in subjects):
        return list(found)
    return [each for each, subject in subjects if not subject or subject & projects]


def _projects(library: Library) -> _Projects:
    """Those of a library, put together once: every question asks for them."""
    known = _PROJECTS.get(library)
    if known is None:
        known = _PROJECTS[library] = _read(library)
    return known


def _read(library: Library) -> _Projects:
    of_findings = {name for finding in library.findings() for name in finding.projects}
    names = of_findings | {name for document in library.documents for name in document.projects}
    given = {(match[2], fold(match[1])) for d in library.documents for match in LONG.finditer(d.title)}
    shorts: dict[str, list[str]] = defaultdict(list)
    longs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(names):
        if first := WORD.search(name):
            shorts[first[0]].append(name)
    for name, long in sorted(given):
        if name in names and (first := WORD.search(long)):
            longs[first[0]].append((name, long))
    known = _Projects(dict(shorts), dict(longs), {})
    return replace(known, titled={document.name: known.named(document.title) for document in library.documents})


def _stands_in(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _subject(library: Library, found: Found, known: _Projects) -> frozenset[str]:
    """The projects that a passage speaks of: in its own words, else in those beside it, else those of its document."""
    passage = found.passage
    own = known.named(f"{passage.section} {passage.context} {passage.text}")
    document = library.document(passage.document)
    return own or known.named(" ".join(_around(library, found))) or _matter(document, known)


def _around(library: Library, found: Found) -> list[str]:
    rows = range(max(0, found.row - BESIDE), min(len(library) - 1, found.row + BESIDE) + 1)
    own = library.passage_documents[found.row]
    return library.texts([row for row in rows if library.passage_documents[row] == own])


def _matter(document: Document | None, known: _Projects) -> frozenset[str]:
    if document is None:
        return frozenset()
    return known.titled[document.name] or frozenset(document.projects if len(document.projects) <= OWN else ())
