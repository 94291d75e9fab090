from __future__ import annotations

import math
import random
from collections import Counter
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.lexical import K1, B, LexicalIndex, best
from assistant.postings import Postings
from assistant.vectors import Selection
from assistant.words import stem, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = [
    "The court opened a court room in six weeks.",
    "A factory made gowns for the hospital, and more gowns.",
    "",
    "The courts and the hospital shared funding.",
    "of the and",
]


def rarity(term: str, texts: Sequence[list[str]]) -> float:
    holding = sum(term in text for text in texts)
    return math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))


def bm25(query: str, texts: Sequence[str], k1: float = K1, b: float = B) -> list[float]:
    """Return what Lucene's BM25 gives each text, by the most it could; one without words counts as one unknown word long."""
    split = [stems(text) or [""] for text in texts]
    average = sum(map(len, split)) / len(split)
    most = sum(rarity(term, split) for term in stems(query)) or 1
    scores = []
    for text in split:
        length = k1 * (1 - b + b * len(text) / average)
        counts = Counter(text)
        scores.append(sum(rarity(t, split) * counts[t] / (counts[t] + length) for t in stems(query)) / most)
    return scores


def by_row(found: tuple[np.ndarray, np.ndarray], count: int) -> list[float]:
    scores = np.zeros(count)
    scores[found[0]] = found[1]
    return scores.tolist()


words = st.sampled_from(["court", "courts", "gown", "hospital", "funding", "the", "NHS", "15,500", "café"])
sentences = st.lists(words, max_size=12).map(" ".join)


@given(st.lists(sentences, min_size=1, max_size=12), sentences)
def test_scores_are_lucene_s_bm25_as_a_share_of_the_most_there_could_be(texts: list[str], query: str) -> None:
    found = LexicalIndex.of(texts).search(query, len(texts))
    assert by_row(found, len(texts)) == pytest.approx(bm25(query, texts), rel=1e-5, abs=1e-7)
    assert found[1].tolist() == sorted(found[1].tolist(), reverse=True)
    assert (found[0].dtype, found[1].dtype) == (np.dtype(np.int64), np.dtype(np.float32))


@given(st.lists(sentences, min_size=1, max_size=30), sentences, st.integers(1, 6), st.randoms())
def test_the_best_are_the_same_when_common_words_are_passed_over(
    texts: list[str], query: str, k: int, chance: random.Random
) -> None:
    cut = chance.randint(0, len(texts))
    index = LexicalIndex([Postings.of(texts[:cut]), Postings.of(texts[cut:])])
    selection = Selection((), np.asarray([chance.random() < 0.7 for _ in texts], np.bool_))
    weights = index.weights(query, 0.5)
    for chosen in (None, selection):
        rows, scores = index.best(weights, k, chosen)
        with patch("assistant.lexical._COMMON", 0):
            found = index.best(weights, k, chosen)
        assert found[0].tolist() == rows.tolist()
        assert found[1] == pytest.approx(scores, rel=1e-4)


def test_what_stands_in_most_texts_is_not_gone_through_where_rarer_words_decide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index, added = LexicalIndex.of(["the gown", "a gown", "the gowns"] + ["the court"] * 50), []
    gone_through = LexicalIndex._add

    def noted(self: LexicalIndex, term: str, weight: float, scores: np.ndarray) -> None:
        added.append(term)
        gone_through(self, term, weight, scores)

    monkeypatch.setattr(LexicalIndex, "_add", noted)
    monkeypatch.setattr("assistant.lexical._COMMON", 10)
    assert index.search("the gowns", 2)[0].tolist() == [0, 2]
    assert added == ["gown"]


def test_the_best_come_first_and_those_without_the_words_not_at_all() -> None:
    rows, scores = LexicalIndex.of(TEXTS).search("Which court opened?", 10)
    assert rows.tolist() == [0, 3]
    assert scores[0] > scores[1] > 0


def test_at_most_k_are_found_and_the_earlier_of_equals_first() -> None:
    index = LexicalIndex.of(["gowns", "courts", "gowns", "gowns"])
    assert index.search("gown", 2)[0].tolist() == [0, 2]
    assert index.search("gown", 0)[0].tolist() == []


@pytest.mark.parametrize("query", ["", "   ", "zeppelin", "?!", "What is it?"])
def test_a_query_without_a_known_word_finds_nothing(query: str) -> None:
    rows, scores = LexicalIndex.of(TEXTS).search(query, 10)
    assert (rows.tolist(), scores.tolist()) == ([], [])


