"""Updates in a process of their own: told as they go, one at a time, stopped when asked, ended with the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder

from assistant.building import build
from assistant.faces.pages.library.work import LINES_KEPT, NICENESS, State, Work, Worker, index_command
from assistant.indexing import generations
from assistant.settings import Settings

pytestmark = pytest.mark.slow  # starts the program

CHILD = Path(__file__).with_name("word_hash_program.py")
START = "import json, os, signal, sys, time\ndef tell(**event): print(json.dumps(event), file=sys.stderr, flush=True)\n"
AWAIT = "while not os.path.exists(sys.argv[1]): time.sleep(0.01)\n"
DEAF = "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
PROGRESS = "tell(event='progress', stage='embed', document='a.pdf', done=2, total=5, seconds_left=90.0)\n"

Make = Callable[..., Worker]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes workers that run a script; its first argument is a file for it to wait for."""
    made: list[Worker] = []

    def worker(script: str, grace: float = 10.0) -> Worker:
        made.append(Worker([sys.executable, "-c", START + script, str(tmp_path / "go")], grace))
        return made[-1]

    yield worker
    for each in made:
        each.close()
        each.wait(10)


@pytest.fixture
def go(tmp_path: Path) -> Path:
    return tmp_path / "go"


def until(worker: Worker, holds: Callable[[Work], bool]) -> Work:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if holds(worker.work):
            return worker.work
        time.sleep(0.01)
    raise AssertionError(f"{worker.work} {worker.lines()}")


def begun(worker: Worker) -> int:
    """The number of the process, once it has told of it."""
    until(worker, lambda _: bool(worker.lines()[1]))
    return int(worker.lines()[1][0])


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_progress_messages_and_the_report_are_told(make: Make, go: Path) -> None:
    worker = make(
        f"{PROGRESS}tell(event='message', message='half')\nprint('as text', file=sys.stderr)\n{AWAIT}print('{{}}')"
    )
    assert worker.work == Work()
    worker.start("Ana")
    now = until(worker, lambda _: worker.lines()[0] == 3)
    assert (now.state, now.person, now.stage, now.document) == (State.RUNNING, "Ana", "embed", "a.pdf")
    assert (now.done, now.total, now.seconds_left) == (2, 5, 90.0)
    assert worker.lines() == (3, ["embed a.pdf", "half", "as text"])
    assert worker.lines(since=2) == (3, ["as text"])
    go.touch()
    done = worker.wait(30)
    assert (done.state, done.report) == (State.DONE, {})
    assert done.ended >= done.started > 0


def test_a_run_that_fails_says_why(make: Make) -> None:
    worker = make("print('Another process is indexing into index.', file=sys.stderr); sys.exit(1)")
    worker.start("Ana")
    failed = worker.wait(30)
    assert (failed.state, failed.problem) == (State.FAILED, "Another process is indexing into index.")


def test_a_run_that_cannot_be_started_is_told() -> None:
    worker = Worker(["/no/such/program"])
    worker.start("Ana")
    failed = worker.wait(30)
    assert failed.state is State.FAILED
    assert "No such file" in failed.problem


def test_lines_that_are_no_events_do_no_harm(make: Make) -> None:
    worker = make(
        'sys.stderr.buffer.write(b\'\\xff\\xfe\\x1b[31mred\\n[1]\\n{"event": "progress", "done": "x", "total": -1}\\n\''
        " + b'[' * 100000 + b'\\n' + b'x' * 10000 + b'\\n' + '\\u202edetrever'.encode())"
    )
    worker.start("Ana")
    done = worker.wait(30)
    assert (done.state, done.done, done.total, done.report) == (State.DONE, 0, 0, None)
    lines = worker.lines()[1]
    assert "\x1b" not in "".join(lines)
    assert lines[-1] == "detrever"


def test_the_log_keeps_the_last_lines(make: Make) -> None:
    worker = make("for n in range(2000): print('line', n, file=sys.stderr)")
    worker.start("Ana")
    worker.wait(30)
    last, lines = worker.lines()
    assert (last, len(lines), lines[-1]) == (2000, LINES_KEPT, "line 1999")


def test_one_run_at_a_time_and_one_more_for_what_came_meanwhile(make: Make, go: Path) -> None:
    worker = make(f"print('begun', file=sys.stderr, flush=True)\n{AWAIT}")
    worker.start("Ana")
    until(worker, lambda _: worker.lines()[0] == 1)
    worker.start("Ben")
    worker.start("Eva")
    assert worker.work.person == "Ana"
    go.touch()
    worker.wait(30)
    assert worker.lines() == (2, ["begun", "begun"])
    assert worker.work.person == "Eva"


