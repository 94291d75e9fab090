"""How well a measure of support tells supported claims from the rest, on claims with their evidence. Pure, but for reading.

A set is JSON lines ``{"claim", "label": "SUPPORT" | "CONTRADICT" | "NOT_ENOUGH_INFO", "abstract_sentences"}``, the layout of
SciFact's (Wadden et al. 2020); what is told apart is SUPPORT from the other two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

import numpy as np
from pydantic import BaseModel, Field

from assistant.building import Progress
from assistant.errors import EvaluationError
from assistant.evaluation.figures import share
from assistant.evaluation.lines import parsed


class Label(StrEnum):
    """What evidence says of a claim."""

    SUPPORT = "SUPPORT"
    CONTRADICT = "CONTRADICT"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"


class Judge(Protocol):
    """A measure of support: the probability, in [0, 1], that the evidence supports the claim."""

    def __call__(self, claim: str, evidence: Sequence[str], /) -> float:
        """Return the probability that ``evidence``, sentences in their order, supports ``claim``."""
        ...


class ClaimLine(BaseModel):
    """A line of a set of claims."""

    claim: str
    label: Label
    abstract_sentences: Annotated[list[str], Field(min_length=1)]
    claim_id: str | int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, what its evidence says of it, and the probability of support that a measure gave it."""

    id: str | int
    claim: str
    label: Label
    probability: float


@dataclass(frozen=True, slots=True)
class Side:
    """How well the supported claims, or the rest, were told: shares in [0, 1], ``None`` where nothing is divided by nothing."""

    pairs: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The figures of a measure of support at a threshold.

    ``macro_f1`` is the mean of both sides' F1. ``auc`` is the probability that a supported claim is given more than another
    is, and needs no threshold. ``confusion`` counts for every label the claims held to be supported, and those not.
    """

    threshold: float
    macro_f1: float | None
    auc: float | None
    supported: Side
    rest: Side
    confusion: dict[Label, tuple[int, int]]


def read_claims(path: Path) -> list[tuple[int, ClaimLine]]:
    """Read a set of claims, plain or ``.gz``, with the numbers of their lines.

    Raises:
        UsageError: the file is missing.
        EvaluationError: it holds no claim, or a line cannot be read; the line is named.
    """
    lines = list(parsed(path, ClaimLine))
    if not lines:
        raise EvaluationError(f'"{path}" holds no claim. Give a line of JSON for each.')
    return lines


def judge_all(claims: Sequence[tuple[int, ClaimLine]], judge: Judge, progress: Progress | None = None) -> list[Judged]:
    """Ask a measure of support about every claim."""
    judged = []
    for done, (number, line) in enumerate(claims, 1):
        identifier = number if line.claim_id is None else line.claim_id
        judged.append(Judged(identifier, line.claim, line.label, judge(line.claim, line.abstract_sentences)))
        if progress:
            progress("Judging", done, len(claims))
    return judged


def verify(judged: Sequence[Judged], threshold: float) -> Verification:
    """Count how well claims were judged: supported are those given at least ``threshold``."""
    truth = np.array([one.label is Label.SUPPORT for one in judged], np.bool_)
    probabilities = np.array([one.probability for one in judged], np.float64)
    held = probabilities >= threshold
    supported, rest = _side(truth, held), _side(~truth, ~held)
    known = supported.f1 is not None and rest.f1 is not None
    return Verification(
        threshold=threshold,
        macro_f1=((supported.f1 or 0.0) + (rest.f1 or 0.0)) / 2 if known else None,
        auc=area_under_curve(truth, probabilities),
        supported=supported,
        rest=rest,
        confusion={label: _held(judged, label, threshold) for label in Label},
    )


def area_under_curve(truth: np.typing.NDArray[np.bool_], scores: np.typing.NDArray[np.float64]) -> float | None:
    """Return the area under the ROC curve of ``(n,)`` scores, ties counted half; ``None`` where all are of one side.

    It is the Mann-Whitney statistic over all pairs of a true one and another (Hanley and McNeil 1982).
    """
    true, other = scores[truth], np.sort(scores[~truth])
    if not (len(true) and len(other)):
        return None
    below, not_above = np.searchsorted(other, true, "left"), np.searchsorted(other, true, "right")
    return float((below + not_above).sum() / (2 * len(true) * len(other)))


def verification_json(verification: Verification) -> dict[str, Any]:
    """Return the figures as one JSON object."""
    return {
        "threshold": verification.threshold,
        "macro_f1": _rounded(verification.macro_f1),
        "auc": _rounded(verification.auc),
        "supported": _side_json(verification.supported),
        "rest": _side_json(verification.rest),
        "confusion": {
            label.value: {"supported": held, "not": others} for label, (held, others) in verification.confusion.items()
        },
    }


def judged_json(judged: Judged) -> dict[str, Any]:
    """Return a claim that was judged as a JSON object."""
    table = {"id": judged.id, "claim": judged.claim, "label": judged.label.value}
    return table | {"probability": _rounded(judged.probability)}


def _side(truth: np.typing.NDArray[np.bool_], held: np.typing.NDArray[np.bool_]) -> Side:
    right, positives, named = int((truth & held).sum()), int(truth.sum()), int(held.sum())
    return Side(positives, share(right, named), share(right, positives), share(2 * right, positives + named))


def _held(judged: Sequence[Judged], label: Label, threshold: float) -> tuple[int, int]:
    of_label = [one for one in judged if one.label is label]
    held = sum(one.probability >= threshold for one in of_label)
    return held, len(of_label) - held


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "pairs": side.pairs,
        "precision": _rounded(side.precision),
        "recall": _rounded(side.recall),
        "f1": _rounded(side.f1),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
