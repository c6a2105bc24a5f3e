"""PDFs and pieces of pages as the reader sees them, read in this process for speed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.reading.layout import blocks_of
from assistant.reading.outline import outline_of
from assistant.reading.pdf import Glyphs, Opened, Rule, Sheet
from assistant.records import Block, Page, Passage, Reading, Shape, Word
from assistant.understanding.passages import passages_of, plain_text


def read(path: Path) -> Reading:
    """What the sandboxed child would give for a PDF with a text layer."""
    opened = Opened(path)
    sheets = [sheet for sheet in opened.sheets(1, opened.pages) if isinstance(sheet, Sheet)]
    pages = tuple(Page(s.number, s.label, s.width, s.height, s.text) for s in sheets)
    return Reading(pages, tuple(blocks_of(sheets, outline_of(opened.document))), opened.properties)


def texts(path: Path, *shapes: Shape) -> list[str]:
    """The text of each block, of these shapes or of all."""
    return [plain_text(block.words) for block in read(path).blocks if not shapes or block.shape in shapes]


def passages(path: Path) -> list[Passage]:
    return passages_of(read(path))


def word(text: str, x: float = 60, top: float = 100, size: float = 10, **looks: bool) -> Glyphs:
    """A printed word five points wide per letter."""
    return Glyphs(text, x, top, x + 5 * len(text), top + size, **{"bold": False, "italic": False, **looks})


def printed(text: str, x: float = 60, top: float = 100) -> list[Glyphs]:
    """The words of one line."""
    words = []
    for each in text.split():
        words.append(word(each, x, top))
        x += 5 * len(each) + 3
    return words


def box(x0: float, top: float, x1: float, bottom: float) -> list[Rule]:
    """The four lines around a rectangle."""
    corners = ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))
    return [Rule(*corner) for corner in corners]


def block(text: str, shape: Shape = Shape.PARAGRAPH, page: int = 1, **more: object) -> Block:
    """A block of words set side by side."""
    words = tuple(
        Word(each, page, 60.0 + 30 * place, 100, 85.0 + 30 * place, 112) for place, each in enumerate(text.split())
    )
    return Block(shape, words, **more)  # type: ignore[arg-type]


def reading(*blocks: Block, raw: Sequence[str] = ()) -> Reading:
    """Blocks as a document; the raw text of page 1 is that of its blocks unless other texts are given."""
    given = raw or [" ".join(plain_text(each.words) for each in blocks)]
    pages = tuple(Page(number, str(number), 595, 842, text) for number, text in enumerate(given, start=1))
    return Reading(pages, blocks)
