"""What the packaged model is taught with has the form that training/README.md tells, and teaches it."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from assistant.indexing import model_files
from assistant.indexing.adapter import ADAPTER, Adapter
from assistant.indexing.encoder import Encoder
from assistant.indexing.examiner import LONGEST, Examined, ModelExaminer, Taught

FIELDS = {"document", "kind", "passage", "questions", "unanswered", "premised", "supported", "unsupported"}
TEXTS = sorted((Path(__file__).parents[1] / "training").glob("*.jsonl"))


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.stem)
def test_each_passage_has_its_questions_and_sentences(file: Path) -> None:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len({row["passage"] for row in rows}) == len(rows) > 100
    for row in rows:
        assert set(row) == FIELDS
        assert 20 <= len(row["passage"].split()) <= 200
        assert [len(row[name]) for name in ("questions", "unanswered", "supported", "unsupported")] == [3, 2, 3, 4]
        assert not set(row["questions"]) & set(row["unanswered"])
        assert [len(set(pair)) for pair in row["premised"]] == [2, 2]
        assert not set(row["supported"]) & set(row["unsupported"])


@pytest.mark.slow
def test_a_step_of_training_changes_the_model_and_what_it_writes_can_be_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "scripts"))
    training = importlib.import_module("train_adapter")
    student, documents = training.Student(), training.read("works")[:1]
    weight = training.weighing(student, documents)
    training.train(student, documents, weight, training.Run(epochs=1, by_evidence=0.3))
    one = student.adapter()
    training.mean([one, one]).save(tmp_path / "adapter.npz", "of a test")
    both = Adapter.read(tmp_path / "adapter.npz")
    for name, (up, down) in one.changes.items():
        assert np.abs(up @ down).max() > 0
        assert np.allclose(both.changes[name][0] @ both.changes[name][1], up @ down, atol=1e-4)
    assert np.allclose(both.projection.matrix, one.projection.matrix)


@pytest.mark.slow
def test_a_step_of_teaching_the_examiner_changes_it_and_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "scripts"))
    teach = importlib.import_module("train_examiner")
    start = Adapter.read(ADAPTER)
    documents = teach.read("works")[:1]
    teaching = teach.Teaching(start, documents, documents)
    before = teaching.taught()
    teaching.train(1)
    after = teaching.taught()
    assert any(np.abs(after.adapter.changes[name][0] - before.adapter.changes[name][0]).max() for name in start.changes)
    assert np.abs(after.head.terms - before.head.terms).max() > 0

    document = documents[0]
    questions = [question for example in document for question in example.questions]
    after.save(tmp_path / "examiner.npz")
    taught = Taught.read(tmp_path / "examiner.npz")
    strict = ModelExaminer(
        Encoder("a test's", model_files.model_folder(""), LONGEST, "fp32", None, taught.adapter), taught
    )
    passages = [
        Examined(
            np.concatenate([each.title.numpy(), each.small.numpy()]),
            np.concatenate([np.full(len(each.title), -1), each.sentences.numpy()]).astype(np.int32),
        )
        for each in teaching.kept[document[0].document]
    ]
    shipped = [strict.log_odds(question, passages) for question in questions]
    torch = importlib.import_module("torch")
    with torch.inference_mode():
        taught_as = teaching.log_odds([document], questions).numpy()
    assert np.abs(np.stack(shipped) - taught_as).max() < 0.1, "what is trained in bf16 is what is shipped"
