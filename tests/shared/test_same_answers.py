"""The same question gets the same answer: asked again, by many at once, from a rebuilt index, in another precision."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.building import build
from assistant.pipeline import Assistant
from assistant.records import Answer, Citation, Passage, Question
from assistant.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

THREADS = 8
SAME_FIRST_QUOTE = 0.99  # of answerable questions, between precisions; the rest are words printed twice, all but tied

OWN = [
    json.loads(line)
    for name in ("own_first.jsonl", "own_second.jsonl", "premises.jsonl")
    for line in Path(__file__).with_name(name).read_text("utf-8").splitlines()
]

Opened = Callable[[str, str], Assistant]
Quoted = tuple[str, int, str] | None


def told(answer: Answer) -> Answer:
    """All of an answer but how long it took."""
    return replace(answer, seconds=0.0)


def shown(answer: Answer) -> tuple[str, tuple[Citation, ...], list[Passage]]:
    """What a reader sees: the words, the quotes with their places, and the passages, each in their order."""
    return answer.answer, answer.citations, [hit.passage for hit in answer.passages]


def first_quotes(assistant: Assistant, texts: list[str]) -> list[Quoted]:
    """Of each question the first quote with its place; None where nothing is quoted."""
    answers = (assistant.ask(Question(text)) for text in texts)
    return [next(((c.document, c.page, c.quote) for c in answer.citations), None) for answer in answers]


@pytest.fixture(scope="module")
def texts(shared_questions: list[dict[str, Any]]) -> list[str]:
    return [each["question"] for each in shared_questions]


@pytest.fixture(scope="module")
def answerable(shared_questions: list[dict[str, Any]]) -> list[str]:
    return [each["question"] for each in [*shared_questions, *OWN] if each["answerable"]]


@pytest.fixture(scope="module")
def answers(shared_library: Assistant, texts: list[str]) -> list[Answer]:
    return [told(shared_library.ask(Question(text))) for text in texts]


@pytest.fixture(scope="module")
def short_documents(shared_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All but the longest document, which takes three quarters of the time of a build."""
    folder = tmp_path_factory.mktemp("short-documents")
    for pdf in sorted(shared_corpus.glob("*.pdf"), key=lambda pdf: pdf.stat().st_size)[:-1]:
        shutil.copy(pdf, folder)
    return folder


@pytest.fixture(scope="module")
def opened(short_documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Opens the short documents as one precision has indexed them, to be asked in another; builds once for each."""
    indexes: dict[str, Path] = {}

    def open_library(indexed_in: str, asked_in: str) -> Assistant:
        if indexed_in not in indexes:
            indexes[indexed_in] = built(short_documents, tmp_path_factory.mktemp(f"index-{indexed_in}"), indexed_in)
        return Assistant(Settings(corpus=short_documents, index=indexes[indexed_in], precision=asked_in))

    return open_library


@pytest.fixture(scope="module")
def usual(opened: Opened, answerable: list[str]) -> list[Quoted]:
    """What is quoted first by the precision that is taken where the processor has it."""
    return first_quotes(opened("bf16", "bf16"), answerable)


def built(corpus: Path, index: Path, precision: str) -> Path:
    assert build(Settings(corpus=corpus, index=index, precision=precision)).failed == []
    return index


def test_a_question_asked_again_gets_the_same_answer(
    shared_library: Assistant, texts: list[str], answers: list[Answer]
) -> None:
    assert [told(shared_library.ask(Question(text))) for text in texts] == answers


def test_many_who_ask_at_once_get_the_answers_that_one_gets(
    shared_library: Assistant, texts: list[str], answers: list[Answer]
) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(lambda text: told(shared_library.ask(Question(text))), texts)) == answers


def test_an_index_built_anew_in_another_folder_gives_the_same_answers(
    opened: Opened, short_documents: Path, tmp_path: Path, texts: list[str]
) -> None:
    anew = Assistant(Settings(corpus=short_documents, index=built(short_documents, tmp_path, "bf16"), precision="bf16"))
    before = opened("bf16", "bf16")
    assert [shown(anew.ask(Question(text))) for text in texts] == [shown(before.ask(Question(text))) for text in texts]


@pytest.mark.parametrize(("indexed_in", "asked_in"), [("fp32", "fp32"), ("bf16", "fp32")])
def test_another_precision_quotes_the_same_first(
    indexed_in: str, asked_in: str, opened: Opened, answerable: list[str], usual: list[Quoted]
) -> None:
    other = first_quotes(opened(indexed_in, asked_in), answerable)
    differ = [text for text, one, another in zip(answerable, usual, other, strict=True) if one != another]
    assert len(answerable) > 200
    assert len([each for each in usual if each]) > 150  # the others ask of the longest document
    assert len(differ) <= (1 - SAME_FIRST_QUOTE) * len(answerable), differ
