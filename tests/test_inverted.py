from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.errors import IndexDamaged
from assistant.vectors import stores
from assistant.vectors.faiss import FaissVectors
from assistant.vectors.halves import HalfVectors
from assistant.vectors.inverted import InvertedVectors
from assistant.vectors.stores import open_store, store_of

if TYPE_CHECKING:
    from pathlib import Path

COUNT, DIMENSIONS, TOPICS = 6_000, 48, 80


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Return vectors that lie around topics, as those of texts do."""
    drawn = np.random.default_rng(5)
    topics = drawn.standard_normal((TOPICS, DIMENSIONS))
    return unit(topics[drawn.integers(0, TOPICS, COUNT)] + 0.6 * drawn.standard_normal((COUNT, DIMENSIONS)))


@pytest.fixture(scope="module")
def store(vectors: np.ndarray) -> InvertedVectors:
    return InvertedVectors.of(vectors)


@pytest.fixture
def queries(vectors: np.ndarray) -> np.ndarray:
    drawn = np.random.default_rng(6)
    return unit(vectors[drawn.integers(0, COUNT, 100)] + 0.1 * drawn.standard_normal((100, DIMENSIONS)))


@pytest.fixture(autouse=True)
def _few_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.vectors.inverted._FEW", 50)


def recall(store: InvertedVectors, vectors: np.ndarray, queries: np.ndarray, mask: np.ndarray | None = None) -> float:
    allowed = np.arange(COUNT) if mask is None else np.flatnonzero(mask)
    found = 0
    for query in queries:
        best = allowed[np.argsort(-(vectors[allowed] @ query), kind="stable")[:10]]
        found += len(np.intersect1d(best, store.search(query, 10, mask)[0]))
    return found / (10 * len(queries))


def test_nearly_all_that_brute_force_finds_is_found(
    store: InvertedVectors, vectors: np.ndarray, queries: np.ndarray
) -> None:
    assert recall(store, vectors, queries) >= 0.98


@pytest.mark.parametrize("share", [0.5, 0.1, 0.02, 0.005])
def test_a_filter_is_kept_and_costs_no_recall(
    share: float, store: InvertedVectors, vectors: np.ndarray, queries: np.ndarray
) -> None:
    mask = np.random.default_rng(7).random(COUNT) < share
    assert recall(store, vectors, queries, mask) >= 0.98
    assert all(mask[store.search(query, 10, mask)[0]].all() for query in queries)


def test_scores_are_inner_products_of_the_vectors_themselves(
    store: InvertedVectors, vectors: np.ndarray, queries: np.ndarray
) -> None:
    for query in queries[:10]:
        rows, scores = store.search(query, 200)
        np.testing.assert_allclose(scores, vectors[rows] @ query, atol=1e-6)
        assert len(set(rows.tolist())) == 200
        assert (np.diff(scores) <= 0).all()


def test_nothing_allowed_and_nothing_asked_for_give_nothing(store: InvertedVectors, queries: np.ndarray) -> None:
    assert store.search(queries[0], 10, np.zeros(COUNT, np.bool_))[0].tolist() == []
    assert store.search(queries[0], 0)[0].tolist() == []
    assert len(store.search(queries[0], 2 * COUNT)[0]) == COUNT


def test_a_store_comes_back_from_disk(
    store: InvertedVectors, vectors: np.ndarray, queries: np.ndarray, tmp_path: Path
) -> None:
    store.save(tmp_path / "passages.faiss")
    opened = open_store(tmp_path / "passages.faiss")
    assert isinstance(opened, InvertedVectors)
    assert (len(opened), opened.dimensions) == (COUNT, DIMENSIONS)
    for query in queries[:10]:
        assert opened.search(query, 10)[0].tolist() == store.search(query, 10)[0].tolist()
    np.testing.assert_array_equal(opened.rows(np.array([7, 0])), vectors[[7, 0]])


def test_cells_that_are_damaged_or_of_other_vectors_are_told(
    store: InvertedVectors, vectors: np.ndarray, tmp_path: Path
) -> None:
    store.save(tmp_path / "passages.faiss")
    FaissVectors.of(vectors[:100]).save(tmp_path / "passages.faiss")
    with pytest.raises(IndexDamaged, match="not of the vectors"):
        open_store(tmp_path / "passages.faiss")
    (tmp_path / "passages.cells").write_bytes(b"nothing")
    with pytest.raises(IndexDamaged, match=r"passages\.cells"):
        open_store(tmp_path / "passages.faiss")


def test_many_vectors_are_searched_by_cells_and_few_one_by_one(
    vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "MANY", 500)
    assert isinstance(store_of(vectors[:500]), InvertedVectors)
    assert isinstance(store_of(vectors[:499]), FaissVectors)


def test_half_precision_changes_a_cosine_by_next_to_nothing(vectors: np.ndarray, tmp_path: Path) -> None:
    HalfVectors.of(vectors).save(tmp_path / "sentences.npy")
    opened = HalfVectors.open(tmp_path / "sentences.npy")
    numbers = np.array([5, 3, 5_999])
    np.testing.assert_allclose(opened.rows(numbers), vectors[numbers], atol=1e-3)
    assert abs(np.vecdot(opened.rows(numbers), vectors[numbers]) - 1).max() < 1e-3
    assert (len(opened), opened.dimensions, opened.rows(numbers).dtype) == (COUNT, DIMENSIONS, np.dtype(np.float32))


@pytest.mark.parametrize("content", [b"", b"nothing", np.lib.format.magic(1, 0) + b"\x00"])
def test_a_file_of_halves_that_holds_something_else_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "sentences.npy").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"sentences\.npy"):
        HalfVectors.open(tmp_path / "sentences.npy")
