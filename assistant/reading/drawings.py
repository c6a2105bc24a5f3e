"""What is drawn on a page: lines and bullets for tables and lists, pictures, and the text that they may hide."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.reading.characters import Placer, address
from assistant.reading.sheets import Box, Rule

RULE_THICKNESS = 3.0  # points; a thinner filled rectangle is a line of a table, not a box
BULLET_SIZE = 8.0  # points
DEEPEST_FORM = 4
MOST_OBJECTS = 50_000  # of a page; what comes after is not looked at
MOST_RULES = 2_000  # of a page; more of them draw a map or a chart, no table
MOST_BOXES = 400  # of a page that text is compared with one by one; beyond, every text is in doubt
LIGHTEST = 230  # of 255 in each channel; lighter text shows on a darker ground alone
CLOSE = 24  # of 255 in each channel; a smaller difference between text and ground is not seen
FAINT = 64  # of 255; less opaque text may not be seen

UNSEEN, COLOURED, LAYERED, COVERED, CUT = (
    "in invisible letters",
    "in the colour of its background",
    "on a layer that is switched off",
    "covered by something drawn over it",
    "cut off by the frame it stands in",
)
INVISIBLE_MODE, CLIPPING_MODE = 3, 7  # text rendering modes, PDF 32000-1 table 106

# Where PDFium writes the name of a mark, in UTF-16; one place for all, because every object of a page is asked.
_NAME, _LENGTH = (raw.FPDF_WCHAR * 8)(), ctypes.c_ulong()

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class _Text:
    """A text object: where it is in the page's own space, its colour with opacity, and itself."""

    box: Box
    colour: tuple[int, int, int, int] | None
    handle: Any


@dataclass(slots=True)
class Drawings:
    """The drawings of a page as shown, and its text objects in doubt by address, each with its handle and reason."""

    rules: list[Rule] = field(default_factory=list)
    dots: list[Rule] = field(default_factory=list)
    pictured: float = 0.0
    """Share of the page that pictures fill; above 1 where they lie over each other."""
    objects: int = 0
    texts: int = 0
    doubts: dict[int, tuple[Any, str]] = field(default_factory=dict)

    @property
    def images(self) -> bool:
        """Pictures fill most of the page."""
        return self.pictured > 0.5


def drawings_of(
    page: pdfium.PdfPage, width: float, height: float, place: Placer, layered: Callable[[], bool]
) -> Drawings:
    """All drawings of a page of that size in points. layered says whether the file has layers that can be off."""
    scan = _Scan(Drawings(), place, width, height, layered)
    for handle, matrix, depth, marked in _objects(page):
        scan.see(handle, matrix, depth, marked)
    found = scan.found
    found.rules = list(dict.fromkeys(found.rules))
    if len(found.rules) > MOST_RULES:
        found.rules = []
    return found


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[Any, Matrix, int, bool]]:
    """Objects in the order they are painted, with the matrix of the forms they stand in, depth and layer mark."""
    count = 0

    def inside(total: int, get: Callable[[int], Any], matrix: Matrix, depth: int, marked: bool) -> Iterator[Any]:
        nonlocal count
        for index in range(total):
            handle = get(index)
            count += 1
            if not handle or count > MOST_OBJECTS:
                return
            on_layer = marked or _on_layer(handle)
            yield handle, matrix, depth, on_layer
            if depth < DEEPEST_FORM and raw.FPDFPageObj_GetType(handle) == raw.FPDF_PAGEOBJ_FORM:
                total = raw.FPDFFormObj_CountObjects(handle)
                get_inner = partial(raw.FPDFFormObj_GetObject, handle)
                yield from inside(total, get_inner, _times(_matrix(handle), matrix), depth + 1, on_layer)

    total = raw.FPDFPage_CountObjects(page.raw)
    yield from inside(total, partial(raw.FPDFPage_GetObject, page.raw), IDENTITY, 0, False)


