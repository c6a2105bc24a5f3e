from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from fakes import WordHashEmbedder

from assistant.indexing.arrays import Floats, quantise, unit
from assistant.indexing.projection import Projection
from assistant.indexing.vectors import SentenceVectors

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex


@pytest.fixture(scope="module")
def vectors() -> Floats:
    return unit(np.random.default_rng(7).normal(size=(500, 32)))


def test_the_search_agrees_with_comparing_every_vector(vectors: Floats) -> None:
    question = vectors[3] + 0.2
    scores, rows = SentenceVectors.of(vectors).search(question, 20)
    everything = vectors @ question
    assert list(rows) == list(np.argsort(-everything)[:20])
    assert np.allclose(scores, everything[rows], atol=1e-5)


def test_only_the_rows_allowed_are_found(vectors: Floats) -> None:
    allowed = np.array([4, 99, 400])
    _, rows = SentenceVectors.of(vectors).search(vectors[3], 20, allowed)
    assert sorted(rows) == [4, 99, 400]
    _, none = SentenceVectors.of(vectors).search(vectors[3], 20, np.array([], dtype=np.int64))
    assert len(none) == 0


def test_saved_vectors_find_the_same(vectors: Floats, tmp_path: Path) -> None:
    built = SentenceVectors.of(vectors)
    built.save(tmp_path / "vectors.faiss")
    loaded = SentenceVectors.load(tmp_path / "vectors.faiss")
    for allowed in (None, np.array([3, 5, 8])):
        assert list(loaded.search(vectors[3], 5, allowed)[1]) == list(built.search(vectors[3], 5, allowed)[1])


def test_a_library_without_vectors_finds_nothing(vectors: Floats) -> None:
    scores, rows = SentenceVectors.of(np.zeros((0, 0), np.float32)).search(vectors[0], 5)
    assert len(scores) == len(rows) == 0


def test_eight_bits_a_number_keep_the_direction(vectors: Floats) -> None:
    whole, scales = quantise(vectors)
    assert whole.dtype == np.int8
    assert np.all((unit(whole * scales[:, None]) * vectors).sum(axis=1) > 0.9999)


def test_a_projection_keeps_the_cosines_of_states_that_lie_in_few_directions(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    shared = 5 * rng.normal(size=(2, 200))
    states = (rng.normal(size=(400, 2, 30)) @ rng.normal(size=(30, 200)) + shared).astype(np.float32)
    projection = Projection.fitted(states)
    beside = unit(states - states.mean(axis=0)).reshape(400, 400)
    assert np.allclose(projection(states) @ projection(states).T, unit(beside) @ unit(beside).T, atol=1e-3)
    projection.save(tmp_path / "projection.npz", weights=np.array("of a test"))
    assert np.array_equal(Projection.read(tmp_path / "projection.npz")(states), projection(states))
    whole = (tmp_path / "projection.npz").read_bytes()
    (tmp_path / "projection.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="damaged"):
        Projection.read(tmp_path / "projection.npz")


class TestForLlamaIndex:
    """The same search behind llama-index's own seams."""

    @pytest.fixture
    def index(self) -> VectorStoreIndex:
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

        from assistant.indexing.llama import FaissSentenceStore, PassageEmbedding

        texts = {"wages": "wages rose in the mines", "boats": "boats sink at sea", "mines": "mines were closed by law"}
        nodes = [
            TextNode(
                id_=name,
                text=text,
                metadata={"kind": "lesson" if name == "boats" else "outcome"},
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=f"{name}.pdf")},
            )
            for name, text in texts.items()
        ]
        embedding = PassageEmbedding.of(WordHashEmbedder())
        index = VectorStoreIndex.from_vector_store(FaissSentenceStore(), embed_model=embedding)
        index.insert_nodes(nodes)
        return index

    @staticmethod
    def found(index: VectorStoreIndex, question: str, **options: Any) -> list[str]:
        return [hit.node_id for hit in index.as_retriever(similarity_top_k=2, **options).retrieve(question)]

    def test_the_nearest_node_comes_first_with_its_text(self, index: VectorStoreIndex) -> None:
        [first, _] = index.as_retriever(similarity_top_k=2).retrieve("wages in mines")
        assert first.text == "wages rose in the mines"
        assert first.get_score() > 0.5

    def test_filters_decide_who_is_in(self, index: VectorStoreIndex) -> None:
        from llama_index.core.vector_stores import MetadataFilter, MetadataFilters

        lessons = MetadataFilters(filters=[MetadataFilter(key="kind", value="lesson")])
        assert self.found(index, "wages in mines", filters=lessons) == ["boats"]

    def test_a_deleted_document_is_found_no_more(self, index: VectorStoreIndex) -> None:
        index.vector_store.delete("wages.pdf")
        assert "wages" not in self.found(index, "wages in mines")

    def test_a_node_added_again_takes_the_place_of_the_old_one(self, index: VectorStoreIndex) -> None:
        [node] = index.vector_store.get_nodes(["boats"])
        node.embedding = WordHashEmbedder().embed_question("wages in mines").vector.tolist()
        index.vector_store.add([node])
        assert self.found(index, "wages in mines") == ["boats", "wages"]

    def test_a_saved_store_answers_alike(self, index: VectorStoreIndex, tmp_path: Path) -> None:
        from llama_index.core.vector_stores import VectorStoreQuery

        from assistant.indexing.llama import FaissSentenceStore

        index.vector_store.delete("boats.pdf")
        index.vector_store.persist(str(tmp_path / "store" / "vectors.faiss"))
        loaded = FaissSentenceStore.from_persist_path(str(tmp_path / "store" / "vectors.faiss"))
        vector = WordHashEmbedder().embed_question("wages in mines").vector.tolist()
        query = VectorStoreQuery(query_embedding=vector, similarity_top_k=3)
        assert loaded.query(query).ids == index.vector_store.query(query).ids == ["wages", "mines"]
