"""The command `assistant user`: who may sign in, what each may do, their passwords and keys."""

from __future__ import annotations

import sys
from dataclasses import asdict
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import AccountError
from assistant.faces.command_line import program
from assistant.faces.command_line.program import AsJson, Commands, Index, app, settings_of, show
from assistant.records import Role

if TYPE_CHECKING:
    from assistant.staff.accounts import Account, Accounts

SAID = "Say who may sign in to the page, REST and MCP; once there is one user, everybody has to."

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the user.")]
AsRole = Annotated[
    Role,
    typer.Option("--role", help="Readers ask and read; curators also see restricted documents and keep the library."),
]

users = typer.Typer(
    cls=Commands,
    name="user",
    help=f"\b\nassistant user add maria --role curator\nassistant user key maria\n\n{SAID}",
    short_help=SAID,
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(users)
command = partial(program.command, group=users)


@command("assistant user add maria --role curator\nassistant user add maria --role reader < password.txt")
def add(name: Name, role: AsRole, index: Index = None, as_json: AsJson = False) -> None:
    """Add a user; the password is asked for, or read from standard input."""
    accounts = _accounts(index)
    accounts.add(name, role, _password())
    show(as_json, {"name": name, "role": role}, f"{name} can sign in now, as a {role}.")


@command("assistant user list")
def list(index: Index = None, as_json: AsJson = False) -> None:
    """Show who has an account."""
    found = _accounts(index).all()
    show(as_json, [asdict(each) for each in found], "\n".join(map(_line, found)) or "There are no users.")


@command("assistant user remove maria")
def remove(name: Name, index: Index = None, as_json: AsJson = False) -> None:
    """Remove a user, with every sign-in, key and conversation."""
    _accounts(index).remove(name)
    show(as_json, {"removed": name}, f"{name} is removed.")


@command("assistant user password maria")
def password(name: Name, index: Index = None, as_json: AsJson = False) -> None:
    """Set another password, asked for or read from standard input; it ends every sign-in of the user."""
    _accounts(index).set_password(name, _password())
    show(as_json, {"name": name}, f"{name} has a new password and has to sign in again.")


@command("assistant user role maria --role reader")
def role(name: Name, role: AsRole, index: Index = None, as_json: AsJson = False) -> None:
    """Make a user a reader or a curator; it ends every sign-in of the user."""
    _accounts(index).set_role(name, role)
    show(as_json, {"name": name, "role": role}, f"{name} is a {role} now and has to sign in again.")


@command("assistant user key maria")
def key(name: Name, index: Index = None, as_json: AsJson = False) -> None:
    """Print a new API key for REST and MCP (Authorization: Bearer KEY), which is shown this once."""
    made = _accounts(index).new_key(name)
    show(as_json, {"name": name, "key": made}, made)


@command("assistant user revoke maria")
def revoke(name: Name, index: Index = None, as_json: AsJson = False) -> None:
    """End every API key and every sign-in of a user."""
    _accounts(index).revoke(name)
    show(as_json, {"name": name}, f"The keys of {name} open nothing any more, and {name} is signed out everywhere.")


def _accounts(index: Path | None) -> Accounts:
    from assistant.staff.accounts import Accounts
    from assistant.staff.store import StaffStore

    return Accounts(StaffStore(settings_of(index=index).index))


def _password() -> str:
    """Typed twice where somebody can type, without showing it; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass("Password: ")
    if getpass("The same again: ") != typed:
        raise AccountError("The two were not the same. Nothing was changed; try again.")
    return typed


def _line(account: Account) -> str:
    keys = "1 key" if account.keys == 1 else f"{account.keys} keys"
    places = "1 place" if account.sign_ins == 1 else f"{account.sign_ins} places"
    return f"{account.name}  {account.role}, {keys}, signed in at {places}"
