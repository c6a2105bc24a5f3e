"""The words of a PDF with their places, and its properties. PDFium gives the words, pypdf the structure.

Each library is the other's fallback: a page that PDFium cannot open is read by pypdf, without positions.
Runs in a child process only (sandbox.py), because PDFium can abort the process that calls it.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.errors import DocumentRefused

BROKEN = "\x02"  # what PDFium writes for a hyphen at a line's end
SUPERSCRIPT_SIZE = 0.8  # a footnote mark is set at most this large, compared with the word it follows
RULE_THICKNESS = 3.0  # points; a thinner filled rectangle is a line of a table, not a box
UNITS = frozenset({"m", "km", "cm", "mm", "ft"})
BULLET_SIZE = 8.0  # points


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A run of characters without a space, in points from the top left of the page as it is shown."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    bold: bool
    italic: bool
    broken: bool = False
    mark: bool = False
    """Small and raised behind a word: a footnote mark."""

    @property
    def size(self) -> float:
        """The height of the line of type, a measure of the font's size in points."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn on the page, as a thin rectangle."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def flat(self) -> bool:
        """It lies rather than stands."""
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Sheet:
    """A physical page as drawn: size in points as shown, raw text, words in the order of the file, lines."""

    number: int
    label: str
    width: float
    height: float
    text: str
    glyphs: tuple[Glyphs, ...]
    rules: tuple[Rule, ...]
    dots: tuple[Rule, ...]
    """Small drawn squares and discs: the bullets of a list where they are not letters."""
    images: bool


class Opened:
    """An open PDF. Raises DocumentRefused when neither library can open it."""

    def __init__(self, path: Path, password: str | None = None) -> None:
        head = path.open("rb").read(1024 * 64)
        if not head:
            raise DocumentRefused("empty", "The file is empty (0 bytes).")
        if b"%PDF-" not in head:
            raise DocumentRefused("not a PDF", "The file is not a PDF, whatever its name says.")
        self.path = path
        try:
            self.document = pdfium.PdfDocument(path, password=password)
        except pdfium.PdfiumError as error:
            raise _refusal(path, error) from None
        self.pages = len(self.document)
        if not self.pages:
            raise DocumentRefused("no pages", "The PDF holds no pages.")
        self.properties = self._properties()

    def _properties(self) -> dict[str, str]:
        found = self.document.get_metadata_dict(skip_empty=True)
        return {key: str(value).strip() for key, value in found.items() if str(value).strip()}

    def sheets(self, first: int, last: int) -> Iterator[Sheet | tuple[int, str]]:
        """Pages first to last (from 1, both included); a page that cannot be read is (number, reason)."""
        for number in range(first, min(last, self.pages) + 1):
            try:
                yield _sheet(self.document, number)
            except (pdfium.PdfiumError, ValueError) as error:
                text = _text_by_pypdf(self.path, number)
                if text.strip():
                    yield _unplaced(number, text)
                else:
                    yield number, f"the page cannot be read ({error})"


def _refusal(path: Path, error: Exception) -> DocumentRefused:
    if "assword" in str(error):
        return DocumentRefused(
            "encrypted", "The PDF is protected by a password. Save a copy without it and put that in the corpus."
        )
    return DocumentRefused("damaged", f"The PDF is damaged and cannot be opened ({error}).")


