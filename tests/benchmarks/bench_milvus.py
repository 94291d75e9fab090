"""What a cluster takes and gives: rows a second sent, the latency of searches, recall, and the sums for a library of any size.

Run as ``python -m tests.benchmarks.bench_milvus URI [--passages N] [--index KIND] [--target N]`` against a Milvus server, or a
file that ends in ``.db`` for Milvus Lite; pytest does not collect it. It sends unit vectors of 384 numbers in clumps (texts lie
in clumps too) with tags and 120 words each, in a library of its own, asks for the 200 nearest with and without filters, marks
some rows as gone, and removes the library again. It prints:

- rows a second sent, and rows a second marked as gone (a row is read and written whole);
- the latency of a search, p50 and p95, without a filter and with filters that a tenth and a hundredth of the rows fit;
- recall@10 against brute force;
- the sums for ``--target`` passages, from what was measured and from what the formulas of ``docs/scaling.md`` say.

Times depend on the machine and on what else it does: its load is printed above them.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from dataclasses import dataclass
from itertools import pairwise
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.ledger import Ledger
from assistant.types import Facet
from assistant.vectors import Selection
from assistant.vectors.cluster import Cluster
from assistant.vectors.collections import count, create, mark, publish, send, tidy
from assistant.vectors.milvus import MilvusVectors, tag_number
from assistant.vectors.schema import SETTINGS, Place, Rows, kind_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

DIMENSIONS, WORDS, POOL, QUESTIONS, AT_ONCE = 384, 120, 200, 100, 4_000
TAGS = {"a tenth": 10, "a hundredth": 100}
BYTES = {"FLAT": 4 * DIMENSIONS, "HNSW": 4 * DIMENSIONS + 2 * 16 * 4, "IVF_SQ8": DIMENSIONS + 8}
"""Bytes a vector takes in a query node: its numbers, and for a graph the links of its lowest layer, two times ``M``."""
ROW_BYTES = 4 * DIMENSIONS + 11 * WORDS + 8 * 8 + 60
"""Bytes of a row as it is sent: vector, words, key, stamps and tags, and what the passage is called."""
LEDGER_BYTES = 24
MEMORY_OF_A_NODE = 64e9
SHARE_FOR_DATA = 0.7


def main() -> None:
    """Measure, and print."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("uri")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--index", choices=list(SETTINGS))
    parser.add_argument("--target", type=int, default=100_000_000)
    asked = parser.parse_args()
    cluster = Cluster(asked.uri, os.environ.get("CASEWISE_MILVUS_TOKEN", ""), seconds=60)
    vectors = clumped(asked.passages)
    worded = cluster.version.searches_words
    kind = kind_for(asked.passages, asked.index)
    place = Place(f"casewise_bench_{token_hex(4)}", 1, 1, kind, worded, "bench", DIMENSIONS)
    try:
        measured = measure(cluster, place, vectors)
    finally:
        tidy(cluster, place.library, [])
    console = Console()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    console.print(f"Milvus {cluster.version.text}, {asked.passages:,} passages, {kind}; load of this machine {load}")
    console.print(table("Measured", measured.lines()))
    console.print(table(f"Sums for {asked.target:,} passages", sums(asked.target, measured)))


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows a second sent and marked, latencies in milliseconds by the filter, and recall."""

    sent: float
    marked: float
    latencies: dict[str, tuple[float, float]]
    recall: float

    def lines(self) -> Iterator[tuple[str, str]]:
        yield "rows sent a second", f"{self.sent:,.0f}"
        yield "rows marked as gone a second", f"{self.marked:,.0f}"
        for name, (middle, late) in self.latencies.items():
            yield f"search, {name}: p50, p95", f"{middle:.1f} ms, {late:.1f} ms"
        yield "recall@10", f"{self.recall:.4f}"


def measure(cluster: Cluster, place: Place, vectors: NDArray[np.float32]) -> Measured:
    """Send, search and mark."""
    ledger = Ledger.of(place, np.arange(len(vectors), dtype=np.uint64), None)
    create(cluster, place, (0.6, 0.4))
    batches = list(rows_of(ledger, vectors))
    begun = perf_counter()
    send(cluster, place, batches, lambda _: None)
    sent = len(vectors) / (perf_counter() - begun)
    assert count(cluster, place) == len(vectors)
    publish(cluster, place)
    store = MilvusVectors(cluster, place, ledger)
    queries = clumped(QUESTIONS, seed=1)
    latencies = {"all": timed(store, queries, None)}
    for name, share in TAGS.items():
        latencies[f"{name} fits"] = timed(store, queries, selection(share, len(vectors)))
    recall = recalled(store, queries, vectors)
    gone = ledger.keys[: min(2_000, len(vectors))]
    begun = perf_counter()
    mark(cluster, place, gone, 2)
    return Measured(sent, len(gone) / (perf_counter() - begun), latencies, recall)


def clumped(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Return unit vectors in 200 clumps; those of another seed lie in the same clumps."""
    centres = np.random.default_rng(42).standard_normal((200, DIMENSIONS))
    chance = np.random.default_rng(seed)
    found = centres[chance.integers(200, size=count)] + 1.2 * chance.standard_normal((count, DIMENSIONS))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def rows_of(ledger: Ledger, vectors: NDArray[np.float32]) -> Iterator[Rows]:
    chance = np.random.default_rng(2)
    vocabulary = [f"{one:010x}" for one in chance.integers(2**40, size=30_000)]
    for first, end in pairwise([*range(0, len(vectors), AT_ONCE), len(vectors)]):
        numbers = range(first, end)
        words = chance.zipf(1.2, (len(numbers), WORDS)) % len(vocabulary)
        yield Rows(
            ledger.keys[first:end],
            [f"reports/document {number // 40}.pdf:{number}-{number + 800}" for number in numbers],
            [[tag(share, number % share) for share in TAGS.values()] for number in numbers],
            vectors[first:end],
            [" ".join(vocabulary[one] for one in said) for said in words],
        )


