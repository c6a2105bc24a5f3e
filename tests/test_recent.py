"""What was found a moment ago is not searched for again, and is forgotten with its library."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.indexing.library import Library
from assistant.pipeline import Assistant
from assistant.records import Question, Turn
from assistant.retrieval import hybrid, recent
from assistant.settings import Settings

EMBEDDER = WordHashEmbedder()


def library(folder: Path) -> Library:
    shelf.shelve(folder, [("a.pdf", shelf.record("The trust repaired the bridge. Fourteen villages use it."))])
    return Library.open(folder, EMBEDDER.fingerprint)


def searched(library: Library) -> list[hybrid.Found]:
    return hybrid.search(library, "Who repaired it?", EMBEDDER.embed_question("Who repaired it?"), 5)


def test_the_latest_searches_are_kept_and_older_ones_made_again(tmp_path: Path) -> None:
    here = library(tmp_path)
    made: list[int] = []

    def search(key: int) -> None:
        def make() -> list[hybrid.Found]:
            made.append(key)
            return []

        recent.found(here, key, make)

    search(0)
    for key in range(recent.KEPT):
        search(key)
    assert made == list(range(recent.KEPT))
    search(0)  # it was asked for again before the others came
    search(recent.KEPT)
    search(0)
    assert made == list(range(recent.KEPT + 1))
    search(1)
    assert made[-1] == 1


def test_each_library_has_its_own_and_goes_with_them(tmp_path: Path) -> None:
    libraries = [library(tmp_path / "one"), library(tmp_path / "other")]
    assert recent.found(libraries[0], "key", lambda: searched(libraries[0]))
    assert recent.found(libraries[0], "key", list)
    assert recent.found(libraries[1], "key", list) == []
    gone = weakref.ref(libraries.pop(0))
    gc.collect()
    assert gone() is None


def test_a_follow_up_looks_at_what_was_found_before_without_searching_again(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    search = hybrid.search

    def counting(library: Library, text: str, *rest: object, **more: object) -> list[hybrid.Found]:
        searched.append(text)
        return search(library, text, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(hybrid, "search", counting)
    assistant = Assistant(tiny_settings, WordHashEmbedder())
    first = assistant.ask(Question("What happened to the enrolment of girls?"))
    alone = len(searched)
    assistant.ask(Question("and why?", history=(Turn(first.question, first.answer),)))
    assert searched.count(first.understood) == 1
    assert len(searched) > alone
