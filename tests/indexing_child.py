"""`python indexing_child.py index …`: the command `assistant` in a process of its own, with word hashes for a model."""

from __future__ import annotations

from functools import partial

from fakes import WordHashEmbedder

from assistant import pipeline
from assistant.faces.cli import main

pipeline.build = partial(pipeline.build, embedder=WordHashEmbedder())

if __name__ == "__main__":
    main()
