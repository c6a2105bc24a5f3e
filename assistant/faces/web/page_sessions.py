"""The state that gradio keeps for a page belongs to one sign-in: nobody else reaches it, not even knowing its name."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.types import Message, Receive, Scope

ROOT = "/gradio_api/"
HEARTBEAT = "/gradio_api/heartbeat/"
NAME = "session_hash"
"""What gradio calls the name that a page gives itself, under which its state is kept."""


async def apart(scope: Scope, receive: Receive, sign_in: str) -> tuple[Scope, Receive]:
    """The same request with the page's name made one of this page and this sign-in together.

    sign_in is the secret of the sign-in. Gradio keeps states by the name alone, and takes it from whoever sends it.
    """
    path = scope["path"]
    if not path.startswith(ROOT):
        return scope, receive
    if path.startswith(HEARTBEAT):
        named = HEARTBEAT + _own(path.removeprefix(HEARTBEAT), sign_in)
        return {**scope, "path": named, "raw_path": named.encode()}, receive
    query = [(k, _own(v, sign_in) if k == NAME else v) for k, v in parse_qsl(scope["query_string"].decode("latin-1"))]
    changed = {**scope, "query_string": urlencode(query).encode()}
    if scope["method"] != "POST":
        return changed, receive
    body = _renamed(await Request(scope, receive).body(), sign_in)
    length = (b"content-length", str(len(body)).encode())
    changed["headers"] = [length if name == b"content-length" else (name, value) for name, value in scope["headers"]]
    return changed, _receiving(body, receive)


def _own(name: str, sign_in: str) -> str:
    return hashlib.sha256(f"{sign_in} {name}".encode()).hexdigest()[:32]


def _renamed(body: bytes, sign_in: str) -> bytes:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return b""  # what cannot be read here shall not be read as the name of another page further on
    if not isinstance(value, dict) or not isinstance(value.get(NAME), str):
        return body
    return json.dumps({**value, NAME: _own(value[NAME], sign_in)}).encode()


def _receiving(body: bytes, receive: Receive) -> Receive:
    """The body, once; then whatever else comes, such as that the browser has gone."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received
