"""Converts the packaged model when the program is installed, so that the first index and answer start at once."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.indexing.embedding import ModelEmbedder

PREPARED = Path(sys.prefix) / "share" / "evaluation-assistant"


def cache(index: Path) -> Path:
    """Where converted models are kept: with the installation if it was prepared, else in the index."""
    return PREPARED if PREPARED.is_dir() else index / "cache"


if __name__ == "__main__":
    ModelEmbedder(cache=PREPARED).load()
