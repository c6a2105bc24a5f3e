"""Which pieces are headings, and how deep each stands: by type, number, the PDF's outline and what lies below it."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.reading.outline import Bookmark
from assistant.reading.pieces import HEADING_WORDS, Piece
from assistant.reading.rows import Row
from assistant.records import Shape

SECTION_NUMBER = re.compile(
    r"^(?:(?:annex|appendix|anexo|apéndice)\s+)?([A-Z]|\d{1,2})[.:](?:(\d+(?:\.\d+)*)\.?)?(?=\s)", re.I
)
ITEM_NUMBER = re.compile(r"^(?:\| )?\(?(\d{1,3})[.)]")
LABEL = re.compile(r"^(?:\d{1,2} )?([A-ZÀ-Þ][^:]{2,40}?)\s*\d{1,2}\s*[:.–-]")  # "LESSON LEARNED NO. 1:"
STATEMENT = 8  # words; a heading that states a lesson has more, so an earlier full stop belongs to its label
LABELLED = 2  # headings with one label; a paragraph that bears it, too, is one of them

Look = tuple[int, bool, bool, bool]


@dataclass(slots=True)
class _Open:
    """A heading that the text below still belongs to."""

    rank: float
    number: tuple[str, ...]


def with_headings(flow: Sequence[Piece | Row], outline: Sequence[Bookmark]) -> list[Piece | Row]:
    """The flow with the headings that only the outline, or a label shared with other headings, shows to be some."""
    named = {(letters_of(entry.title), entry.page) for entry in outline}
    labels = Counter(_label(p.text) for p in flow if isinstance(p, Piece) and p.shape is Shape.HEADING)
    found: list[Piece | Row] = []
    for piece in flow:
        if isinstance(piece, Row) or piece.shape not in (Shape.PARAGRAPH, Shape.ITEM):
            found.append(piece)
        elif (letters_of(piece.text), piece.page) in named and len(piece.text.split()) <= HEADING_WORDS:
            found.append(replace(piece, shape=Shape.HEADING))
        elif labels[label := _label(piece.text)] >= LABELLED and label:
            found += _headed(piece)
        else:
            found.append(piece)
    return found


def _label(text: str) -> str:
    match = LABEL.match(text)
    return letters_of(match.group(1)) if match else ""


def _headed(piece: Piece) -> list[Piece]:
    """The first sentence as a heading, the rest as the paragraph below it."""
    count = 0
    for row, line in enumerate(piece.lines):
        for place, glyph in enumerate(line.glyphs, start=1):
            count += 1
            if count < STATEMENT or not glyph.text.endswith("."):
                continue
            broken = replace(line, glyphs=line.glyphs[place:], bullet=False)
            rest = (*([broken] if broken.glyphs else []), *piece.lines[row + 1 :])
            head = replace(
                piece, shape=Shape.HEADING, lines=(*piece.lines[:row], replace(line, glyphs=line.glyphs[:place]))
            )
            return [head, replace(piece, shape=Shape.PARAGRAPH, lines=rest)] if rest else [head]
    return [replace(piece, shape=Shape.HEADING)] if count <= HEADING_WORDS else [piece]


def levels(flow: Sequence[Piece | Row], outline: Sequence[Bookmark]) -> dict[int, int]:
    """The level of each heading by its place in the flow, 1 the highest; never more than one deeper than the last."""
    ranks = _ranks(flow, outline)
    alike = _ranks_by_label(flow, ranks)
    found: dict[int, int] = {}
    opened: list[_Open] = []
    last_item = 0
    runs = _runs(flow)
    for place, piece in enumerate(flow):
        if isinstance(piece, Row) or piece.shape is not Shape.HEADING:
            last_item = _item_number(piece) or last_item
            continue
        rank: float = alike.get(_label(piece.text), ranks[_look(piece)])
        number = section_number(piece.text)
        if runs.get(place) or (opened and _is_inside(opened, rank, number, _continues(flow, place, last_item))):
            rank += 0.5
        _close(opened, rank, number)
        opened.append(_Open(rank, number))
        found[place] = len(opened)
    return found


def _is_inside(opened: Sequence[_Open], rank: float, number: tuple[str, ...], continues: bool) -> bool:
    """A heading stands below another of its look: its items go on with its numbers, or it has none in 5.2."""
    numbered = next((o for o in reversed(opened) if o.number), None)
    in_numbered = not number and numbered is not None and len(numbered.number) > 1 and numbered.rank == rank
    return (continues and opened[-1].rank == rank + 0.5) or in_numbered


def _close(opened: list[_Open], rank: float, number: tuple[str, ...]) -> None:
    """Take off the headings that a new one of this rank and number ends."""
    over = [n for n, o in enumerate(opened) if o.number and o.number == number[: len(o.number)] and o.number != number]
    if number and len(number) > 1 and over:
        del opened[over[-1] + 1 :]
        return
    beside = [
        n for n, o in enumerate(opened) if number and len(o.number) == len(number) and o.number[:-1] == number[:-1]
    ]
    if beside:
        del opened[beside[0] :]
    while opened and opened[-1].rank >= rank:
        opened.pop()


def section_number(text: str) -> tuple[str, ...]:
    """The parts of the number before a heading: 3.5.2 is ('3', '5', '2'); Annex A is ('A',)."""
    match = SECTION_NUMBER.match(f"{text} ")
    if not match:
        return ()
    return (match.group(1).upper(), *(match.group(2).split(".") if match.group(2) else ()))


def _runs(flow: Sequence[Piece | Row]) -> dict[int, bool]:
    """Headings that stand directly below another one of the same look, two in a row: the second is inside the first."""
    nested: dict[int, bool] = {}
    run: list[int] = []
    for place, piece in enumerate([*flow, None]):
        heading = isinstance(piece, Piece) and piece.shape is Shape.HEADING
        before = flow[run[-1]] if run else None
        if heading and isinstance(before, Piece) and isinstance(piece, Piece) and _look(before) == _look(piece):
            run.append(place)
            continue
        if len(run) == 2 and not any(section_number(p.text) for n in run if isinstance(p := flow[n], Piece)):
            nested[run[1]] = True
        run = [place] if heading else []
    return nested


def _continues(flow: Sequence[Piece | Row], place: int, last: int) -> bool:
    """The numbering of the items above goes on below this heading: it stands beside the heading of those items."""
    below = flow[place + 1] if place + 1 < len(flow) else None
    return below is not None and 0 < last < _item_number(below)


def _item_number(piece: Piece | Row) -> int:
    match = ITEM_NUMBER.match(piece.text) if isinstance(piece, Piece) and piece.shape is Shape.ITEM else None
    return int(match.group(1)) if match else 0


def _look(piece: Piece) -> Look:
    return (round(piece.size), piece.text.isupper(), piece.style[0], not piece.style[1])


def _ranks(flow: Sequence[Piece | Row], outline: Sequence[Bookmark]) -> dict[Look, int]:
    """The looks of headings by prominence, from 1; among those that the outline names, its depths decide."""
    headings = [p for p in flow if isinstance(p, Piece) and p.shape is Shape.HEADING]
    order = sorted({_look(p) for p in headings}, reverse=True)
    depth_of = {(letters_of(entry.title), entry.page): entry.depth for entry in outline}
    depths: dict[Look, list[int]] = defaultdict(list)
    for piece in headings:
        if depth := depth_of.get((letters_of(piece.text), piece.page)):
            depths[_look(piece)].append(depth)
    named = [look for look in order if depths[look]]
    by_depth = iter(sorted(named, key=lambda look: statistics.median(depths[look])))
    order = [next(by_depth) if depths[look] else look for look in order]
    return {look: rank for rank, look in enumerate(order, start=1)}


def _ranks_by_label(flow: Sequence[Piece | Row], ranks: dict[Look, int]) -> dict[str, int]:
    """Headings with one label ("Lesson 1:", "Lesson 2:") stand on one level: that of most of them."""
    found: dict[str, list[int]] = defaultdict(list)
    for piece in flow:
        if isinstance(piece, Piece) and piece.shape is Shape.HEADING and (label := _label(piece.text)):
            found[label].append(ranks[_look(piece)])
    return {label: statistics.mode(each) for label, each in found.items() if len(each) >= LABELLED}


def letters_of(text: str) -> str:
    """The letters and digits alone, in lower case: what two printings of one heading have in common."""
    return "".join(c for c in text.lower() if c.isalnum())
