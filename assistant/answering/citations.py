"""Quotes with their places, checked against the raw text of the page they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.indexing.library import Library
from assistant.records import Citation, Passage, Shape, Span
from assistant.understanding.proof import appears_on

SAME_LINE = 3.0  # points; words whose tops differ by less stand on one line
SAME_GAP = 14.0  # points; wider white space ends a rectangle of the highlight


def cite(library: Library, number: int, passage: Passage, start: int, end: int) -> Citation | None:
    """Characters start to end of a passage as citation number; None when they are not proven on their pages."""
    quote = passage.text[start:end]
    spans = [span for span in passage.spans if span.start < end and span.end > start]
    if not spans or not is_proven(library, passage.document, spans, quote):
        return None
    document = library.document(passage.document)
    page = spans[0].page
    labels = document.labels if document else ()
    return Citation(
        number=number,
        document=passage.document,
        title=document.title if document else passage.document,
        page=page,
        page_end=spans[-1].page,
        page_label=labels[page - 1] if page <= len(labels) else str(page),
        quote=quote,
        context=passage.context if passage.shape is Shape.ROW else "",
        passage_id=passage.id,
        kind=passage.kind,
        section=passage.section,
        boxes=boxes(spans),
        ocr=passage.ocr,
    )


def quoted(library: Library, passages: Iterable[Passage]) -> tuple[Citation, ...]:
    """These passages, numbered from 1: whole, or, where one is not proven as a whole, its sentences that are."""
    found: list[Citation | None] = []
    for passage in passages:
        whole = cite(library, 0, passage, 0, len(passage.text))
        sentences = [(each.start, each.end) for each in passage.sentences if each.proven]
        found += [whole] if whole else [cite(library, 0, passage, start, end) for start, end in sentences]
    return tuple(replace(each, number=number) for number, each in enumerate(filter(None, found), 1))


def is_proven(library: Library, document: str, spans: Sequence[Span], quote: str) -> bool:
    """The quote stands letter for letter on the page, or pages, that its words were read from."""
    pages = range(spans[0].page, spans[-1].page + 1)
    return appears_on(quote, *(library.page(document, number).text for number in pages))


def boxes(spans: Sequence[Span]) -> tuple[tuple[float, float, float, float, float], ...]:
    """One rectangle per printed line: (page, x0, top, x1, bottom) in points from the top left."""
    found: list[list[float]] = []
    for span in spans:
        last = found[-1] if found else None
        if last and last[0] == span.page and abs(last[2] - span.top) < SAME_LINE and -1 < span.x0 - last[3] < SAME_GAP:
            last[3], last[4] = max(last[3], span.x1), max(last[4], span.bottom)
        else:
            found.append([float(span.page), span.x0, span.top, span.x1, span.bottom])
    return tuple((box[0], *(round(v, 1) for v in box[1:])) for box in found)  # type: ignore[misc]


def as_markdown(quote: str) -> str:
    """A quote within the Markdown of an answer: its own signs stay signs, nothing in it becomes a link or a list."""
    folded = re.sub(r"\s+", " ", quote).strip()
    escaped = re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", folded)
    return re.sub(r"^(\d{1,9})([.)])|^([-+])(?= )", lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
