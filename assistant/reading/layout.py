"""Sheets of words become blocks: headings, paragraphs, list items, table rows, captions, footnotes."""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.reading.furniture import without_furniture
from assistant.reading.lines import Line, reading_order, to_lines
from assistant.reading.pdf import Glyphs, Sheet
from assistant.reading.rows import Header, Row, rows_of
from assistant.reading.tables import Table, find_tables
from assistant.records import Block, Shape, Word

BULLET = re.compile(r"^[•◦▪▫‣●○■□➢➤✓✔\uf0b7\uf0a7·o–—*-]$")
NUMBER = re.compile(r"^(\d{1,3}[.)]|\(?[a-zA-Z0-9][.)]|\([ivx]{1,4}\)|[ivx]{1,4}[.)])$")
DASH = re.compile(r"^[–—*-]$")  # may also stand within a sentence
SECTION_NUMBER = re.compile(r"^(?:[A-Z]\.|\d+\.)(?:\d+\.?)*$")
CAPTION = re.compile(
    r"^(table|figure|box|exhibit|chart|graph|map|cuadro|tabla|gráfico|figura)\s+\w{1,5}\s*[.:–-]", re.I
)
CONTENTS = re.compile(r"(\.\s?){4,}\s*\w{1,6}$")
FOOTNOTE_MARK = re.compile(r"^([⁰¹²³⁴-⁹]+|\d{1,3}|[*†‡]+)$")
SMALL = 0.88  # of the body's size: footnotes and sources are set this small or smaller
LARGE = 1.1  # of the body's size: headings
HEADING_WORDS = 45  # lesson and practice headings are whole sentences
CLOSED = re.compile(r"[.!?:;]['\"”’)\]]*$")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that belong together, with what decides its shape."""

    shape: Shape
    lines: tuple[Line, ...]
    page: int
    size: float
    style: tuple[bool, bool]
    level: int = 0

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def blocks_of(sheets: Sequence[Sheet]) -> list[Block]:
    """All blocks of a document in reading order, paragraphs joined over lines, columns and pages."""
    laid = _laid_out(sheets)
    body = _body_size([thing for _, things in laid for thing in things if isinstance(thing, Line)])
    flow: list[_Piece | Row] = []
    header: Header | None = None
    for page, things in laid:
        leading = _leading(things)
        pending: list[Line] = []
        for thing in [*things, None]:
            if isinstance(thing, Line):
                if pending and _parts(pending, thing, leading):
                    flow.append(_piece(pending, page, body))
                    pending = []
                pending.append(thing)
                continue
            if pending:
                flow.append(_piece(pending, page, body))
                pending = []
            if isinstance(thing, Table):
                rows, header = rows_of(thing, page, header)
                flow += rows
    return _finished(_joined(flow))


def _row_block(row: Row, vocabulary: frozenset[str]) -> Block:
    cells = [_words_in(cell, row.page, vocabulary) for cell in row.cells]
    labels = [_words_in(label, row.page, vocabulary) for label in row.headers]
    return Block(
        Shape.ROW,
        tuple(word for cell in cells for word in cell),
        cells=tuple(len(cell) for cell in cells),
        headers=tuple("".join(("" if w.joined else " ") + w.text for w in label).strip() for label in labels),
    )


def _words_in(cell: Sequence[Glyphs], page: int, vocabulary: frozenset[str]) -> list[Word]:
    return list(words_of([(page, glyph) for glyph in cell if not glyph.mark], vocabulary))


def _laid_out(sheets: Sequence[Sheet]) -> list[tuple[int, list[Line | Table]]]:
    """Per page its lines and tables in reading order, furniture left out."""
    tables = [find_tables(sheet.rules, sheet.glyphs) for sheet in sheets]
    lines = []
    for sheet, found in zip(sheets, tables, strict=True):
        free = [g for g in sheet.glyphs if not any(t.covers(g) for t in found)]
        lines.append((sheet.height, to_lines(free, sheet.dots, sheet.number)))
    kept = without_furniture(lines)
    laid: list[tuple[int, list[Line | Table]]] = []
    for sheet, found, rest in zip(sheets, tables, kept, strict=True):
        things: list[Line | Table] = [*rest, *found]
        laid.append((sheet.number, reading_order(things)))
    return laid


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


def _parts(pending: list[Line], line: Line, leading: float) -> bool:
    """A new block starts with this line."""
    last, first = pending[-1], pending[0]
    size = max(last.size, 1.0)
    gap = line.top - last.bottom
    runs_on = gap <= leading + 0.35 * size and not CLOSED.search(last.text)
    if abs(line.size - last.size) > 0.08 * size:
        return True
    if _starts_item(line) and not (runs_on and DASH.match(line.glyphs[0].text) and not _starts_item(first)):
        return True
    if _is_cut_by_style(pending, line) and not (runs_on and line.text[:1].islower()):
        return True
    if line.top < first.top:  # the next column: the paragraph goes on, if it does, by the rule for pages
        return True
    if gap > leading + 0.35 * size:
        return True
    indented = line.x0 - last.x0 > 0.8 * size and not _starts_item(first)
    return indented and bool(CLOSED.search(last.text))


def _is_cut_by_style(pending: list[Line], line: Line) -> bool:
    """All bold above and not below, or the other way round: a heading ends or begins."""
    return pending[-1].bold != line.bold and (all(p.bold for p in pending) or line.bold)


def _starts_item(line: Line) -> bool:
    if line.bullet:
        return True
    first = line.glyphs[0].text
    if len(line.glyphs) < 2:
        return False
    return bool(BULLET.match(first) or (NUMBER.match(first) and not line.bold))


def _piece(lines: list[Line], page: int, body: float) -> _Piece:
    size = statistics.median(line.size for line in lines)
    style = (all(line.bold for line in lines), all(line.italic for line in lines))
    return _Piece(_shape(lines, size, style, body), tuple(lines), page, size, style)


def _shape(lines: list[Line], size: float, style: tuple[bool, bool], body: float) -> Shape:
    text = " ".join(line.text for line in lines)
    words = text.split()
    if size <= SMALL * body and FOOTNOTE_MARK.match(lines[0].glyphs[0].text):
        return Shape.FOOTNOTE
    if CAPTION.match(text) and len(words) <= 40:
        return Shape.CAPTION
    if all(CONTENTS.search(line.text) for line in lines):
        return Shape.CONTENTS
    if len(words) <= HEADING_WORDS and any(c.isalpha() for c in text) and _is_heading(text, size, style[0], body):
        return Shape.HEADING
    return Shape.ITEM if _starts_item(lines[0]) else Shape.PARAGRAPH


def _is_heading(text: str, size: float, bold: bool, body: float) -> bool:
    if text[0].islower():
        return False
    shouted = text.isupper() and len(text.split()) >= 2 and len(text) > 8
    return (bold and size > SMALL * body) or (size >= LARGE * body and len(text.split()) <= 30) or shouted


def _joined(flow: list[_Piece | Row]) -> list[_Piece | Row]:
    """Paragraphs that a page, a column or a footnote has cut in two are one again."""
    joined: list[_Piece | Row] = []
    last = -1  # the place in joined of the last piece that text can go on from
    for piece in flow:
        if isinstance(piece, Row):
            last = -1
        elif piece.shape in (Shape.PARAGRAPH, Shape.ITEM):
            before = joined[last] if last >= 0 else None
            if isinstance(before, _Piece) and _goes_on(before, piece, apart=last < len(joined) - 1):
                joined[last] = replace(before, lines=before.lines + piece.lines)
                continue
            last = len(joined)
        elif piece.shape is Shape.HEADING:
            before = joined[-1] if joined else None
            if isinstance(before, _Piece) and _same_heading(before, piece):
                joined[-1] = replace(before, lines=before.lines + piece.lines)
                continue
            last = -1
        joined.append(piece)
    return joined


def _goes_on(before: _Piece, piece: _Piece, apart: bool) -> bool:
    """The text of before runs on in piece: over the end of a column or page, or past a footnote or a picture."""
    if piece.shape is Shape.ITEM and _starts_item(piece.lines[0]):
        return False
    over = apart or piece.page != before.lines[-1].page or piece.lines[0].top < before.lines[-1].top
    if abs(piece.size - before.size) > 0.08 * before.size or piece.style != before.style or CLOSED.search(before.text):
        return False
    full = before.lines[-1].x1 > max(line.x1 for line in before.lines) - 4 * before.size and len(before.lines) > 1
    return piece.text[:1].islower() or (over and not apart and full)


def _same_heading(before: _Piece, piece: _Piece) -> bool:
    """A heading set in two columns' width or with white space between its lines; same type, nothing between."""
    if before.shape is not Shape.HEADING or piece.page != before.page:
        return False
    close = 0 <= piece.lines[0].top - before.lines[-1].bottom < 0.3 * piece.size
    return close and abs(before.size - piece.size) < 0.5 and before.style == piece.style


