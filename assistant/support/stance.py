"""Which way a sentence points: up, down, nowhere, or away; and whether claim and evidence point the same way. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.support.lexicon import DOWN, UP, opposites_of
from assistant.words import stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_DENIES = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|lack\w*|fail\w*|absen\w+|unable|incapable|scarce\w*|rare\w*|hardly|little"
    r"|un(?:related|affected|changed|likely|important|necessary|successful|associated|involved)|dispensable|minimal\w*"
    r"|in(?:effective|accurate|sufficient|dependent\w*|dispensable|sensitive)|ir(?:relevant|responsive)|impossible|non-?\w+"
    r"|negligible)\b|n['’]t\b",
    re.IGNORECASE,
)
_NO_EFFECT = re.compile(
    r"\bno (?:\w+ ){0,3}(?:difference|association|effect|evidence|impact|influence|correlation|relation\w*|change|benefit"
    r"|increase|reduction|role|decrease|improvement|support)s?\b|\bnot (?:\w+ ){0,3}(?:associated|differ\w*|affect\w*|related"
    r"|correlat\w+|improv\w+|reduc\w+|increas\w+|requir\w+|necessary|effect\w*|alter\w*|chang\w+|predict\w*|lower|higher"
    r"|greater|superior|inferior)|\bindependent(?:ly)? of|\bunaffected|\bunchanged|\bsimilar(?:ly)?\b|\black of|\bneither\b"
    r"|\blittle (?:effect|evidence)|\bdispensable|\bcomparable\b|\bstable\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:odds ratio|hazard ratio|relative risk|risk ratio|rate ratio|a?ORs?|a?HRs?|a?RRs?|ratio)\b[^0-9]{0,25}(\d+[.·]\d+)"
    r"(?:[^0-9]{1,30}(?:95|99)\s?%[^0-9]{0,30}(\d+[.·]\d+)[^0-9]{1,6}(\d+[.·]\d+))?",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\b(?:to|we|aim\w*) (?:\w+ )?(?:determin|examin|evaluat|assess|investigat|test|explor|compar|estimat|stud|analy|ask)\w*"
    r"|\bwhether\b|\b(?:unclear|unknown|controversial|uncertain|debated|not (?:well |fully |yet )?(?:known|understood|clear))\b"
    r"|^\W*(?:OBJECTIVE|BACKGROUND|METHODS|DESIGN|SETTING|AIM|PURPOSE|MAIN OUTCOME|CONTEXT)"
)
_ANNOUNCED = 0.1
_SHARED_WORDS = 0.5
_SHARPNESS = 12.0
STANCES = 63
"""How many figures ``stance`` gives."""


@lru_cache(maxsize=16_384)
def marks(text: str) -> tuple[float, ...]:
    """Return how often ``text`` raises, lowers, denies, finds no effect (at most 2 each), and its ratios above, below, at 1."""
    found = _in_order(text)
    raised, lowered = sum(word in UP for word in found), sum(word in DOWN for word in found)
    counts = (raised, lowered, len(_DENIES.findall(text)), len(_NO_EFFECT.findall(text)))
    return (*(float(min(count, 2)) for count in counts), *_ratios(text))


def stance(
    claim: str, evidence: Sequence[str], similarity: NDArray[np.floating], shared: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return what tells whether the evidence agrees: the claim's way crossed with that of the evidence nearest to it.

    Args:
        claim: the claim.
        evidence: the ``n`` sentences.
        similarity: ``(n,)``, cosine of every sentence and the claim.
        shared: ``(n,)``, share of the claim's words, weighted by rarity, that every sentence holds.

    Returns:
        ``(63,) float64``.
    """
    announced = np.array([_announces(sentence) for sentence in evidence])
    near = similarity + _SHARED_WORDS * shared - _ANNOUNCED * announced
    weight = np.exp(_SHARPNESS * (near - near.max()))
    weight /= weight.sum()
    mine, theirs = np.array(marks(claim)), np.array([marks(sentence) for sentence in evidence])
    way, ways = np.sign(mine[0] - mine[1]), np.sign(theirs[:, 0] - theirs[:, 1])
    denied = float(mine[2] > 0)
    kind = np.array([way > 0 and not denied, way < 0 and not denied, bool(denied), way == 0 and not denied], float)
    said = np.concatenate(
        [weight @ np.minimum(theirs, 1), [weight @ (ways > 0), weight @ (ways < 0), weight @ (ways == 0)]]
    )
    same, turned, directed = _directions(claim, evidence, weight)
    agreeing = way * (said[7] - said[8]) * (1 - 2 * denied)
    rest = [same, turned, directed, weight @ shared, weight @ similarity, agreeing]
    return np.concatenate([mine[:4], kind[:3], said, np.outer(kind, said).ravel(), rest])


def _directions(claim: str, evidence: Sequence[str], weight: NDArray[np.floating]) -> tuple[float, float, float]:
    """Return how much of the evidence has the claim's own words of direction, and how much has their opposites."""
    mine = [word for word in _in_order(claim) if word in UP or word in DOWN]
    if not mine:
        return 0.0, 0.0, 0.0
    same = turned = 0.0
    for part, sentence in zip(weight, evidence, strict=True):
        theirs = _stems(sentence)
        same += part * sum(word in theirs for word in mine) / len(mine)
        others = theirs.difference(mine)
        turned += part * sum(not opposites_of(word).isdisjoint(others) for word in mine) / len(mine)
    return same, turned, 1.0


@lru_cache(maxsize=16_384)
def _stems(text: str) -> frozenset[str]:
    return frozenset(_in_order(text))


@lru_cache(maxsize=16_384)
def _in_order(text: str) -> tuple[str, ...]:
    return tuple(stems(text))


@lru_cache(maxsize=16_384)
def _announces(text: str) -> bool:
    return bool(_ANNOUNCES.search(text))


def _ratios(text: str) -> tuple[float, float, float]:
    above = below = even = 0
    for found in _RATIO.finditer(text):
        value, *bounds = (float(part.replace("·", ".")) if part else None for part in found.groups())
        low, high = bounds
        if low is not None and high is not None and low <= 1 <= high:
            even = 1
        elif value is not None:
            above, below = above or int(value > 1), below or int(value < 1)
    return float(above), float(below), float(even)
