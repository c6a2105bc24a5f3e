"""Conversations as they were had: each answer kept whole under an address of its own, and what staff think of it."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.errors import UsageError
from assistant.staff.store import StaffStore

ANSWER_BYTES = 8_000_000
"""A citation takes some 1,200 bytes. A list of more than 6,000 entries is no answer but an export of the register."""
COMMENT_CHARACTERS = 2000
TITLE_CHARACTERS = 200
GAPS = 300
TOKEN_BYTES = 16
"""128 random bits: who has not been given an address does not find it."""

_KEPT = (
    "SELECT answers.id, answers.conversation, conversations.person, answers.asked_at, answers.question, "
    "answers.answer, answers.generation FROM answers JOIN conversations ON conversations.id = answers.conversation "
)
_LACKING = "answers.refused OR EXISTS (SELECT 1 FROM marks WHERE marks.answer = answers.id AND NOT marks.useful)"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given: answer is the contract's JSON object, asked_at ISO 8601 in UTC to the second."""

    id: str
    conversation: str
    person: str
    asked_at: str
    question: str
    answer: dict[str, Any]
    generation: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person thinks of an answer."""

    person: str
    useful: bool
    comment: str
    marked_at: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in a list of them; the times are those of its begin and of its last answer."""

    id: str
    title: str
    begun_at: str
    latest_at: str
    answers: int


@dataclass(frozen=True, slots=True)
class Gap:
    """An answer that was refused, or that somebody marked as of no use, with all that was said of it."""

    kept: Kept
    marks: tuple[Mark, ...]

    @property
    def refused(self) -> bool:
        """The library did not answer."""
        return bool(self.kept.answer.get("refused"))

    @property
    def marked_down(self) -> bool:
        """Somebody had no use for it."""
        return any(not mark.useful for mark in self.marks)


class Conversations:
    """The conversations of all persons; person is '' where there are no accounts. Raises StaffDataUnusable."""

    def __init__(self, store: StaffStore) -> None:
        self._store = store

    def begin(self, person: str, title: str) -> str:
        """A new conversation's id; the title is its first question."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), _now()
        with self._store.work() as data:
            row = (token, person, title[:TITLE_CHARACTERS], now, now)
            data.execute(
                "INSERT INTO conversations (id, person, title, begun_at, latest_at) VALUES (?, ?, ?, ?, ?)", row
            )
        return token

    def keep(self, conversation: str, answer: Mapping[str, Any]) -> str:
        """Keep an answer, the contract's JSON object; its id.

        Raises UsageError for one that is longer than ANSWER_BYTES or whose conversation is not there (any more).
        """
        text = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
        if len(text) > ANSWER_BYTES:
            raise UsageError(f"The answer is too long to be kept: it has more than {ANSWER_BYTES:,} bytes.")
        token, now = secrets.token_urlsafe(TOKEN_BYTES), _now()
        row = (token, conversation, now, answer["question"], answer["generation"], answer["refused"], text.decode())
        with self._store.work() as data:
            if not data.execute("UPDATE conversations SET latest_at = ? WHERE id = ?", (now, conversation)).rowcount:
                raise UsageError("The conversation is not there any more. Begin a new one.")
            data.execute(
                "INSERT INTO answers (id, conversation, asked_at, question, generation, refused, answer) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return token

    def answer(self, answer: str) -> Kept | None:
        """The answer of that id, or None."""
        with self._store.work() as data:
            row = data.execute(f"{_KEPT} WHERE answers.id = ?", (answer,)).fetchone()
        return _kept(row) if row else None

    def answers(self, conversation: str, person: str) -> tuple[Kept, ...]:
        """All answers of a conversation, oldest first; none for a conversation of somebody else."""
        with self._store.work() as data:
            rows = data.execute(
                f"{_KEPT} WHERE conversations.id = ? AND conversations.person = ? ORDER BY answers.number",
                (conversation, person),
            ).fetchall()
        return tuple(_kept(row) for row in rows)

    def of(self, person: str) -> tuple[Talk, ...]:
        """The conversations of a person, the one that was last talked in first; those without an answer left out."""
        with self._store.work() as data:
            rows = data.execute(
                "SELECT conversations.id, title, begun_at, latest_at, count(*) AS answers FROM conversations "
                "JOIN answers ON answers.conversation = conversations.id WHERE person = ? "
                "GROUP BY conversations.id ORDER BY max(answers.number) DESC",
                (person,),
            ).fetchall()
        return tuple(Talk(**row) for row in rows)

    def mark(self, answer: str, person: str, useful: bool, comment: str = "") -> None:
        """Say whether an answer was of use; who says it again changes what they said.

        Raises UsageError for a comment that is too long, and for an answer that is not there.
        """
        if len(comment) > COMMENT_CHARACTERS:
            raise UsageError(f"The comment is too long: at most {COMMENT_CHARACTERS:,} characters can be kept.")
        with self._store.work() as data:
            if not data.execute("SELECT 1 FROM answers WHERE id = ?", (answer,)).fetchone():
                raise UsageError("The answer is not there any more.")
            data.execute(
                "INSERT OR REPLACE INTO marks (answer, person, useful, comment, marked_at) VALUES (?, ?, ?, ?, ?)",
                (answer, person, useful, comment.strip(), _now()),
            )

    def mark_of(self, answer: str, person: str) -> Mark | None:
        """What a person said of an answer, or None."""
        with self._store.work() as data:
            return next((mark for mark in _marks(data, answer) if mark.person == person), None)

    def gaps(self, most: int = GAPS) -> tuple[Gap, ...]:
        """The latest that was refused or marked as of no use, newest first: for curators alone."""
        with self._store.work() as data:
            rows = data.execute(f"{_KEPT} WHERE {_LACKING} ORDER BY answers.number DESC LIMIT ?", (most,)).fetchall()
            return tuple(Gap(_kept(row), _marks(data, row["id"])) for row in rows)

    def delete(self, conversation: str, person: str) -> bool:
        """Forget a conversation of a person with its answers and marks; whether it was there."""
        with self._gone() as data:
            found = data.execute("DELETE FROM conversations WHERE id = ? AND person = ?", (conversation, person))
            return found.rowcount > 0

    def delete_all(self, person: str) -> int:
        """Forget all conversations of a person; how many there were."""
        with self._gone() as data:
            return data.execute("DELETE FROM conversations WHERE person = ?", (person,)).rowcount

    @contextmanager
    def _gone(self) -> Iterator[sqlite3.Connection]:
        """Work that deletes; afterwards the words are in the journal beside the file no more, either."""
        with self._store.work() as data:
            yield data
        with self._store.work() as data:
            data.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(**{**dict(row), "answer": json.loads(row["answer"])})


def _marks(data: sqlite3.Connection, answer: str) -> tuple[Mark, ...]:
    rows = data.execute(
        "SELECT person, useful, comment, marked_at FROM marks WHERE answer = ? ORDER BY rowid", (answer,)
    )
    return tuple(Mark(row["person"], bool(row["useful"]), row["comment"], row["marked_at"]) for row in rows)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
