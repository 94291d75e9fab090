from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import IndexDamaged
from assistant.vectors import cosines
from assistant.vectors.faiss import FaissVectors

if TYPE_CHECKING:
    from pathlib import Path

DIMENSIONS = 8


def unit_vectors(count: int, seed: int = 0, dimensions: int = DIMENSIONS) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, dimensions))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@st.composite
def searches(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int, np.ndarray | None]:
    """Draw vectors, some of them several times, a query, a number of results and a mask."""
    distinct = unit_vectors(draw(st.integers(1, 30)), draw(st.integers(0, 2**32 - 1)))
    repeats = draw(st.lists(st.integers(0, len(distinct) - 1), max_size=10))
    vectors = np.concatenate([distinct, distinct[repeats]])
    masks = st.lists(st.booleans(), min_size=len(vectors), max_size=len(vectors))
    mask = draw(st.none() | masks.map(lambda kept: np.array(kept, np.bool_)))
    return vectors, unit_vectors(1, draw(st.integers(0, 2**32 - 1)))[0], draw(st.integers(0, 50)), mask


@given(searches())
def test_results_are_those_of_brute_force(search: tuple[np.ndarray, np.ndarray, int, np.ndarray | None]) -> None:
    vectors, query, k, mask = search
    rows, scores = FaissVectors.of(vectors).search(query, k, mask)
    allowed = np.arange(len(vectors)) if mask is None else np.flatnonzero(mask)
    every = vectors.astype(np.float64) @ query.astype(np.float64)
    assert scores == pytest.approx(np.sort(every[allowed])[::-1][:k], abs=1e-5)
    assert scores == pytest.approx(every[rows], abs=1e-5)  # tied rows may come in any order, with their own score
    assert len(set(rows.tolist())) == len(rows)
    assert set(rows.tolist()) <= set(allowed.tolist())
    assert (rows.dtype, scores.dtype) == (np.dtype(np.int64), np.dtype(np.float32))


def test_without_ties_the_rows_are_those_of_brute_force_in_their_order() -> None:
    vectors, query = unit_vectors(500, seed=1, dimensions=384), unit_vectors(1, seed=2, dimensions=384)[0]
    rows, _ = FaissVectors.of(vectors).search(query, 20)
    assert rows.tolist() == np.argsort(-(vectors @ query))[:20].tolist()


def test_a_mask_holds_the_search_to_its_rows() -> None:
    vectors = unit_vectors(20)
    mask = np.zeros(20, np.bool_)
    mask[[3, 11]] = True
    rows, scores = FaissVectors.of(vectors).search(vectors[3], 5, mask)
    assert rows.tolist() == [3, 11]
    assert scores[0] == pytest.approx(1)


def test_a_mask_that_allows_nothing_gives_nothing() -> None:
    rows, scores = FaissVectors.of(unit_vectors(5)).search(unit_vectors(1)[0], 3, np.zeros(5, np.bool_))
    assert (rows.tolist(), scores.tolist()) == ([], [])


def test_more_than_there_are_gives_all_there_are() -> None:
    rows, _ = FaissVectors.of(unit_vectors(5)).search(unit_vectors(1)[0], 100)
    assert sorted(rows.tolist()) == [0, 1, 2, 3, 4]


def test_a_store_of_no_vectors_finds_nothing() -> None:
    empty = FaissVectors.of(unit_vectors(0))
    assert len(empty) == 0
    assert empty.search(unit_vectors(1)[0], 3)[0].tolist() == []


@pytest.mark.parametrize("numbers", [[], [4], [2, 0, 2]])
def test_rows_are_the_vectors_that_were_put_in(numbers: list[int]) -> None:
    vectors = unit_vectors(5)
    found = FaissVectors.of(vectors).rows(np.array(numbers, np.int64))
    assert found.dtype == np.float32
    assert found.shape == (len(numbers), DIMENSIONS)
    assert np.array_equal(found, vectors[np.array(numbers, np.int64)])


def test_a_saved_store_opens_as_it_was(tmp_path: Path) -> None:
    vectors, query = unit_vectors(30), unit_vectors(1, seed=9)[0]
    store = FaissVectors.of(vectors)
    store.save(tmp_path / "vectors.faiss")
    opened = FaissVectors.open(tmp_path / "vectors.faiss")
    assert len(opened) == 30
    assert np.array_equal(opened.rows(np.arange(30)), vectors)
    rows, scores = opened.search(query, 7)
    assert rows.tolist() == store.search(query, 7)[0].tolist()
    assert scores.tolist() == store.search(query, 7)[1].tolist()


def test_a_truncated_file_is_damaged_wherever_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    FaissVectors.of(unit_vectors(2)).save(path)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(IndexDamaged, match='Run "casewise index"') as caught:
            FaissVectors.open(path)
        assert str(path) in str(caught.value)


def test_what_is_no_faiss_file_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("These are no vectors, but there are enough words to look like some.")
    for path in (tmp_path / "text", tmp_path / "missing", tmp_path):
        with pytest.raises(IndexDamaged, match="no FAISS index"):
            FaissVectors.open(path)


def test_cosines_are_those_of_a_product_of_matrices() -> None:
    ones, others = unit_vectors(3, seed=1, dimensions=384), unit_vectors(50, seed=2, dimensions=384)
    np.testing.assert_allclose(cosines(ones[:, np.newaxis], others), ones @ others.T, atol=1e-6)
    np.testing.assert_allclose(cosines(others, ones[0]), others @ ones[0], atol=1e-6)
    assert cosines(others[:0], ones[0]).shape == (0,)
