"""The characters that PDFium finds on a page, gathered into words with their places."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Mapping
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
        self.quarter = round(math.atan2(self.across[1], self.across[0]) / (math.pi / 2)) % 4
        """The quarter turns clockwise that the page is shown in."""

    def _shown(self, page: pdfium.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, across, down)
        return across.value / self.FINE, down.value / self.FINE

    def __call__(self, left: float, low: float, right: float, high: float) -> Box:
        (ox, oy), (ax, ay), (ux, uy) = self.origin, self.across, self.up
        x0, y0 = ox + left * ax + low * ux, oy + left * ay + low * uy
        x1, y1 = ox + right * ax + high * ux, oy + right * ay + high * uy
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


Character = tuple[str, float, float, float, float]
"""A letter with its left, lower, right and upper edge, in the page's own space turned so that it runs to the right."""


@dataclass(slots=True)
class _Run:
    """Characters side by side, and what they have in common."""

    characters: list[Character]
    turn: int
    looks: tuple[bool, bool]
    doubt: str


def _leaps(last: Character, left: float, low: float, right: float, high: float) -> bool:
    """The next character stands far from the last one: another word, although no space lies between."""
    height = max(last[4] - last[2], 1.0)
    return left - last[3] > height or last[1] - right > height or low > last[4] or high < last[2]


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
        if letter.isspace() or letter in "\x00\x02" or not box_at(handle, index, box):
            if run:
                yield from _finished(run, place, broken=letter == BROKEN)
                run = None
            continue
        left, low, right, high = box.left, box.bottom, box.right, box.top
        if run:
            if run.turn:
                left, low, right, high = _level(run.turn, left, low, right, high)
            characters = run.characters
            if (
                _leaps(characters[-1], left, low, right, high)
                or len(characters) >= LONGEST_WORD
                or (doubts and look.doubt(index) != run.doubt)
            ):
                yield from _finished(run, place)
                run, left, low, right, high = None, box.left, box.bottom, box.right, box.top
        if run is None:
            run = _Run([], look.turn(index), look.style(index), look.doubt(index) if doubts else "")
            if run.turn:
                left, low, right, high = _level(run.turn, left, low, right, high)
        run.characters.append((letter, left, low, right, high))
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
    marks = _marks(run.characters)
    if marks:
        kept = [character for each, character in enumerate(run.characters) if each not in marks]
        if "".join(character[0] for character in kept) not in UNITS:  # m² is a unit, not a metre with a footnote
            yield _word(run, kept, place, broken)
            yield _word(run, [run.characters[each] for each in marks], place, broken=False, mark=True)
            return
    yield _word(run, run.characters, place, broken)


def _marks(characters: list[Character]) -> list[int]:
    """The places of footnote marks behind a word: small and raised digits and signs."""
    candidates = [place for place, character in enumerate(characters) if place and character[0] in MARKS]
    if not candidates:
        return []
    size = max(high - low for _, _, low, _, high in characters)
    raised = characters[0][2] + 0.1 * size
    found = []
    for place in candidates:
        letter, _, low, _, high = characters[place]
        if letter in SUPERSCRIPTS or (high - low <= SUPERSCRIPT_SIZE * size and low > raised):
            found.append(place)
    return found


def _word(run: _Run, characters: list[Character], place: Placer, broken: bool, mark: bool = False) -> Found:
    letters, lefts, lows, rights, highs = zip(*characters, strict=True)
    box = min(lefts), min(lows), max(rights), max(highs)
    x0, top, x1, bottom = place(*(_own(run.turn, *box) if run.turn else box))
    edges = round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)
    glyphs = Glyphs("".join(letters), *edges, *run.looks, broken, mark)
    return Found(glyphs, (run.turn + place.quarter) % 4, run.doubt)
