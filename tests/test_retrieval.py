from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.questions import understand
from assistant.retrieval import fuse, retrieve

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversation import Assistant

LEEDS = (
    "Motivations\n\nChallenges\n\nThe hub in Leeds lost its funding.\n\nEnablers\n\nStaff in Leeds shared an office.\n"
)
HARBOUR = "Motivations\n\nChallenges\n\nHarbour City lost its ferry.\n\nEnablers\n\nHarbour City shared a depot.\n"


def ranking(*pairs: tuple[int, float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row for row, _ in pairs], np.int64), np.array([score for _, score in pairs], np.float32)


def test_fusion_adds_normalised_scores_by_their_weights() -> None:
    rows, scores = fuse(ranking((7, 0.9), (3, 0.5), (1, 0.1)), ranking((3, 12.0), (9, 2.0)), 0.5)
    assert rows.tolist() == [3, 7, 1, 9]
    assert scores.tolist() == pytest.approx([0.75, 0.5, 0.0, 0.0])


def test_fusion_weighs_meaning_against_words() -> None:
    dense, lexical = ranking((1, 0.9), (2, 0.1)), ranking((2, 5.0), (1, 1.0))
    assert fuse(dense, lexical, 0.9)[0].tolist() == [1, 2]
    assert fuse(dense, lexical, 0.1)[0].tolist() == [2, 1]


def test_fusion_of_nothing_is_nothing() -> None:
    rows, scores = fuse(ranking(), ranking(), 0.5)
    assert (len(rows), len(scores)) == (0, 0)


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