def tag(share: int, number: int) -> int:
    return tag_number(Facet.CASE, f"{share} {number}")


def selection(share: int, count: int) -> Selection:
    return Selection((frozenset({(Facet.CASE, f"{share} 3")}),), np.arange(count) % share == 3)


def timed(store: MilvusVectors, queries: NDArray[np.float32], held_to: Selection | None) -> tuple[float, float]:
    """Return the median and the 95th percentile of a search, in milliseconds."""
    store.search(queries[0], POOL, held_to)
    found = []
    for query in queries:
        begun = perf_counter()
        store.search(query, POOL, held_to)
        found.append(1_000 * (perf_counter() - begun))
    return float(np.median(found)), float(np.percentile(found, 95))


def recalled(store: MilvusVectors, queries: NDArray[np.float32], vectors: NDArray[np.float32]) -> float:
    best = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    found = [len(set(store.search(query, POOL)[0][:10]) & set(ten)) for query, ten in zip(queries, best, strict=True)]
    return float(np.mean(found)) / 10


def sums(target: int, measured: Measured) -> Iterator[tuple[str, str]]:
    """Yield the sums of ``docs/scaling.md``."""
    yield "rows in the object store", f"{target * ROW_BYTES / 1e9:,.0f} GB"
    yield "ledger beside the index, mapped", f"{target * LEDGER_BYTES / 1e9:,.1f} GB"
    for kind, size in BYTES.items():
        memory = target * size
        nodes = int(np.ceil(memory / (SHARE_FOR_DATA * MEMORY_OF_A_NODE)))
        yield f"memory of query nodes, {kind}", f"{memory / 1e9:,.0f} GB: {nodes} of 64 GB"
    yield "first sending by one builder", f"{target / measured.sent / 3_600:,.1f} h"
    yield "a thousandth of the passages anew", f"{target / 1_000 * (1 / measured.sent + 1 / measured.marked):,.0f} s"


def table(title: str, lines: Iterator[tuple[str, str]]) -> Table:
    made = Table("", "", title=title, show_header=False, title_justify="left")
    for line in lines:
        made.add_row(*line)
    return made


if __name__ == "__main__":
    main()
