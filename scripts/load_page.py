"""Twenty people who ask at once: how long they wait for the first words and the whole answer, and whether memory grows.

usage: make load (CORPUS, INDEX, LOAD: options, such as "--seconds 60")
   or: python scripts/load_page.py --corpus corpus --index index [--people 20] [--seconds 300] [--hurried]

The real product is started as a process of its own on a free port of this machine, over a copy of the index, and ended
afterwards; nothing else is asked. Each person signs in, opens the page and asks as the page's script does: through
gradio's queue, then for the picture of the page that is cited; now and then through REST.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import os
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from assistant.records import Role
from assistant.staff.accounts import Accounts
from assistant.staff.store import StaffStore

HOST = "127.0.0.1"
LONGEST_SECONDS = 1800
THINKING_SECONDS = (2.0, 8.0)
"""Between an answer and the next question, evenly spread."""
ARRIVING_SECONDS = 0.4
"""Between two people who sign in."""
WAIT_SECONDS = 60.0
"""For any reply; beyond it an error."""
MEMORY_SECONDS = 10.0
POLL_SECONDS = 30.0
"""How often the page looks whether the library has changed."""
PICTURE_WIDTH = 1000
PASSWORD = "four good words here"  # noqa: S105 (of accounts in a copy that is thrown away)
QUESTIONS = (
    "What was recommended to the ministry?",
    "What lessons were learned about sustainability?",
    "How were workers' organisations involved?",
    "What good practices are described?",
    "Which methods did the evaluation use?",
    "What were the main challenges?",
    "How effective was the training?",
    "List the recommendations",
    "List the lessons learned",
    "How many people were interviewed?",
    "What is said about gender equality?",
    "Was the project efficient?",
    "What does the report say about the labour inspectorate?",
    "How should sustainability be planned?",
    "Who won the football match?",
    "What was the role of the donor?",
    "Which partners took part?",
    "How relevant was the design to local needs?",
)
FOLLOW_UPS = ("And what was recommended about it?", "Why?", "What else is said about that?", "Which page says so?")


@dataclass
class Measured:
    """What was seen so far, by all people together."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the start, and megabytes."""

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Note how long the block took, or what went wrong in it."""
        started = time.perf_counter()
        try:
            yield
        except (httpx.HTTPError, Wrong) as error:
            self.errors[f"{what}: {str(error) or type(error).__name__}"] += 1
        else:
            self.seconds[what].append(time.perf_counter() - started)


class Wrong(Exception):
    """A reply that is not what the page needs."""


class Person:
    """Somebody with the page open, who asks until the end."""

    def __init__(self, client: httpx.AsyncClient, measured: Measured, hurried: bool, chance: random.Random) -> None:
        self._client = client
        self._measured = measured
        self._hurried = hurried
        self._chance = chance
        self._functions: dict[str, int] = {}
        self._session = ""
        self._heart: asyncio.Task[None] | None = None
        self._asked = 0

    async def work(self, name: str, end: float) -> None:
        """Sign in, open the page and ask until the end, in seconds of time.monotonic()."""
        with self._measured.timed("signing in"):
            reply = await self._client.post("/signin", data={"name": name, "password": PASSWORD})
            if reply.status_code != 303:
                raise Wrong(f"status {reply.status_code}")
        await self._open()
        polling = asyncio.create_task(self._poll())
        while time.monotonic() < end:
            await asyncio.sleep(0 if self._hurried else self._chance.uniform(*THINKING_SECONDS))
            await self._chance.choices((self._ask, self._ask_rest, self._search, self._open), (16, 2, 1, 1))[0]()
        for task in filter(None, (polling, self._heart)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _open(self) -> None:
        """Open the page anew, as a new conversation."""
        if self._heart:
            self._heart.cancel()
        with self._measured.timed("opening the page"):
            page = _right(await self._client.get("/")).text
            config = re.search(r"window\.gradio_config = (.*?);</script>", page, re.S)
            if not config:
                raise Wrong("no page")
            functions = json.loads(config[1])["dependencies"]
            self._functions = {function["api_name"]: function["id"] for function in functions}
            self._session, self._asked = f"{self._chance.getrandbits(60):x}", 0
            _right(await self._client.get("/gradio_api/startup-events"))
            self._heart = asyncio.create_task(self._beat())
            async with self._event("opened", [""]) as lines:
                told = [line async for line in lines]
            if not told or 'class=\\"masthead' not in told[-1]:
                raise Wrong("the page has not opened")

    async def _ask(self) -> None:
        """Ask on the page, and look at the page of the first source."""
        follows = self._asked and self._chance.random() < 0.3
        question = self._chance.choice(FOLLOW_UPS if follows else QUESTIONS)
        sent = json.dumps({"filters": {}, "stay": self._asked})
        started, answer = time.perf_counter(), ""
        with self._measured.timed("page: ready for another"):
            async with self._event("answering", [question, None, sent]) as lines:
                async for line in lines:
                    # The turn is the last one; the note while it is searched for has no answer yet.
                    turn = line.partition(f'id=\\"turn-{self._asked}\\"')[2]
                    if 'class=\\"note failed' in turn:
                        raise Wrong("the answer is an error")
                    if not answer and 'class=\\"answer' in turn:
                        self._measured.seconds["page: first words"].append(time.perf_counter() - started)
                    answer = turn if 'class=\\"answer' in turn else answer
                    if 'class=\\"about' in turn and started:
                        self._measured.seconds["page: whole answer"].append(time.perf_counter() - started)
                        started = 0.0
            if started:
                raise Wrong("no whole answer")
            self._asked += 1
        if card := re.search(r'data-pages=\\"(.*?)\\" data-page=\\"(\d+)\\" .*?data-boxes=\\"(.*?)\\"', answer):
            pages, page, boxes = html.unescape(card[1]), card[2], quote(card[3])
            with self._measured.timed("picture of a page"):
                _right(await self._client.get(f"/{pages}{page}.png?width={PICTURE_WIDTH}&boxes={boxes}"))

    async def _ask_rest(self) -> None:
        with self._measured.timed("REST: ask"):
            _right(await self._client.post("/api/v1/ask", json={"question": self._chance.choice(QUESTIONS)}))

    async def _search(self) -> None:
        with self._measured.timed("REST: search"):
            _right(await self._client.post("/api/v1/search", json={"question": self._chance.choice(QUESTIONS)}))

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            with self._measured.timed("news of the library"):
                _right(await self._client.get("/api/v1/library"))

    async def _beat(self) -> None:
        """The stream that says that the page is still open."""
        async with self._client.stream("GET", f"/gradio_api/heartbeat/{self._session}", timeout=None) as reply:
            async for _ in reply.aiter_lines():
                pass

    @asynccontextmanager
    async def _event(self, name: str, data: list[Any]) -> AsyncIterator[AsyncIterator[str]]:
        """What comes of an event of the page, message by message, until it is completed."""
        event = {"data": data, "fn_index": self._functions[name], "session_hash": self._session, "event_data": None}
        _right(await self._client.post("/gradio_api/queue/join", json=event))
        address = f"/gradio_api/queue/data?session_hash={self._session}"
        async with self._client.stream("GET", address) as reply:
            yield _messages(_right(reply))


async def _messages(reply: httpx.Response) -> AsyncIterator[str]:
    """The messages with something to show; raises Wrong where the event fails or never ends."""
    completed = False
    async for line in reply.aiter_lines():
        if line.startswith('data: {"msg":"process_completed"'):
            completed = '"success":true' in line
        if line.startswith(('data: {"msg":"process_generating"', 'data: {"msg":"process_completed"')):
            yield line
    if not completed:
        raise Wrong("the event was not completed")


def _right(reply: httpx.Response) -> httpx.Response:
    if reply.status_code != 200:
        raise Wrong(f"status {reply.status_code}")
    return reply


def main() -> None:
    """Start the product, let the people ask, and print a table; ends with 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--index", type=Path, default=Path("index"), help="is copied, and left as it is")
    parser.add_argument("--people", type=int, default=20, choices=range(1, 101), metavar="1..100")
    parser.add_argument("--seconds", type=int, default=300, choices=range(10, LONGEST_SECONDS + 1), metavar="10..1800")
    parser.add_argument("--hurried", action="store_true", help="nobody thinks between an answer and the next question")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        # Nobody's accounts and conversations: only what was indexed.
        shutil.copytree(asked.index, index, ignore=shutil.ignore_patterns("staff.sqlite*", ".lock"))
        names = [f"person-{number}" for number in range(1, asked.people + 1)]
        accounts = Accounts(StaffStore(index))
        for name in names:
            accounts.add(name, Role.READER, PASSWORD)
        with served(asked.corpus, index) as (server, address):
            measured, clock = Measured(), time.monotonic()
            asyncio.run(everybody(names, address, server.pid, asked.seconds, asked.hurried, measured))
            seconds = time.monotonic() - clock
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(table(measured, asked.people, seconds, asked.hurried))
    print(f"processor of the server, its start and the pictures among it: {used.ru_utime + used.ru_stime:.0f} s")
    sys.exit(1 if measured.errors else 0)


