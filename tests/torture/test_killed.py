"""Indexing is killed at any moment: the library is what it was or what it should be, and nothing is left over."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEmbedder
from harbours import Harbours, State, everything, faults, passages_of

from assistant.building import build
from assistant.errors import IndexMissing
from assistant.indexing.assembling import MOST_PARTS, SMALL
from assistant.indexing.generations import live_manifest
from assistant.pipeline import Assistant
from assistant.settings import Settings

pytestmark = pytest.mark.slow

FULL = bool(os.environ.get("TORTURE"))  # make torture
KILLS = 100 if FULL else 13  # of a library in one segment, and as many of one in several
STEPS = 20 if FULL else 12  # that a run surely takes: with every step counted it took 26 and 29
SEED = int(os.environ.get("TORTURE_SEED", "1"))
HERE = Path(__file__).parent
ONE_SEGMENT = (SMALL, MOST_PARTS)
SEVERAL = (3, 3)
"""Each document a segment of its own, until there are three."""


class Writer:
    """Starts runs of indexing, each in a process of its own."""

    def __init__(self, temporary: Path, sizes: tuple[int, int]) -> None:
        self.temporary = temporary
        self.sizes = sizes
        self.documents = 7 if sizes == ONE_SEGMENT else 12
        temporary.mkdir()
        path = os.pathsep.join(map(str, (HERE.parents[1], HERE.parent)))
        self._server = subprocess.Popen(
            [sys.executable, str(HERE / "writer.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)},
        )

    def run(
        self, settings: Settings, kill_after: float | None = None, die_at: int | None = None, every: bool = True
    ) -> tuple[bool, Any]:
        """Whether the run was killed, and its report."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        folders = {"corpus": str(settings.corpus), "index": str(settings.index)}
        task = {**folders, "sizes": self.sizes, "kill_after": kill_after, "die_at": die_at, "every": every}
        self._server.stdin.write(json.dumps(task) + "\n")
        self._server.stdin.flush()
        killed, report = json.loads(self._server.stdout.readline())
        assert "error" not in report, report
        return killed, report

    def close(self) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        assert self._server.wait(60) == 0


class Library:
    """An index that is killed while it is written, and what each of its generations should hold."""

    def __init__(self, folder: Path, documents: int) -> None:
        (folder / "corpus").mkdir()
        self.harbours = Harbours(folder / "corpus", random.Random(SEED), most=documents)
        for _ in range(documents - 3):
            self.harbours.add()
        self.settings = Settings(corpus=folder / "corpus", index=folder / "index")
        self.states: dict[int, State] = {}
        self.kept_open: Assistant | None = None
        self.most_parts = 0

    def complete(self, writer: Writer) -> None:
        """A run that nobody disturbs: then the library is exactly the corpus, and the folder holds nothing else."""
        killed, report = writer.run(self.settings)
        assert not killed
        assert self.check() == self.states[report["generation"]] == self.harbours.state
        assert leftovers(self.settings.index) == []

    def check(self) -> State:
        """The state that the library shows, which is that of a generation that was completed, and of no other."""
        try:
            fresh = Assistant(self.settings, embedder=WordHashEmbedder())
        except IndexMissing:
            assert not self.states, "a generation that was live is gone"
            return {}
        self.kept_open = self.kept_open or Assistant(self.settings, embedder=WordHashEmbedder())
        if fresh.generation not in self.states:
            assert fresh.generation > max(self.states, default=0), "an old number was given again"
            self.states[fresh.generation] = dict(self.harbours.state)
            self.most_parts = max(self.most_parts, len(live_manifest(self.settings.index).parts))
        assert fresh.generation == max(self.states), "an older generation came back"
        for assistant in (fresh, self.kept_open):
            assert faults(assistant, self.states[fresh.generation]) == []
            assert assistant.generation == fresh.generation
        return self.states[fresh.generation]


