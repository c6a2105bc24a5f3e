"""Links to the picture of a page with words marked on it: shell.js opens them in place, without it they lead there."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from assistant.faces.rendering import plain
from assistant.faces.web.visitors import Visitor

WIDTH = 1000  # pixels; wide enough to read a dense table
BOXES = 400  # the most that are marked on one picture; a quote over two dense table pages has some 300

Boxes = Sequence[Sequence[float]]
"""page, x0, top, x1, bottom in points, as in a Citation."""


def link(
    visitor: Visitor,
    document: str,
    title: str,
    page: int,
    boxes: Boxes,
    label: str = "",
    said: str = "",
    classes: str = "picture",
) -> str:
    """A link to the page; label is the page's printed number. It says 'p. 3' and, to screen readers, of what."""
    words = visitor.texts
    marked = ";".join(",".join(f"{value:g}" for value in box) for box in boxes[:BOXES])
    picture = f"{visitor.root}api/v1/pages/{quote(document, safe='/')}/{page}.png?" + urlencode(
        {"width": WIDTH, "boxes": marked}
    )
    name = printed(visitor, page, label)
    where = words("picture.where", title=title or document, page=name)
    shown = plain(said or words("picture.open", page=name))
    source = plain(title or document)
    return (
        f'<a class="{classes}" href="{plain(picture)}" data-where="{plain(where)}" '
        f'data-pdf="{pdf(visitor, document, page)}">{shown}<span class="hidden"> · {source}</span></a>'
    )


def pdf(visitor: Visitor, document: str, page: int) -> str:
    """The address of the PDF at a page, safe as an attribute."""
    return plain(f"{visitor.root}api/v1/files/{quote(document, safe='/')}#page={page}")


def printed(visitor: Visitor, page: int, label: str) -> str:
    """A page's number, with the one that is printed on it where that is another."""
    return visitor.texts("picture.printed", page=page, label=label) if label and label != str(page) else str(page)
