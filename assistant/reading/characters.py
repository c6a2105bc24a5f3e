"""The characters that PDFium finds on a page, gathered into words with their places."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.reading.sheets import Box, Glyphs

BROKEN = "\x02"  # what PDFium writes for a hyphen at a line's end
SUPERSCRIPT_SIZE = 0.8  # a footnote mark is set at most this large, compared with the word it follows
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
MARKS = frozenset("0123456789*†‡," + SUPERSCRIPTS)
UNITS = frozenset({"m", "km", "cm", "mm", "ft"})
LONGEST_WORD = 300  # characters; a run without a space that is longer is cut, or one word could fill an index
MOST_WORDS = 20_000  # on a page; a full page of a report has about 600, a wall of small type 5,000
MOST_CHARACTERS = 400_000  # on a page


@dataclass(frozen=True, slots=True)
class Found:
    """A word as it is shown, the quarter turns clockwise in which it runs, and why it may be hidden ('': no doubt)."""

    glyphs: Glyphs
    turn: int
    doubt: str

    @property
    def size(self) -> float:
        """The height of its type in points, however it runs."""
        g = self.glyphs
        return g.x1 - g.x0 if self.turn % 2 else g.bottom - g.top


class Placer:
    """Turns rectangles of the page's own space into rectangles from the top left of the page as shown.

    PDFium is asked where three points go, and knows of inherited boxes, crop and rotation.
    """

    FINE = 100  # device units in a point: PDFium answers in whole ones
    FAR = 10_000  # points; far apart, so that rounding to a device unit matters little

    def __init__(self, page: pdfium.PdfPage, width: float, height: float) -> None:
        size = (round(width * self.FINE), round(height * self.FINE))
        x, y = self._shown(page, size, 0, 0)
        right, far = self._shown(page, size, self.FAR, 0), self._shown(page, size, 0, self.FAR)
        self.origin = (x, y)
        self.across = ((right[0] - x) / self.FAR, (right[1] - y) / self.FAR)
        self.up = ((far[0] - x) / self.FAR, (far[1] - y) / self.FAR)

    def _shown(self, page: pdfium.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, across, down)
        return across.value / self.FINE, down.value / self.FINE

    @property
    def quarter(self) -> int:
        """The quarter turns clockwise that the page is shown in."""
        return round(math.atan2(self.across[1], self.across[0]) / (math.pi / 2)) % 4

    def __call__(self, left: float, low: float, right: float, high: float) -> Box:
        (ox, oy), (ax, ay), (ux, uy) = self.origin, self.across, self.up
        x0, y0 = ox + left * ax + low * ux, oy + left * ay + low * uy
        x1, y1 = ox + right * ax + high * ux, oy + right * ay + high * uy
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


class _Run:
    """Characters side by side, in the page's own space turned so that they run to the right."""

    __slots__ = ("bold", "doubt", "highs", "italic", "lefts", "letters", "lows", "rights", "turn")

    def __init__(self, turn: int, bold: bool, italic: bool, doubt: str) -> None:
        self.turn, self.bold, self.italic, self.doubt = turn, bold, italic, doubt
        self.letters: list[str] = []
        self.lefts: list[float] = []
        self.lows: list[float] = []
        self.rights: list[float] = []
        self.highs: list[float] = []

    def add(self, letter: str, left: float, low: float, right: float, high: float) -> None:
        self.letters.append(letter)
        self.lefts.append(left)
        self.lows.append(low)
        self.rights.append(right)
        self.highs.append(high)

    def leaps(self, left: float, low: float, right: float, high: float) -> bool:
        """The next character stands far from the last one: another word, although no space lies between."""
        bottom, top = self.lows[-1], self.highs[-1]
        height = max(top - bottom, 1.0)
        return (
            left - self.rights[-1] > height or self.lefts[-1] - right > height or low > top or high < bottom
        ) or len(self.letters) >= LONGEST_WORD

    def mark_places(self) -> list[int]:
        """The places of footnote marks behind a word: small and raised digits and signs."""
        candidates = [place for place, letter in enumerate(self.letters) if place and letter in MARKS]
        if not candidates:
            return []
        size = max(high - low for low, high in zip(self.lows, self.highs, strict=True))
        raised = self.lows[0] + 0.1 * size
        return [
            place
            for place in candidates
            if self.letters[place] in SUPERSCRIPTS
            or (self.highs[place] - self.lows[place] <= SUPERSCRIPT_SIZE * size and self.lows[place] > raised)
        ]