class _Scan:
    """Looks at the objects of a page one after the other, in the order they are painted."""

    def __init__(
        self, found: Drawings, place: Placer, width: float, height: float, layered: Callable[[], bool]
    ) -> None:
        self.found, self.place, self.width, self.height, self.layered = found, place, width, height, layered
        self.texts: list[_Text] = []
        self.boxes: list[tuple[Box, tuple[int, int, int, int] | None]] = []
        self.edges = [ctypes.c_float() for _ in range(4)]
        self.channels = [ctypes.c_uint() for _ in range(4)]

    def see(self, handle: Any, matrix: Matrix, depth: int, marked: bool) -> None:
        kind = raw.FPDFPageObj_GetType(handle)
        self.found.objects += 1
        if kind == raw.FPDF_PAGEOBJ_FORM or not raw.FPDFPageObj_GetBounds(handle, *self.edges):
            return
        own: Box = (self.edges[0].value, self.edges[1].value, self.edges[2].value, self.edges[3].value)
        box = own if matrix is IDENTITY else _moved(own, matrix)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            self._text(handle, own, box, marked, depth)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._path(handle, box)
        else:  # a picture or a shading
            x0, top, x1, bottom = self.place(*box)
            across = min(x1, self.width) - max(x0, 0.0)
            down = min(bottom, self.height) - max(top, 0.0)
            self.found.pictured += max(0.0, across) * max(0.0, down) / max(1.0, self.width * self.height)
            self._covers(box, None)

    def _text(self, handle: Any, own: Box, box: Box, marked: bool, depth: int) -> None:
        self.found.texts += 1
        mode = raw.FPDFTextObj_GetTextRenderMode(handle)
        text = _Text(box, self._colour(handle), handle)
        if mode in (INVISIBLE_MODE, CLIPPING_MODE):
            self._doubt(handle, UNSEEN if mode == INVISIBLE_MODE else CUT)
        elif self._melts(text):
            self._doubt(handle, COLOURED)
        elif marked or (depth and self.layered()):
            self._doubt(handle, LAYERED)
        elif not _within_clip(handle, own):
            self._doubt(handle, CUT)
        self.texts.append(text)

    def _melts(self, text: _Text) -> bool:
        """The colour of the text may be that of what lies behind it."""
        colour = text.colour
        if colour is None:
            return False
        if min(colour[:3]) >= LIGHTEST or colour[3] < FAINT or len(self.boxes) > MOST_BOXES:
            return True
        return any(_meet(text.box, box) and (behind is None or _close(behind, colour)) for box, behind in self.boxes)

    def _path(self, handle: Any, box: Box) -> None:
        x0, top, x1, bottom = self.place(*box)
        thin, long = min(x1 - x0, bottom - top), max(x1 - x0, bottom - top)
        if thin <= RULE_THICKNESS and long > BULLET_SIZE:
            self.found.rules.append(Rule(x0, top, x1, bottom))
            return
        if long <= BULLET_SIZE:
            self.found.dots.append(Rule(x0, top, x1, bottom))
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(handle, fill, stroke)
        if fill.value:
            self._covers(box, self._colour(handle))
        if stroke.value and bottom - top < self.height * 0.95 and raw.FPDFPath_CountSegments(handle) in (4, 5):
            self.found.rules += [
                Rule(x0, top, x1, top),
                Rule(x0, bottom, x1, bottom),
                Rule(x0, top, x0, bottom),
                Rule(x1, top, x1, bottom),
            ]

    def _covers(self, box: Box, colour: tuple[int, int, int, int] | None) -> None:
        """Text painted earlier may be covered; colour is None for a picture."""
        self.boxes.append((box, colour))
        if len(self.boxes) > MOST_BOXES and len(self.texts) > MOST_BOXES:
            return
        for text in self.texts:
            if _meet(text.box, box):
                self._doubt(text.handle, COVERED)

    def _doubt(self, handle: Any, reason: str) -> None:
        self.found.doubts.setdefault(address(handle), (handle, reason))

    def _colour(self, handle: Any) -> tuple[int, int, int, int] | None:
        if not raw.FPDFPageObj_GetFillColor(handle, *self.channels):
            return None
        red, green, blue, opacity = (channel.value for channel in self.channels)
        return red, green, blue, opacity


def _on_layer(handle: Any) -> bool:
    """The object is marked as belonging to a layer (optional content)."""
    for index in range(max(0, raw.FPDFPageObj_CountMarks(handle))):
        mark = raw.FPDFPageObj_GetMark(handle, index)
        raw.FPDFPageObjMark_GetName(mark, _NAME, 16, _LENGTH)
        if _LENGTH.value == 6 and bytes(_NAME)[:4] == b"O\0C\0":
            return True
    return False


def _within_clip(handle: Any, box: Box) -> bool:
    """Nothing of the object is cut off by a clipping path, as far as the paths' outer edges tell."""
    clip = raw.FPDFPageObj_GetClipPath(handle)
    for path in range(max(0, raw.FPDFClipPath_CountPaths(clip)) if clip else 0):
        xs, ys = [], []
        for index in range(min(64, max(0, raw.FPDFClipPath_CountPathSegments(clip, path)))):
            x, y = ctypes.c_float(), ctypes.c_float()
            if raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, index), x, y):
                xs.append(x.value)
                ys.append(y.value)
        slack = RULE_THICKNESS
        if xs and not (
            min(xs) - slack <= box[0]
            and box[2] <= max(xs) + slack
            and min(ys) - slack <= box[1]
            and box[3] <= max(ys) + slack
        ):
            return False
    return True


def _matrix(handle: Any) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """Both matrices in one, the inner applied first."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(box: Box, matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _close(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]), abs(a[2] - b[2])) <= CLOSE
