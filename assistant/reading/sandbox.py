"""Runs the reading of a PDF in a child process with limits, so that a bad file costs itself and nothing else.

The child gets a task as JSON on its standard input (a password never shows in a list of processes), tells on its
standard output which page it begins, and answers with JSON in a file; nothing is unpickled. A child that dies or hangs
on a page is started again without that page.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from assistant.errors import DocumentRefused
from assistant.records import Block, Page, Reading, Shape, Word

READER_VERSION = "10"
"""Counted up whenever reading or understanding would give other passages: finished records are then made anew."""

TIMED_OUT = "timed out"
SCANNED = "scanned"
ENCRYPTED = "encrypted"
MOST_LOST = 8  # pages of a file that may fail; with more of them the file itself is bad
LARGEST_RESULT = 1024 * 1024 * 1024  # bytes that a child may write
TASKS = {"read": "child", "check": "child", "picture": "picture"}
"""What a child can do: the function of that name in that module of this folder."""
LEAST_ROOM = 16 * 1024 * 1024  # bytes; on a disk with less left it is the disk that a child fails on

DRAWING = threading.BoundedSemaphore(os.cpu_count() or 1)
"""More pictures than there are processors would only take memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost before it is given up. One page may take a quarter of the seconds."""

    seconds: float = 120
    megabytes: int = 1500
    pages: int = 5000
    characters: int = 20_000_000
    ocr_seconds: float = 20
    """For each scanned page, on top of seconds."""
    scratch: str | None = None
    """The folder in which children leave their results for a moment; the system's where there is none."""


class _Lost(Exception):
    """The child ended on a page (0: before the first or after the last)."""

    def __init__(self, page: int, refusal: DocumentRefused, why: str) -> None:
        super().__init__(why)
        self.page, self.refusal, self.why = page, refusal, why


def read(path: Path, limits: Limits, password: str = "") -> Reading:
    """The pages and blocks of a PDF. Raises DocumentRefused with a reason a person understands, and OSError."""
    return reading_of(_without_what_fails("read", path, limits, password))


def check(path: Path, limits: Limits, first: int, password: str = "") -> int:
    """How many pages a PDF has, looking at its first ones only. Raises DocumentRefused where read() surely would."""
    return int(_without_what_fails("check", path, limits, password, first=first))


def _without_what_fails(name: str, path: Path, limits: Limits, password: str, **more: Any) -> Any:
    """What a child makes of a file, without the pages on which it dies or hangs."""
    skip: dict[str, str] = {}
    lost: _Lost | None = None
    end = time.monotonic() + 2 * limits.seconds
    while True:
        task = {
            "path": str(path),
            "password": password,
            "pages": limits.pages,
            "characters": limits.characters,
            "skip": skip,
            "seconds": 0.7 * limits.seconds,
            "ocr_seconds": limits.ocr_seconds,
            "share": True,
            **more,
        }
        try:
            return _in_child(name, task, limits)
        except _Lost as loss:
            lost = lost or loss
            if not loss.page or len(skip) == MOST_LOST or time.monotonic() > end:
                raise loss.refusal from None
            skip[str(loss.page)] = loss.why
        except DocumentRefused as refusal:
            # Without the pages that failed nothing is left: then what made them fail is what is wrong with the file.
            raise (lost.refusal if lost else refusal) from None


def password_of(name: str, passwords: Mapping[str, str]) -> str:
    """The password set for a document, by its path below the corpus or its file name; '' where none is."""
    return passwords.get(name) or passwords.get(name.rpartition("/")[2], "")


def picture(path: Path, page: int, width: int, limits: Limits, password: str = "") -> bytes:
    """A page as PNG, width pixels wide. Raises DocumentRefused when it cannot be drawn within the limits."""
    with DRAWING, tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page.png"
        task = {"path": str(path), "password": password, "page": page, "width": width, "target": str(target)}
        try:
            _in_child("picture", task, limits)
        except _Lost as loss:
            raise loss.refusal from None
        return target.read_bytes()


def _in_child(name: str, task: dict[str, Any], limits: Limits) -> Any:
    with tempfile.TemporaryDirectory(dir=limits.scratch) as folder:
        result, errors = Path(folder) / "result.json", Path(folder) / "errors.txt"
        command = [sys.executable, "-m", "assistant.reading.sandbox", name, str(result)]
        told = {**task, "parent": os.getpid(), "megabytes": limits.megabytes, "limit": limits.seconds}
        with errors.open("wb") as stderr:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, bufsize=0)
        with child:
            try:
                watch = _Watch(child, limits)
                watch.follow(json.dumps(told).encode())
            finally:
                child.kill()
        if child.returncode or not result.is_file():
            if shutil.disk_usage(folder).free < LEAST_ROOM:  # then it was not the file's fault
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder)
            raise watch.loss(errors.read_bytes())
        answer = json.loads(result.read_text("utf-8"))
    if "refused" in answer:
        raise DocumentRefused(answer["refused"], answer["detail"])
    return answer["result"]


