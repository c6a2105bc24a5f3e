"""What machines do to an index: full disks, forbidden folders, odd files, files that change while they are read."""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEmbedder
from harbours import MARK, REFUSED, Harbours, faults, report

from assistant.building import build
from assistant.errors import IndexBusy, IndexUnwritable
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.reports import BuildReport, Progress
from assistant.settings import Settings

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
FULL = bool(os.environ.get("TORTURE"))  # make torture


class Place:
    """A corpus of a few reports and its index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        self.settings = Settings(corpus=self.corpus, index=folder / "index")
        self.harbours = Harbours(self.corpus, random.Random(1))

    def index(
        self, progress: Callable[[Progress], None] | None = None, settings: Settings | None = None
    ) -> BuildReport:
        return build(settings or self.settings, progress, WordHashEmbedder())

    def open(self, settings: Settings | None = None) -> Assistant:
        return Assistant(settings or self.settings, embedder=WordHashEmbedder())

    def faults(self) -> list[str]:
        return faults(self.open(), self.harbours.state)

    def marks(self, name: str) -> set[str]:
        """What the passages of a document speak of."""
        found = self.open().search(Question("Report harbour", filters={"document": name})).passages
        return {mark for hit in found for mark in MARK.findall(hit.passage.text)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    for _ in range(3):
        place.harbours.add()
    return place


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of its own with that much room. Skips the test where none can be mounted."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("needs to be allowed to mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def attempt(task: str, settings: Settings, most: int | str = "", before: Sequence[str] = ()) -> dict[str, Any]:
    """What a process of its own says that may do only so much. Fails when it does not end with a sentence."""
    path = os.pathsep.join(map(str, (HERE.parents[1], HERE.parent)))
    command = [*before, sys.executable, str(HERE / "attempt.py"), task, str(settings.corpus), str(settings.index)]
    ran = subprocess.run(
        [*command, str(most)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, timeout=60
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.fixture
def bound() -> Sequence[str]:
    """What stands before a command for which the permissions of files hold, as they do not for root."""
    if os.geteuid() != 0:
        return ()
    command = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    if shutil.which("setpriv") is None or subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        pytest.skip("needs not to be root, or to be allowed to give its rights up")
    return command


@contextmanager
def forbidden(path: Path, mode: int) -> Iterator[None]:
    """A file or folder with these permissions."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


class TestADiskThatIsFull:
    @pytest.mark.parametrize("room", range(4, 480, 8 if FULL else 68))
    def test_is_told_and_what_was_indexed_before_still_answers(self, room: int, place: Place) -> None:
        with small_disk(place.folder / "disk", 4000) as disk:
            there = Settings(corpus=place.corpus, index=disk / "index")
            place.index(settings=there)
            before = dict(place.harbours.state)
            for _ in range(4):
                place.harbours.add()
            free = shutil.disk_usage(disk).free
            (disk / "filling").write_bytes(b"x" * max(0, free - room * 1024))
            with pytest.raises(IndexUnwritable, match=r"No space left|disk is full|free space"):
                place.index(settings=there)
            assert faults(place.open(there), before) == []
            (disk / "filling").unlink()
            place.index(settings=there)
            assert faults(place.open(there), place.harbours.state) == []

    @pytest.mark.parametrize("room", range(1, 200, 3 if FULL else 40))
    def test_is_told_where_a_file_may_only_grow_so_far(self, room: int, place: Place) -> None:
        told = attempt("index", place.settings, most=room * 1024)
        assert told.get("documents") == 3 or told["error"].startswith("IndexUnwritable"), told
        place.index()
        assert place.faults() == []

    def test_in_the_folder_for_temporary_files_condemns_no_document(self, place: Place) -> None:
        with small_disk(place.folder / "disk", 64) as disk, pytest.MonkeyPatch.context() as patch:
            (disk / "filling").write_bytes(b"x" * (shutil.disk_usage(disk).free - 4096))
            patch.setattr(tempfile, "tempdir", str(disk))
            with suppress(IndexUnwritable):
                place.index()
        assert place.index().failed == []
        assert place.faults() == []


