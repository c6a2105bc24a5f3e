"""Fail when a figure of a question set fell below its floor: check_floors.py SET FIGURES.json

The file holds what the scorer or `assistant evaluate --json` prints; SET is one of FLOORS.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

# Group, figure, and what it must reach. One question moves a figure by one to two points, refusals by up to eight: a
# floor stands a few questions below what was measured.
FLOORS = {
    "development": (
        ("retrieval", "hit5", "at least", 0.88),
        ("retrieval", "mrr10", "at least", 0.78),
        ("retrieval", "within400w", "at least", 0.88),
        ("retrieval", "compare_recall10", "at least", 0.75),
        ("answers", "facts", "at least", 0.80),
        ("answers", "evidence_cited", "at least", 0.80),
        ("answers", "evidence_on_page", "at least", 0.80),
        ("answers", "list_recall", "at least", 0.97),
        ("answers", "list_precision", "at least", 0.90),
        ("answers", "refuses_unanswerable", "at least", 0.83),
        ("answers", "false_refusals", "at most", 0.04),
        ("answers", "cited_words_median", "at most", 130),
    ),
    "own": (
        ("retrieval", "hit5", "at least", 0.90),
        ("retrieval", "mrr10", "at least", 0.80),
        ("answers", "facts", "at least", 0.79),
        ("answers", "false_refusals", "at most", 0.04),
    ),
    "premises": (
        ("answers", "refuses_unanswerable", "at least", 0.74),
        ("answers", "false_refusals", "at most", 0.07),
    ),
    "other library": (
        ("retrieval", "hit5", "at least", 0.89),
        ("retrieval", "mrr10", "at least", 0.85),
        ("answers", "facts", "at least", 0.78),
        ("answers", "false_refusals", "at most", 0.10),
    ),
}


def fallen(questions: str, figures: dict[str, Any]) -> list[str]:
    """The names of the figures beyond their floor, after printing each beside it."""
    names = []
    for group, name, bound, floor in FLOORS[questions]:
        value = figures[group][name]
        holds = value is not None and (value >= floor if bound == "at least" else value <= floor)
        print(f"{'ok  ' if holds else 'FELL'}  {name:22} {value!s:>7}  {bound} {floor}")
        if not holds:
            names.append(name)
    return names


def main(questions: str, file: str) -> None:
    """Print every figure beside its floor; exit with 1, naming what fell."""
    names = fallen(questions, json.loads(Path(file).read_text("utf-8")))
    if names:
        sys.exit(f"Below the floor: {', '.join(names)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
