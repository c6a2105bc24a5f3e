"""A folder that others write to is watched; and Ctrl+C leaves everything in order, whatever was going on."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import factories
import pytest
from fakes import WordHashEmbedder

from assistant import keeping
from assistant.building import build
from assistant.errors import AssistantError, CorpusEmptied, CorpusMissing, IndexBusy, IndexUnwritable
from assistant.indexing import generations
from assistant.keeping import watching
from assistant.reports import BuildReport
from assistant.settings import Settings

pytestmark = pytest.mark.slow  # waits until a folder has been quiet for a while

PROGRAM = Path(__file__).parent / "word_hash_program.py"
PATHS = os.pathsep.join(map(str, (PROGRAM.parent, PROGRAM.parents[1])))
SOON = 60.0
"""Seconds after which what was waited for does not come any more."""
Outcome = BuildReport | AssistantError

posix = pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl+C")


class Watched:
    """A corpus that is watched in a thread of its own, and what came of each run."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(corpus=folder / "corpus", index=folder / "index", settle_seconds=1)
        self.corpus = self.settings.corpus
        self.corpus.mkdir()
        self.left: list[set[str]] = []
        self.failure: AssistantError | OSError | None = None
        self._outcomes: queue.Queue[Outcome] = queue.Queue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def start(self) -> Outcome:
        self._thread.start()
        return self.next()

    def next(self) -> Outcome:
        return self._outcomes.get(timeout=SOON)

    def report(self) -> BuildReport:
        outcome = self.next()
        assert isinstance(outcome, BuildReport), outcome
        return outcome

    def silent(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self._outcomes.empty()

    def end(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(SOON)
        assert not self._thread.is_alive()

    def _watch(self) -> None:
        for outcome in keeping.watch(self.settings, self._run, self._stopped):
            self._outcomes.put(outcome)

    def _run(self, leave: Collection[str]) -> BuildReport:
        if self.failure:
            raise self.failure
        self.left.append(set(leave))
        return build(self.settings, embedder=WordHashEmbedder(), leave=leave)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    each = Watched(tmp_path)
    yield each
    each.end()


def brief(folder: Path, name: str) -> Path:
    return factories.brief(folder / f"{name}.pdf", paragraphs=(f"This one is called {name}.",))


def test_what_others_do_in_the_folder_is_indexed_once_it_has_settled(watched: Watched) -> None:
    brief(watched.corpus, "first")
    started = watched.start()
    assert isinstance(started, BuildReport)
    assert started.added == ["first.pdf"]
    brief(watched.corpus / "folder.2024", "second")
    assert watched.report().added == ["folder.2024/second.pdf"]
    (watched.corpus / "first.pdf").unlink()
    assert watched.report().removed == ["first.pdf"]
    (watched.corpus / "documents.csv").write_text("file,title\nnone.pdf,Nothing\n")
    assert any("none.pdf" in warning["reason"] for warning in watched.report().warnings)


def test_a_file_that_is_still_written_is_left_and_the_others_are_not_kept_waiting(watched: Watched) -> None:
    content = brief(watched.corpus.parent, "slow").read_bytes()
    watched.start()
    with (watched.corpus / "slow.pdf").open("wb") as slow:
        brief(watched.corpus, "quick")
        for at in range(0, len(content), len(content) // 12):
            slow.write(content[at : at + len(content) // 12])
            slow.flush()
            time.sleep(0.25)
    first = watched.report()
    assert (first.added, first.failed) == (["quick.pdf"], [])
    assert watched.left[-1] == {"slow.pdf"}
    second = watched.report()
    assert (second.added, second.failed) == (["slow.pdf"], [])


def test_a_document_that_is_being_overwritten_stays_as_it_was_indexed(watched: Watched) -> None:
    first = brief(watched.corpus, "first")
    watched.start()
    document = generations.live_manifest(watched.settings.index).documents[0]
    first.write_bytes(b"%PDF-1.4 half")
    brief(watched.corpus, "second")
    report = build(watched.settings, embedder=WordHashEmbedder(), leave={"first.pdf"})
    assert (report.added, report.changed, report.failed) == (["second.pdf"], [], [])
    assert document in generations.live_manifest(watched.settings.index).documents


def test_what_goes_wrong_is_told_once_and_the_watching_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AGAIN_SECONDS", 0.5)
    monkeypatch.setattr(watching, "BUSY_SECONDS", 0.5)
    brief(watched.corpus, "first")
    watched.failure = IndexBusy(watched.settings.index)
    assert isinstance(watched.start(), IndexBusy)
    assert watched.silent(1.5)
    watched.failure = IndexUnwritable(watched.settings.index, "No space left on device")
    assert isinstance(watched.next(), IndexUnwritable)
    watched.failure = FileNotFoundError(2, "No such file or directory", "gone.pdf")
    assert "gone.pdf" in str(watched.next())
    watched.failure = None
    assert watched.report().added == ["first.pdf"]


def test_a_folder_whose_files_all_went_away_at_once_does_not_empty_the_library(watched: Watched) -> None:
    files = [brief(watched.corpus, "first"), brief(watched.corpus, "second")]
    watched.start()
    for file in files:
        file.rename(watched.corpus.parent / file.name)
    assert isinstance(watched.next(), CorpusEmptied)
    assert len(generations.live_manifest(watched.settings.index).documents) == 2
    for file in files:
        (watched.corpus.parent / file.name).rename(file)
    brief(watched.corpus, "third")
    assert watched.report().added == ["third.pdf"]


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "none", index=tmp_path / "index")
    with pytest.raises(CorpusMissing):
        next(iter(keeping.watch(settings, lambda leave: pytest.fail("ran"))))


# --- as processes ----------------------------------------------------------------------------------------------------


class Program:
    """The command line as a process; what it tells on standard error is read as JSON."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.told: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), *arguments],
            cwd=folder,
            env={**os.environ, "ASSISTANT_LOG_FORMAT": "json", "ASSISTANT_SETTLE_SECONDS": "1", "PYTHONPATH": PATHS}
            | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool]) -> None:
        end = time.monotonic() + SOON
        while not any(map(wanted, list(self.told))):
            assert time.monotonic() < end, self.told
            time.sleep(0.02)

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def interrupt(self) -> int:
        self._process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        code = self._process.wait(SOON)
        self._reader.join(SOON)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code

    def events(self, name: str) -> list[dict[str, Any]]:
        return [each for each in self.told if each["event"] == name]

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            self.told += []
            for line in lines:
                self.told.append(json.loads(line))


@posix
def test_ctrl_c_during_embedding_leaves_a_clean_state_and_the_next_run_goes_on(tmp_path: Path) -> None:
    for number in range(6):
        brief(tmp_path / "corpus", str(number))
    stopped = Program(tmp_path, "index", SECONDS="0.4")
    stopped.wait_for(lambda each: each["event"] == "progress" and each["done"] == 3)
    assert stopped.interrupt() == 130
    assert (stopped.told[-1]["event"], stopped.told[-1]["message"]) == (
        "stopped",
        "Stopped. What was finished is kept.",
    )
    with generations.writing(tmp_path / "index"):
        pass  # nobody holds the lock
    finished = Program(tmp_path, "index")
    assert finished.ended() == 0
    read = {each["document"] for each in finished.events("document_read")}
    assert 1 <= len(read) <= 4, "what was finished is not read again"
    assert len(generations.live_manifest(tmp_path / "index").documents) == 6
    assert not [path for path in (tmp_path / "index").rglob("*") if path.name.endswith((".new", ".tmp"))]


@posix
def test_the_command_watches_until_ctrl_c(tmp_path: Path) -> None:
    brief(tmp_path / "corpus", "first")
    program = Program(tmp_path, "index", "--watch")
    assert program.line() == "Generation 1, 1 documents: 1 added (first.pdf)\n"
    brief(tmp_path / "corpus", "second")
    assert program.line() == "Generation 2, 2 documents: 1 added (second.pdf)\n"
    assert program.interrupt() == 130
    assert program.told[-1]["event"] == "stopped"
    build(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"), embedder=WordHashEmbedder())


@posix
def test_a_watched_library_can_be_indexed_by_others_too(tmp_path: Path) -> None:
    brief(tmp_path / "corpus", "first")
    run = partial(build, Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"), embedder=WordHashEmbedder())
    program = Program(tmp_path, "index", "--watch", "--json")
    assert json.loads(program.line())["added"] == ["first.pdf"]
    brief(tmp_path / "corpus", "second")
    assert run().added == ["second.pdf"]
    assert json.loads(program.line())["unchanged"] == 2
    assert program.interrupt() == 130
