"""The command `assistant` as a process of its own, with word hashes in place of a language model.

SECONDS in the environment is how long each document takes to embed. The tests' folder is on PYTHONPATH.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from functools import partial

from fakes import WordHashEmbedder

from assistant import building, keeping, pipeline
from assistant.faces.cli import main
from assistant.indexing.embedding import Encoded


class SlowEmbedder(WordHashEmbedder):
    """Word hashes that take their time."""

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        time.sleep(float(os.environ.get("SECONDS", "0")))
        return super().embed_passages(texts, headings, sentences)


if __name__ == "__main__":
    # A run that was started in the background ignores Ctrl+C, and what it starts inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    embedder = SlowEmbedder()
    vars(building).update(build=partial(building.build, embedder=embedder))
    vars(pipeline).update(Assistant=partial(pipeline.Assistant, embedder=embedder))
    vars(keeping).update(
        plan=partial(keeping.plan, embedder=embedder), verify=partial(keeping.verify, embedder=embedder)
    )
    main()
