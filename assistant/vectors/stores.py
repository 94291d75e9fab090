"""Which store some vectors are kept in: as long as that is fast all are compared with a query, and beyond that those nearby."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from assistant.vectors.faiss import FaissVectors
from assistant.vectors.inverted import CELLS, MANY, InvertedVectors

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

Store: TypeAlias = FaissVectors | InvertedVectors


def store_of(vectors: NDArray[np.float32]) -> Store:
    """Return a store of unit vectors ``(n, dim)`` that suits their number."""
    return InvertedVectors.of(vectors) if len(vectors) >= MANY else FaissVectors.of(vectors)


def open_store(path: Path) -> Store:
    """Open a saved store, memory-mapped.

    Raises:
        IndexDamaged: a file of it cannot be read.
    """
    return InvertedVectors.open(path) if path.with_suffix(CELLS).exists() else FaissVectors.open(path)
