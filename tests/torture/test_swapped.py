"""Several processes ask while the library is rebuilt: each answer is of one generation, and none fails."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEmbedder
from harbours import MARK, QUESTIONS, REFUSED, Harbours, State, shown_by, shown_by_search, strays

from assistant.building import build
from assistant.indexing import assembling
from assistant.indexing.assembling import MOST_PARTS, SMALL
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.settings import Settings

pytestmark = pytest.mark.slow

FULL = bool(os.environ.get("TORTURE"))  # make torture
READERS = 4
THREADS = 2
QUERIES = 5_000 if FULL else 400  # of a library in one segment, and as many of one in several
SWAPS = 25 if FULL else 5

Shown = dict[str, Any]
"""What a reader saw: the generation that it was told, and (document, words) of all that was shown; or an error."""


def read(settings: Settings, seed: int, done: Synchronized[int], enough: Event, seen: Path) -> None:
    """In a process of its own, as a server with several readers: ask, and write down what came as JSON lines."""
    shared = Assistant(settings, embedder=WordHashEmbedder())

    def keep_asking(thread: int) -> list[Shown]:
        chance, shown = random.Random(f"{seed} {thread}"), []
        while not enough.is_set():
            try:
                # Now and then as `assistant ask` does, which opens the library for one question.
                alone = Assistant(settings, embedder=WordHashEmbedder()) if chance.random() < 0.02 else None
                shown.append(_asked(alone or shared, chance))
            except Exception:
                shown.append({"error": traceback.format_exc()})
            with done.get_lock():
                done.value += 1
        return shown

    with ThreadPoolExecutor(THREADS) as pool:
        lines = [json.dumps(shown) for found in pool.map(keep_asking, range(THREADS)) for shown in found]
    seen.write_text("\n".join(lines), "utf-8")


def _asked(assistant: Assistant, chance: random.Random) -> Shown:
    question = Question(chance.choice(QUESTIONS))
    way = chance.random()
    if way < 0.6:
        answer = assistant.ask(question)
        said = MARK.findall(answer.answer)
        also = [place.document for each in answer.citations for place in each.also_in]
        covers = len(answer.coverage.without) + answer.coverage.with_entries if answer.coverage else None
        return {
            "generation": answer.generation,
            "shown": shown_by(answer),
            "said": said,
            "also": also,
            "covers": covers,
        }
    if way < 0.9:
        found = assistant.search(question, 50)
        return {"generation": found.generation, "shown": shown_by_search(found.passages)}
    if way < 0.95:
        return {"shown": [(each.document, each.text) for each in assistant.register().printed]}
    rows = assistant.documents()
    titles = {row.document: row.title for row in rows}
    return {"documents": {row.document: titles[row.same_as or row.document] for row in rows}}


def wrong(shown: Shown, states: dict[int, State]) -> list[str]:
    """What is wrong with something that a reader was shown."""
    if "error" in shown:
        return [shown["error"]]
    if "documents" in shown:
        held = {name: "".join(MARK.findall(title)) for name, title in shown["documents"].items()}
        return [] if held in states.values() else [f"no generation holds {held}"]
    if "generation" not in shown:  # the register does not say it: then one generation must hold all of it
        held_by_one = any(not strays(state, shown["shown"]) for state in states.values())
        return [] if held_by_one else [f"no generation holds {shown['shown']}"]
    state = states[shown["generation"]]
    found = strays(state, shown["shown"])
    if "said" in shown:
        found += [f"speaks of {mark}" for mark in shown["said"] if mark not in state.values()]
        found += [f"names {name}" for name in shown["also"] if not state.get(name)]
        documents = len(set(state.values()) - {REFUSED})  # equal files are one document
        if shown["covers"] not in (None, documents):
            found.append(f"covers {shown['covers']} of {documents} documents")
    return found


@contextmanager
def reading(settings: Settings, seen: Sequence[Path]) -> Iterator[Callable[[], int]]:
    """Readers in processes of their own; gives how many questions were asked, and at the end waits for all."""
    context = multiprocessing.get_context("spawn")
    done = context.Value("i", 0)
    enough = context.Event()
    readers = [
        context.Process(target=read, args=(settings, seed, done, enough, path)) for seed, path in enumerate(seen)
    ]
    for reader in readers:
        reader.start()

    def asked() -> int:
        assert all(reader.exitcode in (None, 0) for reader in readers), "a reader has ended"
        return int(done.value)

    try:
        yield asked
        enough.set()
        for reader in readers:
            reader.join(60)
            assert reader.exitcode == 0
    finally:
        for reader in readers:
            reader.kill()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("sizes", [(SMALL, MOST_PARTS), (3, 3)], ids=["one segment", "several segments"])
def test_answers_come_from_one_generation_each_while_the_library_is_swapped_again_and_again(
    sizes: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in zip(("SMALL", "MOST_PARTS"), sizes, strict=True):
        monkeypatch.setattr(assembling, name, size)
    (tmp_path / "corpus").mkdir()
    harbours = Harbours(tmp_path / "corpus", random.Random(1))
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    states: dict[int, State] = {}

    def swap() -> None:
        harbours.change(2)
        states[build(settings, embedder=WordHashEmbedder()).generation] = dict(harbours.state)

    harbours.add()
    while len(states) < 2:
        swap()
    seen = [tmp_path / f"seen-{number}.jsonl" for number in range(READERS)]
    with reading(settings, seen) as done:
        for number in range(1, SWAPS + 1):
            swap()
            while done() < QUERIES * number / SWAPS:
                time.sleep(0.01)
    lines = [json.loads(line) for path in seen for line in path.read_text("utf-8").splitlines()]
    assert len(lines) >= QUERIES
    assert [fault for line in lines for fault in wrong(line, states)][:5] == []
    answered_from = {line["generation"] for line in lines if "generation" in line}
    assert len(answered_from) > SWAPS / 2, "the readers did not follow"
