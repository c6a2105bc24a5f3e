"""A web face with accounts, over any assistant: its app, and clients that are signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.faces.service import create_app
from assistant.faces.web.guard import COOKIE
from assistant.records import Role
from assistant.settings import Settings
from assistant.staff.accounts import Accounts
from assistant.staff.passwords import Cost
from assistant.staff.sign_ins import SignIns
from assistant.staff.store import StaffStore

PASSWORD = "four good words here"  # noqa: S105 - of accounts made here
ADDRESS = "http://127.0.0.1:7860"
OURS = {"Origin": ADDRESS}
CHEAP = Cost(n=2**4, r=1, p=1)


def people(index: Path) -> SignIns:
    """A curator and two readers."""
    accounts = Accounts(StaffStore(index), cost=CHEAP)
    for name, role in (("carla", Role.CURATOR), ("rosa", Role.READER), ("rita", Role.READER)):
        accounts.add(name, role, PASSWORD)
    return SignIns(accounts)


def app_of(assistant: Any, sign_ins: SignIns, **settings: Any) -> FastAPI:
    """The whole web face for these people."""
    return create_app(assistant, Settings(index=sign_ins.accounts.store.file.parent, **settings), sign_ins=sign_ins)


def visiting(app: FastAPI, address: str = ADDRESS) -> TestClient:
    """Somebody who is not signed in."""
    client = TestClient(app, base_url=address, follow_redirects=False, raise_server_exceptions=False)
    # All requests to an app that runs are answered in its own loop, as a server does.
    client.portal = getattr(app.state, "portal", None)
    return client


def signed_in(app: FastAPI, sign_ins: SignIns, name: str) -> TestClient:
    """Somebody who is, in a browser that is on one of our pages."""
    client = visiting(app)
    client.cookies.set(COOKIE, sign_ins.begin(name, PASSWORD, name))
    client.headers.update(OURS)
    return client
