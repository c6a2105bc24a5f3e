"""Brings the index up to date in a process of its own, one run at a time, and tells how far it is."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import IO, Any

from assistant.faces.rendering import clean
from assistant.settings import Settings

LINES_KEPT = 500
LONGEST_LINE = 4000  # bytes
GRACE_SECONDS = 15.0  # for a run that was asked to stop: a long document is embedded in one go
NICENESS = 10  # who asks goes first


class State(StrEnum):
    """What has become of the latest run."""

    IDLE = "idle"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Work:
    """The latest run at one moment. started and ended are seconds since 1970, 0 for not yet."""

    state: State = State.IDLE
    person: str = ""
    """Who started it."""
    started: float = 0.0
    ended: float = 0.0
    stage: str = ""
    document: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    problem: str = ""
    """Why it failed, in a sentence of the run."""
    report: Mapping[str, Any] | None = None
    """What it did, as `assistant index --json` prints it."""

    @property
    def running(self) -> bool:
        """A process is at work."""
        return self.state in (State.RUNNING, State.STOPPING)


def index_command(settings: Settings) -> list[str]:
    """What brings the index of these settings up to date; other settings reach it as they reached this process."""
    command = [sys.executable, "-m", "assistant", "index", "--json"]
    command += ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    return [*command, "--model", settings.model] if settings.model else command


class Worker:
    """Any number of threads may start, cancel and watch. The run ends with this process."""

    def __init__(self, command: Sequence[str], grace: float = GRACE_SECONDS) -> None:
        self._command = command
        self._grace = grace
        self._lock = threading.Lock()
        self._work = Work()
        self._lines: deque[tuple[int, str]] = deque(maxlen=LINES_KEPT)
        self._last = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._again = ""
        self._thread: threading.Thread | None = None

    @property
    def work(self) -> Work:
        """How far the latest run is."""
        return self._work

    def lines(self, since: int = 0) -> tuple[int, list[str]]:
        """The number of the newest line of the log, from 1, and the lines after line `since` that are kept."""
        with self._lock:
            return self._last, [text for number, text in self._lines if number > since]

    def start(self, person: str) -> None:
        """Run now, or once more as soon as the present run has ended: it may have passed by what is new."""
        with self._lock:
            if self._work.running:
                self._again = person
                return
            self._begin(person)
            self._thread = threading.Thread(target=self._follow, name="work", daemon=True)
            self._thread.start()
        atexit.register(self.close)

    def cancel(self) -> None:
        """Ask the run to stop; what it has finished is kept. Returns at once."""
        with self._lock:
            if self._work.state is not State.RUNNING:
                return
            self._work = replace(self._work, state=State.STOPPING)
            self._again = ""
            if self._child:
                _send(self._child, signal.SIGINT)
            started = self._work.started
        threading.Thread(target=self._insist, args=[started], daemon=True).start()

    def wait(self, seconds: float) -> Work:
        """How far the run is when it has ended or, at the latest, after so many seconds."""
        if self._thread:
            self._thread.join(seconds)
        return self._work

    def close(self) -> None:
        """End the run, if there is one, with this process."""
        self._again = ""
        if self._child:
            _send(self._child, signal.SIGTERM)
        atexit.unregister(self.close)

    def _begin(self, person: str) -> None:
        self._work = Work(State.RUNNING, person, started=time.time())
        self._again = ""
        self._child = None

    def _follow(self) -> None:
        while True:
            try:
                self._run()
            except OSError as error:
                self._end(State.FAILED, problem=f"The run could not be started ({error.strerror or error}).")
            with self._lock:
                if not self._again:
                    return
                self._begin(self._again)

    def _run(self) -> None:
        with tempfile.TemporaryFile() as told:
            child = self._started(told)
            with child:
                assert child.stderr is not None
                while line := child.stderr.readline(LONGEST_LINE):
                    self._hear(line.decode("utf-8", "replace").strip())
            told.seek(0)
            report = _object(told.read())
        if child.returncode == 0:
            self._end(State.DONE, report=report)
        elif self._work.state is State.STOPPING:
            self._end(State.CANCELLED)
        else:
            _, lines = self.lines()
            self._end(State.FAILED, problem=lines[-1] if lines else f"The run ended with {child.returncode}.")

    def _started(self, told: IO[bytes]) -> subprocess.Popen[bytes]:
        """The process, in a session of its own: Ctrl+C in the terminal of the server is not for it."""
        with self._lock:
            child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.PIPE,
                env={**os.environ, "ASSISTANT_LOG_FORMAT": "json"},
                start_new_session=True,
            )
            self._child = child
            if self._work.state is State.STOPPING:  # cancelled before it was there
                _send(child, signal.SIGINT)
        with suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, child.pid, NICENESS)
        return child

    def _hear(self, line: str) -> None:
        """A line of the run: an object with "event", or text."""
        event = _object(line.encode()) or {"message": line}
        if event.get("event") != "progress":
            self._note(str(event.get("message", "")) or line)
            return
        stage, document = clean(str(event.get("stage", ""))), clean(str(event.get("document", "")))
        if stage == "note":
            self._note(document)
            return
        before = self._work
        with self._lock:
            self._work = replace(
                before,
                state=self._work.state,
                stage=stage,
                document=document,
                done=_count(event.get("done")),
                total=_count(event.get("total")),
                seconds_left=_seconds(event.get("seconds_left")),
            )
        if (stage, document) != (before.stage, before.document):
            self._note(f"{stage} {document}")

    def _note(self, text: str) -> None:
        """A line for the log."""
        if text := clean(text).strip():
            with self._lock:
                self._last += 1
                self._lines.append((self._last, text))

    def _end(self, state: State, problem: str = "", report: Mapping[str, Any] | None = None) -> None:
        with self._lock:
            self._child = None
            self._work = replace(self._work, state=state, ended=time.time(), problem=problem, report=report)

    def _insist(self, started: float) -> None:
        """End a process that does not stop when asked: a library may have swallowed the signal."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            self.wait(self._grace)
            with self._lock:
                if self._child is None or self._work.started != started:
                    return
                _send(self._child, number)


def _send(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        child.send_signal(number)


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value >= 0 else None
