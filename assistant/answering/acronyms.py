"""Answers to what an acronym stands for: each expansion that the documents give, quoted; and that they differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.answering.citations import as_markdown, cite
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Citation, Mode, Place
from assistant.understanding.glossary import Definition

STANDS_FOR = re.compile(
    r"\b(stands? for|stood for|short for|mean(s|t|ing)?|full (name|form)|long form|acronym|abbreviation|initials"
    r"|spel(l|led|t) out|written out|expan(d|ds|ded|sion))\b",
    re.IGNORECASE,
)
SHORT_OF = re.compile(
    r"\b(acronym|abbreviation|initials|short (name|form)) (of|for) (the )?(?P<name>.+)", re.IGNORECASE
)
LONGEST = 60  # words; of a longer sentence the definition alone is quoted
BESIDE = frozenset(
    "what whats which is are was does do did the a an of by in for to and or it its this that these those here please"
    " tell me exactly letters word term project programme program report reports document documents brief briefs s"
    " library name stand stands meant".split()
)
"""Words that may stand beside an acronym in a question that asks for nothing but its expansion."""


def answer(library: Library, text: str, documents: Collection[str] = ()) -> Extract | None:
    """The expansions of the acronym that a question asks for, or the acronyms of a name; None for other questions.

    documents are the names that the search is narrowed to, all when there is none.
    """
    acronym, groups = _asked(library, text)
    citations: list[Citation] = []
    for group in ([each for each in group if not documents or each.document in documents] for group in groups):
        cited = (_cited(library, len(citations) + 1, each) for each in group)
        citation = next(filter(None, cited), None)
        if citation:
            citations.append(replace(citation, also_in=_elsewhere(group, citation)))
    if not citations:
        return None
    lines = [f"{as_markdown(citation.quote)} [{citation.number}]" for citation in citations]
    if acronym and len(citations) > 1:
        lines.insert(0, f"{as_markdown(acronym)} is written out in {len(citations)} different ways:")
    return Extract("\n\n".join(lines), tuple(citations), Mode.EXTRACTIVE)


def _asked(library: Library, text: str) -> tuple[str, list[list[Definition]]]:
    """The acronym that is asked for, '' where its name is given, and its definitions by what they say."""
    named = SHORT_OF.search(text)
    if named:
        return "", [[each] for each in _by_acronym(library.glossary.acronyms(named["name"].strip(" ?.!\"“”'")))]
    if not STANDS_FOR.search(text):
        return "", []
    words = [word.strip("-/&'’") for word in re.findall(r"[\w&/’'-]+", STANDS_FOR.sub(" ", text))]
    words = [re.sub(r"['’]s$", "", word) for word in words if word]
    asked = [word for word in words if word.lower() not in BESIDE]
    if len(asked) != 1:
        return "", []
    groups = library.glossary.expansions(asked[0])
    return (groups[0][0].acronym if groups else ""), groups


def _by_acronym(definitions: Sequence[Definition]) -> list[Definition]:
    """The first definition of each acronym."""
    return list({each.acronym: each for each in reversed(definitions)}.values())


def _cited(library: Library, number: int, definition: Definition) -> Citation | None:
    """The definition as a citation, in its whole sentence where that is not long: it often says more of the matter."""
    passage = library.passage(definition.passage)
    if passage is None:
        return None
    around = [s for s in passage.sentences if s.start < definition.end and s.end > definition.start]
    start, end = min(definition.start, around[0].start), max(definition.end, around[-1].end)
    if len(passage.text[start:end].split()) > LONGEST or not all(s.proven for s in around):
        start, end = definition.start, definition.end
    return cite(library, number, passage, start, end)


def _elsewhere(group: Sequence[Definition], citation: Citation) -> tuple[Place, ...]:
    """Where else the same is said."""
    places = dict.fromkeys(Place(each.document, each.page) for each in group)
    return tuple(place for place in places if place != Place(citation.document, citation.page))
