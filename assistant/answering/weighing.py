"""How strong the evidence of a document of the library is, in one line of its own words."""

from __future__ import annotations

from assistant.indexing.library import Library
from assistant.understanding import strength

TITLE_PAGES = 3  # where a document says what evaluation it reports


def weighed(library: Library, name: str) -> str:
    """The line on the document of that name; '' where it does not say, and for a name that is not there."""
    document = library.document(name)
    if document is None:
        return ""
    rows = library.rows([name])
    telling = [row for row, text in zip(rows, library.texts(rows), strict=True) if strength.tells(text)]
    pages = [(n, library.page(name, n).text) for n in range(1, min(TITLE_PAGES, document.pages) + 1)]
    date = strength.spoken(document.date or document.year)
    return str(strength.strength(document.title, date, pages, library.passages(telling)))
