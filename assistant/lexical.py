"""Search by words: BM25 as Lucene computes it (Robertson and Zaragoza 2009; bm25s, Lù 2024), over passages and sentences.

A score is told as the share of what the query's words could give at most, in [0, 1]: a query with little to go by in the
library scores low, however little the others hold of it.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Self

import bm25s
import numpy as np

from assistant.errors import IndexDamaged
from assistant.words import stems, terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


K1 = 0.6
B = 0.4
"""How soon a repeated word stops counting, and how much length counts against a passage. They are built into an index.

nDCG@10 of the fused ranking on SciFact, OR-ShARC, SQuAD and MTRAG ClapNQ: 0.743, 0.760, 0.920 and 0.419, against 0.739, 0.745,
0.917 and 0.402 with the usual 1.5 and 0.75; between 0.2 and 0.9, and 0.2 and 0.6, the sets differ in what suits them best.
"""


class LexicalIndex:
    """What the words of a query say for each text, and how common each stem is.

    Function words are kept, for a weight of their own: leaving them out costs OR-ShARC 0.017 nDCG@10, counting them in full
    costs the other sets up to 0.012.
    """

    def __init__(self, bm25: bm25s.BM25, count: int) -> None:
        self._bm25 = bm25
        self._starts, self._rows, self._given = (
            np.asarray(bm25.scores[name]) for name in ("indptr", "indices", "data")
        )
        self.count = count

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Return an index of ``texts``; the position is the number they are found by."""
        bm25 = bm25s.BM25(method="lucene", k1=K1, b=B)
        bm25.index([stems(text) or [""] for text in texts], show_progress=False)
        return cls(bm25, len(texts))

    @classmethod
    def open(cls, folder: Path, count: int) -> Self:
        """Open a saved index of ``count`` passages, its arrays memory-mapped.

        Raises:
            IndexDamaged: a file of it cannot be read.
        """
        try:
            return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False), count)
        except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexDamaged(f'"{folder}" cannot be read. Run "casewise index" to rebuild it.') from error

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._bm25.save(str(folder), show_progress=False)

    def weights(self, query: str, function_words: float = 1.0) -> dict[str, float]:
        """Return what each stem of ``query`` weighs: its rarity by how often it stands there, function words for less."""
        counts = Counter(stems(query))
        content = Counter(terms(query))
        return {
            term: self.rarity(term) * (content[term] + function_words * (count - content[term]))
            for term, count in counts.items()
        }

    def shares(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Return the BM25 score of every text for weighted stems, as a share of the most they could give: ``(n,)`` in [0, 1]."""
        scores = np.zeros(self.count, np.float32)
        total = sum(weights.values())
        for term, weight in weights.items():
            rows, given = self._postings(term)
            scores[rows] += given * np.float32(weight / (total * self.rarity(term))) if weight else 0
        return scores

    def coverage(self, weights: Mapping[str, float], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the share of weighted stems that each of ``rows`` holds, however often: ``(len(rows),)`` in [0, 1].

        No other text is looked at.
        """
        held = np.zeros(len(rows), np.float32)
        total = sum(weights.values())
        for term, weight in weights.items():
            holding = self._postings(term)[0]
            if weight and len(holding):
                places = np.minimum(np.searchsorted(holding, rows.astype(holding.dtype)), len(holding) - 1)
                held += (holding[places] == rows) * np.float32(weight / total)
        return held

    def search(
        self, query: str, k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the passages that share words with ``query`` and their scores, best first, at most ``k``."""
        return best(self.shares(self.weights(query)), k, allowed)

    def frequency(self, term: str) -> int:
        """Return how many passages hold a stem."""
        return len(self._postings(term)[0])

    def rarity(self, term: str) -> float:
        """Return a stem's inverse document frequency, as BM25 has it: above 0, highest for a stem no passage holds."""
        return self._rarity(self.frequency(term))

    @property
    def highest_rarity(self) -> float:
        """The inverse document frequency of a stem that one passage holds: no stem in the library is rarer."""
        return self._rarity(1)

    def _rarity(self, frequency: int) -> float:
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def _postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the rows that hold a stem, in order, and the score that it gives each of them."""
        number = self._bm25.vocab_dict.get(term)
        if number is None:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        here = slice(self._starts[number], self._starts[number + 1])
        return self._rows[here], self._given[here]


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
