"""A passage that answers a question is told from one that only comes near to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.indexing import examiner
from assistant.indexing.adapter import ADAPTER, Adapter
from assistant.indexing.arrays import TOKEN_DIMENSIONS
from assistant.indexing.embedding import ModelEmbedder
from assistant.indexing.examiner import Examined, Head, ModelExaminer, Taught
from assistant.indexing.projection import LAYERS, Projection
from assistant.understanding import sentences

TITLE = "Final evaluation of the Quiet Harbours project"
TEXTS = (
    "The project trained 214 harbour masters, 61 of them women, between March 2019 and June 2021. Fishers' unions "
    "were not invited to the courses, which the evaluators regard as a missed opportunity.",
    "Noise in the port of Ellmar fell from 74 to 63 decibels after the night ban. In the port of Tovik it did not "
    "change, because the ban was never enforced there.",
    "The evaluators recommend that the Ministry of Transport pay the inspectors from 2023 on. The donor should hand "
    "over the measuring devices before the project ends.",
)
ANSWERED = (
    (0, "How many women were among the trained harbour masters?"),
    (0, "Who was left out of the courses for harbour masters?"),
    (1, "By how much did noise in Ellmar fall?"),
    (1, "why did noise stay the same in Tovik"),
    (2, "Who should pay the inspectors in future?"),
    (2, "what is to happen to the measuring devices"),
)
NOT_ANSWERED = (
    "How many harbour masters resigned after the training?",
    "What did a course cost per harbour master?",
    "What do residents of Ellmar think of the night ban?",
    "How much did the ministry spend on inspectors?",
    "which company sold the measuring devices",
    "What share of fishers use the harbour at night?",
)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> ModelEmbedder:
    return ModelEmbedder(precision="fp32", cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def strict(embedder: ModelEmbedder) -> ModelExaminer:
    assert embedder.examiner is not None
    return embedder.examiner


@pytest.fixture(scope="module")
def passages(embedder: ModelEmbedder) -> list[Examined]:
    encoded = embedder.embed_passages(TEXTS, [TITLE] * len(TEXTS), [sentences.split(text) for text in TEXTS])
    return [Examined(each.tokens.astype(np.float32) * each.scales[:, None], each.places) for each in encoded]


@pytest.mark.slow
def test_questions_that_a_passage_answers_have_the_higher_odds(strict: ModelExaminer, passages: list[Examined]) -> None:
    answered = [strict.log_odds(question, passages)[own] for own, question in ANSWERED]
    near = [strict.log_odds(question, passages).max() for question in NOT_ANSWERED]
    right = np.mean(np.array(answered)[:, None] > np.array(near))
    assert right >= 0.8, (answered, near)


@pytest.mark.slow
def test_an_answered_question_has_its_highest_odds_with_the_passage_that_answers_it(
    strict: ModelExaminer, passages: list[Examined]
) -> None:
    assert [int(strict.log_odds(question, passages).argmax()) for _, question in ANSWERED] == [
        own for own, _ in ANSWERED
    ]


@pytest.mark.slow
def test_texts_without_a_word_answer_nothing(strict: ModelExaminer, passages: list[Examined]) -> None:
    assert strict.log_odds("\ufffd", passages).tolist() == [-np.inf] * 3
    assert strict.log_odds("How many?", []).shape == (0,)
    wordless = Examined(passages[0].tokens[:0], passages[0].places[:0])
    heading = Examined(passages[0].tokens[:4], np.full(4, -1, np.int32))
    nothing, title, whole = strict.log_odds(ANSWERED[0][1], [wordless, heading, passages[0]])
    assert nothing < title < whole


def test_without_the_adapter_that_it_goes_with_there_is_no_examiner(tmp_path: Path) -> None:
    shipped = Adapter.read(ADAPTER)
    another = Adapter(shipped.projection, dict(list(shipped.changes.items())[1:]))
    assert examiner.shipped(shipped, "a test's", tmp_path, "auto", None) is not None
    assert examiner.shipped(another, "a test's", tmp_path, "auto", None) is None
    assert examiner.shipped(None, "a test's", tmp_path, "auto", None) is None


def head(terms: tuple[float, float, float, float]) -> Head:
    return Head(np.zeros(9, np.float32), 0.0, np.array(terms, np.float32))


def test_what_is_not_met_takes_from_the_odds_and_the_worst_takes_again() -> None:
    states, rarity = np.ones((4, 8), np.float32), np.ones(4, np.float32)
    whole = np.array([[1.0, 0.8, 1.0], [1.0, 0.8, 1.0], [1.0, 0.8, 1.0], [1.0, 0.8, 0.2]], np.float32)
    met, evenly, one_not = head((3, 2, 0, 0))(states, rarity, whole, whole)
    assert (met, evenly, one_not) == pytest.approx((3.0, 2.6, 2.6))
    assert head((3, 0, 2, 0))(states, rarity, np.ones_like(whole), whole) == pytest.approx((3.0, 2.6, 2.6))
    met, evenly, one_not = head((3, 0, 0, 1))(states, rarity, whole, whole)
    assert met == pytest.approx(3.0)
    assert one_not < evenly < met


def test_a_rare_word_piece_counts_more() -> None:
    whole = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
    without_rare, without_plain = head((0, 1, 0, 0))(np.ones((2, 8), np.float32), np.array([3, 1.0]), whole, whole)
    assert (without_rare, without_plain) == pytest.approx((-0.75, -0.25))


def test_what_was_taught_is_read_as_it_was_written(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    projection = Projection(np.zeros((LAYERS, 8), np.float32), np.eye(16, TOKEN_DIMENSIONS, dtype=np.float32))
    changes = {"encoder.a": (chance.normal(size=(8, 2)).astype("f"), chance.normal(size=(2, 8)).astype("f"))}
    weighed = Head(chance.random(9).astype("f"), 0.5, np.array([1, 2, 3, 4], np.float32))
    taught = Taught(Adapter(projection, changes), chance.random(50).astype("f"), weighed, "an adapter")
    taught.save(tmp_path / "examiner.npz")
    again = Taught.read(tmp_path / "examiner.npz")
    assert np.allclose(again.rarity, taught.rarity, atol=1e-3)
    assert again.goes_with == "an adapter"
    assert (again.head.bias, again.head.terms.tolist()) == (0.5, [1, 2, 3, 4])
    assert np.array_equal(again.head.weights, weighed.weights)
    assert np.array_equal(again.adapter.projection.matrix, projection.matrix)
    for half, kept in zip(changes["encoder.a"], again.adapter.changes["encoder.a"], strict=True):
        assert np.allclose(half, kept, atol=1e-2)
