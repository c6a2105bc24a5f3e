"""The later pages of a long PDF, read by a second process while the first reads the earlier ones."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterable
from typing import Any

from assistant.reading.ocr import die_with_parent
from assistant.reading.sheets import Glyphs, Rule, Sheet

WORTH_IT = 40  # pages; below, starting a process costs more than it saves
PATIENCE = 2.0  # times the seconds that our own half took; a second process that needs longer is not waited for

PageRead = Sheet | tuple[int, str]
"""A page, or its number and why it cannot be read."""


class SecondReader:
    """A copy of this process that reads pages and leaves them in a file. It must open the PDF itself."""

    def __init__(self, read: Callable[[], Iterable[PageRead]]) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 - closed when it was read
        self._start = time.monotonic()
        self._number = os.fork()
        if self._number == 0:
            self._work(read)

    def _work(self, read: Callable[[], Iterable[PageRead]]) -> None:
        """Runs in the copy, and never returns: what the first process holds must not be closed by two."""
        status = 1
        try:
            die_with_parent()
            for page in read():
                self._file.write(json.dumps(_packed(page) if isinstance(page, Sheet) else page) + "\n")
            self._file.flush()
            status = 0
        finally:
            os._exit(status)

    def pages(self, beat: Callable[[], None]) -> list[PageRead]:
        """What it read; empty where it failed or takes too long, so that its pages are read here after all.

        beat is called again and again while it is waited for.
        """
        end = time.monotonic() + 1 + PATIENCE * (time.monotonic() - self._start)
        status = None
        while status is None and time.monotonic() < end:
            number, code = os.waitpid(self._number, os.WNOHANG)
            status = code if number else None
            if status is None:
                beat()
                time.sleep(0.01)
        if status is None:
            os.kill(self._number, signal.SIGKILL)
            os.waitpid(self._number, 0)
        with self._file as file:
            file.seek(0)
            return [_unpacked(json.loads(line)) for line in file] if status == 0 else []


def _packed(sheet: Sheet) -> list[Any]:
    return [
        sheet.number,
        sheet.label,
        sheet.width,
        sheet.height,
        sheet.text,
        [(g.text, g.x0, g.top, g.x1, g.bottom, g.bold, g.italic, g.broken, g.mark) for g in sheet.glyphs],
        [(rule.x0, rule.top, rule.x1, rule.bottom) for rule in sheet.rules],
        [(dot.x0, dot.top, dot.x1, dot.bottom) for dot in sheet.dots],
        sheet.images,
        sheet.ocr,
        sheet.turn,
        [_packed(aside) for aside in sheet.asides],
        sheet.notes,
        sheet.drawn,
    ]


def _unpacked(data: list[Any]) -> PageRead:
    if len(data) == 2:
        return int(data[0]), str(data[1])
    number, label, width, height, text, glyphs, rules, dots, images, ocr, turn, asides, notes, drawn = data
    return Sheet(
        number,
        label,
        width,
        height,
        text,
        tuple(Glyphs(*each) for each in glyphs),
        tuple(Rule(*each) for each in rules),
        tuple(Rule(*each) for each in dots),
        images,
        ocr,
        turn,
        tuple(aside for aside in map(_unpacked, asides) if isinstance(aside, Sheet)),
        tuple(notes),
        drawn,
    )
