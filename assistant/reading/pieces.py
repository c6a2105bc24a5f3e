"""Lines become pieces: which lines belong together, and what shape they have."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.reading.lines import Line
from assistant.reading.rows import Row
from assistant.records import Shape

BULLET = re.compile(r"^[•◦▪▫‣●○■□➢➤✓✔\uf0b7\uf0a7·o–—*-]$")
NUMBER = re.compile(r"^(\d{1,2}[.)]|\(?[a-zA-Z0-9][.)]|\(\d{1,2}\)|\([ivx]{1,4}\)|[ivx]{1,4}[.)])$")
FIRST_CLAUSE = re.compile(r"\S \((1|a|i)\) ")
BAR = "|"  # some briefs draw the box around an item with it
DASH = re.compile(r"^[–—*-]$")  # may also stand within a sentence
CAPTION = re.compile(
    r"^(table|figure|box|exhibit|chart|graph|map|cuadro|tabla|gráfico|figura|recuadro)(\s+[\w.-]{1,5}?\s*[.:–]|:)\s",
    re.I,
)
LEADERS = re.compile(r"(\.\s?){4,}\s*\w{1,6}$")
FOOTNOTE_MARK = re.compile(r"^([⁰¹²³⁴-⁹]+|\d{1,3}|[*†‡]+)$")
GLUED_MARK = re.compile(r"^(\d{1,3})(?=[A-Z“\"])")  # "10The": the mark stands before the first word without a space
SMALL = 0.88  # of the body's size: footnotes and sources are set this small or smaller
LARGE = 1.1  # of the body's size: headings
HEADING_WORDS = 45  # lesson and practice headings are whole sentences
ATTRIBUTION_WORDS = 20
FULL = 0.6  # of the width of its paragraph; an unfinished line that is longer goes on over the page break
CLOSED = re.compile(r"[.!?:;]['\"”’)\]]*$")
QUOTED = re.compile(r"[\"”][.,]?$")
ATTRIBUTION = re.compile(r"^[–—-]\s?[A-Z]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together, with what decides its shape."""

    shape: Shape
    lines: tuple[Line, ...]
    page: int
    size: float
    style: tuple[bool, bool]
    """All its words are bold; all are italic."""

    @property
    def text(self) -> str:
        """The words as they are printed, marks left out."""
        return " ".join(line.text for line in self.lines)

    @property
    def marks(self) -> tuple[str, ...]:
        """The footnote marks behind its words; of a footnote, its own mark."""
        if self.shape is Shape.FOOTNOTE:
            first = self.lines[0].glyphs[0].text
            glued = GLUED_MARK.match(first)
            return (glued.group(1) if glued else first.strip("."),)
        found = [g.text for line in self.lines for g in line.glyphs if g.mark]
        return tuple(mark for text in found for mark in text.split(",") if mark)


def parts(pending: Sequence[Line], line: Line, leading: float) -> bool:
    """A new block starts with this line, which follows the pending ones; leading is the page's usual white space."""
    last, first = pending[-1], pending[0]
    size = max(last.size, 1.0)
    gap = line.top - last.bottom
    near = gap <= leading + 0.35 * size
    runs_on = near and not CLOSED.search(last.text)
    if abs(line.size - last.size) > 0.08 * size:
        return True
    if starts_item(line) and not (near and _is_clause(pending, line)) and not (runs_on and _is_within(pending, line)):
        return True
    if _is_cut_by_style(pending, line) and not (runs_on and (line.text[:1].islower() or line.text[:1] == "(")):
        return True
    if line.top < first.top:  # the next column: the paragraph goes on, if it does, by the rule for pages
        return True
    if gap > leading + 0.35 * size:
        return True
    indented = line.x0 - last.x0 > 0.8 * size and not starts_item(first)
    return indented and bool(CLOSED.search(last.text))


def _is_clause(pending: Sequence[Line], line: Line) -> bool:
    """(2) goes on where (1) stood in the middle of the sentence above."""
    inline = any(FIRST_CLAUSE.search(above.text) for above in pending)
    return inline and not starts_item(pending[0]) and line.text[:1] == "(" and not line.bullet


def _is_within(pending: Sequence[Line], line: Line) -> bool:
    """What looks like an item is a dash, or one of the numbered clauses of a sentence: it begins where all lines do."""
    if line.bullet or starts_item(pending[0]):
        return False
    if DASH.match(line.glyphs[0].text):
        return True
    full = pending[-1].x1 > max(p.x1 for p in pending) - 6 * line.size
    return full and len(pending) > 1 and abs(line.x0 - pending[-1].x0) < 2


def _is_cut_by_style(pending: Sequence[Line], line: Line) -> bool:
    """All bold above and not below, or the other way round: a heading ends or begins.

    A name in bold may run over a line's end into the sentence it begins: then the next line begins bold, too.
    """
    if all(p.bold for p in pending):
        return not line.bold and not line.glyphs[0].bold
    return line.bold and not pending[-1].glyphs[-1].bold


def starts_item(line: Line) -> bool:
    """The line begins with a bullet or a number."""
    if line.bullet:
        return True
    words = line.glyphs[1:] if line.glyphs[0].text == BAR else line.glyphs
    if len(words) < 2:
        return False
    first = words[0].text
    return bool(BULLET.match(first) or (NUMBER.match(first) and not line.bold))


