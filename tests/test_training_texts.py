"""What the packaged model is taught with has the form that training/README.md tells."""

import json
from pathlib import Path

import pytest

TEXTS = sorted((Path(__file__).parents[1] / "training").glob("*.jsonl"))


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.stem)
def test_each_passage_has_its_questions_and_sentences(file: Path) -> None:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len({row["passage"] for row in rows}) == len(rows) > 100
    for row in rows:
        assert set(row) == {"document", "kind", "passage", "questions", "unanswered", "supported", "unsupported"}
        assert 20 <= len(row["passage"].split()) <= 200
        assert [len(row[name]) for name in ("questions", "unanswered", "supported", "unsupported")] == [3, 2, 3, 4]
        assert not set(row["questions"]) & set(row["unanswered"])
        assert not set(row["supported"]) & set(row["unsupported"])