@contextmanager
def served(corpus: Path, index: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`assistant serve` on a free port, ready to answer."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    options = ("--host", HOST, "--port", str(port), "--corpus", corpus, "--index", index)
    with (index.parent / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", *map(str, options)], stdout=log, stderr=log
        )
    try:
        while True:
            if server.poll() is not None:
                raise SystemExit((index.parent / "server.log").read_text("utf-8"))
            with suppress(httpx.TransportError):
                if httpx.get(f"http://{HOST}:{port}/readyz").status_code == 200:
                    break
            time.sleep(0.1)
        yield server, f"http://{HOST}:{port}"
    finally:
        server.terminate()
        server.wait(20)


async def everybody(
    names: list[str], address: str, server: int, seconds: float, hurried: bool, measured: Measured
) -> None:
    """All people at work, one arriving after the other; the memory of the server is looked at meanwhile."""
    began = time.monotonic()

    async def person(number: int, name: str) -> None:
        await asyncio.sleep(number * ARRIVING_SECONDS)
        # As a browser has it on a page of ours.
        ours = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
        # Shorter than the server keeps a connection: a browser asks again where it was closed in that moment.
        limits = httpx.Limits(keepalive_expiry=3)
        async with httpx.AsyncClient(
            base_url=address, headers=ours, timeout=WAIT_SECONDS, limits=limits, trust_env=False
        ) as client:
            await Person(client, measured, hurried, random.Random(number)).work(name, began + seconds)

    async def watched() -> None:
        while True:
            measured.memory.append((time.monotonic() - began, resident(server)))
            await asyncio.sleep(MEMORY_SECONDS)

    watching = asyncio.create_task(watched())
    await asyncio.gather(*(person(*each) for each in enumerate(names)))
    watching.cancel()


def resident(process: int) -> float:
    """Megabytes that a process holds in memory."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True)
    return int(told.stdout) / 1024


def table(measured: Measured, people: int, seconds: float, hurried: bool) -> str:
    """What was measured, for people to read."""
    answers = len(measured.seconds["page: whole answer"]) + len(measured.seconds["REST: ask"])
    least, most = THINKING_SECONDS
    thinking = "without thinking" if hurried else f"thinking {least:g} to {most:g} s between an answer and a question"
    lines = [
        f"{people} people for {seconds:.0f} s, {thinking}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        f"{'':26}{'times':>7}{'median':>9}{'95 %':>9}{'longest':>9}  seconds",
    ]
    for what, times in sorted((what, times) for what, times in measured.seconds.items() if times):
        middle, slow = statistics.median(times), sorted(times)[int(0.95 * (len(times) - 1))]
        lines.append(f"{what:26}{len(times):7}{middle:9.3f}{slow:9.3f}{max(times):9.3f}")
    early = [megabytes for at, megabytes in measured.memory if 60 <= at < 120]
    late = [megabytes for at, megabytes in measured.memory if at >= seconds - 60]
    flat = (
        f"; {statistics.mean(early):.0f} in the second minute, {statistics.mean(late):.0f} in the last" if early else ""
    )
    return "\n".join(
        [
            *lines,
            f"{answers / seconds:.2f} answers a second; {sum(measured.errors.values())} errors",
            *(f"  {count} times {error}" for error, count in measured.errors.most_common()),
            "memory of the server, MB: " + " ".join(f"{megabytes:.0f}" for _, megabytes in measured.memory) + flat,
        ]
    )


if __name__ == "__main__":
    main()
