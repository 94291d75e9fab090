"""The peers, each used as its own documentation shows it: defaults wherever there is one, exact search, texts kept with vectors.

Every one is a class with the same five methods, and imports its packages when it loads, in an environment of its own: this module
is read there, where Casewise is not installed, and imports nothing but what every Python has. Texts are known by their numbers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

DIMENSIONS = 384


class Contestant(Protocol):
    def load(self, model: str, *, many: bool) -> None:
        """Import what is needed and load the model in a folder; ``many`` tells whether texts are to be indexed."""

    def index(self, texts: Sequence[str]) -> None:
        """Embed texts and make them searchable."""

    def save(self, folder: Path) -> None:
        """Write what ``open`` needs into an empty folder."""

    def open(self, folder: Path) -> None:
        """Make searchable what was saved."""

    def search(self, query: str, k: int) -> list[int]:
        """Return the numbers of the texts nearest to a query, best first, at most ``k``."""


class LangChain:
    def load(self, model: str, *, many: bool) -> None:  # noqa: ARG002
        from langchain_community.vectorstores import FAISS
        from langchain_huggingface import HuggingFaceEmbeddings

        self._kind = FAISS
        self._embeddings = HuggingFaceEmbeddings(
            model_name=model, model_kwargs={"device": "cpu"}, encode_kwargs={"normalize_embeddings": True}
        )

    def index(self, texts: Sequence[str]) -> None:
        numbers = [{"number": number} for number in range(len(texts))]
        self._store: Any = self._kind.from_texts(list(texts), self._embeddings, metadatas=numbers)

    def save(self, folder: Path) -> None:
        self._store.save_local(str(folder))

    def open(self, folder: Path) -> None:
        self._store = self._kind.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)

    def search(self, query: str, k: int) -> list[int]:
        return [found.metadata["number"] for found in self._store.similarity_search(query, k=k)]


class LlamaIndex:
    def load(self, model: str, *, many: bool) -> None:  # noqa: ARG002
        from llama_index.core import StorageContext
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._model = HuggingFaceEmbedding(model_name=model, device="cpu")
        self._context = StorageContext

    def index(self, texts: Sequence[str]) -> None:
        import faiss
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.faiss import FaissVectorStore

        nodes = [TextNode(text=text, id_=str(number)) for number, text in enumerate(texts)]
        store = FaissVectorStore(faiss.IndexFlatIP(DIMENSIONS))
        context = self._context.from_defaults(vector_store=store)
        self._index: Any = VectorStoreIndex(nodes, storage_context=context, embed_model=self._model)

    def save(self, folder: Path) -> None:
        self._index.storage_context.persist(str(folder))

    def open(self, folder: Path) -> None:
        from llama_index.core import load_index_from_storage
        from llama_index.vector_stores.faiss import FaissVectorStore

        store = FaissVectorStore.from_persist_dir(str(folder))
        context = self._context.from_defaults(vector_store=store, persist_dir=str(folder))
        self._index = load_index_from_storage(context, embed_model=self._model)

    def search(self, query: str, k: int) -> list[int]:
        return [int(found.node_id) for found in self._index.as_retriever(similarity_top_k=k).retrieve(query)]


class Txtai:
    def load(self, model: str, *, many: bool) -> None:  # noqa: ARG002
        from txtai import Embeddings

        self._embeddings = Embeddings(path=model, content=True, gpu=False)

    def index(self, texts: Sequence[str]) -> None:
        self._embeddings.index((number, text, None) for number, text in enumerate(texts))

    def save(self, folder: Path) -> None:
        self._embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        self._embeddings.load(str(folder))

    def search(self, query: str, k: int) -> list[int]:
        return [int(found["id"]) for found in self._embeddings.search(query, k)]


class Haystack:
    def load(self, model: str, *, many: bool) -> None:  # noqa: ARG002
        from haystack import Document
        from haystack.utils import ComponentDevice
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )
        from haystack_integrations.document_stores.faiss import FAISSDocumentStore

        device = ComponentDevice.from_str("cpu")
        self._documents = SentenceTransformersDocumentEmbedder(
            model=model, device=device, normalize_embeddings=True, progress_bar=False
        )
        self._queries = SentenceTransformersTextEmbedder(
            model=model, device=device, normalize_embeddings=True, progress_bar=False
        )
        self._documents.warm_up()  # its models are shared: the other takes the same one
        self._document, self._kind = Document, FAISSDocumentStore

    def index(self, texts: Sequence[str]) -> None:
        documents = [self._document(content=text, id=str(number)) for number, text in enumerate(texts)]
        self._serve(self._kind(embedding_dim=DIMENSIONS))
        self._store.write_documents(self._documents.run(documents)["documents"])

    def save(self, folder: Path) -> None:
        self._store.save(folder / "store")

    def open(self, folder: Path) -> None:
        self._serve(self._kind(index_path=str(folder / "store"), embedding_dim=DIMENSIONS))

    def _serve(self, store: Any) -> None:
        from haystack import Pipeline
        from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever

        self._store, self._pipeline = store, Pipeline()
        self._pipeline.add_component("embedder", self._queries)
        self._pipeline.add_component("retriever", FAISSEmbeddingRetriever(document_store=store))
        self._pipeline.connect("embedder.embedding", "retriever.query_embedding")
        self._pipeline.warm_up()

    def search(self, query: str, k: int) -> list[int]:
        asked = {"embedder": {"text": query}, "retriever": {"top_k": k}}
        return [int(found.id) for found in self._pipeline.run(asked)["retriever"]["documents"]]


class Bare:
    """sentence-transformers and FAISS with nothing between them."""

    kind = "float32"

    def load(self, model: str, *, many: bool) -> None:  # noqa: ARG002
        import faiss
        import torch
        from sentence_transformers import SentenceTransformer

        self._faiss = faiss
        kinds = {"dtype": getattr(torch, self.kind)}
        self._model = SentenceTransformer(model, device="cpu", model_kwargs=kinds)

    def _embed(self, texts: Sequence[str]) -> Any:
        tensors = self._model.encode(list(texts), normalize_embeddings=True, convert_to_tensor=True)
        return tensors.float().numpy()

    def index(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        self._index: Any = self._faiss.IndexFlatIP(DIMENSIONS)
        self._index.add(self._embed(self._texts))

    def save(self, folder: Path) -> None:
        self._faiss.write_index(self._index, str(folder / "vectors.faiss"))
        (folder / "texts.json").write_text(json.dumps(self._texts), encoding="utf-8")

    def open(self, folder: Path) -> None:
        self._index = self._faiss.read_index(str(folder / "vectors.faiss"))
        self._texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))

    def search(self, query: str, k: int) -> list[int]:
        _, rows = self._index.search(self._embed([query]), k)
        return [int(row) for row in rows[0] if row >= 0]


class BareInBfloat16(Bare):
    """The same with weights and activations in bfloat16."""

    kind = "bfloat16"


CONTESTANTS: dict[str, type[Contestant]] = {
    "langchain": LangChain,
    "llamaindex": LlamaIndex,
    "txtai": Txtai,
    "haystack": Haystack,
    "bare": Bare,
    "bare-bfloat16": BareInBfloat16,
}
