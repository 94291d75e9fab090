"""The figures of a run: counted from what came of its questions, in all, by kind and by split. Pure.

A figure that is nothing divided by nothing is ``None``: no question could have moved it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.evaluation.question_sets import Outcome


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a number of questions were answered. Shares are in [0, 1], latencies in milliseconds.

    - ``evidence_recall``: share of the gold that the citations cover, averaged over the answerable questions.
    - ``first_citation``: share of the answerable questions whose first citation covers a piece of gold, in a short quote.
    - ``refusal_precision``: share of the refused questions that the library does not answer.
    - ``refusal_recall``: share of the questions that the library does not answer that were refused.
    - ``cited``: share of the displayed sentences that carry a valid citation.
    - ``support_precision``: share of the displayed sentences that the words they cite support. Quotes do; of sentences that a
      language model wrote, the measure of support says which.
    - ``median_words``: of the answers that were given.
    """

    questions: int
    answerable: int
    answered: int
    evidence_recall: float | None
    first_citation: float | None
    refusal_precision: float | None
    refusal_recall: float | None
    cited: float | None
    median_words: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    support_precision: float | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a run or of one of its splits, and those of every kind of question in it."""

    figures: Figures
    kinds: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a whole run, and those of every split that its questions name."""

    all: Counted
    splits: Mapping[str, Counted]


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Count a run: kinds and splits stand in the order in which its questions first name them."""
    kinds = list(dict.fromkeys(outcome.asked.kind for outcome in outcomes))
    splits = dict.fromkeys(outcome.asked.split for outcome in outcomes if outcome.asked.split is not None)
    return Summary(
        _counted(outcomes, kinds),
        {name: _counted([outcome for outcome in outcomes if outcome.asked.split == name], kinds) for name in splits},
    )


def figures_of(outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures of some outcomes."""
    answerable = [outcome for outcome in outcomes if outcome.asked.answerable]
    answered = [outcome for outcome in outcomes if outcome.answered]
    counted = [outcome for outcome in answered if outcome.supported is not None]
    refused = [outcome for outcome in outcomes if not outcome.answered]
    rightly = [outcome for outcome in refused if not outcome.asked.answerable]
    latencies = [outcome.latency_ms for outcome in outcomes]
    return Figures(
        questions=len(outcomes),
        answerable=len(answerable),
        answered=len(answered),
        evidence_recall=fmean(outcome.recall or 0.0 for outcome in answerable) if answerable else None,
        first_citation=share(sum(outcome.first_right is True for outcome in answerable), len(answerable)),
        refusal_precision=share(len(rightly), len(refused)),
        refusal_recall=share(len(rightly), len(outcomes) - len(answerable)),
        cited=share(sum(outcome.cited for outcome in answered), sum(outcome.sentences for outcome in answered)),
        support_precision=share(sum(one.supported or 0 for one in counted), sum(one.sentences for one in counted)),
        median_words=float(median(outcome.words for outcome in answered)) if answered else None,
        latency_p50_ms=percentile(latencies, 50),
        latency_p95_ms=percentile(latencies, 95),
    )


def share(part: int, whole: int) -> float | None:
    """Return ``part`` of ``whole``, ``None`` where the whole is nothing."""
    return part / whole if whole else None


def percentile(values: Sequence[float], rank: float) -> float | None:
    """Return a percentile, ``rank`` in [0, 100], interpolated; ``None`` of nothing."""
    return float(np.percentile(values, rank)) if values else None


def summary_json(summary: Summary) -> dict[str, Any]:
    """Return a summary as one JSON object: the figures in all, then ``kinds``, then ``splits``, each with its kinds."""
    splits = {name: _counted_json(counted) for name, counted in summary.splits.items()}
    return _counted_json(summary.all) | {"splits": splits}


def _counted(outcomes: Sequence[Outcome], kinds: Sequence[str]) -> Counted:
    by_kind = {kind: [outcome for outcome in outcomes if outcome.asked.kind == kind] for kind in kinds}
    return Counted(figures_of(outcomes), {kind: figures_of(found) for kind, found in by_kind.items() if found})


def _counted_json(counted: Counted) -> dict[str, Any]:
    kinds = {kind: _rounded(figures) for kind, figures in counted.kinds.items()}
    return _rounded(counted.figures) | {"kinds": kinds}


def _rounded(figures: Figures) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(figures).items()}
