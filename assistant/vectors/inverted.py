"""Approximate search in many vectors: an inverted file over k-means cells, a byte a number.

Sivic and Zisserman 2003, "Video Google"; Douze et al. 2024, "The Faiss library".

Only the cells nearest to a query are looked through, in bytes; what is found there is compared again with the vectors
themselves. The cells lie on disk and are mapped, so that those that nobody asks for take no memory.

Of 100,000 vectors a graph in bytes (HNSW) took 16 s to make and 1.4 ms to ask, and found 0.995 of the ten nearest, 0.981 behind a
filter; cells took 5 s and 1.1 ms, and found 1.000 and, behind a filter, 1.000 in 6 ms (``tests/benchmarks/bench_vectors.py``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Self

import faiss
import numpy as np

from assistant.errors import IndexDamaged
from assistant.vectors.faiss import FaissVectors, selector, write

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MANY = 32_768
"""From how many vectors on search is approximate: to compare a query with 32,000 takes 8.5 ms, with 8,000 1.3 ms."""

CELLS = ".cells"
"""How the name of their file ends."""
_CELLS = 4
"""So many times the square root of their number is the number of cells."""
_PROBED = 0.06
_FEWEST_PROBED = 32
"""The share of the cells that is looked through, and the least number."""
_COMPARED = 2
"""How many times as many as are asked for are compared again."""
_FEW = 16_384
"""Where filters leave no more rows than these, each is compared."""
_TAUGHT_BY, _ROUNDS = 48, 8
"""How many vectors a cell is learned from, and in how many rounds."""


class InvertedVectors:
    """A store of vectors with cells beside it. What it returns are inner products of the vectors themselves."""

    def __init__(self, exact: FaissVectors, cells: Any) -> None:
        self._exact, self._cells = exact, cells

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> Self:
        """Return a store of unit vectors ``(n, dim)``, their cells learned from them. The same vectors give the same cells."""
        count, dimensions = vectors.shape
        number = max(1, int(_CELLS * math.sqrt(count)))
        metric = faiss.METRIC_INNER_PRODUCT
        coarse = faiss.IndexFlatIP(dimensions)
        cells = faiss.IndexIVFScalarQuantizer(coarse, dimensions, number, faiss.ScalarQuantizer.QT_8bit, metric, False)
        cells.cp.niter, cells.cp.spherical, cells.cp.seed = _ROUNDS, True, 1
        cells.cp.min_points_per_centroid = 1
        taught_by = np.random.default_rng(1).choice(count, min(count, _TAUGHT_BY * number), replace=False)
        cells.train(vectors[np.sort(taught_by)])
        cells.add(vectors)
        return cls(FaissVectors.of(vectors), cells)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a saved store, memory-mapped.

        Raises:
            IndexDamaged: FAISS cannot read a file of it, or the cells are of other vectors.
        """
        exact, beside = FaissVectors.open(path), path.with_suffix(CELLS)
        try:
            cells = faiss.read_index(str(beside), faiss.IO_FLAG_MMAP)
        except RuntimeError as error:
            raise IndexDamaged(f'"{beside}" is no FAISS index. Run "casewise index" to rebuild it.') from error
        if (cells.ntotal, cells.d) != (len(exact), exact.dimensions):
            raise IndexDamaged(f'"{beside}" is not of the vectors beside it. Run "casewise index" to rebuild it.')
        return cls(exact, cells)

    def save(self, path: Path) -> None:
        """Write the vectors to one file, and their cells to another beside it.

        Raises:
            OSError: one cannot be written, for want of space say.
        """
        self._exact.save(path)
        write(self._cells, path.with_suffix(CELLS))

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        return self._exact.dimensions

    def __len__(self) -> int:
        return len(self._exact)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return rows near to ``query`` and their inner products, best first, at most ``k``; see ``FaissVectors.search``."""
        left = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if left <= _FEW or k * _COMPARED >= left:
            return self._exact.search(query, k, allowed)
        number = self._cells.nlist
        probed = max(_FEWEST_PROBED, _PROBED * number) * len(self) / left
        wanted = faiss.SearchParametersIVF()
        wanted.nprobe = min(number, math.ceil(probed))
        if allowed is not None:
            wanted.sel = selector(allowed)
        _, found = self._cells.search(query.reshape(1, -1), max(k, 1) * _COMPARED, params=wanted)
        rows = found[0][found[0] >= 0]
        scores = np.vecdot(self._exact.rows(rows), query)
        order = np.lexsort((rows, -scores))[: max(k, 0)]
        return rows[order], np.asarray(scores[order], np.float32)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        return self._exact.rows(numbers)
