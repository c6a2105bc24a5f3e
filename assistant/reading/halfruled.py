"""Tables drawn with lines in one direction only: the lines that are missing to a grid, from where the words stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assistant.reading.pdf import Glyphs, Rule

NEAR = 4.0  # points; lines whose ends are nearer than this end together
LONG = 60.0  # points; a shorter line lies under a word or two
GAP = 7.0  # points; white space this wide over all rows parts columns
TALL = 200.0  # points; a row is not taller
FAR = 120.0  # points; words farther from the table than this are not its outer column
FEWEST_LINES = 4
FEWEST_BANDS = 2


def missing_rules(rules: Sequence[Rule], words: Sequence[Glyphs]) -> list[Rule]:
    """The lines to add so that tables with lying or standing lines alone are grids."""
    flat = [r for r in rules if r.flat]
    standing = [r for r in rules if not r.flat]
    lone_flat = [r for r in flat if not any(_meet(r, other) for other in standing)]
    lone_standing = [r for r in standing if not any(_meet(r, other) for other in flat)]
    return _standing_for(lone_flat, words) + _lying_for(lone_standing, words)


def _meet(a: Rule, b: Rule) -> bool:
    across = a.x0 - NEAR <= b.x1 and b.x0 - NEAR <= a.x1
    return across and a.top - NEAR <= b.bottom and b.top - NEAR <= a.bottom


# --- lines between the rows only --------------------------------------------------------------------------------------


def _standing_for(flat: Sequence[Rule], words: Sequence[Glyphs]) -> list[Rule]:
    added = []
    for group in _stacks(_merged(flat)):
        left, right = min(r.x0 for r in group), max(r.x1 for r in group)
        top, bottom = group[0].top, group[-1].bottom
        inside = [w for w in words if top < _middle(w) < bottom and left - NEAR < w.x0 and w.x1 < right + NEAR]
        gaps = _gaps(inside, left, right)
        if gaps:
            added += [Rule(x, top, x, bottom) for x in (left, *gaps, right)]
    return added


def _merged(flat: Sequence[Rule]) -> list[Rule]:
    """Lying lines, the pieces of one line put together, from top to bottom."""
    merged: list[Rule] = []
    for rule in sorted(flat, key=lambda r: (round(r.top), r.x0)):
        last = merged[-1] if merged else None
        if last and abs(last.top - rule.top) < NEAR / 2 and rule.x0 - last.x1 < NEAR:
            merged[-1] = Rule(last.x0, last.top, max(last.x1, rule.x1), last.bottom)
        else:
            merged.append(rule)
    return [r for r in merged if r.x1 - r.x0 > LONG]


def _stacks(flat: Sequence[Rule]) -> list[list[Rule]]:
    """Lines that end at the same right edge, one below the other, none too far from the next."""
    stacks: list[list[Rule]] = []
    for rule in flat:
        stack = next((s for s in stacks if abs(s[-1].x1 - rule.x1) < NEAR and rule.top - s[-1].top < TALL), None)
        if stack is None:
            stacks.append([rule])
        else:
            stack.append(rule)
    return [s for s in stacks if len(s) >= FEWEST_LINES]


def _gaps(words: Sequence[Glyphs], left: float, right: float) -> list[float]:
    """The middles of the white columns between words."""
    reach = left
    gaps = []
    for word in sorted(words, key=lambda w: w.x0):
        if word.x0 - reach >= GAP and reach > left:
            gaps.append((reach + word.x0) / 2)
        reach = max(reach, word.x1)
    return [gap for gap in gaps if gap < right]


# --- lines between the columns only -----------------------------------------------------------------------------------


def _lying_for(standing: Sequence[Rule], words: Sequence[Glyphs]) -> list[Rule]:
    added = []
    for chain in _chains(standing):
        xs = [r.x0 for r in chain[0]]
        top, bottom = chain[0][0].top, chain[-1][0].bottom
        beside = [w for w in words if top < _middle(w) < bottom]
        left = _outer([(xs[0] - w.x1, xs[0] - w.x0) for w in beside if w.x1 <= xs[0] + 1])
        right = _outer([(w.x0 - xs[-1], w.x1 - xs[-1]) for w in beside if w.x0 >= xs[-1] - 1])
        x0, x1 = xs[0] - left - 2 * (left > 0), xs[-1] + right + 2 * (right > 0)
        if left and (right or len(xs) > 1):
            added += [Rule(x0, y, x1, y) for y in (*(band[0].top for band in chain), bottom)]
            added += [Rule(x, top, x, bottom) for x in (x0, x1)]
    return added


def _chains(standing: Sequence[Rule]) -> list[list[list[Rule]]]:
    """Bands of standing lines of one height, each directly below the one before and with the same columns."""
    bands: dict[tuple[int, int], list[Rule]] = defaultdict(list)
    for rule in sorted(standing, key=lambda r: (r.top, r.x0)):
        place = next((b for b in bands if abs(b[0] - rule.top) < NEAR and abs(b[1] - rule.bottom) < NEAR), None)
        bands[place or (round(rule.top), round(rule.bottom))].append(rule)
    chains: list[list[list[Rule]]] = []
    for band in bands.values():
        band.sort(key=lambda r: r.x0)
        chain = next((c for c in chains if _follows(c[-1], band)), None)
        if chain is None:
            chains.append([band])
        else:
            chain.append(band)
    return [c for c in chains if len(c) >= FEWEST_BANDS]


def _follows(above: Sequence[Rule], below: Sequence[Rule]) -> bool:
    near = abs(below[0].top - above[0].bottom) < NEAR
    return near and len(above) == len(below) and all(abs(a.x0 - b.x0) < NEAR for a, b in zip(above, below, strict=True))


def _outer(spans: Sequence[tuple[float, float]]) -> float:
    """How far an outer column reaches, from (near, far) distances of its words to the outermost line."""
    reach = 0.0
    for near, far in sorted(spans):
        if near - reach > FAR:
            break
        reach = max(reach, far)
    return reach


def _middle(word: Glyphs) -> float:
    return (word.top + word.bottom) / 2
