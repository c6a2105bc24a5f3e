"""Signing in: a name and a password become a token for a while; who tries too often has to wait."""

from __future__ import annotations

import secrets
import sqlite3

from assistant.errors import SignInPaused, SignInRefused
from assistant.records import Person
from assistant.staff import passwords
from assistant.staff.accounts import Accounts, digest, folded, person

# One signs in once a working day, and again after a week at the latest; NIST SP 800-63B-4 has at most 24 hours of
# quiet and 30 days in all for what holds no sensitive records.
IDLE_SECONDS = 8 * 3600.0
WHOLE_SECONDS = 7 * 24 * 3600.0
NOTED_SECONDS = 60.0  # that somebody is still there is written down no more often than this
# Every so many failures a name is locked, twice as long each time: at most some hundred guesses a day, as NIST SP
# 800-63B-4, section 3.2.2, has it, and nobody is locked out for good.
TRIES = 5
LOCKED_SECONDS = 300.0
LONGEST_SECONDS = 3600.0
# Many people may sit behind one address, so it is slowed later, by seconds first, and only until one of them gets in.
CLIENT_TRIES = 10
FORGOTTEN_SECONDS = 24 * 3600.0


class SignIns:
    """Who is signed in. Times are those of the accounts' clock."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts

    def begin(self, name: str, password: str, client: str) -> str:
        """The token of a new sign-in. client is the address that asks. Raises SignInRefused, SignInPaused."""
        named, asking = f"name {digest(folded(name))}", f"client {client}"
        self._count_try(named, asking)
        kept = self._kept(name)
        if not passwords.fits(password, kept, self.accounts.cost):
            raise SignInRefused
        token, now = secrets.token_urlsafe(32), self.accounts.clock()
        anew = passwords.outdated(kept, self.accounts.cost)
        renewed = passwords.hashed(password, self.accounts.cost) if anew else kept
        with self.accounts.store.work() as data:
            # Where the account was removed or its password changed in the meantime, nothing is begun.
            begun = data.execute(
                "INSERT INTO sign_in SELECT ?, id, ?, ? FROM account WHERE id = ? AND password = ?",
                (digest(token), now, now, folded(name), kept),
            ).rowcount
            data.execute("UPDATE account SET password = ? WHERE id = ? AND password = ?", (renewed, folded(name), kept))
            data.execute("DELETE FROM tries WHERE subject IN (?, ?)", (named, asking))
            data.execute("DELETE FROM sign_in WHERE ? - seen > ? OR ? - begun > ?", self._ages(now))
        if not begun:
            raise SignInRefused
        return token

    def end(self, token: str) -> None:
        """The token is worth nothing any more."""
        with self.accounts.store.work() as data:
            data.execute("DELETE FROM sign_in WHERE hash = ?", (digest(token),))

    def of(self, token: str) -> Person | None:
        """Who is signed in with this token; None when it has ended."""
        now = self.accounts.clock()
        with self.accounts.store.work() as data:
            row = data.execute(
                "SELECT name, role, seen FROM sign_in JOIN account ON account = id "
                "WHERE hash = ? AND NOT (? - seen > ? OR ? - begun > ?)",
                (digest(token), *self._ages(now)),
            ).fetchone()
            if row and now - row["seen"] > NOTED_SECONDS:
                data.execute("UPDATE sign_in SET seen = ? WHERE hash = ?", (now, digest(token)))
        return person(row)

    def _kept(self, name: str) -> str:
        with self.accounts.store.work() as data:
            row = data.execute("SELECT password FROM account WHERE id = ?", (folded(name),)).fetchone()
        return str(row["password"]) if row else ""

    def _count_try(self, named: str, asking: str) -> None:
        """Count a try as failed before it is looked at, so that many at the same time are as many tries."""
        now = self.accounts.clock()
        with self.accounts.store.work() as data:
            data.execute("BEGIN IMMEDIATE")
            data.execute("DELETE FROM tries WHERE ? - latest > ?", (now, FORGOTTEN_SECONDS))
            wait = max(_locked(data, named, now), _slowed(data, asking, now))
            if wait > 0:
                raise SignInPaused(wait)
            for subject in (named, asking):
                data.execute(
                    "INSERT INTO tries VALUES (?, 1, ?) "
                    "ON CONFLICT DO UPDATE SET failed = failed + 1, latest = excluded.latest",
                    (subject, now),
                )

    @staticmethod
    def _ages(now: float) -> tuple[float, ...]:
        return now, IDLE_SECONDS, now, WHOLE_SECONDS


def _locked(data: sqlite3.Connection, named: str, now: float) -> float:
    """Seconds for which a name stays locked."""
    failed, latest = _tries(data, named)
    if not failed or failed % TRIES:
        return 0.0
    return latest + _doubled(LOCKED_SECONDS, failed // TRIES - 1, LONGEST_SECONDS) - now


def _slowed(data: sqlite3.Connection, asking: str, now: float) -> float:
    """Seconds that an address has to wait since its latest failure, twice as long after each."""
    failed, latest = _tries(data, asking)
    return latest + _doubled(1.0, failed - CLIENT_TRIES, LOCKED_SECONDS) - now if failed > CLIENT_TRIES else 0.0


def _doubled(seconds: float, times: int, most: float) -> float:
    return float(min(seconds * 2 ** min(times, 30), most))


def _tries(data: sqlite3.Connection, subject: str) -> tuple[int, float]:
    row = data.execute("SELECT failed, latest FROM tries WHERE subject = ?", (subject,)).fetchone()
    return (row["failed"], row["latest"]) if row else (0, 0.0)
