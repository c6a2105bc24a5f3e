"""The outline of a PDF: the names of its chapters, as the program that made it wrote them down."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium

MOST = 5000  # entries; a longer outline is none a reader would use


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: how deep it stands, from 1, its words, and the page it leads to (0: none)."""

    depth: int
    title: str
    page: int


def outline_of(document: pdfium.PdfDocument) -> list[Bookmark]:
    """The outline's entries in order; what of it is damaged is left out."""
    found = []
    try:
        for entry in islice(document.get_toc(), MOST):
            target = entry.get_dest()
            index = target.get_index() if target else None
            found.append(Bookmark(entry.level + 1, entry.get_title(), 0 if index is None else index + 1))
    except (pdfium.PdfiumError, ValueError, UnicodeError):
        return found
    return found
