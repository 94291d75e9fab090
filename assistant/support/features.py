"""How near the evidence comes to a claim: by meaning, by rare words, by numbers, names and pairs of words. Pure."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assistant.support.synonyms import alike, kinship
from assistant.words import stem, terms, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

NEARNESS = ("best", "best three", "words", "words of one", "number", "names", "pairs", "length", "words alike")
_FIRST_OF = 3


class Rarity:
    """How rare words are in general: the logarithm of documents over documents that have the word."""

    def __init__(self, documents: int, counts: Mapping[str, int]) -> None:
        self._documents, self._counts = documents, counts

    def __call__(self, word: str) -> float:
        """Return the inverse document frequency of a stem; one that is in no document counts as the rarest."""
        return math.log((self._documents + 1) / (self._counts.get(word, 0) + 0.5))

    def shares(self, claim: str, evidence: Sequence[str]) -> tuple[NDArray[np.float64], float]:
        """Return the share of the claim's words that each sentence holds, ``(n,)``, and the share that all hold together."""
        wanted = tuple(dict.fromkeys(_in_order(claim)))
        weights = {word: self(word) for word in wanted}
        total = sum(weights.values()) or 1.0
        held = [_terms(sentence) for sentence in evidence]
        each = np.array([sum(weights[word] for word in wanted if word in one) / total for one in held])
        together = set().union(*held)
        return each, sum(weights[word] for word in wanted if word in together) / total

    def share_alike(self, claim: str, evidence: Sequence[str]) -> float:
        """Return the share of the claim's words, weighted by rarity, that the sentences have in some form or by a synonym."""
        wanted = {word: self(word) for word in _in_order(claim)}
        held = set().union(*(_terms(sentence) for sentence in evidence))
        kin = set().union(*map(kinship, held))
        likely = [word for word in wanted if word in held or not kinship(word).isdisjoint(kin)]
        found = [word for word in likely if word in held or any(alike(word, other) for other in held)]
        return sum(wanted[word] for word in found) / (sum(wanted.values()) or 1.0)


def nearness(
    claim: str, evidence: Sequence[str], similarity: NDArray[np.floating], rarity: Rarity
) -> NDArray[np.float64]:
    """Return the nine figures of ``NEARNESS``, ``(9,) float64``."""
    each, together = rarity.shares(claim, evidence)
    held = set().union(*(_terms(sentence) for sentence in evidence))
    mine = _in_order(claim)
    names = [stem(word) for word in words(claim)[1:] if word[0].isupper()]
    pairs = set(pairwise(mine))
    theirs = set().union(*(_pairs(sentence) for sentence in evidence))
    ranked = np.sort(similarity)[::-1]
    return np.array(
        [
            ranked[0],
            ranked[:_FIRST_OF].mean(),
            together,
            each.max(),
            float(any(word not in held for word in mine if word[0].isdigit())),
            sum(name not in held for name in names) / max(1, len(names)),
            len(pairs & theirs) / max(1, len(pairs)),
            math.log(1 + len(mine)),
            rarity.share_alike(claim, evidence),
        ]
    )


def likeness(
    claim: str, evidence: Sequence[str], similarity: NDArray[np.floating], rarity: Rarity
) -> NDArray[np.float64]:
    """Return how like a few sentences are to a claim, ``(2,) float64``: the nearest's cosine, and the share of words alike."""
    return np.array([similarity.max(), rarity.share_alike(claim, evidence)])


@lru_cache(maxsize=16_384)
def _in_order(text: str) -> tuple[str, ...]:
    return tuple(terms(text))


@lru_cache(maxsize=16_384)
def _terms(text: str) -> frozenset[str]:
    return frozenset(_in_order(text))


@lru_cache(maxsize=16_384)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(_in_order(text)))
