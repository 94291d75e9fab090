"""From a claim and its evidence to a probability: is it about this, does it agree, and does anything speak against it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from assistant.support.checks import check
from assistant.support.features import Rarity, nearness
from assistant.support.stance import stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.support.findings import Finding


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: ``weights`` ``(n,)`` over the raw figures, and its ``bias``."""

    weights: NDArray[np.float64]
    bias: float

    def __call__(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities: ``(m, n)`` gives ``(m,)``, ``(n,)`` one."""
        return np.asarray(1 / (1 + np.exp(-(figures @ self.weights + self.bias))))


@dataclass(frozen=True, slots=True)
class Model:
    """What was fitted: nearness to the evidence, agreement with it, and how rare words are."""

    near: Logistic
    agrees: Logistic
    rarity: Rarity


@dataclass(frozen=True, slots=True)
class Figures:
    """A claim weighed against its evidence: the figures of the two regressions, what speaks against it, and how close it is."""

    near: NDArray[np.float64]
    stance: NDArray[np.float64]
    findings: tuple[Finding, ...]
    closeness: float


def weigh(claim: str, evidence: Sequence[str], similarity: NDArray[np.floating], rarity: Rarity) -> Figures:
    """Return the figures of a claim; ``similarity`` is ``(n,)``, the cosine of every sentence of evidence and the claim."""
    each, together = rarity.shares(claim, evidence)
    return Figures(
        nearness(claim, evidence, similarity, each, together),
        stance(claim, evidence, similarity, each),
        check(claim, evidence),
        float(each.max()),
    )


@lru_cache(maxsize=1)
def fitted() -> Model:
    """Return the model that is shipped (``python -m assistant.support.fitting`` makes it)."""
    stored = json.loads(files("assistant.support").joinpath("weights.json").read_text(encoding="utf-8"))
    near, agrees = (Logistic(np.array(stored[name]["weights"]), stored[name]["bias"]) for name in ("near", "agrees"))
    return Model(near, agrees, Rarity(stored["documents"], stored["counts"]))
