"""What a large library costs: a run without changes, one brief added, renamed and removed, opening, and a question.

usage: make bench-library CACHE=folder
   or: PYTHONPATH=tests:. python scripts/bench_library.py folder [--documents 2000] [--pages 1]

The library is made once and kept in the folder: real PDFs that are really read, while their vectors are drawn from
their words, since embedding them would take an hour. What is measured runs from the command line with the real model.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from factories import Report, drawn  # of the tests, which make bench-library puts on the path

from assistant.building import build
from assistant.indexing.arrays import TOKEN_DIMENSIONS, quantise, unit
from assistant.indexing.embedding import (
    Encoded,
    EncodedQuestion,
    ModelEmbedder,
    worth_a_vector,
)
from assistant.indexing.encoder import sentence_places
from assistant.indexing.examiner import Examiner
from assistant.indexing.generations import live_manifest
from assistant.reports import Progress
from assistant.settings import Settings

WORD = re.compile(r"\w+")
SYLLABLES = "ba co de fi gu la me ni po ru sa te vi wo ka lo mu ne pi ro".split()
VOCABULARY = ["".join(parts) for parts in ((a, b, c) for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES)]
PLAIN = "the of and to in that for was with as by were on at from which had this are not".split()
BRIEF, RENAMED = "added brief.pdf", "renamed brief.pdf"
TOLD = "The lighthouse keepers of Quandry received ninety paraffin lanterns."
ASKED = "How many lanterns did the lighthouse keepers of Quandry receive?"
QUESTIONS = 20
OPENING = """
import json, statistics, sys, time
from pathlib import Path
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.settings import Settings
started = time.perf_counter()
assistant = Assistant(Settings(corpus=Path(sys.argv[1]), index=Path(sys.argv[2])))
opened = time.perf_counter() - started
assistant.warm()
spent = []
for question in json.loads(sys.argv[3]):
    started = time.perf_counter()
    assistant.ask(Question(question))
    spent.append(time.perf_counter() - started)
print(json.dumps([opened, spent[0], statistics.median(spent), max(spent[1:])]))
"""


class DrawnVectors:
    """Vectors that are sums of random directions, one for each word, under the name of a real model."""

    def __init__(self, model: ModelEmbedder) -> None:
        self.fingerprint, self.dimensions = model.fingerprint, model.dimensions
        self.examiner: Examiner | None = None
        chance = np.random.default_rng(1)
        self._sentences = unit(chance.normal(size=(4096, self.dimensions)))
        self._tokens = unit(chance.normal(size=(4096, TOKEN_DIMENSIONS)))

    def load(self) -> None:
        """There is nothing to load."""

    def embed_question(self, text: str) -> EncodedQuestion:
        raise NotImplementedError("questions are asked of the real model")

    def word_pieces(self, text: str) -> list[int]:
        return [zlib.crc32(word.encode()) % 30_000 for word in WORD.findall(text.lower())]

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        return [self._encoded(*each) for each in zip(texts, headings, sentences, strict=True)]

    def _encoded(self, text: str, above: str, sentences: Sequence[tuple[int, int]]) -> Encoded:
        wanted = worth_a_vector(text, sentences)
        pieces = np.array(self.word_pieces(f"{above} {text}"), np.int32)
        tokens, scales = quantise(self._tokens[pieces % 4096])
        before = np.full(len(WORD.findall(above)), -1, np.int32)
        starts = [match.start() for match in WORD.finditer(text)]
        sums = [self._sentences[np.array(self.word_pieces(text[a:b]), int) % 4096].sum(axis=0) for _, a, b in wanted]
        return Encoded(
            sentences=unit(np.stack(sums)),
            sentence_numbers=np.array([number for number, _, _ in wanted], np.int32),
            tokens=tokens,
            scales=scales,
            pieces=pieces,
            places=np.concatenate([before, sentence_places(starts, sentences)]),
        )


def main() -> None:
    """Make the library if it is not there, measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the library is kept")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=1, help="of each document")
    asked = parser.parse_args()
    folder = asked.folder / f"{asked.documents}x{asked.pages}"
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    make(settings, asked.documents, asked.pages)
    held = live_manifest(settings.index)
    print(f"{len(held.documents)} documents, {held.passages} passages, {megabytes(settings.index):.0f} MB of index")
    print(f"{'':34} {'seconds':>8} {'MB':>6}")
    for what, seconds, memory in measured(settings):
        print(f"{what:34} {seconds:8.2f} {memory:6.0f}" if memory else f"{what:34} {seconds:8.3f}")


