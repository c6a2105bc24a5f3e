"""`python indexing_child.py index …`: the command `assistant` in a process of its own, with word hashes for a model."""

from __future__ import annotations

from functools import partial

from fakes import WordHashEmbedder

from assistant import building
from assistant.faces.cli import main

building.build = partial(building.build, embedder=WordHashEmbedder())

if __name__ == "__main__":
    main()
