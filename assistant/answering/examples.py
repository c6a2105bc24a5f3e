"""Questions to begin with, drawn from what the library holds."""

from __future__ import annotations

import numpy as np

from assistant.indexing.library import Library
from assistant.records import Kind

WORDING = (
    (Kind.RECOMMENDATION, "What was recommended in “{title}”?"),
    (Kind.LESSON, "What lessons were learned in “{title}”?"),
    (Kind.GOOD_PRACTICE, "Which good practices emerged in “{title}”?"),
    (Kind.OUTCOME, "What came out of “{title}”?"),
    (Kind.RATING, "Which ratings were given in “{title}”?"),
    (Kind.METHOD, "How was “{title}” carried out?"),
)
LONGEST_TITLE = 70  # characters; what follows a title's first colon or dash is left out when it is longer


def questions(library: Library, count: int) -> list[str]:
    """At most count questions, each of another kind, about the document that says most of that kind."""
    asked: list[str] = []
    used: set[int] = set()
    for kind, wording in WORDING:
        counts = np.bincount(library.passage_documents[library.rows(kinds=[kind])], minlength=len(library.documents))
        best = max(range(len(counts)), key=lambda n: (counts[n] > 0, n not in used, counts[n]), default=None)
        if best is None or not counts[best] or len(asked) == count:
            continue
        used.add(best)
        asked.append(wording.format(title=short(library.documents[best].title)))
    return asked


def short(title: str) -> str:
    """A title that fits on a button."""
    for mark in (": ", " – ", " - "):
        if len(title) > LONGEST_TITLE and mark in title:
            title = title.split(mark)[0]
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
