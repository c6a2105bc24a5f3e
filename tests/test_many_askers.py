"""Many people ask on the page at once: nobody waits for another, and answers are then shown without a pause."""

from __future__ import annotations

import gc
import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import uvicorn
from fakes_assistant import FakeAssistant
from gradio.state_holder import SessionState

from assistant.faces.service import create_app
from assistant.faces.web.listening import bound
from assistant.faces.web.warmth import Warmth
from assistant.records import Answer, Question
from assistant.settings import Settings

pytestmark = pytest.mark.slow  # a real server

MANY = 12
TOGETHER = "list all together"


class Together(FakeAssistant):
    """Answers one question only once as many ask it as ever do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._all = threading.Barrier(MANY)

    def ask(self, question: Question) -> Answer:
        if question.text == TOGETHER:
            self._all.wait(60)
        return super().ask(question)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A browser on the page of a real server."""
    folder = tmp_path_factory.mktemp("many")
    assistant = Together(folder)
    warmth = Warmth(assistant)
    warmth.ready.set()
    app = create_app(assistant, Settings(index=folder), warmth)
    with bound("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        limits = httpx.Limits(max_connections=2 * MANY)
        with httpx.Client(
            base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", limits=limits, timeout=60
        ) as client:
            yield client
        server.should_exit = True
        thread.join(10)


def shown(page: httpx.Client, question: str, session: str) -> list[str]:
    """The conversation as it is shown to a page of that name, each time that it changes."""
    config = json.loads(re.findall(r"window\.gradio_config = (.*?);</script>", page.get("/").text)[0])
    [function] = [each["id"] for each in config["dependencies"] if each["api_name"] == "answering"]
    event = {"data": [question, None, "{}"], "fn_index": function, "session_hash": session}
    assert page.post("/gradio_api/queue/join", json=event).status_code == 200
    with page.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as reply:
        lines = [line for line in reply.iter_lines() if 'class=\\"turns' in line]
    return [line for line in lines if '"process_generating"' in line]


def test_an_answer_appears_sentence_by_sentence_and_where_many_ask_at_once(page: httpx.Client) -> None:
    alone = [line for line in shown(page, "list all", "alone") if 'class=\\"answer' in line]
    assert len(alone) > 1
    assert 'class=\\"about' not in alone[0]
    with ThreadPoolExecutor(MANY) as people:
        all_ = list(people.map(lambda number: shown(page, TOGETHER, f"person {number}"), range(MANY)))
    counts = [sum('class=\\"answer' in line for line in lines) for lines in all_]
    assert min(counts) == 1, counts
    assert all('class=\\"about' in lines[-1] for lines in all_)


def copies(word: str) -> int:
    """Of a conversation with that word, in what gradio remembers of all open pages."""
    states = [each for each in gc.get_objects() if type(each) is SessionState]
    values = [str(component["props"].get("value")) for state in states for component in state.components]
    return sum('class="turns"' in value and word in value for value in values)


def test_the_memory_of_a_page_holds_its_conversation_once(page: httpx.Client) -> None:
    for number in range(3):
        shown(page, f"list the memorable {number}", "memory")
    assert copies("memorable") == 1


def test_a_page_that_was_left_is_forgotten_and_its_conversation_goes_on(page: httpx.Client) -> None:
    shown(page, "list the first", "left")
    with page.stream("GET", "/gradio_api/heartbeat/left") as heart:
        beats = heart.iter_lines()
        assert next(beats) == "data: ALIVE"
        assert copies("the first") == 1
    until = time.monotonic() + 10
    while copies("the first") and time.monotonic() < until:
        time.sleep(0.05)
    assert copies("the first") == 0
    assert "the first" in shown(page, "list the second", "left")[0]
