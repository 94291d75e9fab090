"""What vectors are kept and searched in, each ready to be filled by a test: FAISS, and a server of Milvus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count as counting
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.ledger import Ledger
from assistant.types import Facet
from assistant.vectors.collections import create, mark, publish, send
from assistant.vectors.faiss import FaissVectors
from assistant.vectors.milvus import MilvusVectors, tag_number
from assistant.vectors.schema import Place, Rows
from assistant.vectors.segmented import SegmentedVectors

if TYPE_CHECKING:
    from assistant.vectors import VectorStore
    from assistant.vectors.cluster import Cluster

Tags = Sequence[frozenset[tuple[Facet, str]]]
NAMES = iter(f"contract_{number}" for number in counting())


class Backend(Protocol):
    """Makes stores of vectors."""

    def store(self, vectors: np.ndarray, tags: Tags) -> VectorStore: ...


class OnDisk:
    """FAISS, over two segments."""

    def store(self, vectors: np.ndarray, tags: Tags) -> VectorStore:
        assert len(vectors) == len(tags)
        cut = len(vectors) // 2
        return SegmentedVectors([FaissVectors.of(vectors[:cut]), FaissVectors.of(vectors[cut:])])


@dataclass
class InMilvus:
    """A server, a library in it for every store."""

    cluster: Cluster

    def store(self, vectors: np.ndarray, tags: Tags) -> MilvusVectors:
        return self.first(next(NAMES), vectors, tags)

    def first(self, library: str, vectors: np.ndarray, tags: Tags) -> MilvusVectors:
        """Send a library for the first time."""
        worded = self.cluster.version.searches_words
        place = Place(library, 1, 1, "FLAT", worded, "a model", vectors.shape[1])
        ledger = Ledger.of(place, contents(len(vectors)), None)
        create(self.cluster, place, (0.6, 0.4))
        return self.sent(ledger, vectors, tags, None)

    def sent(self, ledger: Ledger, vectors: np.ndarray, tags: Tags, before: Ledger | None) -> MilvusVectors:
        """Send what is new of a library, and let it go by its name."""
        new = np.flatnonzero(ledger.new_since(before))
        numbers = [numbered(tags[row]) for row in new]
        words = [f"word{row}" for row in new]
        rows = Rows(ledger.keys[new], [f"passage {row}" for row in new], numbers, vectors[new], words)
        send(self.cluster, ledger.place, [rows], lambda _: None)
        if before is not None:
            mark(self.cluster, ledger.place, ledger.gone_since(before), ledger.place.stamp)
        publish(self.cluster, ledger.place)
        return MilvusVectors(self.cluster, ledger.place, ledger)


def numbered(tags: frozenset[tuple[Facet, str]]) -> list[int]:
    missing = [facet for facet in Facet if all(facet is not of for of, _ in tags)]
    return [tag_number(*tag) for tag in tags] + [tag_number(facet, None) for facet in missing]


def contents(count: int, first: int = 0) -> np.ndarray:
    return np.arange(first, first + count, dtype=np.uint64) * np.uint64(2_654_435_761)
