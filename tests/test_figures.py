from __future__ import annotations

from typing import Any

import pytest

from assistant.evaluation.figures import Figures, figures_of, summarise, summary_json
from tests.outcomes import answered, refused

near: Any = pytest.approx
GOLD = (("opened in May",), ("40 desks",))
RUN = [
    answered("a", latency_ms=10.0, words=10, split="tuning"),
    answered("b", gold=GOLD, covered=(True, False), first_right=False, words=30, sentences=3, cited=2, split="test"),
    refused("c", gold=GOLD, kind="fact", latency_ms=30.0, split="test"),
    refused("d", latency_ms=20.0, split="test"),
    answered("e", gold=(), kind="unanswerable", words=20, sentences=2, cited=2, latency_ms=40.0, split="tuning"),
]


def test_figures_are_counted_by_their_definitions() -> None:
    assert figures_of(RUN) == Figures(
        questions=5,
        answerable=3,
        answered=3,
        evidence_recall=near((1 + 1 / 2 + 0) / 3),
        first_citation=near(1 / 3),
        refusal_precision=1 / 2,
        refusal_recall=1 / 2,
        cited=5 / 6,
        median_words=20.0,
        latency_p50_ms=20.0,
        latency_p95_ms=near(38.0),
    )


def test_what_is_nothing_divided_by_nothing_is_undefined() -> None:
    shares = ("evidence_recall", "first_citation", "refusal_precision", "refusal_recall", "cited", "median_words")
    nothing = figures_of([])
    assert [getattr(nothing, name) for name in (*shares, "latency_p50_ms", "latency_p95_ms")] == [None] * 8
    only_answered = figures_of(RUN[:1])
    assert (only_answered.refusal_precision, only_answered.refusal_recall) == (None, None)
    only_refused = figures_of([RUN[3]])
    assert (only_refused.evidence_recall, only_refused.cited, only_refused.median_words) == (None, None, None)


def test_kinds_and_splits_are_counted_apart() -> None:
    table = summary_json(summarise(RUN))
    assert {kind: figures["questions"] for kind, figures in table["kinds"].items()} == {"fact": 3, "unanswerable": 2}
    assert {name: figures["questions"] for name, figures in table["splits"].items()} == {"tuning": 2, "test": 3}
    assert table["splits"]["test"]["kinds"]["fact"]["evidence_recall"] == 0.25
    assert table["splits"]["tuning"]["kinds"]["fact"]["refusal_recall"] is None


def test_a_run_without_splits_has_none() -> None:
    assert summarise([answered("a")]).splits == {}
