"""Several stores of vectors end to end, read and searched as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np

from assistant.vectors.stores import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.vectors import Selection


class Part(Protocol):
    """A store whose vectors are read by row."""

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        ...

    def __len__(self) -> int: ...

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        ...


Kind = TypeVar("Kind", bound=Part)


class SegmentedRows(Generic[Kind]):
    """Vectors of several stores; the rows of one follow those of the other."""

    def __init__(self, parts: Sequence[Kind]) -> None:
        self._parts = parts
        self._bounds = np.cumsum([0, *map(len, parts)])

    def __len__(self) -> int:
        return int(self._bounds[-1])

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        if len(self._parts) == 1:
            return self._parts[0].rows(numbers)
        owners = np.searchsorted(self._bounds, numbers, side="right") - 1
        found = np.empty((len(numbers), max(part.dimensions for part in self._parts)), np.float32)
        for owner in np.unique(owners):
            mine = owners == owner
            found[mine] = self._parts[owner].rows(numbers[mine] - self._bounds[owner])
        return found


class SegmentedVectors(SegmentedRows[Store]):
    """Unit vectors of several stores, searched as one."""

    def search(
        self, query: NDArray[np.float32], k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows nearest to ``query`` and their inner products, best first; see ``VectorStore``."""
        found = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for part, first, end in zip(self._parts, self._bounds, self._bounds[1:], strict=False):
            rows, scores = part.search(query, k, None if selection is None else selection.mask[first:end])
            found[0].append(rows + first)
            found[1].append(scores)
        rows, scores = np.concatenate(found[0]), np.concatenate(found[1])
        order = np.argsort(-scores, kind="stable")[: max(k, 0)]
        return rows[order], scores[order]