class TestPermissions:
    def test_an_index_that_may_not_be_written_is_told_and_still_answers(
        self, place: Place, bound: Sequence[str]
    ) -> None:
        place.index()
        place.harbours.add()
        folders = [place.settings.index, *(path for path in place.settings.index.rglob("*") if path.is_dir())]
        with ExitStack() as closed:
            for folder in folders:
                closed.enter_context(forbidden(folder, 0o555))
            told = attempt("index", place.settings, before=bound)
            assert told["error"].startswith("IndexUnwritable: Cannot write to the index folder")
            assert attempt("ask", place.settings, before=bound) == {"documents": 3}

    def test_an_index_may_be_read_by_whom_the_umask_lets(self, place: Place) -> None:
        before = os.umask(0o022)
        try:
            place.index()
        finally:
            os.umask(before)
        modes = {path.is_dir(): set[int]() for path in place.settings.index.rglob("*")}
        for path in place.settings.index.rglob("*"):
            modes[path.is_dir()].add(path.stat().st_mode & 0o777)
        assert modes[True] == {0o755}
        assert modes[False] <= {0o644, 0o755}

    def test_an_index_that_may_not_be_read_is_told(self, place: Place, bound: Sequence[str]) -> None:
        place.index()
        for name in ("generations", "records", "segments"):
            with forbidden(place.settings.index / name, 0):
                told = attempt("ask", place.settings, before=bound)
            assert told["error"].startswith(("IndexUnusable", "IndexMissing")), name

    def test_a_corpus_that_may_only_be_read_is_indexed(self, place: Place, bound: Sequence[str]) -> None:
        with ExitStack() as closed:
            for path in (place.corpus, *place.corpus.iterdir()):
                closed.enter_context(forbidden(path, 0o555))
            assert attempt("index", place.settings, before=bound) == {"documents": 3, "refused": []}

    def test_a_pdf_that_may_not_be_read_is_refused_alone_until_it_may(self, place: Place, bound: Sequence[str]) -> None:
        with forbidden(place.corpus / min(place.harbours.state), 0):
            assert attempt("index", place.settings, before=bound) == {"documents": 2, "refused": ["unreadable"]}
        assert attempt("index", place.settings, before=bound) == {"documents": 3, "refused": []}

    def test_a_folder_of_the_corpus_that_may_not_be_read_is_told(self, place: Place, bound: Sequence[str]) -> None:
        report(place.corpus / "closed" / "inner.pdf", "R9999", random.Random(1))
        assert attempt("index", place.settings, before=bound) == {"documents": 4, "refused": []}
        with forbidden(place.corpus / "closed", 0):
            told = attempt("index", place.settings, before=bound)
        assert told == {"documents": 3, "refused": ["unreadable"]}


class TestOddFiles:
    def test_pipes_sockets_and_devices_are_refused_without_waiting(self, place: Place) -> None:
        os.mkfifo(place.corpus / "pipe.pdf")
        (place.corpus / "zero.pdf").symlink_to("/dev/zero")
        (place.corpus / "circle.pdf").symlink_to("circle.pdf")
        (place.corpus / "nowhere.pdf").symlink_to("gone.pdf")
        here = os.getcwd()
        with socket.socket(socket.AF_UNIX) as listening:
            os.chdir(place.corpus)  # addresses of sockets are short
            try:
                listening.bind("socket.pdf")
            finally:
                os.chdir(here)
            report = place.index()
        odd = ("pipe.pdf", "zero.pdf", "circle.pdf", "nowhere.pdf", "socket.pdf")
        assert {each["document"] for each in report.failed} == set(odd)
        place.harbours.state |= dict.fromkeys(odd, REFUSED)
        assert [row.refused for row in place.open().documents() if row.refused] == [
            *("not a file",) * 4,
            "link outside",
        ]

    def test_a_pdf_that_becomes_a_pipe_while_others_are_read_does_not_stop_the_run(self, place: Place) -> None:
        _fill(place, 8)
        last = max(place.harbours.state)

        def become_a_pipe() -> None:
            (place.corpus / last).unlink()
            os.mkfifo(place.corpus / last)

        _at_the_first(place, become_a_pipe)
        (place.corpus / last).unlink()
        del place.harbours.state[last]
        place.index()
        assert place.faults() == []


