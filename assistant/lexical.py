"""Search by words: BM25 as Lucene computes it (Robertson and Zaragoza 2009), over passages and sentences.

Scores are worked out when a question is asked, since what a text's words weigh depends on all the others, and those change.

A score is told as the share of what the query's words could give at most, in [0, 1]: a query with little to go by in the
library scores low, however little the others hold of it.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Self

import numpy as np

from assistant.postings import Postings, is_among
from assistant.words import stems, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.vectors import Selection


K1 = 0.6
B = 0.4
"""How soon a repeated word stops counting, and how much length counts against a passage.

nDCG@10 of the fused ranking on SciFact, OR-ShARC, SQuAD and MTRAG ClapNQ: 0.743, 0.760, 0.920 and 0.419, against 0.739, 0.745,
0.917 and 0.402 with the usual 1.5 and 0.75; between 0.2 and 0.9, and 0.2 and 0.6, the sets differ in what suits them best.
"""

_COMMON = 10_000
"""How many texts hold a stem that is not gone through where it need not be."""
_KEPT_TERMS = 4_096
_ROUNDED = 1e-6


class LexicalIndex:
    """What the words of a query say for each text, and how common each stem is, over one or several postings end to end.

    Function words are kept, for a weight of their own: leaving them out costs OR-ShARC 0.017 nDCG@10, counting them in full
    costs the other sets up to 0.012.
    """

    def __init__(self, parts: Sequence[Postings]) -> None:
        counts = [len(part.lengths) for part in parts]
        self.count = sum(counts)
        self._bounds = np.cumsum([0, *counts])
        self._parts = parts
        self._places = lru_cache(maxsize=_KEPT_TERMS)(lambda term: tuple(part.place(term) for part in parts))

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Return an index of ``texts``; the position is the number they are found by."""
        return cls([Postings.of(texts)])

    def weights(self, query: str, function_words: float = 1.0) -> dict[str, float]:
        """Return what each stem of ``query`` weighs: its rarity by how often it stands there, function words for less."""
        counts = Counter(stems(query))
        content = Counter(terms(query))
        return {
            term: self.rarity(term) * (content[term] + function_words * (count - content[term]))
            for term, count in counts.items()
        }

    def shares(self, weights: Mapping[str, float], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the BM25 scores of ``rows`` for weighted stems, as shares of the most they could give: ``(len(rows),)``.

        No other text is looked at.
        """
        total = sum(weights.values())
        shares = np.zeros(len(rows), np.float32)
        for number, own, local in self._by_part(rows):
            found = np.zeros(len(local), np.float32)
            for term, weight in weights.items():
                if weight:
                    found += self._share_at(number, term, local) * np.float32(weight / total)
            shares[own] = found
        return shares

    def coverage(self, weights: Mapping[str, float], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the share of weighted stems that each of ``rows`` holds, however often: ``(len(rows),)`` in [0, 1].

        No other text is looked at.
        """
        total = sum(weights.values())
        shares = np.zeros(len(rows), np.float32)
        for number, own, local in self._by_part(rows):
            found = np.zeros(len(local), np.float32)
            for term, weight in weights.items():
                held = self._parts[number].rows[self._places(term)[number]]
                found += is_among(local, held) * np.float32(weight / total if weight else 0)
            shares[own] = found
        return shares

    def best(
        self, weights: Mapping[str, float], k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows with the highest shares above 0 and those shares, at most ``k``; of equals, the earlier first.

        Rows are gathered by the rarest stems; once the stems that are left could not lift another row among the best, only
        those gathered are looked at (MaxScore: Turtle and Flood 1995, "Query Evaluation"). What stands in half of a million
        texts is so not gone through for every question, and the result is the same.
        """
        total, mask = sum(weights.values()), None if selection is None else selection.mask
        scores = np.zeros(self.count, np.float32)
        terms = sorted((term for term, weight in weights.items() if weight), key=lambda term: -weights[term])
        for place, term in enumerate(terms):
            rest = sum(weights[one] for one in terms[place:]) / total
            if self.frequency(term) > _COMMON:
                rows = _gathered(scores, k, rest, mask)
                if rows is not None:
                    left = {one: weights[one] / total for one in terms[place:]}
                    return self._lifted(rows, scores[rows], left, k)
            self._add(term, weights[term] / total, scores)
        return best(scores, k, mask)

    def _lifted(
        self, rows: NDArray[np.int64], scores: NDArray[np.float32], left: Mapping[str, float], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best of ``rows``, with what stems that are left add to their scores."""
        whole = sum(left.values())
        scores = scores + self.shares(left, rows) * np.float32(whole)
        places, highest = best(scores, k)
        return rows[places], highest

    def _add(self, term: str, weight: float, scores: NDArray[np.float32]) -> None:
        """Add what a stem gives to the scores of all rows ``(count,)``."""
        for number, place in enumerate(self._places(term)):
            if place.start < place.stop:
                part = self._parts[number]
                rows, counts = part.rows[place], part.counts[place]
                own = scores[self._bounds[number] : self._bounds[number + 1]]
                own[rows] += counts / (counts + self._damping(number)[rows]) * np.float32(weight)

    def _share_at(self, number: int, term: str, local: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return how much of its weight a stem gives each of some rows of a part: between 0 and 1."""
        part, place = self._parts[number], self._places(term)[number]
        rows = part.rows[place]
        if not len(rows):
            return np.zeros(len(local), np.float32)
        places = np.minimum(np.searchsorted(rows, local), len(rows) - 1)
        counts = part.counts[place][places] * (rows[places] == local)
        return np.asarray(counts / (counts + self._damping(number)[local]), np.float32)

    def _by_part(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int32]]]:
        """Yield the parts that rows are of, the places of those rows, and their numbers in the part."""
        owners = np.searchsorted(self._bounds, rows, side="right") - 1
        for number in np.unique(owners).tolist():
            own = np.flatnonzero(owners == number)
            yield number, own, (rows[own] - self._bounds[number]).astype(np.int32)

    @cached_property
    def _damping(self) -> Callable[[int], NDArray[np.float32]]:
        """How much less a stem counts in each text of a part, ``(n,)``; worked out where it is asked for."""
        words = sum(int(part.lengths.sum(dtype=np.int64)) for part in self._parts)
        average = words / max(self.count, 1)
        return cache(lambda number: np.asarray(K1 * (1 - B + B * self._parts[number].lengths / average), np.float32))

    def search(
        self, query: str, k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the passages that share words with ``query`` and their scores, best first, at most ``k``."""
        return self.best(self.weights(query), k, selection)

    def frequency(self, term: str) -> int:
        """Return how many texts hold a stem."""
        return sum(place.stop - place.start for place in self._places(term))

    def rarity(self, term: str) -> float:
        """Return a stem's inverse document frequency, as BM25 has it: above 0, highest for a stem no passage holds."""
        return self._rarity(self.frequency(term))

    @property
    def highest_rarity(self) -> float:
        """The inverse document frequency of a stem that one passage holds: no stem in the library is rarer."""
        return self._rarity(1)

    def _rarity(self, frequency: int) -> float:
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))


def _gathered(
    scores: NDArray[np.float32], k: int, rest: float, mask: NDArray[np.bool_] | None
) -> NDArray[np.int64] | None:
    """Return the rows that can still be among the ``k`` best, where no row without a score can: what is left gives ``rest``."""
    rows = np.flatnonzero(scores if mask is None else (scores > 0) & mask)
    if k < 1 or len(rows) < k:
        return None
    found = scores[rows]
    least = np.partition(found, -k)[-k]
    return rows[found + rest >= least - _ROUNDED] if least > rest + _ROUNDED else None


def best(
    scores: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the rows with the highest scores above 0 and those scores, at most ``k``; of equals, the earlier first."""
    if allowed is not None:
        scores = np.where(allowed, scores, 0)
    if k < 1:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    least = np.partition(scores, -k)[-k] if k < len(scores) else 0
    rows = np.flatnonzero((scores >= least) & (scores > 0))
    rows = rows[np.argsort(-scores[rows], kind="stable")][:k].astype(np.int64)
    return rows, scores[rows].astype(np.float32)
