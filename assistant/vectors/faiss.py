"""Exact search on one machine: FAISS ``IndexFlatIP`` (Douze et al. 2024, "The Faiss library")."""

from __future__ import annotations

import errno
import struct
from typing import TYPE_CHECKING, Any, Self

import faiss
import numpy as np

from assistant.errors import IndexDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


_HEADER = struct.Struct("<4siq21xQ")
"""How a flat FAISS index begins: its kind, the dimensions and the number of vectors, and how many numbers follow."""


class FaissVectors:
    """Unit vectors in one file, compared with a query one by one: inner product is cosine."""

    def __init__(self, index: Any) -> None:
        self._index = index
        stored = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d) if index.ntotal else np.empty(0, np.float32)
        self._stored = stored.reshape(index.ntotal, index.d)  # FAISS's own memory, not a copy

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> Self:
        """Return a store of ``vectors`` ``(n, dim)``; the row is the number they are found by."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a saved store, memory-mapped.

        Raises:
            IndexDamaged: FAISS cannot read the file.
        """
        try:
            _check_size(path)
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except (RuntimeError, OSError, struct.error, ValueError) as error:
            raise IndexDamaged(f'"{path}" is no FAISS index. Run "casewise index" to rebuild it.') from error

    def save(self, path: Path) -> None:
        """Write the store to one file.

        Raises:
            OSError: it cannot be written, for want of space say.
        """
        write(self._index, path)

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows nearest to ``query`` and their inner products, best first, at most ``k``.

        ``allowed`` ``(n,)`` holds the search to some rows; ``None`` allows all, and a mask without a true value none.
        """
        count = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if min(k, count) < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = faiss.SearchParameters()
        if allowed is not None:
            parameters.sel = selector(allowed)
        scores, rows = self._index.search(query.reshape(1, -1), min(k, count), params=parameters)
        return rows[0], scores[0]

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        return np.asarray(self._stored[numbers], np.float32)


def selector(allowed: NDArray[np.bool_]) -> Any:
    """Return what holds a search of FAISS to some rows, given as a mask ``(n,)``."""
    bits: Any = np.packbits(allowed, bitorder="little")
    make: Any = faiss.IDSelectorBitmap  # as Python has it: FAISS's own takes a number and a pointer
    return make(bits)


def write(index: Any, path: Path) -> None:
    """Write an index of FAISS to one file.

    Raises:
        OSError: it cannot be written, for want of space say.
    """
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS tells of a full disk so, and leaves half a file
        raise OSError(errno.EIO, f"the vectors cannot be written: {error}", str(path)) from error


def _check_size(path: Path) -> None:
    """Make sure that a file is as long as it says: FAISS maps one into memory without looking at its end, and crashes there.

    Raises:
        ValueError, struct.error, OSError: it is not.
    """
    with path.open("rb") as file:
        kind, dimensions, count, size = _HEADER.unpack(file.read(_HEADER.size))
    if kind != b"IxFI" or size != dimensions * count or path.stat().st_size != _HEADER.size + 4 * size:
        raise ValueError("not a whole store of vectors")