def _finished(flow: list[_Piece | Row]) -> list[Block]:
    """Blocks with clean words; headings get their level from their size, weight and numbering."""
    vocabulary = _vocabulary(flow)
    ranks = _ranks(flow)
    blocks = []
    for piece in flow:
        if isinstance(piece, Row):
            blocks.append(_row_block(piece, vocabulary))
            continue
        words = tuple(_clean_words(piece, vocabulary))
        if any(character.isalnum() for word in words for character in word.text):
            level = _level(piece, ranks) if piece.shape is Shape.HEADING else 0
            blocks.append(Block(piece.shape, words, level))
    return blocks


def _ranks(flow: list[_Piece | Row]) -> list[tuple[float, bool]]:
    """The looks of headings, most prominent first."""
    looks = {(round(p.size), p.text.isupper()) for p in flow if isinstance(p, _Piece) and p.shape is Shape.HEADING}
    return sorted(looks, reverse=True)


def _level(piece: _Piece, ranks: list[tuple[float, bool]]) -> int:
    first = piece.lines[0].glyphs[0].text
    depth = len(re.findall(r"\w+", first)) if SECTION_NUMBER.match(first) else 0
    rank = ranks.index((round(piece.size), piece.text.isupper())) + 1
    return max(depth, rank) if depth > 1 else rank


