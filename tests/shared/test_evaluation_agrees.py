"""Our figures are those of the scorer that is kept beside the project."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assistant.evaluation import evaluate

pytestmark = pytest.mark.slow

QUESTIONS = Path(__file__).resolve().parents[3] / "shared" / "questions" / "dev.jsonl"
NOISE = random.Random(7)  # fabricated answers, the same ones each time

Record = dict[str, Any]


def perfect(question: Record) -> Record | None:
    """Every gold quote is cited and found, the facts are said, and what cannot be answered is declined."""
    texts = [(gold["doc"], gold["page"], gold["quote"]) for gold in question["gold"]]
    return answer(question, texts, [wordings[0] for wordings in question.get("facts", [])])


def empty(question: Record) -> Record | None:
    return {**answer(question, [], []), "refused": False}


def missing(question: Record) -> Record | None:
    return None


def half(question: Record) -> Record | None:
    """Quotes cut in the middle, on the page before, behind a passage of another document."""
    texts = [("other.pdf", 1, "nothing to see here at all")]
    for gold in question["gold"]:
        words = gold["quote"].split()
        texts.append((gold["doc"], gold["page"] - 1, " ".join(words[: len(words) // 2 + 2])))
    return {**answer(question, texts, []), "refused": NOISE.random() < 0.3}


def noise(question: Record) -> Record | None:
    """Now a gold quote, now words at random, passages too long, lines left out."""
    if NOISE.random() < 0.1:
        return None
    texts = []
    for gold in question["gold"]:
        words = gold["quote"].split()
        kept = [word for word in words if NOISE.random() < 0.9]
        padding = ["and  so\non", "re-\nform", "$1,234.50", "“quoted”"] * NOISE.choice([0, 1, 20, 80])
        texts.append((gold["doc"], gold["page"] + NOISE.choice([-2, -1, 0, 1]), " ".join([*padding, *kept])))
    NOISE.shuffle(texts)
    facts = [NOISE.choice(wordings) for wordings in question.get("facts", []) if NOISE.random() < 0.7]
    return {**answer(question, texts, facts), "refused": NOISE.random() < 0.4, "seconds": NOISE.random()}


def answer(question: Record, texts: list[tuple[str, int, str]], facts: list[str]) -> Record:
    return {
        "id": question["id"],
        "answer": " ".join(facts),
        "refused": not question["answerable"],
        "citations": [
            {"document": document, "page": page, "quote": text, "context": "; ".join(facts) or None}
            for document, page, text in texts
        ],
        "passages": [{"document": document, "page": page, "text": text} for document, page, text in texts],
    }


@pytest.mark.parametrize("fabricate", [perfect, empty, missing, half, noise])
def test_every_figure_is_the_scorer_s(
    fabricate: Callable[[Record], Record | None],
    scorer: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    answers = [given for question in questions if (given := fabricate(question))]
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(json.dumps(given) for given in answers), "utf-8")

    scorer.main(str(QUESTIONS), str(file))

    assert evaluate(questions, answers) == json.loads(capsys.readouterr().out)
