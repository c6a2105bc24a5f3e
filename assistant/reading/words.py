"""Printed words as a reader reads them: clean letters, words broken at a line's end whole again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from assistant.reading.pdf import Glyphs
from assistant.records import Word


def vocabulary_of(runs: Iterable[Sequence[Glyphs]]) -> frozenset[str]:
    """Every unbroken word of a document, to judge broken ones by; their second halves are no words either."""
    words: set[str] = set()
    for run in runs:
        whole = [g for before, g in zip([None, *run], run, strict=False) if not (before and before.broken)]
        words.update(g.text.lower().strip(".,;:()“”\"'") for g in whole if not g.broken and not g.mark)
    return frozenset(words)


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
    if text.isascii() and text.isprintable():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
