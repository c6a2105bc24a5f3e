"""A gradio page on a real server: its state belongs to one sign-in, and nothing goes on once that has ended."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import gradio as gr
import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from signed_in import PASSWORD, people

from assistant.faces.web import guard, visitors
from assistant.faces.web.guard import COOKIE, Guard
from assistant.faces.web.listening import bound
from assistant.staff.sign_ins import SignIns


@pytest.fixture(scope="module")
def sign_ins(tmp_path_factory: pytest.TempPathFactory) -> SignIns:
    return people(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def address(sign_ins: SignIns) -> Iterator[str]:
    """A guarded page that counts how often it was asked, and a stream that never ends by itself."""
    app = FastAPI()

    @app.get("/stream")
    def stream() -> StreamingResponse:
        def ticks() -> Iterator[str]:
            while True:
                yield "data: tick\n\n"
                time.sleep(0.05)

        return StreamingResponse(ticks(), media_type="text/event-stream")

    def count(counted: int, request: gr.Request) -> tuple[int, str]:
        return counted + 1, f"{visitors.of_gradio(request).person.name} {counted + 1}"

    with gr.Blocks(analytics_enabled=False) as page:
        state, shown = gr.State(0), gr.Textbox()
        gr.Button().click(count, state, [state, shown])
    gr.mount_gradio_app(app, page.queue(), path="/", ssr_mode=False)
    app.add_middleware(Guard, sign_ins=sign_ins, alone=True)
    with bound("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def someone(address: str, sign_ins: SignIns) -> Iterator[list[httpx.Client]]:
    """Rosa, Rita, and Rosa in another browser."""
    clients = [
        httpx.Client(
            base_url=address, cookies={COOKIE: sign_ins.begin(name, PASSWORD, "here")}, headers={"Origin": address}
        )
        for name in ("rosa", "rita", "rosa")
    ]
    yield clients
    for client in clients:
        client.close()


def joined(client: httpx.Client, page: str) -> int:
    """The status of asking, from a page that calls itself so."""
    body = {"data": [None], "fn_index": 0, "session_hash": page}
    return client.post("/gradio_api/queue/join", json=body).status_code


def heard(client: httpx.Client, page: str) -> list[str]:
    """What that page is told until its stream ends."""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": page}) as reply:
        events = [json.loads(line[5:]) for line in reply.iter_lines() if line.startswith("data:")]
    return [event["output"]["data"][1] for event in events if event["msg"] == "process_completed"]


def asked(client: httpx.Client, page: str) -> list[str]:
    assert joined(client, page) == 200
    return heard(client, page)


def test_a_page_keeps_its_state_and_knows_who_asks(someone: list[httpx.Client]) -> None:
    rosa, *_ = someone
    assert [asked(rosa, "kept"), asked(rosa, "kept"), asked(rosa, "other")] == [["rosa 1"], ["rosa 2"], ["rosa 1"]]


def test_nobody_takes_over_the_page_of_another_by_its_name(someone: list[httpx.Client]) -> None:
    rosa, rita, elsewhere = someone
    assert asked(rosa, "mine") == ["rosa 1"]
    assert [asked(rita, "mine"), asked(elsewhere, "mine")] == [["rita 1"], ["rosa 1"]]
    assert joined(rosa, "mine") == 200
    rita.timeout = httpx.Timeout(1)
    with pytest.raises(httpx.ReadTimeout):
        heard(rita, "mine")
    assert heard(rosa, "mine") == ["rosa 2"]


def test_a_page_that_is_still_open_after_signing_out_does_nothing(
    someone: list[httpx.Client], sign_ins: SignIns
) -> None:
    rosa, *_ = someone
    assert asked(rosa, "left open") == ["rosa 1"]
    sign_ins.end(rosa.cookies[COOKIE])
    assert joined(rosa, "left open") == 401
    rosa.cookies.set(COOKIE, sign_ins.begin("rosa", PASSWORD, "here"))
    assert asked(rosa, "left open") == ["rosa 1"], "what was said before belongs to the sign-in before"


def test_a_stream_ends_with_the_sign_in(
    someone: list[httpx.Client], sign_ins: SignIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "AGAIN_SECONDS", 0.1)
    rosa, *_ = someone
    with rosa.stream("GET", "/stream") as reply:
        lines = reply.iter_lines()
        for _ in range(20):
            assert next(lines) in ("data: tick", "")
        sign_ins.end(rosa.cookies[COOKIE])
        assert len(list(lines)) < 20
