"""A page as drawn: its words, lines and bullets with their places."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A run of characters without a space, in points from the top left of its sheet."""

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
    """A physical page, turned so that its text is upright: size in points, raw text, words in the order of the file."""

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
    """Pictures fill most of the page."""
    ocr: bool = False
    """The words come from a recognised picture."""
    turn: int = 0
    """Quarter turns clockwise in which the text runs on the page as it is shown."""
    asides: tuple[Sheet, ...] = ()
    """The words that run in other directions than most, turned upright."""
    notes: tuple[str, ...] = ()
    """What a reader of the library should know about the page."""
    drawn: bool = False
    """Something other than letters is on the page."""

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height of the page as it is shown, in points."""
        return (self.height, self.width) if self.turn % 2 else (self.width, self.height)


Box = tuple[float, float, float, float]


def turned(box: Box, turn: int, width: float, height: float) -> Box:
    """A rectangle of a page as shown (width, height in points), on the page turned back by quarter turns."""
    x0, top, x1, bottom = box
    if turn == 1:
        return top, width - x1, bottom, width - x0
    if turn == 2:
        return width - x1, height - bottom, width - x0, height - top
    if turn == 3:
        return height - bottom, x0, height - top, x1
    return box


def as_shown(box: Box, turn: int, width: float, height: float) -> Box:
    """The opposite of turned; width and height are those of the page as shown."""
    across, down = (height, width) if turn % 2 else (width, height)
    return turned(box, -turn % 4, across, down)


def upright(sheet: Sheet, words: list[tuple[Glyphs, int]]) -> Sheet:
    """The sheet with words, given with the quarter turns each runs in, most of them upright and the rest as asides."""
    counts = [sum(len(word.text) for word, turn in words if turn == quarter) for quarter in range(4)]
    main = max(range(4), key=lambda quarter: counts[quarter])
    faces = [_face(sheet, words, quarter) for quarter in range(4) if counts[quarter] and quarter != main]
    return replace(_face(sheet, words, main), asides=tuple(replace(face, rules=(), dots=()) for face in faces))


def _face(sheet: Sheet, words: list[tuple[Glyphs, int]], turn: int) -> Sheet:
    """The page seen so that the words that run in that direction are upright."""
    inside = [word for word, quarter in words if quarter == turn]
    if not turn:
        return replace(sheet, glyphs=tuple(inside))
    width, height = sheet.width, sheet.height

    def rectangle(thing: Glyphs | Rule) -> Box:
        box = turned((thing.x0, thing.top, thing.x1, thing.bottom), turn, width, height)
        return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)

    return replace(
        sheet,
        turn=turn,
        width=height if turn % 2 else width,
        height=width if turn % 2 else height,
        glyphs=tuple(Glyphs(g.text, *rectangle(g), g.bold, g.italic, g.broken, g.mark) for g in inside),
        rules=tuple(Rule(*rectangle(rule)) for rule in sheet.rules),
        dots=tuple(Rule(*rectangle(dot)) for dot in sheet.dots),
    )
