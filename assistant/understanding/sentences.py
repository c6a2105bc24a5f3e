"""Sentences: where one ends and the next begins."""

from __future__ import annotations

import re

# A full stop behind these is no end, whatever follows.
ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "no",
        "nos",
        "vol",
        "fig",
        "figs",
        "art",
        "arts",
        "sec",
        "eq",
        "approx",
        "dept",
        "est",
        "inc",
        "ltd",
        "co",
        "corp",
        "jr",
        "sr",
        "vs",
        "cf",
        "al",
        "ed",
        "eds",
        "pp",
        "p",
        "e.g",
        "i.e",
        "u.s",
        "u.k",
        "u.n",
        "ph.d",
        "a.m",
        "p.m",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "núm",
        "pág",
        "sra",
        "lic",
    ]
)
END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[\"'“‘(\[¿¡]*[A-ZÀ-ÞÑ0-9•])")
LONGEST = 90  # words; a longer one (a run of clauses) is cut at its semicolons


def split(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of a text, in characters, the white space between them left out."""
    spans = []
    start = 0
    for match in END.finditer(text):
        if _is_abbreviation(text[start : match.start()], match.group()):
            continue
        spans.append((start, match.start() + len(match.group().rstrip())))
        start = match.end()
    if text[start:].strip():
        spans.append((start, start + len(text[start:].rstrip())))
    return [piece for span in spans for piece in _at_semicolons(text, *span)]


def _is_abbreviation(before: str, stop: str) -> bool:
    if stop.strip() != ".":
        return False
    word = before.split()[-1].lstrip("(“\"'") if before.split() else ""
    if word.lower() in ABBREVIATIONS or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return True
    if len(word) == 1 and word.isupper():
        return True
    # "1. Organize": the number of a list item belongs to what follows it.
    return not before[: -len(word)].strip() and bool(re.fullmatch(r"\(?(\d{1,3}|[a-z])", word)) if word else False


def _at_semicolons(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if len(text[start:end].split()) <= LONGEST:
        return [(start, end)]
    pieces = []
    for match in re.finditer(r";\s+", text[start:end]):
        cut = start + match.start() + 1
        if len(text[start:cut].split()) >= LONGEST // 3:
            pieces.append((start, cut))
            start = cut + len(match.group()) - 1
    return [*pieces, (start, end)] if start < end else pieces
