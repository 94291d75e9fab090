"""Vectors in half precision, read by row and never searched: sentences are many, and only those of the best passages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from assistant.errors import IndexDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class HalfVectors:
    """Vectors of 16 bits a number in one file, memory-mapped. A cosine changes by less than 0.001."""

    def __init__(self, stored: NDArray[np.float16]) -> None:
        self._stored = stored

    @classmethod
    def of(cls, vectors: NDArray[np.float32] | NDArray[np.float16]) -> Self:
        """Return a store of ``vectors`` ``(n, dim)``; the row is the number they are found by."""
        return cls(np.asarray(vectors, np.float16))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a saved store, memory-mapped.

        Raises:
            IndexDamaged: the file holds something else.
        """
        try:
            stored = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
        except (OSError, EOFError, ValueError) as error:
            raise IndexDamaged(f'"{path}" cannot be read. Run "casewise index" to rebuild it.') from error
        if stored.dtype != np.float16 or stored.ndim != 2:
            raise IndexDamaged(f'"{path}" holds no vectors. Run "casewise index" to rebuild it.')
        return cls(stored)

    def save(self, path: Path) -> None:
        """Write the store to one file."""
        np.save(path, self._stored, allow_pickle=False)

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        return int(self._stored.shape[1])

    def __len__(self) -> int:
        return len(self._stored)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        return np.asarray(self._stored[numbers], np.float32)

    def halves(self, numbers: NDArray[np.int64]) -> NDArray[np.float16]:
        """Return the same as they are stored."""
        return self._stored[numbers]
