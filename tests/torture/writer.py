"""Indexes as `assistant index` does, with word hashes for a model, in processes that are made to be killed.

usage: python writer.py, then on standard input one run a line, as JSON:
    {"corpus", "index", "sizes", "kill_after", "die_at", "every"}
sizes: passages up to which a library is one segment, and the most segments.
kill_after: the seconds after which it is killed; die_at: the step before which it kills itself, counted from 1. Both
may be null. Steps are changes of folders and of manifests or, with every, of any file.
On standard output comes whether the run was killed, and its report.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import faiss  # noqa: F401 - loaded here once, not in every run
import tantivy  # noqa: F401
from fakes import WordHashEmbedder

from assistant.building import build
from assistant.errors import AssistantError
from assistant.indexing import assembling
from assistant.settings import Settings

STEPS = {"os.rename", "os.mkdir", "shutil.rmtree", "sqlite3.connect"}
REMOVALS = {"os.remove", "os.rmdir"}


def main() -> None:
    """Run after run, until standard input ends."""
    for line in sys.stdin:
        task = json.loads(line)
        end, told = os.pipe()
        if (child := os.fork()) == 0:
            os.close(end)
            os.write(told, run(task).encode())
            os._exit(0)
        os.close(told)
        with os.fdopen(end, encoding="utf-8") as pipe:
            if not select.select([pipe], [], [], task["kill_after"])[0]:
                os.kill(child, signal.SIGKILL)
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status) == -signal.SIGKILL, said and json.loads(said)]), flush=True)


def run(task: dict[str, Any]) -> str:
    """The report of a run as JSON, {"error"} where it failed."""
    if task["die_at"]:
        _die_before(task["die_at"], task["every"])
    assembling.SMALL, assembling.MOST_PARTS = task["sizes"]
    settings = Settings(corpus=Path(task["corpus"]), index=Path(task["index"]))
    try:
        return json.dumps(asdict(build(settings, embedder=WordHashEmbedder())))
    except AssistantError as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}"})
    except BaseException as error:
        return json.dumps({"error": f"not told in a sentence: {error!r}"})


def _die_before(step: int, every: bool) -> None:
    """Kill this process, as a power switch would, before a step that it takes in the file system."""
    left = [step]

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        if _is_step(event, arguments, every):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def _is_step(event: str, arguments: tuple[Any, ...], every: bool) -> bool:
    if event in STEPS:
        return True
    if event == "open":
        writes = isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        return bool(writes) and (every or str(arguments[0]).endswith(".tmp"))
    return event in REMOVALS and (every or str(arguments[0]).endswith(".json"))


if __name__ == "__main__":
    main()
