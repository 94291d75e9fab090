"""The documents of a retrieval set made ready to be ranked, each as a passage of the library is: whole, and by its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.lexical import LexicalIndex
from assistant.sentences import sentence_bounds
from assistant.vectors.faiss import FaissVectors
from assistant.vectors.segmented import SegmentedVectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder
    from assistant.evaluation.beir import JudgedDocument
    from assistant.evaluation.cache import CachedEmbedder

_BATCH = 256


@dataclass(frozen=True, slots=True)
class LazySentences:
    """Vectors of sentences, made when they are asked for: most of a large corpus is never ranked by its sentences."""

    texts: Sequence[str]
    embedder: Embedder

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        return self.embedder.embed([self.texts[number] for number in numbers.tolist()])


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of a set, as ``assistant.retrieval`` ranks them."""

    vectors: SegmentedVectors
    lexical: LexicalIndex
    sentence_vectors: LazySentences
    sentence_words: LexicalIndex
    first_sentences: NDArray[np.int64]

    def sentences_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of the first sentence of each row, and how many it has: two ``(len(rows),)``."""
        first = self.first_sentences[rows]
        return first, self.first_sentences[rows + 1] - first


def shelve(
    documents: Sequence[JudgedDocument], embedder: CachedEmbedder, tell: Callable[[str, int, int], None]
) -> Shelf:
    """Return documents ready to be ranked, ``tell`` told how far it has come."""
    texts = [document.searched_text for document in documents]
    sentences = [_sentences(document.text) for document in documents]
    flat = [sentence for several in sentences for sentence in several]
    return Shelf(
        SegmentedVectors([FaissVectors.of(_embed(texts, embedder, tell))]),
        LexicalIndex.of(texts),
        LazySentences(flat, embedder),
        LexicalIndex.of(flat),
        np.cumsum([0, *map(len, sentences)], dtype=np.int64),
    )


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_bounds(text)]


def _embed(texts: list[str], embedder: CachedEmbedder, tell: Callable[[str, int, int], None]) -> NDArray[np.float32]:
    """Return a vector a text, ``(n, dim) float32``; texts of like length together, which takes half the time."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    batches = []
    for start in range(0, len(texts), _BATCH):
        batches.append(embedder.embed([texts[number] for number in order[start : start + _BATCH]]))
        tell("Embedding", min(start + _BATCH, len(texts)), len(texts))
    embedder.save()
    return np.concatenate(batches)[np.argsort(order)]
