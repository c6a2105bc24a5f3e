"""Sheets of words become blocks: headings, paragraphs, list items, table rows, captions, footnotes."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.reading.continued import with_whole_rows
from assistant.reading.furniture import without_furniture
from assistant.reading.headings import letters_of, levels, with_headings
from assistant.reading.lines import Line, to_lines
from assistant.reading.lists import with_lists
from assistant.reading.margins import in_order, parted, text_edge
from assistant.reading.outline import Bookmark
from assistant.reading.pdf import Glyphs, Sheet
from assistant.reading.pieces import BAR, BULLET, FOOTNOTE_MARK, GLUED_MARK, Piece, joined, parts, piece_of
from assistant.reading.rows import Header, Row, rows_of, same_columns
from assistant.reading.tables import Table, find_tables
from assistant.reading.words import vocabulary_of, words_of
from assistant.records import Block, Shape, Word

Laid = list[tuple[int, list[Line | Table]]]


def blocks_of(sheets: Sequence[Sheet], outline: Sequence[Bookmark] = ()) -> list[Block]:
    """All blocks of a document in reading order, paragraphs joined over lines, columns and pages."""
    laid = _laid_out(sheets)
    body = _body_size([thing for _, things in laid for thing in things if isinstance(thing, Line)])
    said = [piece for piece in _flow(laid, body, outline) if _says_something(piece)]
    flow = joined(with_headings(said, outline))
    return with_lists(with_whole_rows(_finished(flow, outline)))


def _laid_out(sheets: Sequence[Sheet]) -> Laid:
    """Per page its lines and tables in reading order, furniture left out."""
    tables = [find_tables(sheet.rules, sheet.glyphs) for sheet in sheets]
    lines = []
    for sheet, found in zip(sheets, tables, strict=True):
        free = [g for g in sheet.glyphs if not any(t.covers(g) for t in found)]
        lines.append((sheet.height, to_lines(free, sheet.dots, sheet.number)))
    kept = without_furniture(lines)
    edge = text_edge(itertools.chain.from_iterable(kept))
    laid: Laid = []
    for sheet, found, rest in zip(sheets, tables, kept, strict=True):
        things: list[Line | Table] = [*(rest if edge is None else parted(rest, edge)), *found]
        laid.append((sheet.number, in_order(things, edge)))
    return laid


def _flow(laid: Laid, body: float, outline: Sequence[Bookmark]) -> Iterator[Piece | Row]:
    """Lines gathered to pieces, tables as rows, page after page; a line that the outline names stands alone."""
    named = {(letters_of(entry.title), entry.page) for entry in outline}
    header: Header | None = None
    table: Table | None = None
    for page, things in laid:
        leading = _leading(things)
        pending: list[Line] = []
        for thing in [*things, None]:
            if isinstance(thing, Line) and not (
                pending
                and (
                    parts(pending, thing, leading)
                    or any((letters_of(x.text), page) in named for x in (pending[-1], thing))
                )
            ):
                pending.append(thing)
                continue
            if pending:
                yield piece_of(pending, page, body)
                table = None
            pending = [thing] if isinstance(thing, Line) else []
            if isinstance(thing, Table):
                rows, header = rows_of(thing, page, header, goes_on=table is not None and same_columns(table, thing))
                yield from rows
                table = thing


def _says_something(piece: Piece | Row) -> bool:
    """It holds a letter or a digit: rules and boxes may be drawn with other characters."""
    return any(letter.isalnum() for run in _runs(piece) for glyph in run if not glyph.mark for letter in glyph.text)


def _body_size(lines: Iterable[Line]) -> float:
    """The type height that most letters of the document have, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda s: (sizes[s], s)) if sizes else 10.0


def _leading(things: Sequence[Line | Table]) -> float:
    """The usual white space between the lines of a paragraph on a page, in points."""
    gaps = [
        below.top - above.bottom
        for above, below in itertools.pairwise(things)
        if isinstance(above, Line) and isinstance(below, Line) and -2 < below.top - above.bottom < above.size
    ]
    return statistics.median_low(sorted(gaps)[: max(1, len(gaps) * 3 // 4)]) if gaps else 2.0


def _finished(flow: Sequence[Piece | Row], outline: Sequence[Bookmark]) -> list[Block]:
    """Blocks with clean words; headings have their level."""
    vocabulary = vocabulary_of(run for piece in flow for run in _runs(piece))
    level_of = levels(flow, outline)
    blocks = []
    for place, piece in enumerate(flow):
        if isinstance(piece, Row):
            blocks.append(_row_block(piece, vocabulary))
        else:
            words = tuple(words_of(_kept(piece), vocabulary))
            blocks.append(Block(piece.shape, words, level_of.get(place, 0), marks=piece.marks))
    return blocks


def _runs(piece: Piece | Row) -> Iterable[Sequence[Glyphs]]:
    if isinstance(piece, Row):
        return piece.cells
    return [[glyph for line in piece.lines for glyph in line.glyphs]]


def _kept(piece: Piece) -> list[tuple[int, Glyphs]]:
    """The words of a piece with their pages, its bullet, its own mark and the marks behind its words dropped."""
    placed = [(line.page, glyph) for line in piece.lines for glyph in line.glyphs if not glyph.mark]
    if piece.shape is Shape.ITEM:
        placed = [each for n, each in enumerate(placed) if each[1].text != BAR or n not in (0, len(placed) - 1)]
    if piece.shape is Shape.ITEM and len(placed) > 1 and BULLET.match(placed[0][1].text):
        return placed[1:]
    if piece.shape is Shape.FOOTNOTE and len(placed) > 1 and FOOTNOTE_MARK.match(placed[0][1].text):
        return placed[1:]
    if piece.shape is Shape.FOOTNOTE and placed and GLUED_MARK.match(placed[0][1].text):
        page, first = placed[0]
        placed[0] = (page, replace(first, text=GLUED_MARK.sub("", first.text)))
    return placed


def _row_block(row: Row, vocabulary: frozenset[str]) -> Block:
    cells = [_words_in(cell, row.page, vocabulary) for cell in row.cells]
    labels = [_words_in(label, row.page, vocabulary) for label in row.headers]
    return Block(
        Shape.ROW,
        tuple(word for cell in cells for word in cell),
        cells=tuple(len(cell) for cell in cells),
        headers=tuple(_text(label) for label in labels),
    )


def _words_in(cell: Sequence[Glyphs], page: int, vocabulary: frozenset[str]) -> list[Word]:
    return list(words_of([(page, glyph) for glyph in cell if not glyph.mark], vocabulary))


def _text(words: Sequence[Word]) -> str:
    return "".join(("" if w.joined else " ") + w.text for w in words).strip()
