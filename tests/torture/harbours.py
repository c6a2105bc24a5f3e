"""A folder of small PDFs that changes, and what an index of it may show: every sentence names the version it is of."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import factories

from assistant.pipeline import Assistant
from assistant.records import Answer, Hit, Question

MARK = re.compile(r"\bR\d{4,}\b")
PLACES = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Poplar", "Rowan", "Willow")
THINGS = ("boats", "lamps", "nets", "cranes", "wells", "barrels", "ropes", "anchors", "sails", "crates")
QUESTIONS = (
    "How many lamps did the harbour count?",
    "What was recommended to the ministry about the pier?",
    "Which harbour mended nets in winter?",
    "What lessons did the harbours learn from storms?",
    "List all recommendations.",
)
ALL = 10_000  # passages: more than there are
ENTRIES = 2  # recommendations of a report; its lesson is labelled or not, as the reader judges

State = dict[str, str]
"""The mark of each document of a corpus, by name; REFUSED where the file cannot be read."""
REFUSED = ""


@dataclass
class Harbours:
    """A corpus folder that changes from step to step. state tells what is in it."""

    folder: Path
    chance: random.Random
    most: int = 7
    state: State = field(default_factory=dict)
    versions: dict[str, bytes] = field(default_factory=dict)
    made: int = 1000

    def change(self, times: int = 1) -> None:
        """Add, change, rename, copy, break, put back or take out a document, by chance."""
        for _ in range(times):
            steps: list[Callable[[], None]] = [self.add, self.rename, self.renew, self.damage, self.restore, self.copy]
            if len(self.state) >= self.most:
                steps = [self.remove, self.rename, self.renew]
            elif len(self.state) > 2:
                steps.append(self.remove)
            self.chance.choice(steps if self.state else [self.add])()

    def add(self) -> None:
        self._put(self._free_name(), self._drawn())

    def renew(self) -> None:
        """Other bytes under the name of a document."""
        self._put(self._any(), self._drawn())

    def restore(self) -> None:
        """The bytes of an earlier version, perhaps of one that was taken out."""
        self._put(self._any(), self.chance.choice(sorted(self.versions)))

    def copy(self) -> None:
        name = self._any()
        target = self._free_name()
        shutil.copy(self.folder / name, self.folder / target)
        self.state[target] = self.state[name]

    def damage(self) -> None:
        """A file that cannot be read takes the place of a document."""
        name = self._any()
        factories.not_a_pdf(self.folder / name)
        self.state[name] = REFUSED

    def rename(self) -> None:
        name = self._any()
        target = self._free_name()
        (self.folder / name).rename(self.folder / target)
        self.state[target] = self.state.pop(name)

    def remove(self) -> None:
        name = self._any()
        (self.folder / name).unlink()
        del self.state[name]

    def become(self, state: State) -> None:
        """Be again what it was."""
        for name in set(self.state) - set(state):
            (self.folder / name).unlink()
        self.state = dict(state)
        for name, mark in state.items():
            if mark:
                self._put(name, mark)
            else:
                factories.not_a_pdf(self.folder / name)

    def _put(self, name: str, mark: str) -> None:
        beside = self.folder / f"{name}.part"  # as a program that copies files should
        beside.write_bytes(self.versions[mark])
        os.replace(beside, self.folder / name)
        self.state[name] = mark

    def _drawn(self) -> str:
        self.made += 1
        mark = f"R{self.made}"
        path = report(self.folder / ".drawn.pdf", mark, random.Random(self.made))
        self.versions[mark] = path.read_bytes()
        path.unlink()
        return mark

    def _any(self) -> str:
        return self.chance.choice(sorted(self.state))

    def _free_name(self) -> str:
        names = (f"{place.lower()}-{n}.pdf" for n in range(1, 99) for place in PLACES)
        return self.chance.choice(list(islice((name for name in names if name not in self.state), 20)))


def report(path: Path, mark: str, chance: random.Random) -> Path:
    """A report on two pages of which every sentence and heading has the mark."""
    place, other = chance.sample(PLACES, 2)
    thing, second = chance.sample(THINGS, 2)

    def said(*sentences: str) -> str:
        return " ".join(f"Report {mark} {sentence}." for sentence in sentences)

    def first(page: factories.Report) -> None:
        page.heading(f"Evaluation of {place} harbour {mark}")
        page.paragraph(
            said(
                f"says that the harbour of {place} counted {chance.randrange(90, 900)} {thing} and lamps",
                f"says that the harbour mended nets and {second} in winter with men from {other}",
            )
        )
        page.heading(f"Lessons learned {mark}")
        page.paragraph(said(f"learned from storms that {second} must be kept dry", "learned to count twice"))

    def second_page(page: factories.Report) -> None:
        page.heading(f"Recommendations {mark}")
        for number in (1, 2):
            page.paragraph(
                f"{number}. "
                + said(f"recommends that the ministry should mend the pier of {chance.choice(PLACES)} with {thing}")
            )

    return factories.drawn(path, first, second_page)


def strays(state: State, shown: Iterable[tuple[str, str]]) -> list[str]:
    """What is shown, as (document, words of it), and is not in a corpus of that state."""
    return [
        f"{document}: {words[:80]!r}"
        for document, words in shown
        if state.get(document, REFUSED) == REFUSED or set(MARK.findall(words)) != {state[document]}
    ]


def shown_by(answer: Answer) -> list[tuple[str, str]]:
    """(document, words of it) in the citations and passages of an answer."""
    return [(each.document, each.quote) for each in answer.citations] + shown_by_search(answer.passages)


def shown_by_search(hits: Iterable[Hit]) -> list[tuple[str, str]]:
    return [(hit.passage.document, hit.passage.text) for hit in hits]


def faults(assistant: Assistant, state: State) -> list[str]:
    """In what an open library differs from a corpus of that state: documents, passages, pages, register, answers."""
    rows = {row.document: row for row in assistant.documents()}
    titles = {name: rows[row.same_as or name].title for name, row in rows.items()}
    held = {name: REFUSED if rows[name].refused else "".join(MARK.findall(title)) for name, title in titles.items()}
    found = [f"documents are {held}, not {state}"] if held != state else []
    whole = assistant.search(Question("Report"), ALL).passages
    found += strays(state, shown_by_search(whole))
    readable = {name for name, mark in state.items() if mark}
    own = {name for name in readable if name in rows and not rows[name].same_as}
    if missing := own - {hit.passage.document for hit in whole}:
        found.append(f"no passage is found of {sorted(missing)}")
    entries = assistant.register().printed
    found += strays(state, [(entry.document, entry.text) for entry in entries])
    for name in sorted(own):
        if sum(entry.document == name for entry in entries) < ENTRIES:
            found.append(f"the register lacks entries of {name}")
    for name in readable & rows.keys():
        assistant.page_size(name, 2)
    for question in QUESTIONS:
        answer = assistant.ask(Question(question))
        found += strays(state, shown_by(answer))
        also = {place.document for each in answer.citations for place in each.also_in}
        found += [f"{name} is said to hold the same" for name in also - readable]
        if foreign := set(MARK.findall(answer.answer)) - set(state.values()):
            found.append(f"the answer speaks of {foreign}")
    return found


def passages_of(shown: Sequence[Any]) -> set[object]:
    """The passages in what everything() gave, in no order and without scores."""
    return {hit.passage for hit in shown[2]}


def everything(assistant: Assistant) -> list[object]:
    """What a library shows, in order and with scores, apart from times and the number of its generation."""
    shown: list[object] = [assistant.documents(), assistant.register().entries]
    shown.append(assistant.search(Question("Report harbour"), ALL).passages)
    for question in QUESTIONS:
        answer = assistant.ask(Question(question))
        shown += [answer.answer, answer.citations, answer.passages, answer.coverage]
    return shown