def test_an_unknown_word_beside_a_known_one_lowers_the_scores_and_leaves_the_order() -> None:
    index = LexicalIndex.of(TEXTS)
    plain, among = index.search("gowns hospital", 5), index.search("zeppelin gowns hospital", 5)
    assert np.array_equal(plain[0], among[0])
    assert (among[1] < plain[1]).all()


def test_a_function_word_weighs_as_much_less_as_is_asked_for() -> None:
    index = LexicalIndex.of(TEXTS)
    full, half, none = (index.weights("the gowns and the hospital", share) for share in (1.0, 0.5, 0.0))
    assert full["the"] == pytest.approx(2 * index.rarity("the"))
    assert half["the"] == pytest.approx(index.rarity("the"))
    assert none["the"] == 0
    assert full["gown"] == half["gown"] == none["gown"] == pytest.approx(index.rarity("gown"))


def test_a_word_that_weighs_nothing_finds_nothing() -> None:
    index = LexicalIndex.of(TEXTS)
    assert index.shares(index.weights("and the", 0.0), np.arange(5)).tolist() == [0.0] * 5


@given(st.lists(sentences, min_size=1, max_size=12), sentences, st.data())
def test_coverage_is_the_share_of_the_weights_that_a_text_holds(
    texts: list[str], query: str, data: st.DataObject
) -> None:
    index = LexicalIndex.of(texts)
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=6))
    weights = index.weights(query)
    held = [sum(weights[t] for t in weights if t in stems(texts[row])) / (sum(weights.values()) or 1) for row in rows]
    assert index.coverage(weights, np.array(rows, np.int64)).tolist() == pytest.approx(held, abs=1e-6)


scores = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=20).map(lambda values: np.array(values, np.float32))


@given(scores, st.integers(0, 25), st.data())
def test_the_best_are_those_of_a_full_sort(values: np.ndarray, k: int, data: st.DataObject) -> None:
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))), np.bool_)
    expected = sorted((row for row in range(len(values)) if mask[row] and values[row]), key=lambda row: -values[row])[
        :k
    ]
    rows, found = best(values, k, mask)
    assert rows.tolist() == expected
    assert found.tolist() == [values[row] for row in expected]


def test_texts_without_any_word_can_be_indexed() -> None:
    index = LexicalIndex.of(["", "the", "?"])
    assert index.count == 3
    assert index.search("court", 3)[0].tolist() == []
    assert index.frequency("court") == 0


def test_a_selection_holds_the_search_to_its_rows() -> None:
    index = LexicalIndex.of(TEXTS)
    rows, scores = index.search("court", 10, Selection((), np.array([False, True, True, True, True])))
    assert rows.tolist() == [3]
    assert scores[0] == index.search("court", 10)[1][1]  # the filter leaves the score as it is
    assert index.search("court", 10, Selection((), np.zeros(5, np.bool_)))[0].tolist() == []


def test_frequency_counts_passages_not_occurrences() -> None:
    index = LexicalIndex.of(TEXTS)
    assert [index.frequency(stem(word)) for word in ("court", "gowns", "hospital", "zeppelin")] == [2, 1, 2, 0]


def test_rarity_is_the_inverse_document_frequency() -> None:
    index = LexicalIndex.of(TEXTS)
    split = [stems(text) for text in TEXTS]
    for word in ("court", "gown", "zeppelin"):
        assert index.rarity(word) == pytest.approx(rarity(word, split))
    assert index.rarity("zeppelin") > index.rarity("gown") > index.rarity("court") > 0


def test_no_stem_of_the_library_is_rarer_than_one_that_a_single_text_holds() -> None:
    index = LexicalIndex.of(TEXTS)
    assert index.highest_rarity == index.rarity("gown")
    assert index.rarity("zeppelin") > index.highest_rarity


def test_a_word_in_every_text_still_counts_a_little() -> None:
    index = LexicalIndex.of(["gowns", "gowns"])
    assert index.rarity("gown") == pytest.approx(math.log(1.2))


@given(st.lists(st.lists(sentences, max_size=5), min_size=1, max_size=4), sentences)
def test_several_postings_end_to_end_score_as_one(parts: list[list[str]], query: str) -> None:
    whole = LexicalIndex.of([text for part in parts for text in part])
    several = LexicalIndex([Postings.of(part) for part in parts])
    weights = several.weights(query)
    assert weights == whole.weights(query)
    rows = np.arange(several.count)
    assert several.shares(weights, rows).tolist() == pytest.approx(whole.shares(weights, rows).tolist(), rel=1e-6)
    assert several.coverage(weights, rows).tolist() == whole.coverage(weights, rows).tolist()
