from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.lexical import LexicalIndex
from assistant.questions import understand
from assistant.retrieval import rank, retrieve
from assistant.settings import Settings
from assistant.vectors import Selection
from assistant.vectors.faiss import FaissVectors
from assistant.vectors.segmented import SegmentedVectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversation import Assistant

LEEDS = (
    "Motivations\n\nChallenges\n\nThe hub in Leeds lost its funding.\n\nEnablers\n\nStaff in Leeds shared an office.\n"
)
HARBOUR = "Motivations\n\nChallenges\n\nHarbour City lost its ferry.\n\nEnablers\n\nHarbour City shared a depot.\n"


@dataclass(frozen=True)
class Shelf:
    """Passages and their sentences with vectors made by hand, as ``rank`` wants them."""

    vectors: SegmentedVectors
    lexical: LexicalIndex
    sentence_vectors: FaissVectors
    sentence_words: LexicalIndex
    counts: tuple[int, ...]

    def sentences_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        counts = np.array(self.counts, np.int64)
        return (np.cumsum(counts) - counts)[rows], counts[rows]


def at(*cosines: float) -> np.ndarray:
    """Return unit vectors with these cosines to ``QUERY``."""
    return np.array([[cosine, math.sqrt(1 - cosine**2)] for cosine in cosines], np.float32)


QUERY = np.array([1, 0], np.float32)


def shelf(passages: dict[str, float], sentences: list[list[tuple[str, float]]]) -> Shelf:
    flat = [one for several in sentences for one in several]
    return Shelf(
        SegmentedVectors([FaissVectors.of(at(*passages.values()))]),
        LexicalIndex.of(list(passages)),
        FaissVectors.of(at(*(cosine for _, cosine in flat)) if flat else np.empty((0, 2), np.float32)),
        LexicalIndex.of([text for text, _ in flat] or [""]),
        tuple(map(len, sentences)),
    )


PLAIN = Settings(sentence_meaning=0, sentence_words=0)
BARE: list[list[tuple[str, float]]] = [[], [], []]


def test_scores_add_up_meaning_and_words_by_their_weights() -> None:
    shelved = shelf({"ferry": 0.2, "depot": 0.9, "gowns": 0.4}, BARE)
    share = float(shelved.lexical.shares(shelved.lexical.weights("ferry"), np.array([0]))[0])
    ranked = rank(shelved, "ferry", QUERY, Settings(dense_weight=0.25))
    assert ranked.rows.tolist() == [0, 1, 2]
    assert ranked.scores.tolist() == pytest.approx([0.05 + 0.75 * share, 0.225, 0.1])
    assert ranked.meaning.tolist() == pytest.approx([0.2, 0.9, 0.4])
    assert ranked.words.tolist() == pytest.approx([share, 0, 0])


def test_a_passage_that_only_one_search_put_forward_gets_its_score_in_both() -> None:
    shelved = shelf({"ferry": 0.3, "depot": 0.9, "gowns": 0.4}, BARE)
    ranked = rank(shelved, "ferry", QUERY, Settings(pool=1))
    assert ranked.rows.tolist() == [0, 1]
    assert ranked.meaning.tolist() == pytest.approx([0.3, 0.9])


def test_a_passage_that_points_away_scores_nothing_for_meaning() -> None:
    ranked = rank(shelf({"ferry": -0.5, "depot": 0.1, "gowns": -0.9}, BARE), "zeppelin", QUERY, PLAIN)
    assert ranked.scores.tolist() == pytest.approx([0.05, 0, 0])


def test_the_best_sentence_lifts_its_passage() -> None:
    passages = {"depot": 0.6, "gowns": 0.55}
    sentences = [[("depot", 0.5), ("trams", 0.4)], [("gowns", 0.1), ("linen", 0.9)]]
    blurred = rank(shelf(passages, sentences), "zeppelin", QUERY, PLAIN)
    lifted = rank(shelf(passages, sentences), "zeppelin", QUERY, Settings(sentence_meaning=0.5))
    assert (blurred.rows.tolist(), lifted.rows.tolist()) == ([0, 1], [1, 0])
    assert lifted.meaning.tolist() == pytest.approx([(0.55 + 0.9) / 2, (0.6 + 0.5) / 2])


def test_words_in_one_sentence_count_for_more_than_words_scattered() -> None:
    passages = {"The ferry is old. Noon is hot.": 0.5, "At noon the ferry sails. It is hot.": 0.5}
    sentences = [
        [("The ferry is old.", 0.5), ("Noon is hot.", 0.5)],
        [("At noon the ferry sails.", 0.5), ("It is hot.", 0.5)],
    ]
    ranked = rank(shelf(passages, sentences), "ferry noon", QUERY, Settings(sentence_words=0.5))
    assert ranked.rows.tolist() == [1, 0]


def test_only_the_first_are_read_by_their_sentences_and_the_rest_stay_behind() -> None:
    passages = {"depot": 0.7, "gowns": 0.6, "ferry": 0.5}
    sentences = [[("depot", 0.1)], [("gowns", 0.3)], [("ferry", 1.0)]]
    ranked = rank(shelf(passages, sentences), "zeppelin", QUERY, Settings(sentence_pool=2))
    assert ranked.rows.tolist() == [1, 0, 2]
    assert all(later <= sooner for sooner, later in pairwise(ranked.scores.tolist()))


def test_a_selection_holds_both_searches_to_its_rows() -> None:
    shelved = shelf({"ferry": 0.9, "depot": 0.5, "ferry boat": 0.3}, BARE)
    later, nothing = Selection((), np.array([False, True, True])), Selection((), np.zeros(3, np.bool_))
    assert rank(shelved, "ferry", QUERY, PLAIN, later).rows.tolist() == [2, 1]
    assert rank(shelved, "ferry", QUERY, PLAIN, nothing).rows.tolist() == []


def retrieved(library: Assistant, question: str, **filters: str) -> list[str]:
    asked = understand(question, library.index.taxonomy)
    vector = library.embedder.embed([question])[0]
    hits = retrieve(library.index, asked, vector, library.settings, 10, library.index.taxonomy.filters(**filters))
    return [hit.passage.text for hit in hits]


def test_the_passage_with_the_question_s_words_comes_first(make_library: Callable[..., Assistant]) -> None:
    library = make_library(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    assert retrieved(library, "Who shared a depot?")[0] == "Harbour City shared a depot."


def test_filters_hold_before_anything_is_ranked(make_library: Callable[..., Assistant]) -> None:
    library = make_library(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    assert retrieved(library, "Who shared a depot?", case="Leeds", aspect="enabler") == [
        "Staff in Leeds shared an office."
    ]


def test_a_filter_that_matches_nothing_gives_no_hits(make_library: Callable[..., Assistant]) -> None:
    library = make_library(leeds_txt=LEEDS)
    assert retrieved(library, "Who shared a depot?", case="Harbour") == []


def test_a_case_named_in_the_question_lifts_its_passages(make_library: Callable[..., Assistant]) -> None:
    library = make_library(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    hits = library.search("What did LDH share?")
    assert [hit.passage.document for hit in hits[:2]] == ["leeds.txt", "leeds.txt"]
    assert [hit.signals["tags"] for hit in hits] == [1.0, 1.0, 0.0, 0.0]
    assert all(later.score <= sooner.score for sooner, later in pairwise(hits))
