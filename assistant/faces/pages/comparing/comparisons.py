"""Comparisons under way: each question put to each document, one at a time in a thread, kept in memory for a while."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.answering.refusals import OUTSIDE
from assistant.errors import AssistantError
from assistant.records import Answer, Citation, Question

KEPT = 200  # comparisons of everybody, some 0.4 MB each when full
KEPT_EACH = 10  # of one person
KEEP_SECONDS = 12 * 3600
UNEXPECTED = "This could not be answered; the log of the server says why."

_log = logging.getLogger(__name__)

Ask = Callable[[Question], Answer]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one document says to one question: its best quote, or none and why."""

    quote: Citation | None
    more: int = 0
    """Further quotes of the answer."""
    reason: str = ""
    failed: bool = False


@dataclass(slots=True)
class Comparison:
    """Questions by documents, (name, title) each; cells are filled question by question. name is unguessable."""

    name: str
    owner: str
    questions: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]
    ask: Ask = field(repr=False)
    began: float = field(default_factory=time.monotonic)
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    """By number of question and of document, from 0."""
    cancelled: bool = False

    @property
    def total(self) -> int:
        return len(self.questions) * len(self.documents)

    @property
    def finished(self) -> bool:
        """Nothing more will be filled in."""
        return self.cancelled or len(self.cells) == self.total

    def fill(self) -> None:
        """Answer the next question to the next document."""
        row, column = divmod(len(self.cells), len(self.documents))
        self.cells[row, column] = _cell(self.ask, self.questions[row], self.documents[column][0])


class Comparisons:
    """All comparisons of the service. One thread fills them in turn, so that none waits for another to end."""

    def __init__(self) -> None:
        self._kept: dict[str, Comparison] = {}
        self._waiting: queue.SimpleQueue[Comparison] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(
        self, owner: str, questions: tuple[str, ...], documents: tuple[tuple[str, str], ...], ask: Ask
    ) -> Comparison:
        """A new comparison, which is filled from now on; an old one may make room for it."""
        made = Comparison(secrets.token_urlsafe(16), owner, questions, documents, ask)
        with self._lock:
            self._make_room(owner)
            self._kept[made.name] = made
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="compare", daemon=True)
                self._thread.start()
        self._waiting.put(made)
        return made

    def find(self, name: str, owner: str) -> Comparison | None:
        """A comparison of that owner; None for one of others, or when it is gone."""
        found = self._kept.get(name)
        return found if found and found.owner == owner else None

    def of(self, owner: str) -> list[Comparison]:
        """The comparisons of an owner, newest first."""
        with self._lock:
            return [each for each in reversed(self._kept.values()) if each.owner == owner]

    def _make_room(self, owner: str) -> None:
        kept = list(self._kept.values())  # oldest first
        own = [each for each in kept if each.owner == owner]
        old = [each for each in kept if time.monotonic() - each.began > KEEP_SECONDS]
        for each in (*old, *own[: max(0, len(own) - KEPT_EACH + 1)], *kept[: max(0, len(kept) - KEPT + 1)]):
            each.cancelled = True
            self._kept.pop(each.name, None)

    def _work(self) -> None:
        while True:
            comparison = self._waiting.get()
            if not comparison.finished:
                comparison.fill()
                self._waiting.put(comparison)


def _cell(ask: Ask, question: str, document: str) -> Cell:
    try:
        answer = ask(Question(question, filters={"document": document}))
    except AssistantError as error:
        return Cell(None, reason=str(error), failed=True)
    except Exception:
        # The other cells are still wanted; the log has the rest.
        _log.exception("A cell of a comparison could not be filled")
        return Cell(None, reason=UNEXPECTED, failed=True)
    quotes = [citation for citation in answer.citations if citation.document == document]
    if answer.refused or not quotes:
        return Cell(None, reason=_reason(answer) if answer.refused else "")
    return Cell(quotes[0], more=len(quotes) - 1)


def _reason(answer: Answer) -> str:
    """What a refusal says is missing from the document; '' where it speaks of the library and what was searched."""
    first, _, more = answer.answer.partition("\n\n")
    return "" if not more or first.startswith(OUTSIDE) else first.replace("\\", "").replace("**", "")
