"""Documents that say the same: told by how many of their sentences they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant import storage
from assistant.identity import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.segments import Segment
    from assistant.types import Passage


_SAID_BY_MANY = 50
"""What more documents say tells none of them from the others: it counts for whichever of them shares something rarer."""


class Twins:
    """The sentences of some documents, and who says them; ``share`` in [0, 1] is how many two must have in common."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._who: defaultdict[int, list[str]] = defaultdict(list)
        self._sizes: dict[str, int] = {}
        self._segments: list[_Said] = []

    def add(self, name: str, said: Iterable[int]) -> None:
        """Take in a document by the fingerprints of its sentences."""
        different = set(said)
        self._sizes[name] = len(different)
        for one in different:
            self._who[one].append(name)

    def add_segment(self, segment: Segment, names: Sequence[str | None]) -> None:
        """Take in the documents of a segment by the names they go by; ``None`` leaves one out."""
        self._segments.append(_Said.of(segment, names))
        self._sizes |= self._segments[-1].sizes

    def of(self, said: Iterable[int]) -> str | None:
        """Return the document that shares most sentences with those given, if it shares so many that the two say the same.

        The share is of the longer of the two: an excerpt is no twin of the whole.
        """
        different = set(said)
        shared: Counter[str] = Counter()
        everywhere = 0
        for one in different:
            who = [*self._who.get(one, ()), *(name for segment in self._segments for name in segment.who(one))]
            if len(who) > _SAID_BY_MANY:
                everywhere += 1
            else:
                shared.update(who)
        shares = {name: (count + everywhere) / max(len(different), self._sizes[name]) for name, count in shared.items()}
        best = max(shares, key=lambda name: shares[name], default=None)
        return best if best is not None and shares[best] >= self._share else None


@dataclass(frozen=True, slots=True)
class _Said:
    """The sentences of a segment, each once for every document: fingerprints in order, ``(n,)``, and the documents' numbers."""

    prints: NDArray[np.uint64]
    owners: NDArray[np.int64]
    names: Sequence[str | None]

    @classmethod
    def of(cls, segment: Segment, names: Sequence[str | None]) -> _Said:
        prints, owners = storage.prints(segment.sentences), segment.owners.repeat(segment.sentence_counts)
        order = np.lexsort((owners, prints))
        prints, owners = prints[order], owners[order]
        is_first = np.ones(len(prints), np.bool_)
        is_first[1:] = (prints[1:] != prints[:-1]) | (owners[1:] != owners[:-1])
        return cls(prints[is_first], owners[is_first], names)

    @property
    def sizes(self) -> dict[str, int]:
        """How many sentences each document has."""
        counts = np.bincount(self.owners, minlength=len(self.names)).tolist()
        return {name: count for name, count in zip(self.names, counts, strict=True) if name is not None}

    def who(self, said: int) -> Iterator[str]:
        """Yield who says a sentence."""
        first, end = (int(np.searchsorted(self.prints, np.uint64(said), side=side)) for side in ("left", "right"))
        owners = self.owners[first : min(end, first + _SAID_BY_MANY + 1)].tolist()
        yield from (name for one in owners if (name := self.names[one]) is not None)


def said_in(passages: Iterable[Passage]) -> list[int]:
    """Return the fingerprints of the sentences of passages."""
    return [fingerprint(sentence.text) for passage in passages for sentence in passage.sentences]
