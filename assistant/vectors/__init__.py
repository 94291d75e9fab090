"""Where vectors are kept and searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.types import Facet


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Which rows a search may find: those that carry a tag of every group. ``None`` stands for no tag of a facet at all.

    ``mask`` ``(n,)`` says the same row by row, for stores that know of no tags.
    """

    groups: tuple[frozenset[tuple[Facet, str | None]], ...]
    mask: NDArray[np.bool_]


class VectorStore(Protocol):
    """Vectors by row number, searched by inner product."""

    def search(
        self, query: NDArray[np.float32], k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows nearest to ``query`` ``(dim,)`` and their inner products, best first, at most ``k``.

        ``selection`` holds the search to some rows; ``None`` allows all, and one that no row fits gives none.
        """
        ...

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        ...


def cosines(ones: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inner products of unit vectors along the last axis, ``(..., dim)`` against ``(..., dim)``.

    A product of matrices is spread over threads that wait for each other: for a question's words that took 5 ms beside other
    jobs (load 4 on two cores), and takes 0.2 ms so.
    """
    return np.asarray(np.vecdot(ones, others), np.float32)
