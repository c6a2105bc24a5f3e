"""The same embedding and the same vectors for users of llama-index, at its own seams.

    store = FaissSentenceStore()
    index = VectorStoreIndex.from_vector_store(store, embed_model=PassageEmbedding.of(ModelEmbedder()))

llama-index's own FAISS store can neither delete nor filter; this one does both.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryResult,
)
from llama_index.core.vector_stores.utils import build_metadata_filter_fn, metadata_dict_to_node, node_to_metadata_dict

from assistant.indexing.arrays import unit
from assistant.indexing.embedding import Embedder
from assistant.indexing.vectors import SentenceVectors


class PassageEmbedding(BaseEmbedding):
    """An Embedder of ours as llama-index's embedding model: one vector for each text as a whole."""

    _embedder: Embedder = PrivateAttr()

    @classmethod
    def of(cls, embedder: Embedder) -> PassageEmbedding:
        """The embedding model that asks this embedder."""
        made = cls(model_name=embedder.fingerprint)
        made._embedder = embedder
        return made

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._embedder.embed_question(query).vector.tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        whole = [[(0, len(text))] for text in texts]
        return [each.sentences[0].tolist() for each in self._embedder.embed_passages(texts, [""] * len(texts), whole)]


class FaissSentenceStore(BasePydanticVectorStore):
    """Nodes with their vectors, searched exactly; keeps the nodes' text, so that nothing else needs to be saved.

    A deleted node stays in the FAISS index and is left out of searches until the store is saved.
    """

    stores_text: bool = True
    flat_metadata: bool = True
    _vectors: SentenceVectors | None = PrivateAttr(default=None)
    _nodes: list[dict[str, Any] | None] = PrivateAttr(default_factory=list)
    _rows: dict[str, int] = PrivateAttr(default_factory=dict)

    @classmethod
    def class_name(cls) -> str:
        return "FaissSentenceStore"

    @property
    def client(self) -> SentenceVectors | None:
        return self._vectors

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """Add nodes that have embeddings; a node whose id is there already takes its place."""
        if not nodes:
            return []
        vectors = unit(np.array([node.get_embedding() for node in nodes], dtype=np.float32))
        if self._vectors is None:
            self._vectors = SentenceVectors.of(vectors)
        else:
            self._vectors.add(vectors)
        for node in nodes:
            self.delete_nodes([node.node_id])
            self._rows[node.node_id] = len(self._nodes)
            self._nodes.append(node_to_metadata_dict(node, flat_metadata=self.flat_metadata))
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        """Take out all nodes of a document."""
        self.delete_nodes([name for name, row in self._rows.items() if self._known(row)["ref_doc_id"] == ref_doc_id])

    def delete_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **delete_kwargs: Any
    ) -> None:
        """Take out the nodes named that the filters let through; without names, all of these."""
        for name in self._matching(node_ids, filters):
            self._nodes[self._rows.pop(name)] = None

    def get_nodes(self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None) -> list[BaseNode]:
        """The nodes named that the filters let through, in the order they were added."""
        return [metadata_dict_to_node(self._known(self._rows[name])) for name in self._matching(node_ids, filters)]

    def clear(self) -> None:
        """Take out everything."""
        self._vectors, self._nodes, self._rows = None, [], {}

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """The nearest nodes that the query's ids and filters let through, with their cosines."""
        if self._vectors is None or query.query_embedding is None:
            return VectorStoreQueryResult(nodes=[], similarities=[], ids=[])
        names = self._matching(query.node_ids or None, query.filters)  # a retriever says "any" with an empty list
        if query.doc_ids:
            names = [name for name in names if self._known(self._rows[name])["ref_doc_id"] in query.doc_ids]
        allowed = np.array([self._rows[name] for name in names], dtype=np.int64)
        vector = unit(np.array(query.query_embedding, dtype=np.float32))
        scores, rows = self._vectors.search(vector, query.similarity_top_k, allowed)
        found = [metadata_dict_to_node(self._known(row)) for row in rows]
        return VectorStoreQueryResult(nodes=found, similarities=scores.tolist(), ids=[node.node_id for node in found])

    def persist(self, persist_path: str, fs: Any = None) -> None:
        """Save the vectors at persist_path and the nodes beside it. Local files only: FAISS writes them itself."""
        kept = sorted(self._rows.values())
        vectors = np.zeros((0, 1), np.float32) if self._vectors is None else self._vectors.rows(kept)
        Path(persist_path).parent.mkdir(parents=True, exist_ok=True)
        SentenceVectors.of(vectors).save(Path(persist_path))
        nodes = [self._nodes[row] for row in kept]
        _beside(persist_path).write_text(json.dumps(nodes, ensure_ascii=False), "utf-8")

    @classmethod
    def from_persist_path(cls, persist_path: str) -> FaissSentenceStore:
        """The store that was saved there."""
        store = cls()
        nodes = json.loads(_beside(persist_path).read_text("utf-8"))
        if nodes:
            store._vectors = SentenceVectors.of(SentenceVectors.load(Path(persist_path)).rows(range(len(nodes))))
        store._nodes = nodes
        store._rows = {metadata_dict_to_node(node).node_id: row for row, node in enumerate(nodes)}
        return store

    def _known(self, row: int) -> dict[str, Any]:
        node = self._nodes[row]
        assert node is not None
        return node

    def _matching(self, node_ids: list[str] | None, filters: MetadataFilters | None) -> list[str]:
        passes = build_metadata_filter_fn(lambda name: self._known(self._rows[name]), filters)
        names = list(self._rows) if node_ids is None else [name for name in node_ids if name in self._rows]
        return [name for name in names if passes(name)]


def _beside(persist_path: str) -> Path:
    return Path(f"{persist_path}.nodes.json")
