"""Accounts: what is kept of passwords and keys, and who may have which name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from entrances import CHEAP, PASSWORD, WRONG, Clock, accounts_in

from assistant.errors import AccountError
from assistant.records import Person, Role
from assistant.staff import passwords
from assistant.staff.accounts import Accounts
from assistant.staff.passwords import Cost
from assistant.staff.sign_ins import SignIns
from assistant.staff.store import StaffStore


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return accounts_in(tmp_path, clock)


@pytest.fixture
def entrance(accounts: Accounts) -> SignIns:
    return SignIns(accounts)


def kept(accounts: Accounts) -> bytes:
    return b"".join(file.read_bytes() for file in accounts.store.file.parent.iterdir())


# --- passwords --------------------------------------------------------------------------------------------------------


def test_a_password_fits_what_is_kept_of_it_and_no_other_does() -> None:
    hashed = passwords.hashed(PASSWORD, CHEAP)
    assert passwords.fits(PASSWORD, hashed, CHEAP)
    assert not passwords.fits(WRONG, hashed, CHEAP)
    assert not passwords.fits(PASSWORD, "", CHEAP)
    assert hashed != passwords.hashed(PASSWORD, CHEAP), "each has a salt of its own"


def test_the_same_letters_fit_whatever_keyboard_typed_them() -> None:
    assert passwords.fits(
        "Contrasen\u0303a de cuatro palabras", passwords.hashed("Contraseña de cuatro palabras", CHEAP), CHEAP
    )


def test_a_guess_costs_what_the_source_asks_for() -> None:
    cost = Cost()
    assert 128 * cost.n * cost.r == 32 * 2**20
    assert cost.p == 3


def test_a_password_that_was_hashed_more_cheaply_is_hashed_anew_when_it_is_next_typed(
    entrance: SignIns, accounts: Accounts
) -> None:
    entrance.begin("maria", PASSWORD, "here")
    before = kept_password(accounts)
    accounts.cost = Cost(n=2**5, r=1, p=1)
    entrance.begin("maria", PASSWORD, "here")
    after = kept_password(accounts)
    assert before.startswith("scrypt$16$1$1$")
    assert after.startswith("scrypt$32$1$1$")
    entrance.begin("maria", PASSWORD, "here")
    assert kept_password(accounts) == after


def kept_password(accounts: Accounts) -> str:
    with accounts.store.work() as data:
        return str(data.execute("SELECT password FROM account").fetchone()[0])


@pytest.mark.parametrize(("password", "said"), [("short", "at least 15 characters"), ("x" * 1025, "at most 1,024")])
def test_a_password_that_cannot_be_used_is_refused_with_a_kind_sentence(
    accounts: Accounts, password: str, said: str
) -> None:
    with pytest.raises(AccountError, match=said):
        accounts.add("otto", Role.READER, password)
    with pytest.raises(AccountError, match=said):
        accounts.set_password("maria", password)


def test_nothing_that_opens_the_door_stands_in_the_file(accounts: Accounts, entrance: SignIns) -> None:
    token, key = entrance.begin("maria", PASSWORD, "here"), accounts.new_key("maria")
    for secret in (PASSWORD, token, key):
        assert secret.encode() not in kept(accounts)
    assert accounts.store.file.stat().st_mode & 0o077 == 0


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_name_is_known_in_capitals_and_small_letters_alike_and_taken_once(
    accounts: Accounts, entrance: SignIns
) -> None:
    assert entrance.of(entrance.begin("MARIA", PASSWORD, "here")) == Person("Maria", Role.READER)
    with pytest.raises(AccountError, match="There is an account maria already"):
        accounts.add("maria", Role.CURATOR, PASSWORD)


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "<b>", "a/b", "a\x1b"])
def test_a_name_is_one_word(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="without spaces"):
        accounts.add(name, Role.READER, PASSWORD)


def test_who_has_no_account_cannot_be_changed(accounts: Accounts) -> None:
    changes: list[Callable[[str], object]] = [
        accounts.remove,
        accounts.new_key,
        accounts.revoke,
        lambda name: accounts.set_role(name, Role.CURATOR),
        lambda name: accounts.set_password(name, PASSWORD),
    ]
    for change in changes:
        with pytest.raises(AccountError, match="assistant user list"):
            change("otto")


def test_a_library_without_accounts_gets_no_file_by_being_asked(tmp_path: Path) -> None:
    assert not Accounts(StaffStore(tmp_path)).any()
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_of_staff_data_gets_what_it_lacks(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "staff.sqlite").close()
    accounts = Accounts(StaffStore(tmp_path), cost=CHEAP)
    assert not accounts.any()
    accounts.add("maria", Role.READER, PASSWORD)
    assert accounts.any()
