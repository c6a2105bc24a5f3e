"""Conversations over the five reports: each turn is asked with the real answers before it, and judged by its labels."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assistant.pipeline import Assistant
from assistant.records import Answer, Question, Turn
from assistant.understanding.printed import fold

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CONVERSATIONS = [
    json.loads(line) for line in Path(__file__).with_name("conversations.jsonl").read_text("utf-8").splitlines()
]
FIRST = 5  # passages among which the evidence must be
LISTED = 0.75  # share of the things to be listed
UNDERSTOOD = 0.93  # of all turns
ANSWERED = 0.86  # of all turns; most of the rest finds no evidence for the whole question either
RIGHT = 0.82  # answered, and understood in the words that the label asks for

Judged = tuple[dict[str, Any], Answer, bool, bool]
"""A turn, its answer, whether it was understood, and whether it was answered."""


def is_understood(turn: dict[str, Any], answer: Answer) -> bool:
    text = fold(answer.understood)
    has = all(fold(word) in text for word in turn.get("understood_has", ()))
    return has and not any(fold(word) in text for word in turn.get("understood_lacks", ()))


def is_answered(turn: dict[str, Any], answer: Answer, scorer: ModuleType) -> bool:
    if turn["refused"] or answer.refused:
        return bool(turn["refused"] and answer.refused)
    if turn.get("starts_over"):
        return not answer.refused and not answer.citations
    cited = [{"document": c.document, "page": c.page, "text": f"{c.quote} {c.context or ''}"} for c in answer.citations]
    if turn.get("items"):
        shown = [any(scorer.cover(item, c["text"]) >= 0.5 for c in cited) for item in turn["items"]]
        return sum(shown) >= LISTED * len(shown)
    found = [
        {"document": h.passage.document, "page": h.passage.page, "text": h.passage.text}
        for h in answer.passages[:FIRST]
    ]
    return (
        not turn.get("gold") or scorer.first(turn["gold"], [*found, *cited]) is not None or tells(turn, answer, scorer)
    )


def tells(turn: dict[str, Any], answer: Answer, scorer: ModuleType) -> bool:
    """The facts asked for stand in the words cited first, on whatever page: the figure facts of single questions."""
    citations = [{"document": c.document, "quote": c.quote, "context": c.context} for c in answer.citations]
    text = " ".join(passage["text"] for passage in scorer.cited({"citations": citations}))
    return bool(turn.get("facts")) and all(scorer.has_fact(fact, text) for fact in turn["facts"])


def judged(assistant: Assistant, conversation: dict[str, Any], scorer: ModuleType) -> Iterator[Judged]:
    history: list[Turn] = []
    for turn in conversation["turns"]:
        answer = assistant.ask(Question(turn["question"], history=tuple(history)))
        yield turn, answer, is_understood(turn, answer), is_answered(turn, answer, scorer)
        history.append(Turn(turn["question"], answer.answer))


def test_turns_of_a_conversation_are_understood_and_answered(shared_library: Assistant, scorer: ModuleType) -> None:
    """The figures of each half are printed; the second half is measured, not read, while rules are made."""
    right: dict[str, list[bool]] = defaultdict(list)
    answered: dict[str, list[bool]] = defaultdict(list)
    understood: dict[str, list[bool]] = defaultdict(list)
    for conversation in CONVERSATIONS:
        for _, _, is_read, is_told in judged(shared_library, conversation, scorer):
            for half in (conversation["half"], "all"):
                right[half].append(is_read and is_told)
                answered[half].append(is_told)
                understood[half].append(is_read)
    figures = {
        half: f"{sum(answered[half])} of {len(right[half])} turns answered, {sum(understood[half])} understood, "
        f"{sum(right[half])} both"
        for half in sorted(right)
    }
    print(f"\nconversations: {figures}")
    assert len(right["all"]) > 150
    assert sum(understood["all"]) >= UNDERSTOOD * len(understood["all"]), figures
    assert sum(answered["all"]) >= ANSWERED * len(answered["all"]), figures
    assert sum(right["all"]) >= RIGHT * len(right["all"]), figures
