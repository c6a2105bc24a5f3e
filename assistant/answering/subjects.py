"""Which project a question names, and which of the passages found speak of it and not of another one alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.indexing.library import Library
from assistant.records import Document
from assistant.retrieval.hybrid import Found
from assistant.understanding.printed import fold

BESIDE = 2  # passages before and behind one that names no project; they tell which one "the project" is
LONG = (
    r"(?:^|: |\b(?:[Ee]valuation|[Rr]eview|[Aa]ssessment|[Ss]tudy|[Rr]eport|[Bb]rief) (?:of|on) (?:the )?)"
    r"(?!.*\b(?:[Ee]valuation|[Rr]eview|[Aa]ssessment|[Ss]tudy|[Rr]eport|[Bb]rief) (?:of|on) )([^:()]{8,}) \(%s\)"
)
"""How a title gives the long name of a project: 'Evaluation of … (SHORT)', 'Final evaluation: … (SHORT)'."""
OWN = 2  # projects; a document that names more is not about one of them


def named(library: Library, text: str) -> frozenset[str]:
    """The projects of the library that a text names, in short or by the long name that a title has."""
    return frozenset(_named(text, _known(library)))


def documents(library: Library, text: str) -> list[str]:
    """The documents that a project which the text names is the matter of, by their titles."""
    known = _known(library)
    projects = _named(text, known)
    return [d.name for d in library.documents if _named(d.title, known) & projects] if projects else []


def speaking_of(library: Library, found: Sequence[Found], text: str, strictly: bool = False) -> list[Found]:
    """Those of the passages found that speak of the project which a question names, or of none; else all of them.

    strictly leaves out those that speak of none, too; then none may be left.
    """
    known = _known(library)
    projects = _named(text, known)
    if not projects:
        return list(found)
    subjects = [(each, _subject(library, each, known)) for each in found]
    if strictly:
        return [each for each, subject in subjects if subject & projects]
    if not any(subject & projects for _, subject in subjects):
        return list(found)
    return [each for each, subject in subjects if not subject or subject & projects]


def _known(library: Library) -> dict[str, str]:
    """The projects by their short names, with the long name of each, folded; '' where no title has it."""
    of_findings = {name for finding in library.findings() for name in finding.projects}
    names = of_findings | {name for document in library.documents for name in document.projects}
    titles = [document.title for document in library.documents]
    longs = {name: re.search(LONG % re.escape(name), title) for title in titles for name in names if name in title}
    return {name: fold(long[1]) if (long := longs.get(name)) else "" for name in names}


def _named(text: str, known: Mapping[str, str]) -> set[str]:
    folded = fold(text)
    return {name for name, long in known.items() if (long and long in folded) or _stands_in(name, text)}


def _stands_in(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _subject(library: Library, found: Found, known: Mapping[str, str]) -> set[str]:
    """The projects that a passage speaks of: in its own words, else in those beside it, else those of its document."""
    passage = found.passage
    own = _named(f"{passage.section} {passage.context} {passage.text}", known)
    document = library.document(passage.document)
    return own or _named(" ".join(_around(library, found)), known) or _matter(document, known)


def _around(library: Library, found: Found) -> list[str]:
    rows = range(max(0, found.row - BESIDE), min(len(library) - 1, found.row + BESIDE) + 1)
    own = library.passage_documents[found.row]
    return library.texts([row for row in rows if library.passage_documents[row] == own])


def _matter(document: Document | None, known: Mapping[str, str]) -> set[str]:
    if document is None:
        return set()
    return _named(document.title, known) or set(document.projects if len(document.projects) <= OWN else ())
