"""What was not achieved: the quote that completes an answer on results which tells only of what was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.asked import stems
from assistant.answering.citations import as_markdown, cite
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Kind, Shape
from assistant.retrieval import query
from assistant.retrieval.attainment import ASIDE, LIMITED, MET
from assistant.retrieval.hybrid import Found

LEAD_IN = "Not achieved or limited:"
NEAR = 0.1  # of support; how much weaker than the best sentence one may be that completes the answer
MORE_WORDS = 40  # beyond those of the answer
NO_RESULT = frozenset([Kind.METHOD, Kind.RECOMMENDATION, Kind.BACKGROUND, Kind.DEFINITION])

CAME = r"(?:results?|outcomes?|effects?|impacts?|achievements?|changes?|difference|successes)"
DID = (
    r"(?:achiev|accomplish|chang|improv|increas|reduc|strengthen|contribut|succe|effective|benefit|progress|help)[a-z]*"
)
RESULTS = re.compile(
    "|".join(
        (
            rf"^\W*what\b.{{0,30}}\b{CAME}\b "
            r"(?:did|does|do|has|had|have|was|were|is|are|of|from|for|on|in|by)\b",
            rf"^\W*what (?:were|are|was|is) the (?:\w+ )?{CAME}\b",
            r"^\W*what (?:has |have )?changed\b",
            rf"^\W*(?:what|how (?:much|far|well)) (?:did|has|have)\b.*\b{DID}",
            r"^\W*(?:what came out of|how (?:effective|successful))\b",
            rf"^\W*(?:did|has|have|was|were)\b.*\b{DID}",
            rf"^\W*(?:main |key )?{CAME} (?:of|for|on)\b",
        )
    ),
    re.IGNORECASE,
)
"""Questions that ask what came of the work."""
BEFORE = re.compile(r"^(?:\w+,? )?(?:before|prior to|historically|until)\b", re.IGNORECASE)
"""How a sentence begins that tells how things stood before the work."""


def completed(library: Library, made: Extract, found: Sequence[Found], question: str, words: int) -> Extract:
    """An answer on results with the best quote that says what was not achieved, where it has none yet.

    words are those that the answer may have; the quote may take what is left of them and MORE_WORDS.
    """
    if not (RESULTS.search(question) or MET.search(question)) or ASIDE.search(question) or query.figure_asked(question):
        return made
    if not made.citations or any(LIMITED.search(citation.quote) for citation in made.citations):
        return made
    left = words + MORE_WORDS - sum(len(citation.quote.split()) for citation in made.citations)
    number = len(made.citations) + 1
    for each, start, end in _limits(found, question):
        if len(each.passage.text[start:end].split()) <= left:
            citation = cite(library, number, each.passage, start, end)
            if citation:
                markdown = f"{made.markdown}\n\n{LEAD_IN}\n\n{as_markdown(citation.quote)} [{number}]"
                return replace(made, markdown=markdown, citations=(*made.citations, citation))
    return made


def _limits(found: Sequence[Found], question: str) -> list[tuple[Found, int, int]]:
    """Sentences near to the question that tell of limits, best first, by start and end in their passages."""
    about = frozenset(word for word in stems(question) if not re.match(f"{CAME}|{DID}", word))
    least = max((support for each in found for support in each.sentences), default=0.0) - NEAR
    limits = []
    for each in found:
        passage = each.passage
        if passage.kind in NO_RESULT or passage.shape is Shape.ROW:
            continue
        for sentence, support in zip(passage.sentences, each.sentences, strict=True):
            text = passage.text[sentence.start : sentence.end]
            telling = sentence.proven and support >= least and LIMITED.search(text) and not BEFORE.match(text)
            if telling and 2 * len(about & stems(text)) >= len(about):
                limits.append((support, each, sentence.start, sentence.end))
    return [(each, start, end) for _, each, start, end in sorted(limits, key=lambda limit: -limit[0])]
