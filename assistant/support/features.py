"""How near the evidence comes to a claim: by meaning, by rare words, by numbers, names and pairs of words. Pure."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assistant.words import stem, terms, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

NEARNESS = ("best", "best three", "words", "words of one", "number", "names", "pairs", "length")
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
        wanted = tuple(dict.fromkeys(terms(claim)))
        weights = {word: self(word) for word in wanted}
        total = sum(weights.values()) or 1.0
        held = [_terms(sentence) for sentence in evidence]
        each = np.array([sum(weights[word] for word in wanted if word in one) / total for one in held])
        together = set().union(*held)
        return each, sum(weights[word] for word in wanted if word in together) / total


def nearness(
    claim: str, evidence: Sequence[str], similarity: NDArray[np.floating], each: NDArray[np.floating], together: float
) -> NDArray[np.float64]:
    """Return the eight figures of ``NEARNESS``, ``(8,) float64``."""
    held = set().union(*(_terms(sentence) for sentence in evidence))
    mine = terms(claim)
    names = [stem(word) for word in list(words(claim))[1:] if word[0].isupper()]
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
        ]
    )


@lru_cache(maxsize=16_384)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms(text))


@lru_cache(maxsize=16_384)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(terms(text)))
