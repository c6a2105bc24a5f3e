"""What a list shows: its quotes, each cited and proven on its pages, below the document that they are from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.answering.citations import as_markdown, boxes, is_proven
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Citation, Coverage, Kind, Mode, Place, Span
from assistant.understanding.printed import BLOCK_BREAK

UNSTOPPED = re.compile(rf"(?<=\w){BLOCK_BREAK}(?=[^\W\d_])")  # a heading, or a line that has no stop, before its text


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer that lists, with what it covers."""

    extract: Extract
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Quote:
    """Words to be cited as they stand."""

    document: str
    text: str
    spans: tuple[Span, ...]
    kind: Kind
    section: str
    context: str = ""
    also_in: tuple[Place, ...] = ()
    id: str = ""


def cited(library: Library, quotes: Sequence[Quote]) -> list[Citation]:
    """The quotes that are proven on their pages as citations, their numbers still to be given."""
    found = (_cited(library, n, quote) for n, quote in enumerate(quotes))
    return [citation for citation in found if citation]


def extract(cited: Sequence[Citation], coverage: str) -> Extract:
    """The list as an answer: numbered, grouped by document, with a sentence on what it covers."""
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


def _cited(library: Library, place: int, quote: Quote) -> Citation | None:
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
