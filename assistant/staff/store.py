"""The staff data: one SQLite file, index/staff.sqlite, that any number of threads and processes read and write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import StaffDataUnusable

FILE = "staff.sqlite"
WAIT_SECONDS = 10.0
"""For another process that is writing."""
CONVERSATIONS = """
CREATE TABLE conversations (id TEXT PRIMARY KEY, person TEXT NOT NULL, title TEXT NOT NULL, begun_at TEXT NOT NULL,
    latest_at TEXT NOT NULL);
CREATE INDEX conversations_of ON conversations (person);
CREATE TABLE answers (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    asked_at TEXT NOT NULL, question TEXT NOT NULL, generation INTEGER NOT NULL, refused INTEGER NOT NULL,
    answer TEXT NOT NULL);
CREATE INDEX answers_of ON answers (conversation);
CREATE TABLE marks (answer TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE, person TEXT NOT NULL,
    useful INTEGER NOT NULL, comment TEXT NOT NULL, marked_at TEXT NOT NULL, PRIMARY KEY (answer, person))
"""
ACCOUNTS = """
CREATE TABLE account (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL);
CREATE TABLE sign_in (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    begun REAL NOT NULL, seen REAL NOT NULL
);
CREATE TABLE api_key (hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE);
CREATE TABLE tries (subject TEXT PRIMARY KEY, failed INTEGER NOT NULL, latest REAL NOT NULL)
"""
MIGRATIONS: tuple[str, ...] = (CONVERSATIONS, ACCOUNTS)
"""SQL that brings the file from one version to the next; what was published is never changed, only added to."""


class StaffStore:
    """Opens the file anew for each piece of work: SQLite connections are cheap and belong to one thread each."""

    def __init__(self, index: Path) -> None:
        self.file = index / FILE

    @contextmanager
    def work(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept together when the block ends, and none of them when it fails.

        Raises StaffDataUnusable.
        """
        try:
            connection = self._opened()
        except (OSError, sqlite3.Error) as error:
            raise StaffDataUnusable(self.file, str(error)) from error
        try:
            with connection:
                yield connection
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            raise StaffDataUnusable(self.file, str(error)) from error
        finally:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        new = not self.file.exists()
        connection = sqlite3.connect(self.file, timeout=WAIT_SECONDS)
        if new:
            self.file.chmod(0o600)  # it holds names, questions and password hashes
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what staff delete is gone from the file
        _migrate(connection)
        return connection


def _migrate(connection: sqlite3.Connection) -> None:
    [(version,)] = connection.execute("PRAGMA user_version")
    if version >= len(MIGRATIONS):
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")  # two processes may find the same old file
        [(version,)] = connection.execute("PRAGMA user_version")
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            for statement in statements.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
