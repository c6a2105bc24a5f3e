"""One run of indexing, or one question, in a process that may be given less than others; what came of it as JSON.

usage: python attempt.py index|ask CORPUS INDEX [BYTES]         BYTES: the most that a file may have
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from fakes import WordHashEmbedder

from assistant.building import build
from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.settings import Settings

QUESTION = "How many lamps did the harbour count?"


def index(settings: Settings) -> object:
    report = build(settings, embedder=WordHashEmbedder())
    return {"documents": report.documents, "refused": [each["reason"] for each in report.failed]}


def ask(settings: Settings) -> object:
    answer = Assistant(settings, embedder=WordHashEmbedder()).ask(Question(QUESTION))
    return {"documents": len({hit.passage.document for hit in answer.passages})}


TASKS: dict[str, Callable[[Settings], object]] = {"index": index, "ask": ask}


def main(task: str, corpus: str, index: str, most: str = "") -> None:
    if most:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    try:
        told = TASKS[task](Settings(corpus=Path(corpus), index=Path(index)))
    except AssistantError as error:
        told = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