def leftovers(index: Path) -> list[str]:
    """What lies in an index and is part of no generation that is kept, by the names that its manifests speak of."""
    manifests = "".join(path.read_text("utf-8") for path in index.glob("generations/*.json"))
    found = [path for path in index.rglob("*") if path.suffix in (".new", ".tmp", ".part")]
    found += [path for folder in ("records", "segments", "words") for path in (index / folder).glob("*")]
    found = [path for path in found if f'"{path.name}"' not in manifests]
    found += [index / "scratch"] if (index / "scratch").exists() else []
    numbers = {path.stem for path in index.glob("generations/*.json") if path.stem.isdecimal()}
    found += [path for path in index.glob("generations/*") if path.name.partition(".")[0] not in numbers]
    return [str(path.relative_to(index)) for path in found]


def stratified(count: int, chance: random.Random) -> list[float]:
    """Moments from 0 to 1, one in each of as many equal parts, in any order."""
    moments = [(number + chance.random()) / count for number in range(count)]
    chance.shuffle(moments)
    return moments


def same_as_from_nothing(library: Library, folder: Path) -> bool:
    """The library shows what an undisturbed one shows; where it is one segment, in the same order and by its scores."""
    anew = Settings(corpus=library.settings.corpus, index=folder)
    build(anew, embedder=WordHashEmbedder())
    first, second = (everything(Assistant(each, embedder=WordHashEmbedder())) for each in (library.settings, anew))
    if len(live_manifest(library.settings.index).parts) == 1:
        assert first == second
    # Words of documents that are gone count in how rare words are until their piece is melted.
    assert first[:2] == second[:2]
    assert passages_of(first) == passages_of(second)
    return True


@pytest.fixture(params=[ONE_SEGMENT, SEVERAL], ids=["one segment", "several segments"])
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(tmp_path / "temporary", request.param)
    yield writer
    writer.close()


@pytest.mark.timeout(1800)
def test_a_run_that_is_killed_at_any_moment_leaves_the_old_library_or_the_new_one(
    writer: Writer, tmp_path: Path
) -> None:
    library = Library(tmp_path, writer.documents)
    chance = random.Random(SEED)
    seconds, kills = 0.5, 0
    moments = stratified(KILLS, chance)
    while kills < KILLS:
        library.harbours.change(chance.choice((1, 2, 3)))
        killed, _ = writer.run(library.settings, kill_after=moments[kills] * seconds)
        kills += killed
        library.check()
        if chance.random() < 0.3:
            library.complete(writer)
        seconds = seconds * 1.1 if killed else seconds * 0.9
    library.complete(writer)
    assert (library.most_parts > 1) == (writer.sizes != ONE_SEGMENT)
    assert same_as_from_nothing(library, tmp_path / "anew")


@pytest.mark.timeout(1800)
def test_a_run_that_dies_before_any_step_in_the_file_system_leaves_the_old_library_or_the_new_one(
    writer: Writer, tmp_path: Path
) -> None:
    library = Library(tmp_path, writer.documents)
    library.complete(writer)
    killed = True
    for step in count(1):
        library.harbours.rename()  # so that there is always something to do
        if step % 3:
            library.harbours.change()
        finished_before = not killed
        killed, _ = writer.run(library.settings, die_at=step, every=FULL)
        if finished_before and not killed:
            break
        live = library.check()
        if step % 2:
            library.harbours.become(live)  # then the next run has nothing to do but to tidy up
        library.complete(writer)
    assert step > STEPS
    assert (library.most_parts > 1) == (writer.sizes != ONE_SEGMENT)
    assert same_as_from_nothing(library, tmp_path / "anew")


def test_what_a_killed_run_read_does_not_stay_in_the_folder_for_temporary_files(writer: Writer, tmp_path: Path) -> None:
    library = Library(tmp_path, writer.documents)
    for step in range(4, 20, 4):
        library.harbours.add()
        killed, _ = writer.run(library.settings, die_at=step)
        assert killed
    library.complete(writer)
    assert list(writer.temporary.iterdir()) == []
