"""People who may use the assistant: their names, what each may do, their passwords and their API keys."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import AccountError
from assistant.records import Person, Role
from assistant.staff import passwords
from assistant.staff.passwords import Cost
from assistant.staff.store import StaffStore

Clock = Callable[[], float]
"""Seconds since 1970."""

NAME = re.compile(r"[\w.@-]{1,64}")
KEY_PREFIX = "assistant_"
"""So that people, and programs that look for secrets in files, see what it is."""
END_SIGN_INS = "DELETE FROM sign_in WHERE account = :id"


@dataclass(frozen=True, slots=True)
class Account:
    """A person with how many API keys they have and how many places they are signed in at."""

    name: str
    role: Role
    keys: int
    sign_ins: int


class Accounts:
    """The people of one library. A name is known in capitals and small letters alike."""

    def __init__(self, store: StaffStore, clock: Clock = time.time, cost: Cost | None = None) -> None:
        self.store = store
        self.clock = clock
        self.cost = cost or Cost()

    def any(self) -> bool:
        """Whether anybody has an account, so that all have to sign in. Makes no file. Raises StaffDataUnusable."""
        if not self.store.file.exists():
            return False
        with self.store.work() as data:
            return data.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None

    def add(self, name: str, role: Role, password: str) -> None:
        """Raises AccountError for a name that is taken or cannot be one, and for a password that is too short."""
        said = unicodedata.normalize("NFKC", name)
        if not NAME.fullmatch(said):
            raise AccountError("A name is made of up to 64 letters, digits and the signs . _ - @, without spaces.")
        kept = passwords.hashed(passwords.checked(password), self.cost)
        with self.store.work() as data:
            added = data.execute(
                "INSERT INTO account (id, name, role, password) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (folded(said), said, role, kept),
            ).rowcount
        if not added:
            raise AccountError(f"There is an account {said} already.")

    def all(self) -> list[Account]:
        """Everybody, by name."""
        with self.store.work() as data:
            rows = data.execute(
                "SELECT name, role, (SELECT count(*) FROM api_key WHERE account = id) AS keys, "
                "(SELECT count(*) FROM sign_in WHERE account = id) AS sign_ins FROM account ORDER BY id"
            ).fetchall()
        return [Account(row["name"], Role(row["role"]), row["keys"], row["sign_ins"]) for row in rows]

    def remove(self, name: str) -> None:
        """Take the account away, and with it every sign-in, key and conversation, and what was said of answers.

        Who gets the same name later begins with nothing. Raises AccountError for an unknown name.
        """
        known = "UPDATE account SET id = id WHERE id = :id"
        asked = "DELETE FROM conversations WHERE person = (SELECT name FROM account WHERE id = :id)"
        marked = "DELETE FROM marks WHERE person = (SELECT name FROM account WHERE id = :id)"
        self._change(name, "", known, asked, marked, "DELETE FROM account WHERE id = :id")

    def set_role(self, name: str, role: Role) -> None:
        """Also ends every sign-in of the person: a page left open may show what they may no longer see.

        Raises AccountError for an unknown name.
        """
        self._change(name, role, "UPDATE account SET role = :value WHERE id = :id", END_SIGN_INS)

    def set_password(self, name: str, password: str) -> None:
        """Also ends every sign-in of the person. Raises AccountError for an unknown name or a short password."""
        kept = passwords.hashed(passwords.checked(password), self.cost)
        self._change(name, kept, "UPDATE account SET password = :value WHERE id = :id", END_SIGN_INS)

    def new_key(self, name: str) -> str:
        """A new API key of a person, which cannot be shown again. Raises AccountError for an unknown name."""
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        made = "INSERT INTO api_key (hash, account) SELECT :value, id FROM account WHERE id = :id"
        self._change(name, digest(key), made)
        return key

    def revoke(self, name: str) -> None:
        """End every API key and every sign-in of a person. Raises AccountError for an unknown name."""
        known = "UPDATE account SET id = id WHERE id = :id"
        self._change(name, "", known, END_SIGN_INS, "DELETE FROM api_key WHERE account = :id")

    def of_key(self, key: str) -> Person | None:
        """Who has this API key; None for a key that nobody has."""
        with self.store.work() as data:
            row = data.execute(
                "SELECT name, role FROM api_key JOIN account ON account = id WHERE hash = ?", (digest(key),)
            ).fetchone()
        return person(row)

    def _change(self, name: str, value: str, *statements: str) -> None:
        """Run the statements together; the first of them finds the account."""
        with self.store.work() as data:
            found = [data.execute(each, {"id": folded(name), "value": value}).rowcount for each in statements]
        if not found[0]:
            raise AccountError(f"There is no account {name}. See who has one: assistant user list")


def person(row: sqlite3.Row | None) -> Person | None:
    """The person of a row with name and role."""
    return Person(row["name"], Role(row["role"])) if row else None


def folded(name: str) -> str:
    """The name as it is looked up."""
    return unicodedata.normalize("NFKC", name).casefold()


def digest(secret: str) -> str:
    """What is kept of a token or key: they are random and long, so one round is enough, and found by their hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
