"""The words of a PDF with their places, and its properties. PDFium gives the words, pypdf the structure.

Each library is the other's fallback: a file that PDFium cannot open is put right first, a page that it cannot read is
read by pypdf, without positions. Runs in a child process only (child.py), because PDFium can abort who calls it.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from assistant.errors import DocumentRefused
from assistant.reading.characters import MOST_CHARACTERS, MOST_WORDS, Placer, words_of_page
from assistant.reading.drawings import drawings_of
from assistant.reading.repair import repaired
from assistant.reading.sheets import Glyphs, Rule, Sheet, upright
from assistant.reading.visibility import visible_words

__all__ = ["Glyphs", "Opened", "Rule", "Sheet"]

READABLE = 0.6  # share of a page's characters that are letters, digits or common signs; below, the text is garbage
ENOUGH = 20  # characters; fewer are too few to call a page's text garbage
IGNORED = frozenset("\x00\x02\t\r\n ")
HEAD = 64 * 1024  # bytes in which a PDF must say that it is one


class Opened:
    """An open PDF. Raises DocumentRefused when neither library can open it."""

    def __init__(self, path: Path, password: str = "") -> None:
        _check_head(path)
        self.path = path
        self.password = password
        self.recovered = False
        self.document = self._document()
        self.pages = len(self.document)
        self.properties = self._properties()

    def _document(self) -> pdfium.PdfDocument:
        try:
            return pdfium.PdfDocument(self.path, password=self.password or None)
        except pdfium.PdfiumError as error:
            if "assword" in str(error):
                raise DocumentRefused("encrypted", _locked(self.path.name, bool(self.password))) from None
        for data in repaired(self.path):
            try:
                document = pdfium.PdfDocument(data, password=self.password or None)
            except pdfium.PdfiumError:
                continue
            if len(document):
                self.recovered = True
                return document
        if self._is_empty:
            raise DocumentRefused("no pages", "The PDF holds no pages.")
        raise DocumentRefused(
            "damaged",
            "The PDF is damaged and no page of it can be recovered. Ask for the file again, or print it anew.",
        )

    def _properties(self) -> dict[str, str]:
        found = self.document.get_metadata_dict(skip_empty=True)
        return {key: str(value).strip() for key, value in found.items() if str(value).strip()}

    def sheets(self, first: int, last: int) -> Iterator[Sheet | tuple[int, str]]:
        """Pages first to last (from 1, both included); a page that cannot be read is (number, reason)."""
        for number in range(first, min(last, self.pages) + 1):
            yield self.sheet(number)

    def sheet(self, number: int) -> Sheet | tuple[int, str]:
        """A page by its number from 1, or its number and why it cannot be read."""
        try:
            sheet = self._sheet(number)
        except (pdfium.PdfiumError, ValueError, OverflowError) as error:
            text = self._text_by_pypdf(number)
            return _unplaced(number, text) if text else (number, f"the page cannot be read ({str(error).rstrip('.')})")
        if sheet.notes or readable(sheet.text) or not (sheet.text.strip() or sheet.drawn):
            return sheet
        other = self._text_by_pypdf(number) if sheet.text.strip() else ""
        return _unplaced(number, other, sheet) if other else sheet

    def picture(self, number: int, scale: float, grey: bool = False) -> Any:
        """A page as PIL picture with that many picture points per point."""
        page = self.document[number - 1]
        try:
            return page.render(scale=scale, grayscale=grey).to_pil()
        finally:
            page.close()

    def _sheet(self, number: int) -> Sheet:
        page = self.document[number - 1]
        try:
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                raise ValueError("the page has no size")
            place = Placer(page, width, height)
            drawings = drawings_of(page, width, height, place, lambda: self._layered)
            textpage = page.get_textpage()
            try:
                text = textpage.get_text_range() if textpage.count_chars() > 0 else ""
                doubts = {key: why for key, (_, why) in drawings.doubts.items()}
                words = list(words_of_page(textpage, place, doubts))
            finally:
                textpage.close()
            notes = _too_much(len(words), len(text))
            words = words[:MOST_WORDS]
            seen, layer, hidden = visible_words(page, words, drawings, width, height)
        finally:
            page.close()
        label = self.document.get_page_label(number - 1) or str(number)
        sheet = Sheet(
            number,
            label,
            width,
            height,
            text,
            (),
            tuple(drawings.rules),
            tuple(drawings.dots),
            drawings.images,
            ocr=layer,
            notes=notes + hidden,
            drawn=drawings.objects > drawings.texts or bool(words),
        )
        return upright(sheet, [(word.glyphs, word.turn) for word in seen])

    @cached_property
    def _layered(self) -> bool:
        """The file has layers (optional content) that may be switched off."""
        try:
            return self._reader is not None and "/OCProperties" in self._reader.trailer["/Root"]
        except Exception:  # a damaged file can raise nearly anything
            return True

    @property
    def _is_empty(self) -> bool:
        """The file is sound and has no pages; PDFium does not tell that from damage."""
        try:
            return self._reader is not None and not len(self._reader.pages)
        except Exception:  # a damaged file can raise nearly anything
            return False

    @cached_property
    def _reader(self) -> Any:
        from pypdf import PdfReader

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        try:
            return PdfReader(self.path, strict=False, password=self.password or None)
        except Exception:  # a damaged file can raise nearly anything; PDFium stands alone then
            return None

    def _text_by_pypdf(self, number: int) -> str:
        """The text that pypdf finds on a page, '' where it is none or no better than garbage."""
        try:
            text = str(self._reader.pages[number - 1].extract_text())[:MOST_CHARACTERS]
        except Exception:  # a damaged page can raise nearly anything; it is then reported as unreadable
            return ""
        return text if readable(text) else ""


def readable(text: str) -> bool:
    """There is text, and it is made of what people write: most of it letters, digits and common signs.

    Too little text to judge by is taken for readable.
    """
    counted = len(text) - sum(map(text.count, IGNORED))
    if counted < ENOUGH or sum(map(str.isalnum, text)) >= READABLE * counted:
        return counted > 0
    kinds = [unicodedata.category(character) for character in text if character not in IGNORED]
    good = sum(kind[0] in "LMNP" or kind in ("Sc", "Sm", "Cf") for kind in kinds) - text.count("\ufffd")
    return good >= READABLE * counted


def _check_head(path: Path) -> None:
    if not path.is_file():
        raise DocumentRefused("not a file", "Something other than a file has this name.")
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise DocumentRefused("empty", "The file is empty (0 bytes).")
    if b"%PDF-" not in head:
        raise DocumentRefused("not a PDF", "The file is not a PDF, whatever its name says.")


def _locked(name: str, tried: bool) -> str:
    """What to do about a password, for people."""
    if tried:
        return f"The password that assistant.toml gives for {name} does not open it. Correct it there and index again."
    return (
        "The PDF is protected by a password. Write it into assistant.toml, below a line [passwords], as "
        f'"{name}" = "the password" and index again; or put a copy without a password into the corpus.'
    )


def _too_much(words: int, characters: int) -> tuple[str, ...]:
    if words <= MOST_WORDS and characters <= MOST_CHARACTERS:
        return ()
    return (f"the page holds more than {MOST_WORDS:,} words or {MOST_CHARACTERS:,} characters; the rest was left out",)


def _unplaced(number: int, text: str, sheet: Sheet | None = None) -> Sheet:
    """A page whose words have no known places: they are laid in lines over a page of letter size."""
    glyphs = []
    for row, line in enumerate(text.splitlines()):
        top = 40 + 12.0 * row
        x = 40.0
        for word in line.split():
            glyphs.append(Glyphs(word, x, top, x + 5 * len(word), top + 10, False, False))
            x += 5 * len(word) + 3
    width = max([612.0, *(glyph.x1 + 40 for glyph in glyphs)])
    height = max(792.0, 80 + 12.0 * text.count("\n"))
    notes = ("the page is damaged: its text was recovered without its places, so quotes cannot be highlighted",)
    label = sheet.label if sheet else str(number)
    return Sheet(number, label, width, height, text, tuple(glyphs[:MOST_WORDS]), (), (), False, notes=notes)
