"""Search by words: BM25 as Lucene computes it (Robertson and Zaragoza 2009), over passages and sentences.

Scores are worked out when a question is asked, since what a text's words weigh depends on all the others, and those change.

A score is told as the share of what the query's words could give at most, in [0, 1]: a query with little to go by in the
library scores low, however little the others hold of it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from assistant.postings import Postings
from assistant.words import stems, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.vectors import Selection


K1 = 0.6
B = 0.4
"""How soon a repeated word stops counting, and how much length counts against a passage.

nDCG@10 of the fused ranking on SciFact, OR-ShARC, SQuAD and MTRAG ClapNQ: 0.743, 0.760, 0.920 and 0.419, against 0.739, 0.745,
0.917 and 0.402 with the usual 1.5 and 0.75; between 0.2 and 0.9, and 0.2 and 0.6, the sets differ in what suits them best.
"""


class LexicalIndex:
    """What the words of a query say for each text, and how common each stem is, over one or several postings end to end.

    Function words are kept, for a weight of their own: leaving them out costs OR-ShARC 0.017 nDCG@10, counting them in full
    costs the other sets up to 0.012.
    """

    def __init__(self, parts: Sequence[Postings]) -> None:
        counts = [len(part.lengths) for part in parts]
        self.count = sum(counts)
        self._offsets = np.cumsum([0, *counts])[: len(parts)].tolist()
        self._parts = parts
        words = sum(int(part.lengths.sum(dtype=np.int64)) for part in parts)
        average = words / max(self.count, 1)
        self._damping = [np.asarray(K1 * (1 - B + B * part.lengths / average), np.float32) for part in parts]

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
        """Return the BM25 scores of ``rows`` for weighted stems, as shares of the most they could give: ``(len(rows),)``."""
        return self._every(weights)[rows]

    def best(
        self, weights: Mapping[str, float], k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows with the highest shares above 0 and those shares, at most ``k``; of equals, the earlier first."""
        return best(self._every(weights), k, None if selection is None else selection.mask)

    def _every(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        scores = np.zeros(self.count, np.float32)
        total = sum(weights.values())
        for term, weight in weights.items():
            for held in self._held(term) if weight else ():
                scores[held.rows] += held.shares * np.float32(weight / total)
        return scores

    def coverage(self, weights: Mapping[str, float], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the share of weighted stems that each of ``rows`` holds, however often: ``(len(rows),)`` in [0, 1].

        No other text is looked at.
        """
        held = np.zeros(len(rows), np.float32)
        total = sum(weights.values())
        for term, weight in weights.items():
            for one in self._held(term) if weight else ():
                places = np.minimum(np.searchsorted(one.rows, rows), len(one.rows) - 1)
                held += (one.rows[places] == rows) * np.float32(weight / total)
        return held

    def search(
        self, query: str, k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the passages that share words with ``query`` and their scores, best first, at most ``k``."""
        return self.best(self.weights(query), k, selection)

    def frequency(self, term: str) -> int:
        """Return how many texts hold a stem."""
        places = (part.place(term) for part in self._parts)
        return sum(place.stop - place.start for place in places)

    def rarity(self, term: str) -> float:
        """Return a stem's inverse document frequency, as BM25 has it: above 0, highest for a stem no passage holds."""
        return self._rarity(self.frequency(term))

    @property
    def highest_rarity(self) -> float:
        """The inverse document frequency of a stem that one passage holds: no stem in the library is rarer."""
        return self._rarity(1)

    def _rarity(self, frequency: int) -> float:
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def _held(self, term: str) -> Iterator[_Held]:
        """Yield where a stem stands, for each of the postings that have it."""
        for part, offset, damping in zip(self._parts, self._offsets, self._damping, strict=True):
            place = part.place(term)
            if place.start < place.stop:
                yield _Held(part.rows[place].astype(np.int64) + offset, part.counts[place], damping[part.rows[place]])


@dataclass(frozen=True, slots=True)
class _Held:
    """The rows that hold a stem, in order, how often, and how much less it counts there; ``(n,)`` each."""

    rows: NDArray[np.int64]
    counts: NDArray[np.int32]
    damping: NDArray[np.float32]

    @property
    def shares(self) -> NDArray[np.float32]:
        """How much of its weight the stem gives each row: between 0 and 1."""
        return np.asarray(self.counts / (self.counts + self.damping), np.float32)


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
