"""Small real implementations that stand in for slow ones."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from assistant.embeddings import ModelIdentity
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class HashingEmbedder:
    """An embedder that needs no model: every stem adds a hashed direction, so texts that share words are near."""

    def __init__(self, dimensions: int = 64, name: str = "hashing", common: frozenset[str] = frozenset()) -> None:
        self.dimensions = dimensions
        self.identity = ModelIdentity(name, blake2b(name.encode(), digest_size=32).hexdigest())
        self.calls: list[int] = []
        self._common = common

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(len(texts))
        vectors = np.stack([self._vector(text) for text in texts])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def is_common(self, word: str) -> bool:
        return word.lower() in self._common

    def _vector(self, text: str) -> NDArray[np.float64]:
        directions = [self._direction(term) for term in terms(text)] or [self._direction("")]
        return np.asarray(np.sum(directions, axis=0))

    def _direction(self, term: str) -> NDArray[np.float64]:
        seed = int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big")
        return np.random.default_rng(seed).standard_normal(self.dimensions)
