"""How fast this machine indexes, remembered from the last run that read enough to tell."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

FILE = "pace.json"
ENOUGH_PAGES = 10
"""Fewer say more of how long the model takes to load than of how fast a run reads."""


def remember(index: Path, pages: int, pages_per_second: float) -> None:
    """Keep the pages per second of a run."""
    if pages < ENOUGH_PAGES:
        return
    with suppress(OSError):  # on a full disk an estimate is the least that is lost
        made = index / f"{FILE}.tmp"
        made.write_text(json.dumps({"pages_per_second": pages_per_second}), "utf-8")
        os.replace(made, index / FILE)


def remembered(index: Path) -> float | None:
    """Pages per second of the last run that read enough of them; None where there was none."""
    try:
        rate = float(json.loads((index / FILE).read_text("utf-8"))["pages_per_second"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return rate if rate > 0 else None
