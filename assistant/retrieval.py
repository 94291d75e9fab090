"""From a question to ranked hits: by meaning and by words, together, with filters applied before anything is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.reranking import rerank
from assistant.types import Filters, Hit
from assistant.vectors import cosines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from assistant.index import PassageIndex
    from assistant.lexical import LexicalIndex
    from assistant.questions import Question
    from assistant.reranking import Reranker
    from assistant.settings import Settings
    from assistant.vectors import Selection, VectorStore

NO_FILTERS = Filters()
_LEAST = 1e-9


class Searchable(Protocol):
    """What is ranked: passages by row, and their sentences by number, both with vectors and words."""

    @property
    def vectors(self) -> VectorStore:
        """The passages' vectors."""
        ...

    @property
    def lexical(self) -> LexicalIndex:
        """The passages' words."""
        ...

    @property
    def sentence_vectors(self) -> Rows:
        """The sentences' vectors."""
        ...

    @property
    def sentence_words(self) -> LexicalIndex:
        """The sentences' words."""
        ...

    def sentences_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of the first sentence of each row, and how many it has: two ``(len(rows),)``."""
        ...


class Rows(Protocol):
    """Vectors by number."""

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``."""
        ...


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows ``(n,) int64``, best first, their scores ``(n,)`` in [0, 1], and the parts for meaning and for words, likewise."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]
    meaning: NDArray[np.float32]
    words: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of an index ``(n,) int64``, best first, their scores ``(n,)`` in [0, 1], and the signals that made them."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]
    signals: Mapping[str, NDArray[np.float32]]

    def hit(self, index: PassageIndex, place: int) -> Hit:
        """Return the passage at a place of the ranking as a hit."""
        signals = {name: float(values[place]) for name, values in self.signals.items()}
        return Hit(index.passage(int(self.rows[place])), float(self.scores[place]), signals)


def retrieve(
    index: PassageIndex,
    question: Question,
    vector: NDArray[np.float32],
    settings: Settings,
    k: int,
    filters: Filters = NO_FILTERS,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """Return the passages that answer ``question``, at most ``k``, best first, scores in [0, 1].

    ``vector`` ``(dim,)`` is the question's. To the score of ``rank`` is added, by the weight of the settings, the share of
    the cases, themes and aspects named in the question that the passage is tagged with. The best hit scores 1, the others as
    a share of it; the signals are as they were measured. A ``reranker`` has the last word.
    """
    wanted = max(k, settings.reranked if reranker else 0)
    found = find(index, question, vector, settings, index.allowed(filters))
    hits = [found.hit(index, place) for place in range(min(max(wanted, 0), len(found.rows)))]
    return rerank(hits, question.text, reranker, settings.reranked)[: max(k, 0)] if reranker else hits


def find(
    index: PassageIndex,
    question: Question,
    vector: NDArray[np.float32],
    settings: Settings,
    selection: Selection | None = None,
) -> Found:
    """Return the rows that answer ``question``, best first, and how well; ``selection`` holds the search to some."""
    ranked = rank(index, question.searched_text, vector, settings, selection)
    tags = index.carrying(question.topics, ranked.rows)
    bonus = settings.topic_bonus if question.topics else 0.0
    scores = (1 - bonus) * ranked.scores + bonus * tags
    scores /= max(scores.max(initial=0), _LEAST)
    order = np.argsort(-scores, kind="stable")
    signals = {"meaning": ranked.meaning[order], "words": ranked.words[order], "tags": tags[order]}
    return Found(ranked.rows[order], scores[order], signals)


def rank(
    searched: Searchable,
    text: str,
    vector: NDArray[np.float32],
    settings: Settings,
    selection: Selection | None = None,
) -> Ranked:
    """Return the rows nearest to a query, given as ``text`` and ``vector`` ``(dim,)``, by meaning and words together.

    Two searches put rows forward, and each row gets its score in both: the cosine, and the share of what the query's words
    could give. Both stand on scales of their own that do not depend on what else was found, and are added up by a weight: a
    convex combination (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval"), with no
    normalisation over the pool. The best of the rows are then ranked again with their best sentences.
    """
    weights = searched.lexical.weights(text, settings.function_word_weight)
    near, _ = searched.vectors.search(vector, settings.pool, selection)
    rows = np.union1d(near, searched.lexical.best(weights, settings.pool, selection)[0])
    meaning = np.maximum(cosines(searched.vectors.rows(rows), vector), 0)
    first = _sorted(rows, meaning, searched.lexical.shares(weights, rows), settings)
    return _again_by_sentences(first, searched, weights, vector, settings)


def _again_by_sentences(
    first: Ranked, searched: Searchable, weights: Mapping[str, float], vector: NDArray[np.float32], settings: Settings
) -> Ranked:
    """Return the ranking with its best rows in order of what they and their best sentences hold; the rest stay behind them.

    A passage's vector blurs what one sentence says; a sentence's lacks what stands around it.
    """
    count = min(settings.sentence_pool, len(first.rows))
    starts, counts = searched.sentences_of(first.rows[:count])
    owners = np.repeat(np.arange(count), counts)
    if not len(owners):
        return first
    numbers = np.arange(len(owners)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    near = _highest(np.maximum(cosines(searched.sentence_vectors.rows(numbers), vector), 0), owners, count)
    held = _highest(searched.sentence_words.coverage(weights, numbers), owners, count)
    read = _sorted(
        first.rows[:count],
        _between(first.meaning[:count], near, settings.sentence_meaning),
        _between(first.words[:count], held, settings.sentence_words),
        settings,
    )
    capped = np.minimum(first.scores[count:], read.scores.min(initial=1))
    return Ranked(
        np.append(read.rows, first.rows[count:]),
        np.append(read.scores, capped),
        np.append(read.meaning, first.meaning[count:]),
        np.append(read.words, first.words[count:]),
    )


def _sorted(
    rows: NDArray[np.int64], meaning: NDArray[np.float32], words: NDArray[np.float32], settings: Settings
) -> Ranked:
    """Return rows by meaning and words, best first; ties go to the one that came first."""
    scores = _between(words, meaning, settings.dense_weight)
    order = np.argsort(-scores, kind="stable")
    return Ranked(rows[order], scores[order], meaning[order], words[order])


def _between(one: NDArray[np.float32], other: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    return ((1 - weight) * one + weight * other).astype(np.float32)


def _highest(values: NDArray[np.float32], owners: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """Return the highest of the values of each owner, ``(count,)``; 0 for one that has none."""
    highest = np.zeros(count, np.float32)
    np.maximum.at(highest, owners, values)
    return highest
