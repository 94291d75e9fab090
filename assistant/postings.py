"""Which texts hold which stems, and how often: an inverted index, joined with others or cut down without reading a text.

Arrays on disk, memory-mapped; a stem is known by a hash of 64 bits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np

from assistant.errors import IndexDamaged
from assistant.words import stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Number = TypeVar("Number", np.int32, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The stems of ``n`` texts: ``m`` different ones, ``p`` pairs of a stem and a text that holds it.

    ``keys`` ``(m,) uint64`` are in order; the texts that hold the stem ``keys[i]`` are ``rows[starts[i]:starts[i + 1]]``, in
    order, each as often as ``counts`` says (both ``(p,) int32``). ``lengths`` ``(n,) int32`` count the words of the texts.
    """

    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Return the postings of ``texts``; the position is a text's row. One without words counts as one word long."""
        return cls.of_terms(map(stems, texts))

    @classmethod
    def of_terms(cls, rows: Iterable[Iterable[str]]) -> Self:
        """Return the postings of texts that are given as their stems, or of whatever else stands in rows: tags, say."""
        found = [Counter(terms) for terms in rows]
        keys = [key_of(stem) for counter in found for stem in counter]
        owners = np.repeat(np.arange(len(found)), [len(counter) for counter in found])
        counts = [count for counter in found for count in counter.values()]
        lengths = np.asarray([max(counter.total(), 1) for counter in found], np.int32)
        return cls._sorted(np.asarray(keys, np.uint64), owners, np.asarray(counts, np.int32), lengths)

    @classmethod
    def joined(cls, parts: Sequence[tuple[Self, NDArray[np.bool_]]]) -> Self:
        """Return several postings as one, of the rows that the mask ``(n,)`` of each lets through, in order."""
        keys, rows, counts, before = [], [], [], 0
        for part, kept in parts:
            held = kept[part.rows]
            keys.append(np.repeat(part.keys, np.diff(part.starts))[held])
            rows.append((np.cumsum(kept) - 1)[part.rows[held]] + before)
            counts.append(part.counts[held])
            before += int(kept.sum())
        lengths = np.concatenate([part.lengths[kept] for part, kept in parts])
        return cls._sorted(np.concatenate(keys), np.concatenate(rows), np.concatenate(counts), lengths)

    @classmethod
    def _sorted(
        cls, keys: NDArray[np.uint64], rows: NDArray[np.int64], counts: NDArray[np.int32], lengths: NDArray[np.int32]
    ) -> Self:
        order = np.lexsort((rows, keys))
        different, firsts = np.unique(keys[order], return_index=True)
        starts = np.append(firsts, len(keys)).astype(np.int64)
        return cls(different, starts, rows[order].astype(np.int32), counts[order], lengths)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open saved postings, memory-mapped.

        Raises:
            IndexDamaged: a file is missing, cannot be read, or does not fit the others.
        """
        try:
            files = [_file(folder, one.name) for one in fields(cls)]
            arrays = [np.asarray(np.load(file, mmap_mode="r", allow_pickle=False)) for file in files]
        except (OSError, EOFError, ValueError) as error:
            raise IndexDamaged(f'"{folder}" cannot be read. Run "casewise index" to rebuild it.') from error
        found = cls(*arrays)
        if not (len(found.starts) == len(found.keys) + 1 and found.starts[-1] == len(found.rows) == len(found.counts)):
            raise IndexDamaged(f'The files in "{folder}" are not of one index. Run "casewise index" to rebuild it.')
        return found

    def save(self, folder: Path) -> None:
        """Write the postings into a folder of their own, a file an array."""
        folder.mkdir()
        for one in fields(self):
            np.save(_file(folder, one.name), getattr(self, one.name), allow_pickle=False)

    def place(self, stem: str) -> slice:
        """Return where in ``rows`` and ``counts`` the texts stand that hold a stem."""
        key = np.uint64(key_of(stem))
        number = int(np.searchsorted(self.keys, key))
        if number == len(self.keys) or self.keys[number] != key:
            return slice(0, 0)
        return slice(int(self.starts[number]), int(self.starts[number + 1]))


@lru_cache(maxsize=65_536)
def key_of(stem: str) -> int:
    """Return the number that a stem is known by."""
    return int.from_bytes(blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def is_among(ones: NDArray[Number], others: NDArray[Number]) -> NDArray[np.bool_]:
    """Tell which of ``ones`` ``(n,)`` are among ``others`` ``(m,)``, which are in order: ``(n,)``, in n log m steps.

    Both are of one kind: NumPy would copy all of ``others`` to make them so.
    """
    if not len(others):
        return np.zeros(len(ones), np.bool_)
    places = np.minimum(np.searchsorted(others, ones), len(others) - 1)
    return np.asarray(others[places] == ones)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.npy"