class _Watch:
    """Follows what a child tells until it ends or takes too long: for one page, or for the file."""

    def __init__(self, child: subprocess.Popen[bytes], limits: Limits) -> None:
        self.child, self.limits = child, limits
        self.page = 0
        self.hung = False
        self.end = time.monotonic() + limits.seconds
        self.silence = limits.seconds / 4

    def follow(self, task: bytes) -> None:
        """Give the child its task and wait. Raises nothing: what became of the child is in its return code."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        try:
            self.child.stdin.write(task)
            self.child.stdin.close()
        except BrokenPipeError:
            pass
        while line := self._line(self.child.stdout):
            stage, _, number = line.decode("ascii", "replace").partition(" ")
            if stage == "page":
                self.page = int(number)
            elif stage == "ocr":
                self.end += int(number) * self.limits.ocr_seconds
                self.silence += 4 * self.limits.ocr_seconds
            elif stage == "layout":
                self.page, self.silence = 0, self.limits.seconds
        if self.hung:
            self.child.kill()
        self.child.wait()

    def _line(self, pipe: IO[bytes]) -> bytes:
        """What the child tells next; empty when it has ended or took too long."""
        wait = min(self.silence, self.end - time.monotonic())
        # Not select, which knows the first 1,024 files of a process alone: a library that is open holds more. Lines are
        # short and told one by one, so that none is left in the buffer that poll does not see.
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        if wait <= 0 or not waiting.poll(1000 * wait):
            self.hung = True
            return b""
        return pipe.readline()

    def loss(self, errors: bytes) -> _Lost:
        """What became of a child that gave no result."""
        if self.hung:
            late = time.monotonic() >= self.end
            seconds = self.limits.seconds if late else self.silence
            what = "Reading" if late else f"Page {self.page}" if self.page else "Opening the file"
            told = DocumentRefused(TIMED_OUT, f"{what} took longer than {seconds:g} seconds (setting read_seconds).")
            why = f"the page takes longer than {seconds:g} seconds to read and was left out"
            return _Lost(self.page, told, why)
        if b"MemoryError" in errors or b"bad_alloc" in errors or b"Out of memory" in errors:
            limit = f"more than {self.limits.megabytes} MB of memory"
            told = DocumentRefused("too large", f"Reading needs {limit} (setting read_megabytes).")
            return _Lost(self.page, told, f"the page needs {limit} and was left out")
        given_up = f"it is damaged, or unpacks to more than {self.limits.megabytes} MB (setting read_megabytes)"
        told = DocumentRefused("damaged", f"The PDF library gave up on the file: {given_up}.")
        return _Lost(self.page, told, "the page is damaged: the PDF library gave up on it, and it was left out")


def reading_of(data: dict[str, Any]) -> Reading:
    """What a child answered, as a reading."""
    return Reading(
        pages=tuple(Page(**page) for page in data["pages"]),
        blocks=tuple(
            Block(
                Shape(block["shape"]),
                tuple(Word(*word) for word in block["words"]),
                block["level"],
                tuple(block["cells"]),
                tuple(block["headers"]),
                block["ocr"],
                tuple(block["marks"]),
            )
            for block in data["blocks"]
        ),
        properties=data["properties"],
        warnings=tuple((page, reason) for page, reason in data["warnings"]),
    )


# --- in the child ----------------------------------------------------------------------------------------------------


def _limit(megabytes: int, seconds: float) -> None:
    for what, most in (
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_RESULT),
        (resource.RLIMIT_CPU, int(4 * seconds) + 60),
    ):
        hard = resource.getrlimit(what)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # some systems know a limit by name alone
            resource.setrlimit(what, (allowed, allowed))


def _child(name: str, result: str) -> None:
    from assistant.reading.ocr import die_with_parent

    do = getattr(import_module(f"assistant.reading.{TASKS[name]}"), name)
    task = json.load(sys.stdin)
    die_with_parent()
    if os.getppid() != task["parent"]:  # it died before the line above
        return
    _limit(task["megabytes"], task["limit"])
    channel = os.dup(1)
    os.dup2(2, 1)  # nothing that a library prints may be taken for what we tell

    def tell(stage: str, number: int) -> None:
        os.write(channel, f"{stage} {number}\n".encode())

    answer: dict[str, Any]
    try:
        answer = {"result": do(task, tell)}
    except DocumentRefused as refusal:
        answer = {"refused": refusal.reason, "detail": refusal.detail}
    Path(result).write_text(json.dumps(answer, ensure_ascii=True), "utf-8")


if __name__ == "__main__":
    _child(*sys.argv[1:])
