"""Draws one page of a PDF in the child process, which needs little else to start: somebody waits for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import DocumentRefused
from assistant.reading.pdf import Opened

BEHIND = 5  # how far pictures stand behind answers where both wait for the processor
COMPRESSION = 3  # half the time of the highest levels, and for printed pages a smaller file


def picture(task: dict[str, Any], tell: Callable[[str, int], None]) -> None:
    """Write the page of a PDF as PNG. task holds path, password, page, width (in picture points) and target."""
    os.nice(BEHIND)
    opened = Opened(Path(task["path"]), task["password"])
    page = opened.document[task["page"] - 1]
    # A hair less than the width asked for: PDFium rounds the picture's size up.
    scale = (task["width"] - 0.01) / max(1.0, page.get_width())
    if scale * page.get_height() > 8 * task["width"]:
        raise DocumentRefused("too large", "The page is too tall to be drawn.")
    tell("page", task["page"])
    opened.picture(task["page"], scale).save(task["target"], "PNG", compress_level=COMPRESSION)