def _text_by_pypdf(path: Path, number: int) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        return PdfReader(path).pages[number - 1].extract_text()
    except (PyPdfError, IndexError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return ""  # a damaged file can raise nearly anything; an empty page is then reported as such


def _unplaced(number: int, text: str) -> Sheet:
    """A page whose words have no known places: they are laid in lines over a page of letter size."""
    glyphs = []
    for row, line in enumerate(text.splitlines()):
        top = 40 + 12.0 * row
        x = 40.0
        for word in line.split():
            glyphs.append(Glyphs(word, x, top, x + 5 * len(word), top + 10, False, False))
            x += 5 * len(word) + 3
    return Sheet(number, str(number), 612, max(792, 80 + 12 * text.count("\n")), text, tuple(glyphs), (), (), False)


def _sheet(document: pdfium.PdfDocument, number: int) -> Sheet:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        textpage = page.get_textpage()
        try:
            text = textpage.get_text_range()
            glyphs = tuple(_glyphs(textpage, _Placer(page, width, height)))
        finally:
            textpage.close()
        rules, dots, images = _drawings(page, width, height)
        label = document.get_page_label(number - 1) or str(number)
        return Sheet(number, label, width, height, text, glyphs, tuple(rules), tuple(dots), images)
    finally:
        page.close()


class _Placer:
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

    def __call__(self, left: float, low: float, right: float, high: float) -> tuple[float, float, float, float]:
        corners = [
            (
                self.origin[0] + x * self.across[0] + y * self.up[0],
                self.origin[1] + x * self.across[1] + y * self.up[1],
            )
            for x, y in ((left, low), (right, high))
        ]
        (ax, ay), (bx, by) = corners
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _glyphs(textpage: pdfium.PdfTextPage, place: _Placer) -> Iterator[Glyphs]:
    """Words in the order of the file. Marks that follow a word in the same run are split off."""
    handle = textpage.raw
    box = raw.FS_RECTF()
    fonts = _Fonts(handle)
    run: list[tuple[str, float, float, float, float]] = []
    style = (False, False)

    for index in range(textpage.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(handle, index))
        if character == BROKEN and run:
            yield from _words(run, style, place, broken=True)
            run = []
            continue
        if character.isspace() or character in "\x00\x02" or not raw.FPDFText_GetLooseCharBox(handle, index, box):
            if run:
                yield from _words(run, style, place)
            run = []
            continue
        if run and _leaps(run[-1], box):
            yield from _words(run, style, place)
            run = []
        if not run:
            style = fonts.style(index)
        run.append((character, box.left, box.bottom, box.right, box.top))
    if run:
        yield from _words(run, style, place)


def _leaps(last: tuple[str, float, float, float, float], box: Any) -> bool:
    """The next character stands far from the last one: another word, although no space lies between."""
    height = max(last[4] - last[2], 1.0)
    far_across = box.left - last[3] > height or last[1] - box.left > height
    return bool(far_across or box.bottom > last[4] or box.top < last[2])


class _Fonts:
    """Bold and italic by the name of a character's font, asked once per text object."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.buffer = ctypes.create_string_buffer(256)
        self.flags = ctypes.c_int()

    def style(self, index: int) -> tuple[bool, bool]:
        length = raw.FPDFText_GetFontInfo(self.handle, index, self.buffer, 256, self.flags)
        name = self.buffer.value.decode("utf-8", "replace").lower() if length else ""
        bold = "bold" in name or "black" in name or "heavy" in name or bool(self.flags.value & 1 << 18)
        return bold, "italic" in name or "oblique" in name


def _words(
    run: list[tuple[str, float, float, float, float]], style: tuple[bool, bool], place: _Placer, broken: bool = False
) -> Iterator[Glyphs]:
    size = max(high - low for _, _, low, _, high in run)
    marks = [c for c in run[1:] if _is_mark(c, size, run[0])]
    kept = [c for c in run if c not in marks]
    if not marks or "".join(c[0] for c in kept) in UNITS:  # m² is a unit, not a metre with a footnote
        yield _word(run, style, place, broken)
        return
    yield _word(kept, style, place, broken)
    yield _word(marks, style, place, broken=False, mark=True)


def _is_mark(
    character: tuple[str, float, float, float, float], size: float, first: tuple[str, float, float, float, float]
) -> bool:
    text, _, low, _, high = character
    small_and_raised = high - low <= SUPERSCRIPT_SIZE * size and low > first[2] + 0.1 * size
    return (text.isdigit() or text in "*†‡,") and (small_and_raised or text in "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _word(
    run: list[tuple[str, float, float, float, float]],
    style: tuple[bool, bool],
    place: _Placer,
    broken: bool,
    mark: bool = False,
) -> Glyphs:
    x0, top, x1, bottom = place(
        min(c[1] for c in run), min(c[2] for c in run), max(c[3] for c in run), max(c[4] for c in run)
    )
    text = "".join(c[0] for c in run)
    return Glyphs(text, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2), *style, broken, mark)


def _drawings(page: pdfium.PdfPage, width: float, height: float) -> tuple[list[Rule], list[Rule], bool]:
    """The straight lines of the page (also the edges of stroked boxes), its bullets, and whether pictures fill it."""
    rules: list[Rule] = []
    dots: list[Rule] = []
    pictured = 0.0
    place = _Placer(page, width, height)
    for item in page.get_objects(max_depth=4):
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            x0, top, x1, bottom = place(*item.get_bounds())
            if min(x1 - x0, bottom - top) <= RULE_THICKNESS and max(x1 - x0, bottom - top) > BULLET_SIZE:
                rules.append(Rule(x0, top, x1, bottom))
            elif max(x1 - x0, bottom - top) <= BULLET_SIZE:
                dots.append(Rule(x0, top, x1, bottom))
            elif bottom - top < height * 0.95 and _is_stroked_box(item):
                rules += [
                    Rule(x0, top, x1, top),
                    Rule(x0, bottom, x1, bottom),
                    Rule(x0, top, x0, bottom),
                    Rule(x1, top, x1, bottom),
                ]
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            x0, top, x1, bottom = place(*item.get_bounds())
            pictured += max(0.0, x1 - x0) * max(0.0, bottom - top)
    return rules, dots, pictured > 0.5 * width * height


def _is_stroked_box(item: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item.raw, fill, stroke)
    return bool(stroke.value) and raw.FPDFPath_CountSegments(item.raw) in (4, 5)
