"""Figures on retrieval sets: every query through the same ranking that the assistant uses.

A document of the set is ranked as a passage of the library is. The figures are the field's, by ``ir-measures`` (MacAvaney,
Macdonald and Ounis 2022): a query that has relevant documents and for which nothing is found counts as 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import ir_measures

from assistant.evaluation.beir import Query, RetrievalSet, read_retrieval_set
from assistant.evaluation.cache import CachedEmbedder
from assistant.evaluation.shelf import shelve
from assistant.followups import standalone
from assistant.questions import understand
from assistant.retrieval import rank
from assistant.taxonomy import parse_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from assistant.embeddings import Embedder
    from assistant.settings import Settings

MEASURES = ("nDCG@10", "R@5", "R@10", "R@100", "RR")
_NO_TAXONOMY = parse_taxonomy(b"")


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """What a retrieval set gave: ``figures`` by measure, the means of those ``by_query``, each in [0, 1].

    ``rewritten`` holds, by query, the questions that were completed from what was said before; ``missing`` the judged queries
    that the set does not have, counted as 0.
    """

    name: str
    documents: int
    figures: Mapping[str, float]
    by_query: Mapping[str, Mapping[str, float]]
    rewritten: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def queries(self) -> int:
        """How many queries were counted."""
        return len(self.by_query)


def evaluate(
    folder: Path,
    settings: Settings,
    embedder: Embedder,
    limit: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    *,
    history: bool = True,
) -> RetrievalFigures:
    """Return the figures of a retrieval set, for its first ``limit`` queries that have something relevant, or for all.

    A query with a history is first made to stand alone, as the assistant would, unless ``history`` is false. Vectors are kept
    below the settings' index folder, so that a second run need not make them again.

    Raises:
        RetrievalSetError: a file of the set is missing or cannot be read.
        ModelError: the model cannot be used.
    """
    judged = read_retrieval_set(folder)
    asked = [query for query in judged.queries if query.id in judged.relevant][:limit]
    missing = () if limit else tuple(judged.relevant.keys() - {query.id for query in asked})
    alone = {query.id: _standing_alone(query) if history else query.text for query in asked}
    cached = CachedEmbedder(embedder, settings.index)
    runs = _rankings(judged, alone, settings, cached, progress or _silent)
    by_query = _measured(judged, runs | {identifier: [] for identifier in sorted(missing)})
    return RetrievalFigures(
        name=judged.name,
        documents=len(judged.documents),
        figures={name: fmean(figures[name] for figures in by_query.values()) for name in MEASURES},
        by_query=by_query,
        rewritten={query.id: alone[query.id] for query in asked if alone[query.id] != query.text},
        missing=tuple(sorted(missing)),
    )


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def _standing_alone(query: Query) -> str:
    return standalone(query.text, query.earlier_questions, _NO_TAXONOMY)


def _rankings(
    judged: RetrievalSet,
    alone: Mapping[str, str],
    settings: Settings,
    embedder: CachedEmbedder,
    tell: Callable[[str, int, int], None],
) -> dict[str, list[str]]:
    """Return the ids of the documents found for each query, best first."""
    shelf = shelve(judged.documents, embedder, tell)
    found: dict[str, list[str]] = {}
    for number, (identifier, text) in enumerate(alone.items(), 1):
        question = understand(text, _NO_TAXONOMY)
        ranked = rank(shelf, question.searched_text, embedder.embed([text])[0], settings)
        found[identifier] = [judged.documents[row].id for row in ranked.rows.tolist()]
        tell("Searching", number, len(alone))
    embedder.save()
    return found


def _measured(judged: RetrievalSet, runs: Mapping[str, list[str]]) -> dict[str, dict[str, float]]:
    """Return the figures of each query. The order found is passed on as scores, for the measures break ties by id."""
    qrels = {identifier: dict(judged.relevant[identifier]) for identifier in runs}
    scores = {
        identifier: {document: float(-place) for place, document in enumerate(found)}
        for identifier, found in runs.items()
    }
    figures: dict[str, dict[str, float]] = {identifier: {} for identifier in runs}
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    for metric in ir_measures.iter_calc(measures, qrels, scores):
        figures[metric.query_id][str(metric.measure)] = metric.value
    return figures
