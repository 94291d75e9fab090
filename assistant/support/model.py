"""From a claim and its evidence to probabilities: is it about this, and does it agree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from assistant.support.features import Rarity, likeness, nearness
from assistant.support.stance import stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEW_SENTENCES = 3
_CLOSE = 0.6


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
    """What was fitted: whether a text is near a claim and agrees with it, whether a few sentences say it, how rare words are."""

    near: Logistic
    agrees: Logistic
    like: Logistic
    rarity: Rarity


@dataclass(frozen=True, slots=True)
class Weighed:
    """How likely evidence is to be about a claim, and to support it if nothing speaks against it; and the nearest of it."""

    about: float
    supports: float
    nearest: tuple[str, ...]


def weigh_few(claim: str, evidence: Sequence[str], similarity: NDArray[np.floating], model: Model) -> Weighed:
    """Weigh a few sentences; ``similarity`` is ``(n,)``, the cosine of every sentence of evidence and the claim."""
    about = float(model.like(likeness(claim, evidence, similarity, model.rarity)))
    return Weighed(about, about, tuple(evidence))


def weigh_many(claim: str, evidence: Sequence[str], similarity: NDArray[np.floating], model: Model) -> Weighed:
    """Weigh a text. The nearest sentences are those that share most with the claim; none where even they share little."""
    each, _ = model.rarity.shares(claim, evidence)
    about = float(model.near(nearness(claim, evidence, similarity, model.rarity)))
    agrees = float(model.agrees(stance(claim, evidence, similarity, each)))
    order = np.argsort(-each)[:FEW_SENTENCES] if each.max() > _CLOSE else ()
    return Weighed(about, about * agrees, tuple(evidence[place] for place in sorted(order)))


@lru_cache(maxsize=1)
def fitted() -> Model:
    """Return the model that is shipped (``python -m assistant.support.fitting`` makes it)."""
    stored = json.loads(files("assistant.support").joinpath("weights.json").read_text(encoding="utf-8"))
    near, agrees, like = (
        Logistic(np.array(stored[name]["weights"]), stored[name]["bias"]) for name in ("near", "agrees", "like")
    )
    return Model(near, agrees, like, Rarity(stored["documents"], stored["counts"]))
