"""How vectors are best searched, by their number: each compared, a graph (HNSW), or cells (IVF), in bytes or in full.

Run as ``python -m tests.benchmarks.bench_vectors --folder DIR [--counts 8000 32000 100000] [--data BEIR-FOLDER …]``; pytest does
not collect it. Passages and questions are those of ``recombined.py``. For every way and number it prints the seconds to make it,
its size, the median and 95th percentile of a search, and recall@10 against comparing all, with and without a filter that leaves a
tenth. ``assistant/vectors/stores.py`` chooses by this table.
"""

from __future__ import annotations

import math
import os
import random
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

import faiss
import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.embeddings import SentenceTransformerEmbedder
from assistant.vectors.faiss import FaissVectors, selector
from assistant.vectors.inverted import InvertedVectors
from tests.benchmarks.recombined import Source, composing_embedder, passage_of, source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

POOL = 200


class Searched(Protocol):
    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]: ...

    def save(self, path: Path) -> None: ...


class Graph:
    """HNSW (Malkov and Yashunin 2018) as FAISS has it, over vectors in bytes or in full."""

    def __init__(self, vectors: NDArray[np.float32], *, in_bytes: bool) -> None:
        dimensions, metric = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
        kind: Any = faiss.IndexHNSWSQ if in_bytes else faiss.IndexHNSWFlat
        quantizer = [faiss.ScalarQuantizer.QT_8bit] if in_bytes else []
        self._index = kind(dimensions, *quantizer, 16, metric)
        self._index.hnsw.efConstruction = 80
        self._index.train(vectors)
        self._index.add(vectors)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        wanted: Any = faiss.SearchParametersHNSW()
        wanted.efSearch = 2 * k
        if allowed is not None:
            wanted.sel = selector(allowed)
        scores, rows = self._index.search(query.reshape(1, -1), k, params=wanted)
        return rows[0], scores[0]

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))


WAYS: dict[str, Callable[[NDArray[np.float32]], Searched]] = {
    "each compared": FaissVectors.of,
    "cells, in bytes": InvertedVectors.of,
    "graph, in bytes": lambda vectors: Graph(vectors, in_bytes=True),
    "graph, in full": lambda vectors: Graph(vectors, in_bytes=False),
}


def vectors_of(source: Source, folder: Path, count: int) -> NDArray[np.float32]:
    chance, flat = random.Random(3), source.sentences  # noqa: S311 - nothing secret
    embedder = composing_embedder(source, folder)
    return np.concatenate(
        [
            embedder.embed([passage_of(source, flat, chance) for _ in range(min(1_000, count - start))])
            for start in range(0, count, 1_000)
        ]
    )


def recall(
    store: Searched, vectors: NDArray[np.float32], queries: NDArray[np.float32], mask: NDArray[np.bool_] | None
) -> float:
    scores = vectors @ queries.T
    if mask is not None:
        scores[~mask] = -math.inf
    best = np.argpartition(-scores, 10, axis=0)[:10].T
    found = [store.search(query, POOL, mask)[0][:10] for query in queries]
    return float(np.mean([len(np.intersect1d(*pair)) / 10 for pair in zip(best, found, strict=True)]))


def row(
    make: Callable[[NDArray[np.float32]], Searched], vectors: NDArray[np.float32], queries: NDArray[np.float32]
) -> list[str]:
    begun = perf_counter()
    store = make(vectors)
    making = perf_counter() - begun
    mask = np.random.default_rng(4).random(len(vectors)) < 0.1
    with TemporaryDirectory() as folder:
        store.save(Path(folder) / "vectors.faiss")
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    figures = [f"{making:.1f}", f"{size / 1e6:.0f}"]
    for allowed in (None, mask):
        took = []
        for query in queries:
            begun = perf_counter()
            store.search(query, POOL, allowed)
            took.append((perf_counter() - begun) * 1_000)
        p50, p95 = np.percentile(took, [50, 95])
        figures += [f"{p50:.1f}", f"{p95:.1f}", f"{recall(store, vectors, queries, allowed):.3f}"]
    return figures


def main() -> None:
    parser = ArgumentParser(
        prog="python -m tests.benchmarks.bench_vectors", description="Compare ways to search vectors."
    )
    parser.add_argument("--counts", type=int, nargs="+", default=[8_000, 32_000, 100_000])
    parser.add_argument("--folder", type=Path, required=True, help="where the vectors of sentences are kept")
    parser.add_argument(
        "--data", type=Path, nargs="*", default=[], help="folders in BEIR's layout to take sentences from"
    )
    parser.add_argument("--sentences", type=int, default=20_000, help="how many different sentences there are")
    chosen = parser.parse_args()
    source = source_of(chosen.data, chosen.sentences)
    vectors = vectors_of(source, chosen.folder, max(chosen.counts))
    queries = SentenceTransformerEmbedder().embed(source.questions[:100])
    table = Table(
        "vectors", "way", "made, s", "MB", "p50 ms", "p95 ms", "recall@10", "filtered p50", "p95", "recall@10",
        title=f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
    )  # fmt: skip
    for count in chosen.counts:
        for name, make in WAYS.items():
            table.add_row(f"{count:,}", name, *row(make, vectors[:count], queries))
        table.add_section()
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
