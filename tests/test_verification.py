from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from assistant.errors import EvaluationError
from assistant.evaluation.verification import (
    Judged,
    Label,
    area_under_curve,
    judge_all,
    read_claims,
    verification_json,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def word_share(claim: str, evidence: Sequence[str]) -> float:
    """Judge by the share of the claim's words that the evidence has: a measure of support that is easily wrong."""
    held = set(" ".join(evidence).split())
    return sum(word in held for word in claim.split()) / len(claim.split())


def pairs(*judged: tuple[str, float]) -> list[Judged]:
    return [Judged(number, "", Label(label), probability) for number, (label, probability) in enumerate(judged)]


def test_claims_are_read_and_judged_by_their_evidence(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    lines = [
        {"claim_id": "7", "claim": "it has desks", "label": "SUPPORT", "abstract_sentences": ["it has", "40 desks"]},
        {"claim": "it has beds", "label": "CONTRADICT", "abstract_sentences": ["it has desks"], "doc_id": "1"},
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    judged = judge_all(read_claims(path), word_share)
    two_thirds: Any = pytest.approx(2 / 3)
    assert judged == [
        Judged("7", "it has desks", Label.SUPPORT, 1.0),
        Judged(2, "it has beds", Label.CONTRADICT, two_thirds),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"claim": "a", "label": "MAYBE", "abstract_sentences": ["b"]}', "Line 1 of .* label"),
        ('{"claim": "a", "label": "SUPPORT", "abstract_sentences": []}', "Line 1 of .* abstract_sentences"),
        ("", "holds no claim"),
    ],
)
def test_a_faulty_line_of_claims_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(line)
    with pytest.raises(EvaluationError, match=reason):
        read_claims(path)


def test_figures_hold_what_is_supported_against_the_rest() -> None:
    judged = pairs(("SUPPORT", 0.9), ("SUPPORT", 0.5), ("SUPPORT", 0.2), ("CONTRADICT", 0.6), ("NOT_ENOUGH_INFO", 0.1))
    found = verify(judged, 0.5)
    assert (found.supported.pairs, found.supported.precision, found.supported.recall) == (3, 2 / 3, 2 / 3)
    assert (found.rest.pairs, found.rest.precision, found.rest.recall, found.rest.f1) == (2, 1 / 2, 1 / 2, 1 / 2)
    assert found.macro_f1 == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert found.auc == pytest.approx(4 / 6)
    assert found.confusion == {Label.SUPPORT: (2, 1), Label.CONTRADICT: (1, 0), Label.NOT_ENOUGH_INFO: (0, 1)}
    table = json.loads(json.dumps(verification_json(found)))
    assert (table["macro_f1"], table["confusion"]["SUPPORT"]) == (0.5833, {"supported": 2, "not": 1})


def test_figures_of_one_side_alone_are_undefined() -> None:
    found = verify(pairs(("SUPPORT", 0.9)), 0.5)
    assert (found.auc, found.macro_f1, found.rest.recall, found.rest.f1) == (None, None, None, None)
    assert found.supported.f1 == 1.0


def test_the_area_is_the_share_of_pairs_in_order_with_ties_half() -> None:
    generator = np.random.default_rng(7)
    truth, scores = generator.random(60) < 0.4, generator.integers(0, 9, 60).astype(np.float64)
    ordered = [(a > b) + (a == b) / 2 for a in scores[truth] for b in scores[~truth]]
    assert area_under_curve(truth, scores) == pytest.approx(np.mean(ordered))
