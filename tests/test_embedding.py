"""The packaged model itself; everything else is tested with WordHashEmbedder."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelUnusable
from assistant.indexing import adapter, model_files
from assistant.indexing.adapter import Adapter
from assistant.indexing.arrays import TOKEN_DIMENSIONS, unit
from assistant.indexing.embedding import LIMIT, Encoded, ModelEmbedder, worth_a_vector
from assistant.indexing.encoder import BATCH_PIECES, batches
from assistant.indexing.projection import Projection

pytestmark = pytest.mark.slow  # loads the real model

TEXT = "Costs fell by nine percent. The project trained 300 workers in labour rights. See below."
SENTENCES = [(0, 27), (28, 77), (78, 88)]
HEADING = "Final evaluation > Findings"
LEVELS = HEADING.split(" > ")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("cache")
    return folder


@pytest.fixture(scope="module")
def embedder(cache: Path) -> Iterator[ModelEmbedder]:
    """Loaded where every connection fails."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _no_network)
        embedder = ModelEmbedder(cache=cache)
        embedder.load()
        yield embedder


@pytest.fixture(scope="module")
def passage(embedder: ModelEmbedder) -> Encoded:
    [encoded] = embedder.embed_passages([TEXT], [HEADING], [SENTENCES])
    return encoded


def _no_network(*_: object) -> None:
    raise AssertionError("the model tried to reach the network")


def test_every_sentence_worth_one_has_a_vector_of_length_one(passage: Encoded) -> None:
    assert list(passage.sentence_numbers) == [0, 1]
    assert passage.sentences.shape == (2, 384)
    assert np.allclose(np.linalg.norm(passage.sentences, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("question", "sentence"), [("How much cheaper did it get?", 0), ("How many people were taught their rights?", 1)]
)
def test_a_question_is_nearest_to_the_sentence_that_answers_it(
    embedder: ModelEmbedder, passage: Encoded, question: str, sentence: int
) -> None:
    assert np.argmax(passage.sentences @ embedder.embed_question(question).vector) == sentence


def test_every_word_piece_of_heading_and_passage_has_a_small_vector(embedder: ModelEmbedder, passage: Encoded) -> None:
    assert list(passage.pieces) == [piece for part in (*LEVELS, TEXT) for piece in embedder.word_pieces(part)]
    assert passage.tokens.shape == (len(passage.pieces), TOKEN_DIMENSIONS)
    assert np.allclose(np.linalg.norm(passage.tokens * passage.scales[:, None], axis=1), 1, atol=0.02)


def test_every_word_piece_knows_its_sentence_and_the_heading_comes_first(
    embedder: ModelEmbedder, passage: Encoded
) -> None:
    parts = [*LEVELS, *(TEXT[start:end] for start, end in SENTENCES)]
    lengths = [len(embedder.word_pieces(part)) for part in parts]
    assert list(passage.places) == list(np.repeat([-1, -1, 0, 1, 2], lengths))


def test_a_sentence_means_the_same_below_any_heading(embedder: ModelEmbedder, passage: Encoded) -> None:
    [bare] = embedder.embed_passages([TEXT], [""], [SENTENCES])
    assert np.array_equal(bare.sentences, passage.sentences)


def test_eight_bits_a_number_give_the_token_vectors_back(embedder: ModelEmbedder) -> None:
    question = embedder.embed_question(TEXT)
    [encoded] = embedder.embed_passages([TEXT], [""], [SENTENCES])
    assert list(question.pieces) == list(encoded.pieces)
    cosines = (unit(encoded.tokens * encoded.scales[:, None]) * question.tokens).sum(axis=1)
    assert cosines.min() > 0.99


def test_a_document_has_the_same_vectors_whatever_was_embedded_before_it(
    embedder: ModelEmbedder, passage: Encoded
) -> None:
    texts = ["Boats were bought late.", TEXT * 5]
    embedder.embed_passages(texts, ["", ""], [[], []])
    [again] = embedder.embed_passages([TEXT], [HEADING], [SENTENCES])
    assert np.array_equal(again.sentences, passage.sentences)
    assert np.array_equal(again.tokens, passage.tokens)


def test_sentences_beyond_the_limit_have_no_vector(embedder: ModelEmbedder) -> None:
    words = "The project trained workers. " * 100
    starts = range(0, len(words), 29)
    [encoded] = embedder.embed_passages([words], [HEADING], [[(start, start + 28) for start in starts]])
    assert (encoded.places >= 0).sum() == LIMIT - 2
    assert 50 < len(encoded.sentence_numbers) < 70
    assert list(encoded.sentence_numbers) == list(range(len(encoded.sentence_numbers)))


def test_a_passage_always_has_a_vector(embedder: ModelEmbedder) -> None:
    texts = ["Mexico City", "", "…", "Boats were bought late."]
    headings = ["", "", "A", "a very long heading " * 200]
    for encoded in embedder.embed_passages(texts, headings, [[(0, 11)], [], [(0, 1)], [(0, 23)]]):
        assert list(encoded.sentence_numbers) == [0]
        assert np.linalg.norm(encoded.sentences) == pytest.approx(1, abs=1e-4)
    assert embedder.embed_passages([], [], []) == []


def test_an_empty_question_can_be_embedded(embedder: ModelEmbedder) -> None:
    question = embedder.embed_question("")
    assert question.tokens.shape == (0, TOKEN_DIMENSIONS)
    assert np.linalg.norm(question.vector) == pytest.approx(1, abs=1e-4)


def test_half_precision_means_the_same(embedder: ModelEmbedder, cache: Path) -> None:
    exact, half = (ModelEmbedder(precision=precision, cache=cache) for precision in ("fp32", "bf16"))
    [a] = exact.embed_passages([TEXT], [HEADING], [SENTENCES])
    [b] = half.embed_passages([TEXT], [HEADING], [SENTENCES])
    assert (exact.runs_on.split()[-1], half.runs_on.split()[-1]) == ("fp32", "bf16")
    assert (a.sentences * b.sentences).sum(axis=1).min() > 0.999
    assert exact.fingerprint == half.fingerprint == embedder.fingerprint


def test_the_adapter_shipped_was_trained_for_the_model_shipped() -> None:
    found = adapter.shipped(model_files.hashes(model_files.model_folder("")))
    assert found is not None
    assert (found.projection.means.shape, found.projection.matrix.shape) == ((2, 384), (768, TOKEN_DIMENSIONS))
    assert len(found.changes) == 36  # queries, keys, values and three more linear layers, in each of six
    assert adapter.shipped({"model.safetensors": "of another model"}) is None


def test_an_adapter_changes_the_weights_it_names_and_comes_back_from_its_file(tmp_path: Path) -> None:
    import torch

    two = np.eye(2, dtype=np.float32)
    half = np.array([[0.5], [0.25]], dtype=np.float32)
    made = Adapter(Projection(two, two), {"0": (half, half.T)})
    made.save(tmp_path / "adapter.npz", weights="of a test")
    back = Adapter.read(tmp_path / "adapter.npz")
    assert back.tobytes() == made.tobytes()
    model = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False), torch.nn.Linear(2, 2, bias=False))
    before = [weight.detach().numpy().copy() for weight in model.parameters()]
    back.apply(model)
    changed, same = (weight.detach().numpy() for weight in model.parameters())
    assert np.allclose(changed - before[0], half @ half.T)
    assert np.array_equal(same, before[1])
    with pytest.raises(AttributeError):
        Adapter(made.projection, {"another.layer": (half, half.T)}).apply(model)


