"""Accounts for tests: cheap passwords, and a clock that stands still until a test moves it."""

from __future__ import annotations

from pathlib import Path

from assistant.records import Role
from assistant.staff.accounts import Accounts
from assistant.staff.passwords import Cost
from assistant.staff.store import StaffStore

CHEAP = Cost(n=2**4, r=1, p=1)
PASSWORD = "four good words here"  # noqa: S105 - of an account made here
WRONG = "four other words here"


class Clock:
    """Time that passes when a test says so."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def accounts_in(folder: Path, clock: Clock) -> Accounts:
    """The accounts of a library, with one reader."""
    accounts = Accounts(StaffStore(folder), clock, CHEAP)
    accounts.add("Maria", Role.READER, PASSWORD)
    return accounts