def test_a_run_is_stopped_when_asked(make: Make) -> None:
    worker = make(f"print(os.getpid(), file=sys.stderr, flush=True)\n{AWAIT}")
    worker.start("Ana")
    process = begun(worker)
    assert os.getpriority(os.PRIO_PROCESS, process) >= NICENESS
    assert os.getsid(process) != os.getsid(0)
    worker.start("Ben")
    worker.cancel()
    worker.cancel()
    assert worker.wait(30).state is State.CANCELLED
    assert worker.work.person == "Ana"  # what was to come is cancelled, too
    assert not alive(process)


@pytest.mark.parametrize("deaf", [DEAF, f"{DEAF}signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"])
def test_a_run_that_does_not_listen_is_ended(deaf: str, make: Make) -> None:
    worker = make(f"{deaf}print(os.getpid(), file=sys.stderr, flush=True)\n{AWAIT}", grace=0.3)
    worker.start("Ana")
    process = begun(worker)
    worker.cancel()
    assert worker.work.state in (State.STOPPING, State.CANCELLED)
    assert until(worker, lambda work: work.state is State.CANCELLED)
    assert not alive(process)


def test_stopping_when_nothing_runs_does_nothing(make: Make) -> None:
    worker = make("")
    worker.cancel()
    assert worker.wait(0).state is State.IDLE
    worker.start("Ana")
    worker.wait(30)
    worker.cancel()
    assert worker.wait(0).state is State.DONE


def test_a_run_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    run = "import os, sys, time; print(os.getpid(), file=sys.stderr, flush=True); time.sleep(60)"
    serve = (
        "import sys, time\nfrom assistant.faces.pages.library.work import Worker\n"
        f"worker = Worker([sys.executable, '-c', {run!r}])\nworker.start('Ana')\n"
        "while not worker.lines()[1]: time.sleep(0.01)\nprint(worker.lines()[1][0], flush=True)\n"
    )
    ended = subprocess.run([sys.executable, "-c", serve], capture_output=True, text=True, check=True, timeout=60)
    process = int(ended.stdout)
    end = time.monotonic() + 10
    while alive(process) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(process)


def test_secrets_are_not_on_the_command_line() -> None:
    command = index_command(Settings(llm_key="secret", passwords={"a.pdf": "secret"}, model="own"))
    assert "secret" not in " ".join(command)
    assert command[-2:] == ["--model", "own"]
    assert "--model" not in index_command(Settings())


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    """Two briefs that are not indexed yet."""
    for name in ("first", "second"):
        factories.brief(tmp_path / "corpus" / f"{name}.pdf", title=f"The {name} brief")
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


def indexing(settings: Settings) -> Worker:
    """A worker that does what the server's does, with word hashes for a model."""
    return Worker([sys.executable, str(CHILD), *index_command(settings)[3:]])


def test_the_real_command_brings_the_index_up_to_date(shelf: Settings) -> None:
    worker = indexing(shelf)
    worker.start("Ana")
    done = worker.wait(60)
    assert done.state is State.DONE, worker.lines()
    assert done.report is not None
    assert done.report["added"] == ["first.pdf", "second.pdf"]
    assert generations.live_generation(shelf.index) == 1
    assert json.dumps(dict(done.report))


def test_a_library_that_another_process_updates_is_said_to_be_busy(shelf: Settings) -> None:
    with generations.writing(shelf.index):
        worker = indexing(shelf)
        worker.start("Ana")
        failed = worker.wait(60)
    assert failed.state is State.FAILED
    assert "Another process is indexing" in failed.problem


def test_a_stopped_run_leaves_the_library_as_it_was(shelf: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(shelf, embedder=WordHashEmbedder())
    for number in range(8):
        factories.brief(shelf.corpus / f"more-{number}.pdf", title=f"Brief {number}")
    monkeypatch.setenv("SECONDS", "0.5")  # of each document: the run is not over before it is stopped
    worker = indexing(shelf)
    worker.start("Ana")
    until(worker, lambda _: any("more-" in line for line in worker.lines()[1]))
    worker.cancel()
    assert worker.wait(60).state is State.CANCELLED
    assert generations.live_generation(shelf.index) == 1
    assert build(shelf, embedder=WordHashEmbedder()).documents == 10
