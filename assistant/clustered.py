"""An index whose passages a cluster searches: it puts rows forward, and the files on disk say what they are worth.

Vectors, words and tags are on disk too, memory-mapped. So a ranking's scores are the same wherever its rows were found, and only
those that no exact search would have left out can differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import IndexMismatch
from assistant.ledger import FOLDER, Ledger
from assistant.lexical import LexicalIndex
from assistant.sending import token
from assistant.vectors.milvus import MilvusVectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.postings import Postings
    from assistant.vectors import Selection, VectorStore
    from assistant.vectors.cluster import Cluster

_AT_ONCE = 1_000
_NEAR = 1e-4
"""How far a number of a vector may be off: a cluster keeps single precision."""
_COPIES = 4
"""How often a word that counts in full stands in what a cluster is asked; one that counts half stands there half as often."""


@dataclass(frozen=True, slots=True)
class ClusteredVectors:
    """Passages' vectors that a cluster searches and that are read from disk."""

    searched: MilvusVectors
    stored: VectorStore

    def search(
        self, query: NDArray[np.float32], k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows nearest to ``query`` and their inner products, best first; see ``MilvusVectors``."""
        return self.searched.search(query, k, selection)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        return self.stored.rows(numbers)


class ClusteredWords(LexicalIndex):
    """Passages' words that a cluster searches, and that are weighed by the postings on disk."""

    def __init__(self, parts: Sequence[Postings], searched: MilvusVectors) -> None:
        super().__init__(parts)
        self._searched = searched

    def best(
        self, weights: Mapping[str, float], k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows that the cluster puts forward and their shares, best first; see ``LexicalIndex``."""
        rows, _ = self._searched.search_words(self._asked(weights), k, selection)
        rows = np.sort(rows)
        shares = self.shares(weights, rows)
        order = np.argsort(-shares, kind="stable")
        order = order[shares[order] > 0]
        return rows[order], shares[order]

    def _asked(self, weights: Mapping[str, float]) -> str:
        """Return the words of a query as the cluster is asked for them: what it knows of rarity it counts by itself."""
        copies = {term: round(_COPIES * weight / self.rarity(term)) for term, weight in weights.items() if weight > 0}
        return " ".join(token(term) for term, count in copies.items() for _ in range(max(count, 1)))


def clustered(
    generation: Path, cluster: Cluster, stored: VectorStore, words: Sequence[Postings]
) -> tuple[ClusteredVectors, LexicalIndex]:
    """Return the vectors and words of a generation as a cluster searches them; its server is not asked yet.

    Where it knows no BM25, words are searched on disk.

    Raises:
        IndexMismatch: the generation was never sent to a cluster.
        IndexDamaged: its ledger cannot be read.
    """
    if not (generation / FOLDER).exists():
        raise IndexMismatch(
            f'The index in "{generation.parent}" was built for this machine alone, and CASEWISE_MILVUS_URI names a cluster '
            f'({cluster.address}). Run "casewise index" to send it there.'
        )
    ledger = Ledger.open(generation)
    searched = MilvusVectors(cluster, ledger.place, ledger)
    found = ClusteredWords(words, searched) if ledger.place.is_worded else LexicalIndex(words)
    return ClusteredVectors(searched, stored), found


def standing(generation: Path, cluster: Cluster) -> str:
    """Say how a generation stands in a cluster, once it is made sure that it does, whole.

    Raises:
        ClusterError: the cluster does not answer, or refuses.
        IndexDamaged, IndexMismatch: it does not hold the generation, or not all of it.
    """
    ledger = Ledger.open(generation)
    place, version = ledger.place, cluster.version
    MilvusVectors(cluster, place, ledger).check_now()
    words = "words are searched there too" if place.is_worded else "it knows no BM25, so words are searched here"
    return (
        f"Milvus {version.text} at {cluster.address} holds all {len(ledger):,} passages ({place.collection}, {place.kind}); "
        f"{words}."
    )


def faults(
    generation: Path, cluster: Cluster, stored: VectorStore, tell: Callable[[str, int, int], None]
) -> Iterator[str]:
    """Yield what is wrong with the vectors of a generation in a cluster; all are fetched, and compared with those on disk.

    Raises:
        ClusterError, IndexDamaged, IndexMismatch: as ``standing``.
    """
    ledger = Ledger.open(generation)
    searched, other = MilvusVectors(cluster, ledger.place, ledger), 0
    for first in range(0, len(ledger), _AT_ONCE):
        rows = np.arange(first, min(first + _AT_ONCE, len(ledger)), dtype=np.int64)
        far = np.abs(searched.rows(rows) - stored.rows(rows)).max(axis=1) > _NEAR
        other += int(far.sum())
        tell("Checking Milvus", int(rows[-1]) + 1, len(ledger))
    if other:
        yield f"{other:,} vectors in Milvus at {cluster.address} are not those of the index. {searched.anew}"
