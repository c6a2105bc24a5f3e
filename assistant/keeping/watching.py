"""A folder that others write to: whenever its files have settled, the index is brought up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

from assistant.errors import AssistantError, CorpusEmptied, IndexBusy, RunFailed
from assistant.indexing import inventory
from assistant.reports import BuildReport
from assistant.settings import Settings
from assistant.understanding.catalogue import FILE as CATALOGUE
from assistant.understanding.corrections import FILE as CORRECTIONS

AGAIN_SECONDS = 30.0
"""Before a run that failed is tried again, should nothing change sooner."""
BUSY_SECONDS = 3.0
"""The same, where somebody else was indexing."""
IDLE_SECONDS = 60.0
"""Between two looks although nothing was told to have changed: network folders do not tell everything."""
Run = Callable[[Collection[str]], BuildReport]
"""Bring the index up to date, leaving the files of these names as they are."""
State = dict[str, tuple[int, int]]
"""Size and time of change of each file that matters, by its path below the corpus."""


def watch(settings: Settings, run: Run, stopped: Event | None = None) -> Iterator[BuildReport | AssistantError]:
    """Run once, then after every change below the corpus; yields each report, or what went wrong, and goes on.

    A file counts as settled once its size and time of change have stayed the same for settings.settle_seconds; until
    then it is left for a later run. An error is yielded once, however often it comes back. Ends when stopped is set.
    Raises CorpusMissing and CorpusUnreadable at the start.
    """
    from watchfiles import watch as changes

    settling = _Settling(settings.settle_seconds, look(settings.corpus))
    seen: State | None = None  # by the last run that went well
    said = ""
    waiting, next_look = True, 0.0
    # What changed is found by looking; that something did only wakes us. So nothing is missed while a run is on.
    for changed in changes(
        settings.corpus,
        watch_filter=None,
        stop_event=stopped,
        rust_timeout=max(100, 250 * settings.settle_seconds),
        yield_on_timeout=True,
    ):
        if not (changed or waiting or time.monotonic() > next_look):
            continue
        waiting = True
        try:
            now = look(settings.corpus)
            moving = settling.moving(now)
            different = _different(now, seen)
            if seen is not None and not different - moving:
                waiting, next_look = bool(different), time.monotonic() + IDLE_SECONDS
                continue
            if seen and not now:
                raise CorpusEmptied(settings.corpus)
            report = _attempted(run, moving)
        except AssistantError as error:
            wait = BUSY_SECONDS if isinstance(error, IndexBusy) else AGAIN_SECONDS
            waiting, next_look = False, time.monotonic() + wait
            if str(error) != said:
                yield error
            said = str(error)
        else:
            seen = _settled(now, seen or {}, moving)
            said = ""
            yield report


def _attempted(run: Run, leave: Collection[str]) -> BuildReport:
    try:
        return run(leave)
    except OSError as error:  # others take files away while we read them
        raise RunFailed(error) from error


def look(corpus: Path) -> State:
    """The files of the corpus that a run depends on. Raises CorpusMissing and CorpusUnreadable."""
    files = inventory.pdfs(corpus) | {name: corpus / name for name in (CATALOGUE, CORRECTIONS)}
    state = {}
    for name, path in files.items():
        with suppress(OSError):  # it went away, or is a link that leads nowhere
            found = path.stat()
            state[name] = (found.st_size, found.st_mtime_ns)
    return state


def _different(now: State, seen: State | None) -> set[str]:
    seen = seen or {}
    return {name for name in now.keys() | seen.keys() if now.get(name) != seen.get(name)}


def _settled(now: State, seen: State, moving: set[str]) -> State:
    """What is done with: files that still move are as they were, so that they differ the next time."""
    still = {name: state for name, state in now.items() if name not in moving}
    return still | {name: seen[name] for name in moving & seen.keys()}


class _Settling:
    """Knows since when each file has been as it is; those of the start for ever."""

    def __init__(self, seconds: float, start: State) -> None:
        self._seconds = seconds
        self._since: dict[str, tuple[tuple[int, int] | None, float]] = {
            name: (state, -seconds) for name, state in start.items()
        }

    def moving(self, now: State) -> set[str]:
        """The files that were not the same for long enough, those that went away among them."""
        clock = time.monotonic()
        for name in now.keys() | self._since.keys():
            if name not in self._since or self._since[name][0] != now.get(name):
                self._since[name] = (now.get(name), clock)
        return {name for name, (_, since) in self._since.items() if clock - since < self._seconds}
