"""Lists of other things than findings: what a document lists together, told by the heading and lead-in over it."""

from __future__ import annotations

import math
import re
from collections import Counter

from assistant.answering.aliases import plain
from assistant.answering.asked import Asked, stems
from assistant.answering.listed import Listing, Quote, cited, extract
from assistant.indexing.library import Library
from assistant.records import Coverage, ItemList, Kind
from assistant.retrieval.hybrid import Scope
from assistant.understanding import numbered
from assistant.understanding.english import stem
from assistant.understanding.printed import SECTION_BREAK, innermost

FITS = 0.6  # share of a question's telling words, by weight, that a list's heading and lead-in must have
NEAR = 0.5  # what a word counts that stands in the things listed, not over them
IN_LEAD = 0.05  # what it adds that the lead-in itself, not only the heading, has the word asked for
LEAD_WORDS = 120  # of a lead-in; what stands before them is another matter
LABEL_WORDS = 4  # a lead-in this short is a label that all things listed begin with
LABELLED = 0.2  # what it adds that the question asks for what the label says
NOWHERE = 0.5  # what a word of a question counts that stands over no list at all
BESIDE = 0.5  # what a list counts that has the word asked for neither right above it nor in its things
MOST = 60  # things; a longer list of other things than findings is a table of data


def of_things(library: Library, wanted: Asked, scope: Scope) -> Listing | None:
    """The list whose heading and lead-in say best what is asked for."""
    documents = tuple(wanted.documents or scope.documents)
    lists = library.lists(documents)
    frequencies = Counter(word for each in lists for word in stems(f"{each.section} {each.lead}"))
    scored = [(_fit(each, wanted, frequencies, len(lists)), -n, each) for n, each in enumerate(lists)]
    score, _, best = max(scored, key=lambda each: each[:2], default=(0.0, 0, None))
    if best is None or score < FITS or len(best.items) > MOST:
        return None
    quotes = [Quote(best.document, item.text, item.spans, Kind.NARRATIVE, best.section) for item in best.items]
    shown = cited(library, quotes)
    searched = documents or tuple(document.name for document in library.documents)
    coverage = Coverage((), len(searched), 1, (), len(shown))
    over = best.section.split(SECTION_BREAK)[-1] or best.lead
    return Listing(extract(shown, f"{len(shown)} items listed together under “{over}”."), coverage)


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
    if wanted.parts:
        near = f"{innermost(each.section)} {each.lead}"
        score += 0.5 * all(numbered.is_called(near, part) for part in wanted.parts)
    return score
