"""Runs the reading of a PDF in a child process with limits, so that a bad file costs itself and nothing else.

The child gets a task by name and plain arguments as JSON and answers with JSON in a file; nothing is unpickled.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import DocumentRefused
from assistant.records import Block, Page, Reading, Shape, Word

READER_VERSION = "3"
"""Counted up whenever reading or understanding would give other passages: finished records are then made anew."""


TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost before it is given up."""

    seconds: int = 120
    megabytes: int = 1500
    pages: int = 5000
    characters: int = 20_000_000


def read(path: Path, limits: Limits) -> Reading:
    """The pages and blocks of a PDF. Raises DocumentRefused with a reason a person understands."""
    return _reading(_in_child("read", [str(path), limits.pages, limits.characters], limits, path))


def picture(path: Path, page: int, width: int, limits: Limits) -> bytes:
    """A page as PNG, width pixels wide. Raises DocumentRefused when it cannot be drawn within the limits."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page.png"
        _in_child("picture", [str(path), page, width, str(target)], limits, path)
        return target.read_bytes()


def _in_child(task: str, arguments: Sequence[Any], limits: Limits, path: Path) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, "-m", "assistant.reading.sandbox", task, str(result), json.dumps(arguments)]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=limits.seconds,
                env={**os.environ, "ASSISTANT_CHILD_MEGABYTES": str(limits.megabytes)},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DocumentRefused(TIMED_OUT, f"Reading took longer than {limits.seconds} seconds.") from None
        if done.returncode or not result.is_file():
            if b"MemoryError" in done.stderr or b"bad_alloc" in done.stderr:
                raise DocumentRefused("too large", f"Reading needs more than {limits.megabytes} MB of memory.")
            raise DocumentRefused("damaged", f"The PDF library gave up on {path.name}; the file is likely damaged.")
        answer = json.loads(result.read_text("utf-8"))
    if "refused" in answer:
        raise DocumentRefused(answer["refused"], answer["detail"])
    return answer["result"]


def _reading(data: dict[str, Any]) -> Reading:
    return Reading(
        pages=tuple(Page(**page) for page in data["pages"]),
        blocks=tuple(
            Block(
                Shape(block["shape"]),
                tuple(Word(*word) for word in block["words"]),
                block["level"],
                tuple(block["cells"]),
                tuple(block["headers"]),
                block["ocr"],
            )
            for block in data["blocks"]
        ),
        properties=data["properties"],
        warnings=tuple((page, reason) for page, reason in data["warnings"]),
    )


def _task_read(path: str, pages: int, characters: int) -> dict[str, Any]:
    from assistant.reading.layout import blocks_of
    from assistant.reading.pdf import Opened, Sheet

    opened = Opened(Path(path))
    if opened.pages > pages:
        raise DocumentRefused("too large", f"The PDF has {opened.pages:,} pages; at most {pages:,} are read.")
    sheets: list[Sheet] = []
    warnings: list[tuple[int, str]] = []
    total = 0
    for sheet in opened.sheets(1, opened.pages):
        if not isinstance(sheet, Sheet):
            warnings.append(sheet)
            continue
        total += len(sheet.text)
        if total > characters:
            raise DocumentRefused("too large", f"The PDF holds more than {characters:,} characters of text.")
        if not sheet.glyphs:
            what = "only a picture, no text: it seems to be a scan" if sheet.images else "no text"
            warnings.append((sheet.number, f"the page holds {what}"))
        sheets.append(sheet)
    if not any(sheet.glyphs for sheet in sheets):
        if any(sheet.images for sheet in sheets):
            raise DocumentRefused("scanned", "The pages are pictures without a text layer.")
        raise DocumentRefused("no text", "No page of the PDF holds any text.")
    return {
        "pages": [asdict(Page(s.number, s.label, s.width, s.height, s.text)) for s in sheets],
        "blocks": [_block(block) for block in blocks_of(sheets)],
        "properties": opened.properties,
        "warnings": warnings,
    }


def _block(block: Block) -> dict[str, Any]:
    words = [(w.text, w.page, w.x0, w.top, w.x1, w.bottom, w.joined) for w in block.words]
    return {
        "shape": block.shape.value,
        "words": words,
        "level": block.level,
        "cells": block.cells,
        "headers": block.headers,
        "ocr": block.ocr,
    }


def _task_picture(path: str, page: int, width: int, target: str) -> None:
    from assistant.reading.pdf import Opened

    opened = Opened(Path(path))
    shown = opened.document[page - 1]
    scale = width / max(1.0, shown.get_width())
    if scale * shown.get_height() > 8 * width:
        raise DocumentRefused("too large", "The page is too tall to be drawn.")
    shown.render(scale=scale).to_pil().save(target, "PNG")


TASKS: dict[str, Callable[..., Any]] = {"read": _task_read, "picture": _task_picture}


def _limit_memory(megabytes: int) -> None:
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _child(task: str, result: str, arguments: str) -> None:
    _limit_memory(int(os.environ["ASSISTANT_CHILD_MEGABYTES"]))
    answer: dict[str, Any]
    try:
        answer = {"result": TASKS[task](*json.loads(arguments))}
    except DocumentRefused as refusal:
        answer = {"refused": refusal.reason, "detail": refusal.detail}
    text = json.dumps(answer, ensure_ascii=True)
    Path(result).write_text(text, "utf-8")


if __name__ == "__main__":
    _child(*sys.argv[1:])
