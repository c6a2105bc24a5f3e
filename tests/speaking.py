"""A server on this machine that speaks the OpenAI chat protocol and says what a test wants it to say."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USAGE = {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366, "cost": 0.0021}


@dataclass
class Say:
    """One reply: text in pieces, or a status, or something broken."""

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    """Sent as it is, in place of a reply that keeps to the protocol."""
    cut_after: int = 0
    """Pieces after which the line goes dead; 0 means never."""
    hang: float = 0.0
    """Seconds of silence before the first word."""
    pause: float = 0.0
    """Seconds between two pieces."""
    finish: str = "stop"
    streams: bool = True
    """False answers a request for a stream with one whole reply, as some servers do."""
    piece: int = 7
    """Characters of a piece."""


class Speaker:
    """What the server has heard, and what it says next: the replies in order, the last one for ever."""

    def __init__(self, *replies: Say | str | Callable[[dict[str, Any]], str]) -> None:
        self.replies = list(replies)
        self.heard: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.broken_off = threading.Event()
        self.url = ""

    def next(self, request: dict[str, Any]) -> Say:
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if callable(reply):
            reply = reply(request)
        return Say(reply) if isinstance(reply, str) else reply

    @property
    def prompts(self) -> list[str]:
        """The user's message of each request."""
        return [request["messages"][-1]["content"] for request in self.heard]


def passage_number(request: dict[str, Any], words: str) -> int:
    """The number under which a request offers the passage that holds these words."""
    offered = re.findall(r"== passage (\d+)\n(.*?)\n==", request["messages"][-1]["content"], re.DOTALL)
    return next(int(number) for number, text in offered if words in " ".join(text.split()))


@contextmanager
def speaking(*replies: Say | str | Callable[[dict[str, Any]], str]) -> Iterator[Speaker]:
    """A server that says these replies, at speaker.url, until the block ends."""
    speaker = Speaker(*replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            speaker.heard.append(request)
            speaker.keys.append(self.headers.get("Authorization", ""))
            try:
                _reply(self, speaker.next(request), request)
            except (BrokenPipeError, ConnectionResetError):
                speaker.broken_off.set()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing: the tests ask the speaker."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    speaker.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield speaker
    finally:
        server.shutdown()
        server.server_close()


def _reply(handler: BaseHTTPRequestHandler, say: Say, request: dict[str, Any]) -> None:
    time.sleep(say.hang)
    streams = bool(request.get("stream")) and say.streams and say.status == 200 and not say.body
    handler.send_response(say.status)
    for name, value in say.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Type", "text/event-stream" if streams else "application/json")
    handler.send_header("Connection", "close")
    handler.end_headers()
    if not streams:
        body = say.body or json.dumps(_whole(say) if say.status == 200 else {"error": {"message": "no, sk-secret-key"}})
        handler.wfile.write(body.encode())
        return
    pieces = [say.text[n : n + say.piece] for n in range(0, len(say.text), say.piece)]
    for number, piece in enumerate(pieces, start=1):
        _event(handler, {"content": piece, "role": "assistant"}, None)
        if say.cut_after and number >= say.cut_after:
            return
        time.sleep(say.pause)
    _event(handler, {}, say.finish)
    _send(handler, _envelope("chat.completion.chunk", []) | {"usage": USAGE})
    handler.wfile.write(b"data: [DONE]\n\n")


def _event(handler: BaseHTTPRequestHandler, delta: dict[str, Any], finish: str | None) -> None:
    _send(handler, _envelope("chat.completion.chunk", [{"index": 0, "delta": delta, "finish_reason": finish}]))


def _send(handler: BaseHTTPRequestHandler, event: dict[str, Any]) -> None:
    handler.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
    handler.wfile.flush()


def _whole(say: Say) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": say.text}, "finish_reason": say.finish}
    return _envelope("chat.completion", [choice]) | {"usage": USAGE}


def _envelope(kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "x", "object": kind, "created": 1, "model": "scripted", "choices": choices}
