"""Question files: one JSON object per line, checked before anything is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from assistant.records import Question, Turn

GOLD_FIELDS = ("answerable", "category", "gold")
LABEL_FIELDS = ("document", "page", "kind", "number", "addressee", "words")


def read_questions(file: Path, needed: tuple[str, ...] = ()) -> list[tuple[Question, dict[str, Any]]]:
    """Each question with the object it was read from, in the file's order; needed names further fields it must have.

    Raises UsageError naming the file and the number of the first line that is no question.
    """
    return [_read(line, f"{file}, line {number}", needed) for number, line in _lines(file)]


def read_labels(file: Path) -> list[dict[str, Any]]:
    """Labelled findings: objects with LABEL_FIELDS. Raises UsageError naming the first line that is none."""
    labels = []
    for number, line in _lines(file):
        try:
            label = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{file}, line {number} is no label: {error}.") from None
        missing = [name for name in LABEL_FIELDS if not isinstance(label, dict) or name not in label]
        if missing:
            raise UsageError(f'{file}, line {number} is no label: "{missing[0]}" is missing.')
        labels.append(label)
    return labels


def question_of(value: Mapping[str, Any]) -> Question:
    """The question in an object as `ask` takes it: question, and optionally id, history and filters.

    Raises ValueError with what is wrong.
    """
    text, history, filters = value.get("question"), value.get("history") or [], value.get("filters") or {}
    if not isinstance(text, str):
        raise ValueError('"question" must be a text')
    if not isinstance(history, list) or not all(map(_is_turn, history)):
        raise ValueError('"history" must be a list of objects with the texts "question" and "answer"')
    if not isinstance(filters, dict):
        raise ValueError('"filters" must be an object')
    turns = tuple(Turn(turn["question"], turn["answer"]) for turn in history)
    return Question(text=text, id=str(value.get("id", "")), history=turns, filters=filters)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The file {file} cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError:
        raise UsageError(f"The file {file} cannot be read (it is not UTF-8 text).") from None
    # Not splitlines: a line separator may stand inside a JSON text.
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _read(line: str, place: str, needed: tuple[str, ...]) -> tuple[Question, dict[str, Any]]:
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            raise ValueError("a JSON object was expected")
        for name in ("id", *needed):
            if name not in value:
                raise ValueError(f'"{name}" is missing')
        return question_of(value), value
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place} is no question: {error}.") from None


def _is_turn(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("question"), str) and isinstance(value.get("answer"), str)
