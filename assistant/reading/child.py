"""What the child process does with a PDF: read it page by page within its limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assistant.errors import DocumentRefused
from assistant.reading import ocr
from assistant.reading.layout import blocks_of
from assistant.reading.outline import Bookmark, outline_of
from assistant.reading.pdf import Opened, readable
from assistant.reading.sharing import WORTH_IT, PageRead, SecondReader
from assistant.reading.sheets import Sheet, as_shown, upright
from assistant.records import Block, Page, Shape, Word

STAMP = 8  # words; a page that is one picture with so few words on it is a scan with a stamp or a page number
STAMPED = 0.8  # share of the page that the picture of such a scan fills
OCR_THREADS = 2

Tell = Callable[[str, int], None]
"""Called with what is done next and a number: a page ("page"), the pages to recognise ("ocr"), 0 ("wait", "layout")."""


def read(task: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """The pages, blocks and warnings of a PDF as JSON. Raises DocumentRefused when nothing of it can be read.

    task holds path, password, pages and characters (the most to be read), skip (page numbers), seconds (after which
    no other page is begun), ocr_seconds (for a page) and share (a second process may help).
    """
    opened = _opened(task)
    sheets, warnings = _sheets(opened, task, tell)
    scans = [sheet for sheet in sheets if _is_scan(sheet)]
    sheets, more = _with_scans_read(opened, sheets, scans, task, tell)
    warnings += more
    warnings += [(sheet.number, note) for sheet in sheets for note in sheet.notes]
    warnings += [(s.number, "the page holds no text") for s in sheets if not _has_words(s) and s not in scans]
    if not any(_has_words(sheet) for sheet in sheets):
        raise _nothing(opened, bool(scans), [why for _, why in sorted(warnings)])
    if opened.recovered:
        read_pages = sum(map(_has_words, sheets))
        warnings.append((0, f"the file is damaged; {read_pages} of {opened.pages} pages recovered"))
    tell("layout", 0)
    laid = blocks(sheets, outline_of(opened.document))
    if not laid:
        raise DocumentRefused("no text", "The pages hold page numbers and single letters, and no other text.")
    return {
        "pages": [asdict(Page(s.number, s.label, *s.shown, s.text, s.ocr)) for s in sheets],
        "blocks": [_as_json(block) for block in laid],
        "properties": opened.properties,
        "warnings": sorted(warnings),
    }


def check(task: dict[str, Any], tell: Tell) -> int:
    """How many pages a PDF has that can be read, as far as its first pages tell. Raises DocumentRefused as read() does.

    task is that of read() and first, how many pages to look at; a PDF of no more than these is read as a whole.
    """
    opened = _opened(task)
    if opened.pages <= task["first"]:
        read(task, tell)
    else:
        numbers = [number for number in range(1, task["first"] + 1) if str(number) not in task["skip"]]
        for _ in _pages_here(opened, numbers, time.monotonic() + task["seconds"], tell):
            pass
    return opened.pages


def _opened(task: dict[str, Any]) -> Opened:
    opened = Opened(Path(task["path"]), task["password"])
    if opened.pages > task["pages"]:
        raise DocumentRefused(
            "too large", f"The PDF has {opened.pages:,} pages; at most {task['pages']:,} are read (setting read_pages)."
        )
    return opened


def _sheets(opened: Opened, task: dict[str, Any], tell: Tell) -> tuple[list[Sheet], list[tuple[int, str]]]:
    sheets: list[Sheet] = []
    warnings: list[tuple[int, str]] = [(int(page), why) for page, why in task["skip"].items()]
    total = 0
    for page in _pages(opened, task, tell):
        if not isinstance(page, Sheet):
            warnings.append(page)
            continue
        total += len(page.text)
        if total > task["characters"]:
            raise DocumentRefused(
                "too large", f"The PDF holds more than {task['characters']:,} characters (setting read_characters)."
            )
        sheets.append(page)
    return sheets, warnings


def _pages(opened: Opened, task: dict[str, Any], tell: Tell) -> Iterator[PageRead]:
    """The pages in order, less those to skip; the later half of a long file is read by a second process meanwhile."""
    numbers = [number for number in range(1, opened.pages + 1) if str(number) not in task["skip"]]
    end = time.monotonic() + task["seconds"]
    half = len(numbers) // 2
    # After a page has failed, one process tells plainly which page fails next.
    if len(numbers) < WORTH_IT or task["skip"] or not task["share"]:
        yield from _pages_here(opened, numbers, end, tell)
        return

    def later() -> Iterator[PageRead]:
        again = Opened(opened.path, opened.password)
        return _pages_here(again, numbers[half:], end, lambda stage, number: None)

    second = SecondReader(later)
    yield from _pages_here(opened, numbers[:half], end, tell)
    yield from second.pages(lambda: tell("wait", 0)) or _pages_here(opened, numbers[half:], end, tell)


def _pages_here(opened: Opened, numbers: Sequence[int], end: float, tell: Tell) -> Iterator[PageRead]:
    for number in numbers:
        if time.monotonic() > end:
            told = f"the time for reading the file was over; pages {number} to {numbers[-1]} were not read"
            yield number, f"{told} (setting read_seconds)"
            return
        tell("page", number)
        yield opened.sheet(number)


def _has_words(sheet: Sheet) -> bool:
    return bool(sheet.glyphs or any(aside.glyphs for aside in sheet.asides))


def _is_scan(sheet: Sheet) -> bool:
    """What is on the page are pictures, or letters that make no sense."""
    if not _has_words(sheet):
        return sheet.drawn and not sheet.notes
    if sheet.images and not sheet.ocr and len(sheet.glyphs) <= STAMP:
        return True
    return not readable(sheet.text)


def _with_scans_read(
    opened: Opened, sheets: Sequence[Sheet], scans: Sequence[Sheet], task: dict[str, Any], tell: Tell
) -> tuple[list[Sheet], list[tuple[int, str]]]:
    """The sheets with the words that were recognised on the scanned ones, and warnings of those that were not."""
    if not scans:
        return list(sheets), []
    if not ocr.languages():
        return list(sheets), [(scan.number, ocr.NOT_READ) for scan in scans]
    tell("ocr", len(scans))
    found: dict[int, Sheet] = {}
    warnings: list[tuple[int, str]] = []
    for scan, words in _recognised(opened, scans, task["ocr_seconds"], tell):
        if words is None:
            warnings.append((scan.number, "the page is a scan and could not be read in time"))
        elif len(words.glyphs) > 2 * len(scan.glyphs):
            if words.unsure > ocr.WORTH_A_WARNING:
                share = round(100 * words.unsure)
                warnings.append((scan.number, f"the scan is hard to read: {share} % of its words were left out"))
            found[scan.number] = _read_sheet(scan, words)
    return [found.get(sheet.number, sheet) for sheet in sheets], warnings


def _recognised(
    opened: Opened, scans: Iterable[Sheet], seconds: float, tell: Tell
) -> Iterable[tuple[Sheet, ocr.Recognised | None]]:
    """Pages are drawn one by one, as PDFium wants it, and recognised a few at a time."""

    def attempt(drawn: Any, scale: float) -> ocr.Recognised | None:
        return ocr.recognised(drawn, scale, 3 * seconds)

    running: list[tuple[Sheet, Future[ocr.Recognised | None]]] = []
    with ThreadPoolExecutor(OCR_THREADS) as pool:
        for scan in scans:
            tell("page", scan.number)
            scale = ocr.scale_for(*scan.shown)
            running.append((scan, pool.submit(attempt, opened.picture(scan.number, scale, grey=True), scale)))
            if len(running) > OCR_THREADS:
                sheet, future = running.pop(0)
                yield sheet, future.result()
        for sheet, future in running:
            yield sheet, future.result()


def _read_sheet(scan: Sheet, words: ocr.Recognised) -> Sheet:
    width, height = scan.shown
    bare = replace(scan, width=width, height=height, turn=0, asides=(), rules=(), dots=(), text=words.text, ocr=True)
    return upright(bare, [(glyphs, 0) for glyphs in words.glyphs])


def _nothing(opened: Opened, scanned: bool, warnings: Sequence[str]) -> DocumentRefused:
    """Why a document in which no word was found is refused."""
    if scanned and not ocr.languages():
        return DocumentRefused(
            "scanned",
            f"The pages are pictures without a text layer. To have them read, {ocr.INSTALL}, then index again.",
        )
    if scanned:
        return DocumentRefused("no text", "The pages are pictures, and no words could be recognised on them.")
    if warnings and not warnings[0].startswith("the page holds no text"):
        return DocumentRefused("damaged" if opened.recovered else "no text", f"Nothing can be read: {warnings[0]}.")
    return DocumentRefused("no text", "No page of the PDF holds any text.")


def blocks(sheets: Sequence[Sheet], outline: Sequence[Bookmark] = ()) -> list[Block]:
    """All blocks of a document, with places on the pages as they are shown."""
    laid = _as_shown(blocks_of(sheets, outline), sheets)
    for turn in range(4):
        asides = [aside for sheet in sheets for aside in sheet.asides if aside.turn == turn]
        for block in _as_shown(blocks_of(asides), asides) if asides else []:
            # Text at the edge of a page or along a chart's axis is no heading of what follows.
            shape = Shape.PARAGRAPH if block.shape is Shape.HEADING else block.shape
            after = (n for n, other in enumerate(laid) if other.words[0].page > block.words[0].page)
            laid.insert(next(after, len(laid)), replace(block, shape=shape, level=0))
    return laid


def _as_shown(laid: Iterable[Block], sheets: Iterable[Sheet]) -> list[Block]:
    """The blocks with their words where they are on the pages as shown, those of recognised pages named as such."""
    turned = {sheet.number: sheet for sheet in sheets if sheet.turn or sheet.ocr}
    return [_placed(block, turned) for block in laid] if turned else list(laid)


def _placed(block: Block, turned: Mapping[int, Sheet]) -> Block:
    words = []
    for word in block.words:
        sheet = turned.get(word.page)
        if sheet and sheet.turn:
            box = as_shown((word.x0, word.top, word.x1, word.bottom), sheet.turn, *sheet.shown)
            x0, top, x1, bottom = (round(edge, 2) for edge in box)
            word = Word(word.text, word.page, x0, top, x1, bottom, word.joined)
        words.append(word)
    recognised = any(turned[word.page].ocr for word in words if word.page in turned)
    return replace(block, words=tuple(words), ocr=recognised)


def _as_json(block: Block) -> dict[str, Any]:
    words = [(w.text, w.page, w.x0, w.top, w.x1, w.bottom, w.joined) for w in block.words]
    return {
        "shape": block.shape.value,
        "words": words,
        "level": block.level,
        "cells": block.cells,
        "headers": block.headers,
        "ocr": block.ocr,
        "marks": block.marks,
    }
