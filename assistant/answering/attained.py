"""Answers on what was reached and what was not: sentences that say so, and the ratings of the documents on it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.answering import extractive, limits, subjects
from assistant.answering.asked import asked
from assistant.answering.citations import as_markdown, cite
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Kind, Mode, Passage, Shape
from assistant.retrieval import attainment
from assistant.retrieval.attainment import UNMET
from assistant.retrieval.hybrid import Found, Scope
from assistant.understanding.english import listed

LEAD_IN = "Ratings:"
LOW_LEAD_IN = "Rated low:"
MOST = 6  # rows
LOW = re.compile(
    r"^\W*(?:very |highly )?(?:low|poor|weak|unsatisfactory|unsuccessful|insufficient|inadequate|unlikely|red|"
    r"not (?:achieved|met|reached)|partially (?:achieved|met)|below \w+)\b",
    re.IGNORECASE,
)
"""How a cell begins that rates something low."""


def answer(library: Library, found: Sequence[Found], text: str, scope: Scope, words: int) -> Extract | None:
    """What passages say of it, best first, at most about so many words, and ratings; None for other questions.

    Of a project that the question names only passages are quoted that speak of it; a refusal where they do not tell.
    Ratings are taken from the scope alone.
    """
    telling = attainment.telling(text)
    if telling is None:
        return None
    projects = subjects.named(library, text)
    results = [each for each in found if each.passage.kind not in limits.NO_RESULT]
    speaking = subjects.speaking_of(library, results, text, strictly=True)
    made = extractive.answer(library, speaking, words, telling, only=bool(projects or UNMET.search(text)), method=False)
    if not made.citations and not projects:
        made = extractive.answer(library, speaking, words, telling, method=False)
    made = limits.completed(library, made, speaking, text, words)
    rated = _with_ratings(library, made, text, scope)
    told = any(telling.search(citation.quote) for citation in made.citations) or rated is not made
    return rated if told or not projects else Extract(_untold(text, projects), (), Mode.REFUSAL)


def _untold(text: str, projects: Collection[str]) -> str:
    what = "what was not reached" if UNMET.search(text) else "what was reached of what was planned"
    return f"Nothing found says for {as_markdown(listed(sorted(projects)))} {what}."


def _with_ratings(library: Library, made: Extract, text: str, scope: Scope) -> Extract:
    """With the rated rows of the documents that the question is about; where it asks what was not reached, the low."""
    unmet = UNMET.search(text) is not None
    cited = {citation.passage_id for citation in made.citations}
    rows = [row for row in _rows(library, text, scope) if row.id not in cited and (not unmet or _is_low(row))]
    citations = list(made.citations)
    lines = []
    for row in rows[:MOST]:
        citation = cite(library, len(citations) + 1, row, 0, len(row.text))
        if citation:
            citations.append(citation)
            context = f" ({as_markdown(row.context)})" if row.context else ""
            lines.append(f"- {as_markdown(row.text)}{context} [{citation.number}]")
    if not lines:
        return made
    parts = [made.markdown, LOW_LEAD_IN if unmet else LEAD_IN, "\n".join(lines)]
    return replace(made, markdown="\n\n".join(filter(None, parts)), citations=tuple(citations), mode=Mode.EXTRACTIVE)


def _rows(library: Library, text: str, scope: Scope) -> list[Passage]:
    """Rated rows of the documents in the scope that the question names, by themselves or by their project."""
    if scope.kinds and Kind.RATING not in scope.kinds:
        return []
    about = subjects.documents(library, text) or asked(text, library.documents).documents
    documents = [name for name in about if not scope.documents or name in scope.documents]
    rated = library.passages(library.rows(documents, [Kind.RATING])) if documents else []
    return [passage for passage in rated if passage.shape is Shape.ROW]


def _is_low(row: Passage) -> bool:
    return any(LOW.match(cell) for cell in row.text.split(" | ")[1:])
