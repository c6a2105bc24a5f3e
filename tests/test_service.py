"""The web service at its border: the contract, the limits, the sentences, and what a browser is told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fakes_assistant import DOCUMENT, QUOTES, TITLE, FakeAssistant
from fastapi.testclient import TestClient

from assistant.errors import ModelUnusable, PortInUse, UnsafeAddress
from assistant.faces.chat import opening
from assistant.faces.chat.markup import Chat
from assistant.faces.chat.talk import SOMEBODY, Conversation
from assistant.faces.service import create_app
from assistant.faces.texts import texts
from assistant.faces.web.listening import bound
from assistant.faces.web.shelf import Shelf
from assistant.faces.web.warmth import Warmth
from assistant.records import Turn
from assistant.settings import Settings

PAGES = f"/api/v1/pages/{quote(DOCUMENT)}/"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> FakeAssistant:
    return FakeAssistant(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def client(assistant: FakeAssistant) -> Iterator[TestClient]:
    app = create_app(assistant, Settings(), Warmth(assistant))
    with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as client:
        yield client


def test_a_question_gets_an_answer_with_citations(client: TestClient, assistant: FakeAssistant) -> None:
    body = {
        "id": 7,
        "question": "What was recommended?",
        "history": [{"question": "Before?", "answer": "That."}],
        "filters": {"document": DOCUMENT},
        "answerable": True,
    }
    answer = client.post("/api/v1/ask", json=body).json()
    assert answer["id"] == "7"
    assert [citation["quote"] for citation in answer["citations"]] == list(QUOTES)
    assert assistant.asked[-1].history == (Turn("Before?", "That."),)
    assert assistant.asked[-1].filters == {"document": DOCUMENT}


def test_a_search_brings_as_many_passages_as_asked_for(client: TestClient) -> None:
    found = client.post("/api/v1/search", json={"question": "visits", "top": 2}).json()
    assert [len(found["passages"]), found["generation"]] == [2, 3]


def test_the_library_is_listed_with_what_went_wrong(client: TestClient) -> None:
    rows = client.get("/api/v1/documents").json()
    assert [(row["document"], row["refused"]) for row in rows] == [(DOCUMENT, ""), ("broken.pdf", "damaged")]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"question": "  "}, 400, "The question is empty."),
        ({"question": "a" * 5000}, 400, "5,000 characters"),
        ({"question": "a" * 300_000}, 422, "question: String should have at most"),
        ({}, 422, "question: Field required"),
        ({"question": "a", "history": [{"question": "b"}] * 51}, 422, "history: List should have at most 50"),
        ({"question": "a", "filters": "none"}, 422, "filters: Input should be a valid dictionary"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(
    client: TestClient, body: dict[str, Any], status: int, said: str
) -> None:
    reply = client.post("/api/v1/ask", json=body)
    assert reply.status_code == status
    assert said in reply.json()["error"]


def test_a_body_that_is_too_large_or_of_unknown_length_is_not_read(client: TestClient) -> None:
    assert client.post("/api/v1/ask", content=b"x" * 1_000_001).status_code == 413
    assert client.post("/api/v1/ask", content=iter([b"{}"])).status_code == 411


def test_a_page_picture_carries_the_marks_of_its_own_page_only(client: TestClient) -> None:
    bare = client.get(f"{PAGES}2.png", params={"width": 300})
    marked = client.get(f"{PAGES}2.png", params={"width": 300, "boxes": "2,70,100,500,200"})
    other = client.get(f"{PAGES}2.png", params={"width": 300, "boxes": "3,70,100,500,200"})
    assert bare.headers["content-type"] == "image/png"
    assert bare.content == other.content
    assert marked.content != bare.content


@pytest.mark.parametrize("boxes", ["1,2,3", "a,b,c,d,e", "2,0,0,nan,5", ";".join(["2,1,1,2,2"] * 401)])
def test_boxes_that_cannot_be_read_are_refused(client: TestClient, boxes: str) -> None:
    assert client.get(f"{PAGES}2.png", params={"boxes": boxes}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/pages/absent.pdf/1.png",
        f"{PAGES}9.png",
        f"{PAGES}0.png",
        "/api/v1/pages/..%2F..%2Fetc%2Fpasswd/1.png",
        "/api/v1/pages/%2Fetc%2Fpasswd/1.png",
        "/api/v1/files/..%2F..%2Fetc%2Fpasswd",
        "/api/v1/files/education%2F..%2Feducation%2Ffinal%20evaluation%20%232.pdf",
    ],
)
def test_only_pages_of_the_live_library_are_served(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    missing = "document" if "absent" in path or ".." in path or "passwd" in path else "page"
    assert f"The library holds no {missing} " in reply.json()["error"]


def test_a_pdf_of_the_library_can_be_opened(client: TestClient, assistant: FakeAssistant) -> None:
    reply = client.get(f"/api/v1/files/{quote(DOCUMENT)}")
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.content == assistant.pdf_path(DOCUMENT).read_bytes()


@pytest.mark.parametrize("path", ["/", "/theme.css", "/api/v1/documents", "/absent", "/openapi.json", "/healthz"])
def test_every_reply_tells_the_browser_what_it_may_do(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "://" not in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_another_name_for_this_machine_is_not_served(client: TestClient) -> None:
    assert client.get("/api/v1/documents", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/api/v1/documents", headers={"host": "localhost:9"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["upload", "file=/etc/passwd", "proxy=http://127.0.0.1/", "info", "call/answering", "run/predict", "runs"]
)
def test_gradio_serves_nothing_beyond_the_page(client: TestClient, path: str) -> None:
    assert client.get(f"/gradio_api/{path}").status_code == 404
    assert client.post(f"/gradio_api/{path}", json={}).status_code == 404


def call(client: TestClient, method: str, params: dict[str, Any]) -> dict[str, Any]:
    """One MCP request over HTTP; its result."""
    reply = client.post(
        "/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params},
        headers={"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"},
    )
    return dict(reply.json()["result"])


def test_other_programs_find_the_same_answers_as_tools(client: TestClient) -> None:
    tools = call(client, "tools/list", {})["tools"]
    assert {tool["name"] for tool in tools} == {"ask", "search", "documents"}
    asked = call(client, "tools/call", {"name": "ask", "arguments": {"question": "What was recommended?"}})
    assert asked["structuredContent"] == client.post("/api/v1/ask", json={"question": "What was recommended?"}).json()


def test_a_tool_says_what_is_wrong_with_a_question(client: TestClient) -> None:
    asked = call(client, "tools/call", {"name": "ask", "arguments": {"question": " "}})
    assert asked["isError"]
    assert "The question is empty." in asked["content"][0]["text"]


def test_documentation_pages_that_load_scripts_from_outside_are_off(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404
    assert "/api/v1/ask" in client.get("/openapi.json").json()["paths"]


def test_the_service_is_ready_once_the_model_is_loaded(tmp_path: Path) -> None:
    warmth = Warmth(FakeAssistant(tmp_path))
    with TestClient(create_app(FakeAssistant(tmp_path), Settings(), warmth), base_url="http://localhost") as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        warmth.begin()
        assert warmth.ready.wait(5)
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready", "generation": FakeAssistant.generation})


def test_a_model_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    class Cold(FakeAssistant):
        def warm(self) -> None:
            raise ModelUnusable("lost", "no such folder")

    assistant = Cold(tmp_path)
    warmth = Warmth(assistant)
    warmth.begin()
    with TestClient(create_app(assistant, Settings(), warmth), base_url="http://localhost") as client:
        for _ in range(100):
            if warmth.failure:
                break
            time.sleep(0.02)
        assert "'lost' cannot be loaded" in client.get("/readyz").json()["error"]


def test_only_a_free_loopback_port_is_taken() -> None:
    with bound("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"--port {port + 1}"):
            bound("127.0.0.1", port)
    for host in ("0.0.0.0", "192.168.1.5", "example.org", "::"):  # noqa: S104
        with pytest.raises(UnsafeAddress, match="assistant user add NAME --role curator"):
            bound(host, 7860)


def test_where_everybody_has_to_sign_in_other_machines_may_reach_it() -> None:
    bound("0.0.0.0", 0, guarded=True).close()  # noqa: S104


def test_a_port_is_free_again_right_after_a_restart() -> None:
    with bound("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as caller:
            first.accept()[0].close()
            caller.recv(1)
    bound("127.0.0.1", port).close()


def talk(assistant: FakeAssistant, *, ready: bool = True) -> Conversation:
    event = threading.Event()
    if ready:
        event.set()
    return Conversation(Shelf(assistant), event)


def test_an_answer_appears_sentence_by_sentence(assistant: FakeAssistant) -> None:
    steps = [chat.turns[-1] for chat in talk(assistant).ask("What was recommended?", Chat())]
    assert steps[0].note == "Searching the library…"
    words = [turn.words for turn in steps[1:]]
    assert len(words) > 3
    assert all(later.startswith(earlier) for earlier, later in pairwise(words))
    assert steps[-1].answer is not None
    assert words[-1] == steps[-1].answer.answer


def test_the_first_question_waits_for_the_model(tmp_path: Path) -> None:
    assistant = FakeAssistant(tmp_path)
    steps = talk(assistant, ready=False).ask("What was recommended?", Chat())
    assert next(steps).turns[-1].note.startswith("Getting ready")
    assert not assistant.warmed.is_set()
    assert list(steps)[-1].turns[-1].answer is not None
    assert assistant.warmed.is_set()


def test_a_follow_up_carries_the_conversation(assistant: FakeAssistant) -> None:
    conversation = talk(assistant)
    first = list(conversation.ask("What was recommended?", Chat()))[-1]
    list(conversation.ask("And the lessons?", first))
    assert [turn.question for turn in assistant.asked[-1].history] == ["What was recommended?"]


def test_an_error_is_shown_as_its_sentence_and_the_page_goes_on(assistant: FakeAssistant) -> None:
    conversation = talk(assistant)
    chat = list(conversation.ask("a" * 4001, Chat()))[-1]
    assert chat.turns[-1].note.startswith("The question has 4,001 characters")
    assert chat.turns[-1].failed
    assert len(list(conversation.ask("What was recommended?", chat))[-1].turns) == 2
    assert [each.turns for each in conversation.ask("   ", chat)] == [chat.turns]


def test_a_stopped_question_says_so(assistant: FakeAssistant) -> None:
    conversation = talk(assistant)
    waiting = next(conversation.ask("What was recommended?", Chat()))
    assert conversation.stopped(waiting).turns[-1].note == "Stopped."


def test_an_answer_that_is_there_is_shown_whole_after_stop(assistant: FakeAssistant) -> None:
    conversation = talk(assistant)
    steps = conversation.ask("What was recommended?", Chat())
    halfway = [next(steps) for _ in range(3)][-1]
    assert conversation.stopped(halfway).turns[-1].words.endswith("[3]")


def test_the_page_opens_with_what_can_be_searched_and_what_could_not_be_read(assistant: FakeAssistant) -> None:
    shelf = Shelf(assistant)
    head = opening.head(SOMEBODY, shelf.searchable)
    library = opening.library(texts("en"), shelf.rows)
    assert "Covers 1 document, 3 pages." in head
    assert [word in library for word in (TITLE, "3 pages", "broken.pdf", "not read: damaged")] == [True] * 4


def test_the_page_outlives_tools_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def of_another_version(*_: object) -> None:
        raise ValueError("no such tool")

    monkeypatch.setattr("assistant.faces.mcp.make_server", of_another_version)
    fake = FakeAssistant(tmp_path)
    app = create_app(fake, Settings(index=tmp_path), Warmth(fake))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        assert [client.post("/mcp").status_code for _ in range(2)] == [503, 503]
        assert client.get("/healthz").status_code == 200
