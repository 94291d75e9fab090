"""From a question to ranked hits: by meaning and by words, fused, with filters applied before anything is ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.types import Filters, Hit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.index import PassageIndex
    from assistant.questions import Question
    from assistant.settings import Settings

Ranking = tuple["NDArray[np.int64]", "NDArray[np.float32]"]

NO_FILTERS = Filters()


def retrieve(
    index: PassageIndex,
    question: Question,
    vector: NDArray[np.float32],
    settings: Settings,
    k: int,
    filters: Filters = NO_FILTERS,
) -> list[Hit]:
    """Return the passages that answer ``question``, at most ``k``, best first, scores in [0, 1].

    ``vector`` ``(dim,)`` is the question's. The score is a convex combination of the two searches' scores, each min-max
    normalised over its own pool (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval"), and of
    the share of the cases, themes and aspects named in the question that the passage is tagged with.
    """
    allowed = index.allowed(filters)
    dense = index.vectors.search(vector, settings.pool, allowed)
    lexical = index.lexical.search(question.searched_text, settings.pool, allowed)
    rows, fused = fuse(dense, lexical, settings.dense_weight)
    tags = index.carrying(question.topics)[rows]
    scores = (1 - settings.topic_bonus) * fused + settings.topic_bonus * tags if question.topics else fused
    meaning, words = _by_row(dense), _by_row(lexical)
    return [
        Hit(
            index.passage(int(rows[i])),
            float(scores[i]),
            {"meaning": meaning.get(int(rows[i]), 0.0), "words": words.get(int(rows[i]), 0.0), "tags": float(tags[i])},
        )
        for i in np.argsort(-scores, kind="stable")[: max(k, 0)]
    ]


def fuse(dense: Ranking, lexical: Ranking, dense_weight: float) -> Ranking:
    """Return the union of two rankings by their fused scores, best first; ties go to the lower row.

    A row that one search did not find has 0 there, the normalised score of the worst it did find.
    """
    rows = np.union1d(dense[0], lexical[0])
    scores = np.zeros(len(rows), np.float32)
    for (found, raw), weight in ((dense, dense_weight), (lexical, 1 - dense_weight)):
        scores[np.searchsorted(rows, found)] += weight * _normalised(raw)
    order = np.argsort(-scores, kind="stable")
    return rows[order], scores[order]


def _normalised(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return scores moved to [0, 1]; equal scores are all 1."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    if low == high:
        return np.ones_like(scores)
    return np.asarray((scores - low) / (high - low), np.float32)


def _by_row(ranking: Ranking) -> dict[int, float]:
    return dict(zip(ranking[0].tolist(), ranking[1].tolist(), strict=True))