def words_of_page(
    textpage: pdfium.PdfTextPage, place: Placer, doubts: Mapping[int, str] | None = None
) -> Iterator[Found]:
    """Words in the order of the file, marks split off from the words they follow.

    doubts are the addresses of text objects that may be hidden, each with the reason; a word never goes on from a
    text object without doubt into one with it.
    """
    handle, box = textpage.raw, raw.FS_RECTF()
    letter_at, box_at, look = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, _Look(handle, doubts or {})
    run: _Run | None = None
    for index in range(min(textpage.count_chars(), MOST_CHARACTERS)):
        letter = chr(letter_at(handle, index))
        if letter == BROKEN and run:
            yield from _finished(run, place, broken=True)
            run = None
            continue
        if letter.isspace() or letter in "\x00\x02" or not box_at(handle, index, box):
            if run:
                yield from _finished(run, place)
            run = None
            continue
        left, low, right, high = box.left, box.bottom, box.right, box.top
        if run:
            if run.turn:
                left, low, right, high = _level(run.turn, left, low, right, high)
            if run.leaps(left, low, right, high) or (doubts and look.doubt(index) != run.doubt):
                yield from _finished(run, place)
                run, left, low, right, high = None, box.left, box.bottom, box.right, box.top
        if run is None:
            run = _Run(look.turn(index), *look.style(index), look.doubt(index) if doubts else "")
            if run.turn:
                left, low, right, high = _level(run.turn, left, low, right, high)
        run.add(letter, left, low, right, high)
    if run:
        yield from _finished(run, place)


class _Look:
    """What a character looks like, asked once for each word."""

    def __init__(self, handle: Any, doubts: Mapping[int, str]) -> None:
        self.handle, self.doubts = handle, doubts
        self.buffer = ctypes.create_string_buffer(256)
        self.flags = ctypes.c_int()
        self.known: dict[tuple[bytes, int], tuple[bool, bool]] = {}

    def style(self, index: int) -> tuple[bool, bool]:
        """Bold and italic, by the name of the font."""
        length = raw.FPDFText_GetFontInfo(self.handle, index, self.buffer, 256, self.flags)
        font = (self.buffer.value if length else b"", self.flags.value)
        if font not in self.known:
            name = font[0].decode("utf-8", "replace").lower()
            bold = "bold" in name or "black" in name or "heavy" in name or bool(font[1] & 1 << 18)
            self.known[font] = bold, "italic" in name or "oblique" in name
        return self.known[font]

    def turn(self, index: int) -> int:
        """Quarter turns clockwise in the page's own space. PDFium gives clockwise radians, and -1 where it cannot."""
        angle = raw.FPDFText_GetCharAngle(self.handle, index)
        return round(angle / (math.pi / 2)) % 4 if angle > 0 else 0

    def doubt(self, index: int) -> str:
        """Why the text object of the character may be hidden."""
        return self.doubts.get(address(raw.FPDFText_GetTextObject(self.handle, index)), "")


def address(handle: Any) -> int:
    """What tells one object of PDFium's from another."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _level(turn: int, left: float, low: float, right: float, high: float) -> Box:
    """A rectangle of the page's own space, turned so that letters that run in that direction run to the right."""
    if turn == 1:  # downwards
        return -high, left, -low, right
    if turn == 2:
        return -right, -high, -left, -low
    return low, -right, high, -left


def _own(turn: int, left: float, low: float, right: float, high: float) -> Box:
    """The opposite of _level."""
    if turn == 1:
        return low, -right, high, -left
    if turn == 2:
        return -right, -high, -left, -low
    return -high, left, -low, right


def _finished(run: _Run, place: Placer, broken: bool = False) -> Iterator[Found]:
    marks = run.mark_places()
    places = range(len(run.letters))
    if marks:
        kept = [each for each in places if each not in marks]
        if "".join(run.letters[each] for each in kept) not in UNITS:  # m² is a unit, not a metre with a footnote
            yield _word(run, lambda values: [values[each] for each in kept], place, broken, mark=False)
            yield _word(run, lambda values: [values[each] for each in marks], place, broken=False, mark=True)
            return
    yield _word(run, lambda values: values, place, broken, mark=False)


def _word(run: _Run, pick: Callable[[list[Any]], list[Any]], place: Placer, broken: bool, mark: bool) -> Found:
    box = min(pick(run.lefts)), min(pick(run.lows)), max(pick(run.rights)), max(pick(run.highs))
    x0, top, x1, bottom = place(*(_own(run.turn, *box) if run.turn else box))
    glyphs = Glyphs(
        "".join(pick(run.letters)),
        round(x0, 2),
        round(top, 2),
        round(x1, 2),
        round(bottom, 2),
        run.bold,
        run.italic,
        broken,
        mark,
    )
    return Found(glyphs, (run.turn + place.quarter) % 4, run.doubt)
