"""How far the words of some sentences support a claim: a probability, a verdict, and what speaks against it in plain English.

Two layers. A graded one multiplies two logistic regressions: is the evidence about this at all, and does it agree. A
layer of checks by words alone (``find_faults``) finds the number, name, denial, opposite, scope or role that the evidence does
not have; what it finds counts wherever the evidence is a few sentences, or has a sentence close to the claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.support.checks import check as find_faults
from assistant.support.findings import Finding
from assistant.support.model import fitted, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder

__all__ = ["ENOUGH_SUPPORT", "Finding", "Judge", "Support", "find_faults", "support"]

ENOUGH_SUPPORT = 0.55
"""The least probability that counts as support. Cross-validated on SciFact's training claims: macro-F1 0.747
(0.50: 0.733; 0.60: 0.736)."""

_FEW_SENTENCES = 3
_CLOSE = 0.6
_SPEAKS_AGAINST = 0.3
_MAY_SPEAK_AGAINST = 0.8
"""What remains of the probability where something speaks against the claim: in a few sentences, and in a long text, where
it may come from a sentence about something else (0.3 there too: macro-F1 0.739)."""
_LEAST_NEAR = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """How far evidence supports a claim. ``reasons`` say what speaks against it; a verdict against it has one."""

    probability: float
    verdict: bool
    reasons: tuple[str, ...]


def support(
    claim: str, evidence: Sequence[str], embedder: Embedder, vectors: NDArray[np.float32] | None = None
) -> Support:
    """Return how far the sentences of ``evidence`` support ``claim``.

    Args:
        claim: one statement.
        evidence: the sentences it should rest on, as they are read.
        embedder: the model, asked once: for the claim, and for the evidence unless ``vectors`` has it.
        vectors: ``(n, dim) float32``, unit vectors of the sentences of ``evidence``.
    """
    if not claim.strip() or not evidence:
        return Support(0.0, False, ("there is no evidence" if claim.strip() else "nothing is claimed",))
    model = fitted()
    figures = weigh(claim, evidence, _similarity(claim, evidence, embedder, vectors), model.rarity)
    near, agrees = float(model.near(figures.near)), float(model.agrees(figures.stance))
    few = len(evidence) <= _FEW_SENTENCES
    against = figures.findings if few or figures.closeness > _CLOSE else ()
    remains = _SPEAKS_AGAINST if few else _MAY_SPEAK_AGAINST
    probability = near * agrees * (remains if against else 1.0)
    verdict = probability >= ENOUGH_SUPPORT
    return Support(probability, verdict, () if verdict else _reasons(against, near))


@dataclass(frozen=True, slots=True)
class Judge:
    """``support`` as a function of claim and evidence alone, for measuring: ``Judge(embedder)(claim, evidence)``."""

    embedder: Embedder

    def __call__(self, claim: str, evidence: Sequence[str]) -> float:
        """Return the probability that ``evidence`` supports ``claim``; ``ENOUGH_SUPPORT`` is the threshold."""
        return support(claim, evidence, self.embedder).probability


def _similarity(
    claim: str, evidence: Sequence[str], embedder: Embedder, vectors: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    if vectors is not None:
        return np.asarray(vectors @ embedder.embed([claim])[0])
    mine, *theirs = embedder.embed([claim, *evidence])
    return np.asarray(np.stack(theirs) @ mine)


def _reasons(against: Sequence[Finding], near: float) -> tuple[str, ...]:
    if against:
        return tuple(dict.fromkeys(finding.reason for finding in against))
    return ("the source says little of this",) if near < _LEAST_NEAR else ("the source may not say the same",)