def make(settings: Settings, documents: int, pages: int) -> None:
    """The library, of PDFs written once, brought up to date with what reads them now."""
    settings.corpus.mkdir(parents=True, exist_ok=True)
    for name in (BRIEF, RENAMED):  # of a measurement that was interrupted
        (settings.corpus / name).unlink(missing_ok=True)
    for number in range(documents):
        path = settings.corpus / f"{number % 40:02}" / f"report-{number}.pdf"
        if not path.exists():
            report(path, random.Random(number), pages)
    clock = time.perf_counter()

    def tell(progress: Progress) -> None:
        if progress.done % 100 == 0:
            print(f"{progress.stage} {progress.done} of {progress.total}", file=sys.stderr)

    made = build(settings, tell, DrawnVectors(ModelEmbedder()))
    if made.added or made.changed:
        print(f"made in {time.perf_counter() - clock:.0f} s: {made.seconds}", file=sys.stderr)


def report(path: Path, chance: random.Random, pages: int, told: str = "") -> Path:
    """A report of so many full pages with headings, recommendations and lessons."""

    def sentence() -> str:
        common, rare = chance.choices(PLAIN, k=9), chance.choices(VOCABULARY, k=8)
        words = common + rare
        chance.shuffle(words)
        return " ".join(words).capitalize() + "."

    def text(sentences: int) -> str:
        return " ".join(sentence() for _ in range(sentences))

    def first(page: Report) -> None:
        page.heading(f"Evaluation of the {' '.join(chance.choices(VOCABULARY, k=3)).title()} Programme")
        page.paragraph(f"{told} {text(3)}".strip())
        body(page)

    def body(page: Report) -> None:
        page.heading(" ".join(chance.choices(VOCABULARY, k=2)).capitalize())
        for _ in range(2):
            page.paragraph(text(4))
        page.heading("Recommendations")
        page.items(*(f"{number}. The Ministry should {text(1)}" for number in (1, 2)))
        page.heading("Lessons learned")
        page.paragraph(text(3))

    return drawn(path, first, *[body] * (pages - 1))


def measured(settings: Settings) -> list[tuple[str, float, float]]:
    """(what, seconds, megabytes at most) of each measurement; the library is afterwards as it was."""
    where = ("--corpus", settings.corpus, "--index", settings.index)
    brief, renamed = settings.corpus / BRIEF, settings.corpus / RENAMED
    rows: list[tuple[str, float, float]] = []

    def run(what: str, *command: object) -> Any:
        seconds, memory, said = ran(*command)
        rows.append((what, seconds, memory))
        return json.loads(said)

    run("assistant index: once more", "-m", "assistant", "index", "--json", *where)
    run("assistant index: nothing changed", "-m", "assistant", "index", "--json", *where)
    report(brief, random.Random("brief"), 10, TOLD)
    assert run("assistant index: a brief added", "-m", "assistant", "index", "--json", *where)["added"] == [BRIEF]
    found = run("assistant search: it is found", "-m", "assistant", "search", ASKED, "--json", *where)
    assert found["passages"][0]["document"] == BRIEF, "the brief is not found"
    brief.rename(renamed)
    assert run("assistant index: it is renamed", "-m", "assistant", "index", "--json", *where)["added"] == [RENAMED]
    renamed.unlink()
    assert run("assistant index: it is removed", "-m", "assistant", "index", "--json", *where)["removed"] == [RENAMED]
    chance = random.Random(2)
    questions = [f"What do {chance.choice(VOCABULARY)} and {chance.choice(VOCABULARY)} say?" for _ in range(QUESTIONS)]
    times = run("open, and ask 20 questions", "-c", OPENING, settings.corpus, settings.index, json.dumps(questions))
    told = ("opening", "the first question", "a question, median", "a question, slowest")
    return rows + [(f"  {what}", seconds, 0) for what, seconds in zip(told, times, strict=True)]


def ran(*command: object) -> tuple[float, float, str]:
    """Seconds, megabytes at most and standard output of a Python process and its children, its start among it."""
    end, told = os.pipe()
    started = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, *map(str, command)],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, told, 1), (os.POSIX_SPAWN_CLOSE, end)],
    )
    os.close(told)
    with os.fdopen(end, encoding="utf-8") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return time.perf_counter() - started, used.ru_maxrss / 1024, said


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


if __name__ == "__main__":
    main()