def _vocabulary(flow: list[_Piece | Row]) -> frozenset[str]:
    """Every unbroken word of the document, to judge broken ones by; their second halves are no words either."""
    words: set[str] = set()
    for piece in flow:
        runs = piece.cells if isinstance(piece, Row) else [[g for line in piece.lines for g in line.glyphs]]
        for run in runs:
            whole = [g for before, g in zip([None, *run], run, strict=False) if not (before and before.broken)]
            words.update(g.text.lower().strip(".,;:()“”\"'") for g in whole if not g.broken and not g.mark)
    return frozenset(words)


def _clean_words(piece: _Piece, vocabulary: frozenset[str]) -> Iterable[Word]:
    """Words as a reader reads them: marks and bullets dropped, words broken at a line's end joined."""
    placed = [(line.page, glyph) for line in piece.lines for glyph in line.glyphs if not glyph.mark]
    if piece.shape is Shape.ITEM and len(placed) > 1 and BULLET.match(placed[0][1].text):
        placed = placed[1:]
    if piece.shape is Shape.FOOTNOTE and len(placed) > 1 and FOOTNOTE_MARK.match(placed[0][1].text):
        placed = placed[1:]
    yield from words_of(placed, vocabulary)


def words_of(placed: Sequence[tuple[int, Glyphs]], vocabulary: frozenset[str]) -> Iterable[Word]:
    """Clean words of glyphs given with their pages."""
    joined = False
    for place, (page, glyph) in enumerate(placed):
        text = clean(glyph.text)
        if not text:
            continue
        if glyph.broken:
            after = placed[place + 1][1].text if place + 1 < len(placed) else ""
            text += "-" if not after or keeps_hyphen(glyph.text, after, vocabulary) else ""
        yield Word(text, page, glyph.x0, glyph.top, glyph.x1, glyph.bottom, joined)
        joined = glyph.broken


def keeps_hyphen(first: str, second: str, vocabulary: frozenset[str]) -> bool:
    """A hyphen at a line's end belongs to the word (worker-led) and was not put there to break it (organi-sation)."""
    first, second = first.lower().strip("(“\"'"), second.lower().strip(".,;:)”\"'")
    if not second[:1].isalpha() or not first[-1:].isalpha() or "-" in first:
        return True
    if f"{first}-{second}" in vocabulary:
        return True
    if first + second in vocabulary:
        return False
    return first in vocabulary and second in vocabulary


def clean(text: str) -> str:
    """Letters as they are meant: NFKC (ligatures apart), no controls, no soft hyphens, no direction overrides."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
