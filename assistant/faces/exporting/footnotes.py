"""A source as people cite it in a footnote: who published it, its title, its date and the page."""

from __future__ import annotations

import re
from typing import Protocol

from assistant.faces.rendering import clean
from assistant.understanding.strength import spoken

DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")


class Cited(Protocol):
    """Words on a page: a Citation is one, an Excerpt another."""

    @property
    def title(self) -> str: ...
    @property
    def page(self) -> int: ...
    @property
    def page_end(self) -> int: ...
    @property
    def page_label(self) -> str: ...


class Described(Protocol):
    """What the library says of a document: a Document, a row of Answerer.documents(), an Excerpt."""

    @property
    def organisations(self) -> tuple[str, ...]: ...
    @property
    def date(self) -> str: ...


def footnote(citation: Cited, document: Described | None = None) -> str:
    """Plain text in one line; what is not known of the document is left out.

    'Ministry of Works, Rural Wells (May 2024), p. 12 (printed page xii).'
    """
    organisations = ", ".join(document.organisations) if document else ""
    title = ", ".join(part for part in (organisations, citation.title) if part)
    dated = f" ({in_words(document.date)})" if document and document.date else ""
    return re.sub(r"\s+", " ", clean(f"{title}{dated}, {places(citation)}.")).strip()


def places(citation: Cited) -> str:
    """The page or pages of a citation, with the number that is printed on the first where it is another."""
    pages = f"p. {citation.page}" if citation.page_end <= citation.page else f"pp. {citation.page}–{citation.page_end}"
    label = citation.page_label
    return pages + (f" (printed page {label})" if label and label != str(citation.page) else "")


def in_words(date: str) -> str:
    """2024-05 as 'May 2024'; a date that is written otherwise as it is."""
    return spoken(date) if DATE.fullmatch(date) else date
