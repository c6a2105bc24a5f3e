"""The command `assistant user`: people are added, listed, changed and removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from entrances import PASSWORD, WRONG
from typer.testing import CliRunner

from assistant import logs
from assistant.faces.cli import app
from assistant.faces.command_line import users as user_commands
from assistant.records import Person, Role
from assistant.staff.accounts import Accounts
from assistant.staff.conversations import Conversations
from assistant.staff.sign_ins import SignIns
from assistant.staff.store import StaffStore


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


def test_it_is_the_same_sentence_where_events_are_told(tmp_path: Path) -> None:
    logs.start("info", "text")
    try:
        assert run(tmp_path, "remove", "otto")[0] == 2
        assert run(tmp_path, "remove", "otto", "--unheard-of")[0] == 2
    finally:
        logs.stop()


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