def test_a_second_start_needs_neither_torch_nor_telemetry(embedder: ModelEmbedder, cache: Path) -> None:
    if not embedder.runs_on.startswith("OpenVINO"):
        pytest.skip("only OpenVINO keeps a converted model")
    code = (
        "import sys; from pathlib import Path; from assistant.indexing.embedding import ModelEmbedder;"
        "ModelEmbedder(cache=Path(sys.argv[1])).load();"
        "print([name for name in ('torch', 'transformers', 'openvino_telemetry') if sys.modules.get(name)])"
    )
    shown = subprocess.run([sys.executable, "-c", code, str(cache)], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_damaged_cache_is_made_again(embedder: ModelEmbedder, tmp_path: Path) -> None:
    if not embedder.runs_on.startswith("OpenVINO"):
        pytest.skip("only OpenVINO keeps a converted model")
    folder = tmp_path / embedder.fingerprint
    folder.mkdir()
    (folder / "model.xml").write_text("<net")
    made = ModelEmbedder(cache=tmp_path)
    made.load()
    kept = ["model.bin", "model.xml", "projection.npz"]
    assert made.examiner
    own = made.examiner.taught.adapter.fingerprint()
    assert sorted(path.name for path in folder.iterdir()) == sorted([*kept, own])
    assert sorted(path.name for path in (folder / own).iterdir()) == kept


def test_a_model_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="nobody/nothing"):
        ModelEmbedder("nobody/nothing")
    with pytest.raises(ModelUnusable, match=r"config\.json"):
        ModelEmbedder(str(tmp_path))
    (tmp_path / "config.json").write_text('{"hidden_size": 8, "model_type": "bert"}')
    with pytest.raises(ModelUnusable):
        ModelEmbedder(str(tmp_path)).load()


def test_sentences_of_a_few_words_have_no_vector_unless_there_is_nothing_else() -> None:
    assert worth_a_vector("See below. Costs fell by nine percent.", [(0, 10), (11, 38)]) == [(1, 11, 38)]
    assert worth_a_vector("No. Mexico City", [(0, 3), (4, 15)]) == [(1, 4, 15)]
    assert worth_a_vector("Mexico", []) == [(0, 0, 6)]


def test_texts_of_similar_length_are_embedded_together() -> None:
    lengths = [300] * 20 + [10] * 500 + [299]
    found = batches(lengths)
    assert sorted(n for batch in found for n in batch) == list(range(521))
    assert all(len(batch) * max(lengths[n] for n in batch) <= BATCH_PIECES for batch in found)
    assert len(found) <= 7
    assert batches([5000]) == [[0]]


def test_another_model_with_a_short_window_gets_a_projection_of_its_own(tmp_path: Path) -> None:
    from transformers import BertConfig, BertModel

    packaged = model_files.model_folder("")
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(packaged / name, tmp_path)
    BertModel(
        BertConfig(
            hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=66
        )
    ).save_pretrained(tmp_path)
    made, again = (ModelEmbedder(str(tmp_path), cache=tmp_path / "cache") for _ in range(2))
    first, second = (each.embed_question("What was learned?") for each in (made, again))
    assert first.tokens.shape == (len(first.pieces), 64), "two layers of 32"
    assert np.allclose(first.tokens, second.tokens, atol=1e-6)
