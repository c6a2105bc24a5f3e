"""Files of an index are cut off, lost or have a bit turned: that is told or does no harm, and the next run mends it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import WordHashEmbedder
from harbours import QUESTIONS, Harbours, everything, passages_of

from assistant.building import build
from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.settings import Settings

pytestmark = pytest.mark.slow

FULL = bool(os.environ.get("TORTURE"))  # make torture
TURNS = 24 if FULL else 2
"""Places of a file at which a bit is turned; half of them in its first 128 bytes, where formats say what they are."""
KINDS = ("generations/*.json", "segments/*/*", "words/*/*", "records/*/*", "seen.json")


class Spoilt:
    """An index of which one file at a time is spoilt, and what it shows while it is sound."""

    def __init__(self, folder: Path) -> None:
        (folder / "corpus").mkdir()
        self.harbours = Harbours(folder / "corpus", random.Random(1))
        for _ in range(3):
            self.harbours.add()
        self.settings = Settings(corpus=folder / "corpus", index=folder / "index")
        self.sound = folder / "sound"
        build(self.settings, embedder=WordHashEmbedder())
        shutil.copytree(self.settings.index, self.sound)
        self.shown = everything(self.open())

    def open(self) -> Assistant:
        return Assistant(self.settings, embedder=WordHashEmbedder())

    def restore(self) -> None:
        shutil.rmtree(self.settings.index)
        shutil.copytree(self.sound, self.settings.index)

    def told(self) -> str:
        """'right' when it answers as if nothing had happened, the sentence that is told, or what is wrong."""
        try:
            shown = everything(self.open())
        except AssistantError as error:
            return f"told: {error}"
        except Exception as error:
            return f"wrong: not told in a sentence: {error!r}"
        if shown == self.shown:
            return "right"
        return "right but for the order" if _same_words(shown, self.shown) else "wrong: other words"

    def run(self) -> str:
        """'right' when a run of indexing makes it whole."""
        try:
            build(self.settings, embedder=WordHashEmbedder())
        except AssistantError as error:
            return f"wrong: the run fails: {error}"
        except Exception as error:
            return f"wrong: not told in a sentence: {error!r}"
        return self.told()


def _same_words(first: Sequence[object], second: Sequence[object]) -> bool:
    """Documents, findings and passages are the same; a damaged vector may put passages in another order."""
    return first[:2] == second[:2] and passages_of(first) == passages_of(second)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Spoilt:
    return Spoilt(tmp_path_factory.mktemp("spoilt"))


def files(spoilt: Spoilt) -> Iterator[Path]:
    """One file of each name that an index has."""
    seen: set[str] = set()
    for kind in KINDS:
        for path in sorted(spoilt.sound.glob(kind)):
            name = path.suffix if path.parent.parent.name == "words" else path.name.lstrip("123456789")
            if path.is_file() and name not in seen:
                seen.add(name)
                yield path.relative_to(spoilt.sound)


def harms(data: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file cut off, or with one bit turned."""
    for length in {0, 1, len(data) // 2, len(data) - 1}:
        yield f"cut to {length} bytes", data[:length]
    for turn in range(TURNS if data else 0):
        place = chance.randrange(min(len(data), 128) if turn % 2 else len(data))
        turned = data[place] ^ 1 << chance.randrange(8)
        yield f"bit turned in byte {place}", data[:place] + bytes([turned]) + data[place + 1 :]


@pytest.mark.timeout(1800)
def test_a_file_that_is_cut_off_or_wrong_is_told_or_does_no_harm_and_is_mended(spoilt: Spoilt) -> None:
    chance = random.Random(1)
    found: list[str] = []
    for name in files(spoilt):
        for harm, data in harms((spoilt.sound / name).read_bytes(), chance):
            spoilt.restore()
            (spoilt.settings.index / name).write_bytes(data)
            if (told := spoilt.told()).startswith("wrong"):
                found.append(f"{name.name}, {harm}: {told}")
            if (mended := spoilt.run()) != "right":
                found.append(f"{name.name}, {harm}: after the next run: {mended}")
    assert found == [], "\n".join(found)


def test_a_file_that_is_lost_is_told_and_made_again(spoilt: Spoilt) -> None:
    found: list[str] = []
    for name in files(spoilt):
        spoilt.restore()
        (spoilt.settings.index / name).unlink()
        if (told := spoilt.told()).startswith("wrong"):
            found.append(f"{name.name}: {told}")
        if (mended := spoilt.run()) != "right":
            found.append(f"{name.name}: after the next run: {mended}")
    assert found == [], "\n".join(found)


def test_a_folder_that_is_lost_is_told_and_made_again(spoilt: Spoilt) -> None:
    for name in ("generations", "segments", "records"):
        spoilt.restore()
        shutil.rmtree(spoilt.settings.index / name)
        assert spoilt.told().startswith("told")
        assert spoilt.run() == "right"


def test_a_run_over_a_damaged_record_leaves_the_old_library_in_use(spoilt: Spoilt) -> None:
    spoilt.restore()
    kept_open = spoilt.open()
    record = max(min((spoilt.settings.index / "records").iterdir()).iterdir(), key=lambda path: path.stat().st_size)
    data = record.read_bytes()
    record.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    spoilt.harbours.add()
    report = build(spoilt.settings, embedder=WordHashEmbedder())
    assert report.documents == 4
    assert kept_open.generation == report.generation
    for question in QUESTIONS:
        assert kept_open.ask(Question(question)).generation == report.generation
    spoilt.harbours.remove()


def test_the_processes_of_the_command_line_end_with_a_sentence_whatever_is_damaged(spoilt: Spoilt) -> None:
    code = "import sys\nfrom attempt import main\nfor index in sys.argv[2:]: main('ask', sys.argv[1], index)"
    chance = random.Random(2)
    spoilt.restore()
    copies = []
    for name in files(spoilt):
        copy = spoilt.sound.parent / "copies" / name.name
        shutil.copytree(spoilt.sound, copy)
        data = bytearray((copy / name).read_bytes())
        for _ in data[:5]:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (copy / name).write_bytes(bytes(data))
        copies.append(str(copy))
    here = Path(__file__).parent
    path = os.pathsep.join(map(str, (here.parents[1], here.parent, here)))
    command = [sys.executable, "-c", code, str(spoilt.settings.corpus), *copies]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})
    assert ran.returncode == 0, ran.stderr[-1500:]
    assert len([json.loads(line) for line in ran.stdout.splitlines()]) == len(copies)
