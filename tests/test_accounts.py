"""Accounts: what is kept of passwords and keys, how long a sign-in lasts, and what happens after wrong tries."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.errors import AccountError, SignInPaused, SignInRefused, StaffDataUnusable
from assistant.faces.cli import app
from assistant.faces.command_line import users as user_commands
from assistant.records import Person, Role
from assistant.staff import passwords, sign_ins
from assistant.staff.accounts import Accounts
from assistant.staff.conversations import Conversations
from assistant.staff.passwords import Cost
from assistant.staff.sign_ins import IDLE_SECONDS, WHOLE_SECONDS, SignIns
from assistant.staff.store import StaffStore

CHEAP = Cost(n=2**4, r=1, p=1)
PASSWORD = "four good words here"  # noqa: S105 - of an account made here
WRONG = "four other words here"


class Clock:
    """Time that passes when a test says so."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    """The accounts of a library, with one reader."""
    accounts = Accounts(StaffStore(tmp_path), clock, CHEAP)
    accounts.add("Maria", Role.READER, PASSWORD)
    return accounts


@pytest.fixture
def entrance(accounts: Accounts) -> SignIns:
    return SignIns(accounts)


def wrong_tries(entrance: SignIns, count: int, name: str = "maria", client: str = "here") -> None:
    for _ in range(count):
        with pytest.raises(SignInRefused, match="not right"):
            entrance.begin(name, WRONG, client)


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


# --- the command ------------------------------------------------------------------------------------------------------


def run(folder: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["user", *arguments, "--index", str(folder)], input=typed)
    return ran.exit_code, ran.stdout, ran.stderr


def test_users_are_added_listed_changed_and_removed_on_the_command_line(tmp_path: Path) -> None:
    assert run(tmp_path, "list") == (0, "There are no users.\n", "")
    assert run(tmp_path, "add", "maria", "--role", "curator", typed=f"{PASSWORD}\n")[0] == 0
    [row] = json.loads(run(tmp_path, "list", "--json")[1])
    assert row == {"name": "maria", "role": "curator", "keys": 0, "sign_ins": 0}
    assert run(tmp_path, "role", "maria", "--role", "reader")[1] == "maria is a reader now and has to sign in again.\n"
    key = json.loads(run(tmp_path, "key", "maria", "--json")[1])["key"]
    assert Accounts(StaffStore(tmp_path)).of_key(key) == Person("maria", Role.READER)
    assert run(tmp_path, "list")[1] == "maria  reader, 1 key, signed in at 0 places\n"
    assert run(tmp_path, "revoke", "maria")[0] == 0
    assert Accounts(StaffStore(tmp_path)).of_key(key) is None
    assert run(tmp_path, "password", "maria", typed=f"{WRONG}\n")[0] == 0
    assert SignIns(Accounts(StaffStore(tmp_path))).begin("maria", WRONG, "here")
    conversations = Conversations(StaffStore(tmp_path))
    for person in ("maria", "otto"):
        asked = {"question": "What was learned?", "generation": 1, "refused": False}
        conversations.keep(conversations.begin(person, "What was learned?"), asked)
    assert run(tmp_path, "remove", "MARIA", "--json")[1] == '{"removed": "MARIA"}\n'
    assert [len(conversations.of(person)) for person in ("maria", "otto")] == [0, 1]
    assert run(tmp_path, "list", "--json")[1] == "[]\n"


def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    code, out, said = run(tmp_path, "add", "maria", "--role", "reader", typed="secret\n")
    assert (code, out) == (2, "")
    assert "at least 15 characters" in said
    assert "secret" not in said
    assert run(tmp_path, "remove", "otto")[::2] == (
        2,
        "There is no account otto. See who has one: assistant user list\n",
    )


@pytest.mark.parametrize("name", ["add", "list", "remove", "password", "role", "key", "revoke"])
def test_help_starts_with_something_to_type(name: str) -> None:
    ran = CliRunner().invoke(app, ["user", name, "--help"])
    assert ran.stdout.strip().startswith(f"assistant user {name}")
    assert "--json" in ran.stdout


def test_the_readme_says_of_the_command_what_its_help_says() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert f"| `assistant user` | {user_commands.SAID} |" in readme


def test_a_password_typed_on_a_terminal_is_typed_twice_and_not_shown(tmp_path: Path) -> None:
    assert typed_on_a_terminal(tmp_path, PASSWORD, WRONG) == (2, True)
    assert not Accounts(StaffStore(tmp_path)).any()
    assert typed_on_a_terminal(tmp_path, PASSWORD, PASSWORD) == (0, True)
    assert Accounts(StaffStore(tmp_path)).any()


def typed_on_a_terminal(folder: Path, *lines: str) -> tuple[int, bool]:
    """The exit code of `user add` on a terminal, and that nothing typed there was shown."""
    pty = pytest.importorskip("pty", reason="needs a terminal of POSIX")
    import os
    import sys

    pid, terminal = pty.fork()
    if not pid:
        command = ["-m", "assistant", "user", "add", "maria", "--role", "reader", "--index", str(folder)]
        os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 (this very program)
    shown = b""
    for prompt, line in zip((b"Password: ", b"again: "), lines, strict=True):
        while prompt not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, f"{line}\n".encode())
    try:
        while more := os.read(terminal, 1000):
            shown += more
    except OSError:
        pass  # the other end of the terminal is closed
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), not [line for line in lines if line.encode() in shown]


def test_an_older_file_of_staff_data_gets_what_it_lacks(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "staff.sqlite").close()
    accounts = Accounts(StaffStore(tmp_path), cost=CHEAP)
    assert not accounts.any()
    accounts.add("maria", Role.READER, PASSWORD)
    assert accounts.any()