class TestAPdfThatChangesWhileItIsRead:
    def test_is_never_served_for_what_it_was_before(self, place: Place) -> None:
        _fill(place, 8)
        last = max(place.harbours.state)
        old = (place.corpus / last).read_bytes()
        _at_the_first(place, lambda: report(place.corpus / last, "R8888", random.Random(1)))
        (place.corpus / last).write_bytes(old)
        place.index()
        assert place.faults() == []

    def test_is_there_when_it_was_away_for_a_moment(self, place: Place) -> None:
        _fill(place, 8)
        last = max(place.harbours.state)
        away = place.folder / "away"
        _at_the_first(place, lambda: (place.corpus / last).rename(away))
        away.rename(place.corpus / last)
        assert place.index().failed == []
        assert place.faults() == []

    def test_is_gone_when_it_was_taken_away_for_good(self, place: Place) -> None:
        _fill(place, 8)
        last = max(place.harbours.state)
        _at_the_first(place, (place.corpus / last).unlink)
        del place.harbours.state[last]
        assert last not in place.marks(last)
        assert place.index().failed == []
        assert place.faults() == []

    def test_is_found_though_the_clock_was_set_back(self, place: Place) -> None:
        name = min(place.harbours.state)
        path = place.corpus / name
        path.write_bytes(path.read_bytes() + b"\n" * 7)
        place.index()
        before = path.stat()
        mark = place.harbours.state[name]
        other = report(place.folder / "other.pdf", "R7777", random.Random(1)).read_bytes()
        size = max(len(other), before.st_size)
        path.write_bytes(other.ljust(size, b"\n"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns - 86_400 * 10**9))
        assert place.index().changed == [name]
        assert place.marks(name) == {"R7777"}
        third = report(place.folder / "third.pdf", mark, random.Random(2)).read_bytes()
        stamp = path.stat()
        path.write_bytes(third.ljust(size, b"\n")[:size])
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert place.index().changed == [name]
        assert place.marks(name) == {mark}


def _fill(place: Place, documents: int) -> None:
    while len(place.harbours.state) < documents:
        place.harbours.add()


def _at_the_first(place: Place, change: Callable[[], object]) -> None:
    """Index, and make a change when the first document was read and the last ones were not yet."""
    waiting = [change]

    def step(progress: Progress) -> None:
        if waiting and progress.document:
            waiting.pop()()

    place.index(step)
    assert not waiting


class TestOpenFiles:
    def test_may_be_more_than_a_thousand_while_pages_are_drawn_and_files_read(self, place: Place) -> None:
        place.index()
        assistant = place.open()
        with many_files(1100):
            assert assistant.page_picture(min(place.harbours.state), 1, 300)
            place.harbours.add()
            assert place.index().failed == []

    def test_are_given_back_when_the_library_is_swapped(self, place: Place) -> None:
        place.index()
        assistant = place.open()
        held = []
        for _ in range(12):
            place.harbours.renew()
            place.index()
            assert faults(assistant, place.harbours.state) == []
            gc.collect()
            held.append(len(os.listdir("/proc/self/fd")))
        assert max(held[6:]) <= max(held[:6]) + 5


@contextmanager
def many_files(count: int) -> Iterator[None]:
    """So many files are open. Skips the test where the system does not allow that."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 2 * count), before[1]))
    except (ValueError, OSError):
        pytest.skip("needs to be allowed to open many files")
    with ExitStack() as files:
        for _ in range(count):
            files.enter_context(open(os.devnull, "rb"))
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


class TestWriters:
    def test_the_second_of_two_is_told_to_wait_and_the_first_goes_on(self, place: Place) -> None:
        told: list[str] = []

        def second(progress: Progress) -> None:
            if not told:
                with pytest.raises(IndexBusy) as busy:
                    place.index()
                told.append(str(busy.value))

        place.index(second)
        assert len(told) == 1
        assert place.faults() == []

    def test_a_lock_that_a_killed_process_left_does_not_block(self, place: Place) -> None:
        code = "import sys, time\nfrom pathlib import Path\nfrom assistant.indexing.generations import writing\n"
        code += "with writing(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
        command = [sys.executable, "-c", code, str(place.settings.index)]
        root = str(Path(__file__).parents[2])
        other = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root})
        assert other.stdout is not None
        with other:
            assert other.stdout.readline() == b"held\n"
            with pytest.raises(IndexBusy):
                place.index()
            other.kill()
        assert place.index().documents == 3


class TestAnIndexThatWasMadeAnewBehindAnOpenLibrary:
    def test_is_taken_up(self, place: Place) -> None:
        place.index()
        place.harbours.change(2)
        place.index()
        assistant = place.open()
        shutil.rmtree(place.settings.index)
        place.harbours.remove()
        place.index()
        assert faults(assistant, place.harbours.state) == []