def piece_of(lines: Sequence[Line], page: int, body: float) -> Piece:
    """Lines that belong together, with their shape; body is the type height of the document's text."""
    size = statistics.median(line.size for line in lines)
    style = (all(line.bold for line in lines), all(line.italic for line in lines))
    return Piece(_shape(lines, size, style, body), tuple(lines), page, size, style)


def _shape(lines: Sequence[Line], size: float, style: tuple[bool, bool], body: float) -> Shape:
    text = " ".join(line.text for line in lines)
    words = text.split()
    first = lines[0].glyphs[0].text
    if size <= SMALL * body and (FOOTNOTE_MARK.match(first) or GLUED_MARK.match(first)):
        return Shape.FOOTNOTE
    if CAPTION.match(text) and len(words) <= HEADING_WORDS:
        return Shape.CAPTION
    if all(LEADERS.search(line.text) for line in lines):
        return Shape.CONTENTS
    if len(words) <= HEADING_WORDS and any(c.isalpha() for c in text) and _is_heading(text, size, style, body):
        return Shape.HEADING
    return Shape.ITEM if starts_item(lines[0]) else Shape.PARAGRAPH


def _is_heading(text: str, size: float, style: tuple[bool, bool], body: float) -> bool:
    if text[0].islower() or text[0] in '“"':
        return False
    shouted = text.isupper() and len(text.split()) >= 2 and len(text) > 8
    return (style[0] and size > SMALL * body) or (size >= LARGE * body and len(text.split()) <= 30) or shouted


def joined(flow: Sequence[Piece | Row]) -> list[Piece | Row]:
    """Paragraphs that a page, a column or a footnote has cut in two are one again; a quote has its attribution."""
    whole: list[Piece | Row] = []
    last = -1  # the place in whole of the last piece that text can go on from
    note = -1  # that of the last footnote
    left = -1  # that of a sentence which a box or figure with its caption has broken off
    for piece in flow:
        if isinstance(piece, Row):
            last = left = -1
        elif piece.shape in (Shape.PARAGRAPH, Shape.ITEM):
            before = whole[last] if last >= 0 else None
            between = whole[last + 1 :]
            if isinstance(before, Piece) and (_goes_on(before, piece, between) or _attributes(before, piece, between)):
                whole[last] = replace(before, lines=before.lines + piece.lines)
                continue
            noted = whole[note] if note >= 0 else None
            if isinstance(noted, Piece) and piece.text[:1].islower() and _goes_on(noted, piece, whole[note + 1 :]):
                whole[note] = replace(noted, lines=noted.lines + piece.lines)
                continue
            broken = whole[left] if left >= 0 else None
            if isinstance(broken, Piece) and piece.text[:1].islower() and _goes_on(broken, piece, whole[left + 1 :]):
                whole[left] = replace(broken, lines=broken.lines + piece.lines)
                left = -1
                continue
            last = len(whole)
        elif piece.shape is Shape.HEADING:
            before = whole[-1] if whole else None
            if isinstance(before, Piece) and _same_heading(before, piece):
                whole[-1] = replace(before, lines=before.lines + piece.lines)
                continue
            last = left = -1
        elif piece.shape is Shape.CAPTION and last >= 0:
            left = last
        elif piece.shape is Shape.FOOTNOTE:
            note = len(whole)
        whole.append(piece)
    return whole


def _goes_on(before: Piece, piece: Piece, between: Sequence[Piece | Row]) -> bool:
    """The text of before runs on in piece: over the end of a column or page, or past a footnote or a picture."""
    if piece.shape is Shape.ITEM and starts_item(piece.lines[0]):
        return False
    apart = any(isinstance(each, Row) or each.shape is not Shape.FOOTNOTE for each in between)
    over = bool(between) or piece.page != before.lines[-1].page or piece.lines[0].top < before.lines[-1].top
    if abs(piece.size - before.size) > 0.08 * before.size or CLOSED.search(before.text):
        return False
    inner = piece.text[:1].islower() or piece.text[:1] == "("
    if inner and over:
        return True
    if piece.style != before.style:
        return False
    left, right = min(line.x0 for line in before.lines), max(line.x1 for line in before.lines)
    full = len(before.lines) > 1 and before.lines[-1].x1 > left + FULL * (right - left)
    return inner or (over and not apart and full)


def _attributes(before: Piece, piece: Piece, between: Sequence[Piece | Row]) -> bool:
    """The piece names who said the quote before it: "– Staff member, Labor Court", or an item of few words."""
    text = piece.text
    if between or not QUOTED.search(before.text) or len(text.split()) > ATTRIBUTION_WORDS:
        return False
    few = before.shape is piece.shape is Shape.ITEM and len(text.split()) <= 6 and not CLOSED.search(text)
    return bool(ATTRIBUTION.match(text)) or few


def _same_heading(before: Piece, piece: Piece) -> bool:
    """A heading set in two columns' width or with white space between its lines; same type, nothing between."""
    if before.shape is not Shape.HEADING or piece.page != before.page:
        return False
    close = 0 <= piece.lines[0].top - before.lines[-1].bottom < 0.3 * piece.size
    return close and abs(before.size - piece.size) < 0.5 and before.style == piece.style
