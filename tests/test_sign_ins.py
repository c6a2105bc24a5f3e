"""Signing in: how long it lasts, what ends it, and what happens after wrong tries."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest
from entrances import PASSWORD, WRONG, Clock, accounts_in

from assistant.errors import AccountError, SignInPaused, SignInRefused, StaffDataUnusable
from assistant.records import Person, Role
from assistant.staff import sign_ins
from assistant.staff.accounts import Accounts
from assistant.staff.passwords import Cost
from assistant.staff.sign_ins import IDLE_SECONDS, WHOLE_SECONDS, SignIns
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


def wrong_tries(entrance: SignIns, count: int, name: str = "maria", client: str = "here") -> None:
    for _ in range(count):
        with pytest.raises(SignInRefused, match="not right"):
            entrance.begin(name, WRONG, client)


# --- sign-ins ---------------------------------------------------------------------------------------------------------


def test_a_sign_in_lasts_while_it_is_used_and_ends_when_it_is_not(entrance: SignIns, clock: Clock) -> None:
    token = entrance.begin("maria", PASSWORD, "here")
    for _ in range(3):
        clock.now += IDLE_SECONDS - 1
        assert entrance.of(token)
    clock.now += IDLE_SECONDS + 1
    assert entrance.of(token) is None


def test_a_sign_in_ends_after_a_week_however_much_it_is_used(entrance: SignIns, clock: Clock) -> None:
    token = entrance.begin("maria", PASSWORD, "here")
    begun = clock.now
    while clock.now + IDLE_SECONDS / 2 < begun + WHOLE_SECONDS:
        clock.now += IDLE_SECONDS / 2
        assert entrance.of(token)
    clock.now = begun + WHOLE_SECONDS + 1
    assert entrance.of(token) is None


def test_signing_out_ends_that_sign_in_alone(entrance: SignIns) -> None:
    first, second = (entrance.begin("maria", PASSWORD, "here") for _ in range(2))
    entrance.end(first)
    assert (entrance.of(first), entrance.of(second)) == (None, Person("Maria", Role.READER))


def test_a_new_password_and_a_removal_end_every_sign_in(entrance: SignIns, accounts: Accounts) -> None:
    token = entrance.begin("maria", PASSWORD, "here")
    accounts.set_password("maria", WRONG)
    assert entrance.of(token) is None
    token, key = entrance.begin("maria", WRONG, "here"), accounts.new_key("maria")
    accounts.remove("maria")
    assert entrance.of(token) is None
    assert accounts.of_key(key) is None
    assert not accounts.any()


def test_another_role_holds_at_once_and_asks_for_another_sign_in(entrance: SignIns, accounts: Accounts) -> None:
    token, key = entrance.begin("maria", PASSWORD, "here"), accounts.new_key("maria")
    accounts.set_role("maria", Role.CURATOR)
    assert entrance.of(token) is None
    again = entrance.of(entrance.begin("maria", PASSWORD, "here"))
    assert again == accounts.of_key(key) == Person("Maria", Role.CURATOR)


def test_keys_open_until_they_are_revoked(entrance: SignIns, accounts: Accounts) -> None:
    token, keys = entrance.begin("maria", PASSWORD, "here"), [accounts.new_key("maria") for _ in range(2)]
    assert [accounts.of_key(key) for key in keys] == [Person("Maria", Role.READER)] * 2
    assert accounts.of_key(token) is entrance.of(keys[0]) is None
    accounts.revoke("maria")
    assert [accounts.of_key(key) for key in keys] == [None, None]
    assert entrance.of(token) is None


# --- wrong tries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["maria", "nobody"])
def test_five_wrong_tries_lock_a_name_for_minutes_whether_anybody_has_it_or_not(
    entrance: SignIns, clock: Clock, name: str
) -> None:
    wrong_tries(entrance, 5, name)
    with pytest.raises(SignInPaused, match=r"^There were too many tries. Try again in 5 minutes\.$"):
        entrance.begin(name, PASSWORD, "elsewhere")
    clock.now += 301
    wrong_tries(entrance, 1, name)


def test_a_lock_ends_by_itself_and_the_right_password_ends_the_counting(entrance: SignIns, clock: Clock) -> None:
    wrong_tries(entrance, 5)
    clock.now += 299
    with pytest.raises(SignInPaused, match="in a minute"):
        entrance.begin("maria", PASSWORD, "here")
    clock.now += 2
    assert entrance.begin("maria", PASSWORD, "here")
    wrong_tries(entrance, 4)
    assert entrance.begin("maria", PASSWORD, "here")


def test_locks_grow_to_an_hour_and_no_further(entrance: SignIns, clock: Clock) -> None:
    longest = 0
    for number in range(8):
        wrong_tries(entrance, 5, client=f"client {number}")
        with pytest.raises(SignInPaused) as paused:
            entrance.begin("maria", PASSWORD, "here")
        longest = paused.value.minutes
        clock.now += longest * 60 + 1
    assert longest == 60


def test_who_tries_many_names_from_one_place_is_slowed_and_others_are_not(entrance: SignIns, clock: Clock) -> None:
    for number in range(11):
        wrong_tries(entrance, 1, f"name{number}")
    with pytest.raises(SignInPaused):
        entrance.begin("maria", PASSWORD, "here")
    assert entrance.begin("maria", PASSWORD, "elsewhere")
    clock.now += 3
    assert entrance.begin("maria", PASSWORD, "here")


def test_wrong_tries_of_yesterday_are_forgotten(entrance: SignIns, clock: Clock) -> None:
    wrong_tries(entrance, 4)
    clock.now += sign_ins.FORGOTTEN_SECONDS + 1
    wrong_tries(entrance, 4)


def test_many_tries_at_the_same_time_are_as_many_tries(entrance: SignIns) -> None:
    said: list[str] = []

    def guess() -> None:
        with pytest.raises(SignInRefused) as refused:
            entrance.begin("maria", WRONG, "here")
        said.append(type(refused.value).__name__)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["SignInPaused"] * 15 + ["SignInRefused"] * 5


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(tmp_path: Path) -> None:
    accounts = Accounts(StaffStore(tmp_path), cost=Cost(n=2**12, r=8, p=1))
    accounts.add("maria", Role.READER, PASSWORD)

    def seconds(name: str) -> float:
        clock = time.process_time()
        with pytest.raises(SignInRefused):
            SignIns(accounts).begin(name, WRONG, name)
        return time.process_time() - clock

    known, unknown = (min(seconds(name) for _ in range(4)) for name in ("maria", "nobody"))
    assert unknown == pytest.approx(known, rel=0.5)


def test_what_was_typed_is_in_no_log_and_no_error(
    entrance: SignIns, accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SignInRefused) as refused:
        entrance.begin("maria", WRONG, "here")
    with pytest.raises(AccountError) as short:
        accounts.set_password("maria", "not so long")
    token, key = entrance.begin("maria", PASSWORD, "here"), accounts.new_key("maria")
    accounts.store.file.write_bytes(b"no database " * 100)
    with pytest.raises(StaffDataUnusable) as unusable:
        entrance.of(token)
    told = caplog.text + str(refused.value) + str(short.value) + str(unusable.value)
    assert not [secret for secret in (WRONG, PASSWORD, "not so long", token, key) if secret in told]
