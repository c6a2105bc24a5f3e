"""What the program tells of its work on standard error: lines for people, or a JSON object a line for other programs.

No text of a document, no question and no secret is ever told: names of files, counts, seconds and reasons are.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from assistant.errors import SettingsError

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")
TOLD = {"assistant": logging.DEBUG, "uvicorn": logging.WARNING}
"""The loggers that are shown, each from this level on at the lowest; other libraries stay as quiet as they are."""


def start(level: str, form: str) -> None:
    """Tell events of this level and above on standard error. May be called again. Raises SettingsError."""
    for setting, value, known in (("log_level", level, LEVELS), ("log_format", form, FORMATS)):
        if value not in known:
            raise SettingsError(f"The setting {setting!r} is {value!r}; it can be {', '.join(known)}.")
    lowest = logging.getLevelNamesMapping()[level.upper()]
    handler = _Teller(_Objects() if form == "json" else _Lines())
    handler.setLevel(lowest)
    for name, least in TOLD.items():
        log = logging.getLogger(name)
        log.handlers = [handler]
        log.setLevel(max(lowest, least))
        log.propagate = False  # some libraries put a handler of their own at the root


def stop() -> None:
    """Tell nothing any more, as before start()."""
    for name in TOLD:
        log = logging.getLogger(name)
        log.handlers = []
        log.setLevel(logging.NOTSET)
        log.propagate = True


def event(log: logging.Logger, name: str, message: str, level: int = logging.INFO, **fields: Any) -> None:
    """Tell an event: a word for programs, a sentence for people, and what else is known, as plain values."""
    log.log(level, "%s", message, extra={"event": name, "fields": fields})


def started() -> bool:
    """Events are told."""
    return _teller() is not None


def as_json() -> bool:
    """Whoever reads standard error expects JSON objects alone."""
    teller = _teller()
    return teller is not None and isinstance(teller.formatter, _Objects)


@contextmanager
def hushed() -> Iterator[None]:
    """Nothing below a warning is told meanwhile: there is a bar to look at."""
    teller = _teller()
    if teller is None:
        yield
        return
    before = teller.level
    teller.setLevel(max(before, logging.WARNING))
    try:
        yield
    finally:
        teller.setLevel(before)


def _teller() -> _Teller | None:
    return next((each for each in logging.getLogger("assistant").handlers if isinstance(each, _Teller)), None)


class _Teller(logging.Handler):
    """Writes to what standard error is at that moment: a bar on a terminal puts itself in its place."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):  # nobody listens any more, which is no reason to stop working
            print(self.format(record), file=sys.stderr, flush=True)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = "".join(c if c.isprintable() else " " for c in record.getMessage()).strip()
        time = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        return "\n".join([f"{time} {record.levelname.lower()}: {_with_error(said, record)}", *_place(record)])


class _Objects(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "message": _with_error(record.getMessage().strip(), record),
            **getattr(record, "fields", {}),
        }
        if place := _place(record):
            told["traceback"] = place
        return json.dumps(told)  # ASCII: names of files may hold what a terminal obeys


def _with_error(said: str, record: logging.LogRecord) -> str:
    """The message, with the kind of a foreign error but not its words: a question may stand in them."""
    kind = record.exc_info[0] if record.exc_info else None
    return f"{said} ({kind.__name__})" if kind else said


def _place(record: logging.LogRecord) -> list[str]:
    """Where in the program an error came from, for who asked for debug."""
    teller = _teller()
    if not record.exc_info or teller is None or teller.level > logging.DEBUG:
        return []
    return "".join(traceback.format_tb(record.exc_info[2])).splitlines()
