"""How far the words of some sentences support a claim: a probability, a verdict, and what speaks against it in plain English.

Two layers. A graded one tells whether the evidence is about this: of a few sentences, by meaning and by words; of a longer
text, by a logistic regression times another that tells whether it agrees. A layer of checks by words alone (``find_faults``)
finds what the claim changes in its source: a number, name, denial, opposite, scope or role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.support.checks import AS_SHIPPED, find_faults
from assistant.support.findings import Finding
from assistant.support.model import FEW_SENTENCES, fitted, weigh_few, weigh_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder
    from assistant.settings import Settings

__all__ = ["Finding", "Judge", "Support", "find_faults", "support"]

_LEAST_NEAR = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """How far evidence supports a claim. ``reasons`` say what speaks against it; a verdict against it has one."""

    probability: float
    verdict: bool
    reasons: tuple[str, ...]


def support(
    claim: str,
    evidence: Sequence[str],
    embedder: Embedder,
    vectors: NDArray[np.float32] | None = None,
    settings: Settings = AS_SHIPPED,
) -> Support:
    """Return how far the sentences of ``evidence`` support ``claim``.

    Args:
        claim: one statement.
        evidence: the sentences it should rest on, as they are read.
        embedder: the model, asked once: for the claim, and for the evidence unless ``vectors`` has it.
        vectors: ``(n, dim) float32``, unit vectors of the sentences of ``evidence``.
        settings: what counts as close wording, and as enough.
    """
    if not claim.strip() or not evidence:
        return Support(0.0, False, ("there is no evidence" if claim.strip() else "nothing is claimed",))
    few = len(evidence) <= FEW_SENTENCES
    weigh = weigh_few if few else weigh_many
    weighed = weigh(claim, evidence, _similarity(claim, evidence, embedder, vectors), fitted())
    against = find_faults(claim, weighed.nearest, settings)
    remains = (settings.against_sentences if few else settings.against_text) if against else 1.0
    probability = weighed.supports * remains
    verdict = probability >= settings.enough_support
    return Support(probability, verdict, () if verdict else _reasons(against, weighed.about))


@dataclass(frozen=True, slots=True)
class Judge:
    """``support`` as a function of claim and evidence alone, for measuring: ``Judge(embedder)(claim, evidence)``."""

    embedder: Embedder
    settings: Settings = AS_SHIPPED

    def __call__(self, claim: str, evidence: Sequence[str]) -> float:
        """Return the probability that ``evidence`` supports ``claim``; ``enough_support`` is the threshold."""
        return support(claim, evidence, self.embedder, settings=self.settings).probability


def _similarity(
    claim: str, evidence: Sequence[str], embedder: Embedder, vectors: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    if vectors is not None:
        return np.asarray(vectors @ embedder.embed([claim])[0])
    mine, *theirs = embedder.embed([claim, *evidence])
    return np.asarray(np.stack(theirs) @ mine)


def _reasons(against: Sequence[Finding], about: float) -> tuple[str, ...]:
    if against:
        return tuple(dict.fromkeys(finding.reason for finding in against))
    return ("the source says little of this",) if about < _LEAST_NEAR else ("the source may not say the same",)
