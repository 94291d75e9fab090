"""Search on a cluster: a generation of a library in Milvus, by meaning and, where the server can, by words.

Wang et al. 2021, "Milvus: A Purpose-Built Vector Data Management System".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assistant.errors import ClusterAway, ClusterError, IndexDamaged, IndexMismatch
from assistant.vectors.collections import count, dimensions_of, is_published, vectors_of
from assistant.vectors.schema import BM25, KEY, SETTINGS, TAGS, VECTOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.types import Facet
    from assistant.vectors import Selection
    from assistant.vectors.cluster import Cluster
    from assistant.vectors.schema import Place

_MOST = 16_384
"""The most rows that Milvus returns of a search."""
_REMEDY = 'Run "casewise index" to send it again.'


class Keys(Protocol):
    """What the rows of a generation are known by in Milvus."""

    def __len__(self) -> int:
        """How many rows there are."""
        ...

    def keys_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the keys of rows, ``(len(rows),)``."""
        ...

    def rows_of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of keys, ``(len(keys),)``; -1 for one that is none of the generation's."""
        ...


@dataclass(frozen=True)
class MilvusVectors:
    """The rows of a generation as they stand in Milvus. Safe to use from several threads.

    Before the first search it is made sure that the server holds the generation: whole, and of the same model.
    """

    cluster: Cluster
    place: Place
    keys: Keys
    _checking: Lock = field(default_factory=Lock, repr=False)
    _checked: list[bool] = field(default_factory=list, repr=False)

    def search(
        self, query: NDArray[np.float32], k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows nearest to ``query`` and their inner products, best first; see ``VectorStore``.

        At most 16,384 rows, which is what Milvus gives.

        Raises:
            ClusterAway: the server does not answer in time.
            ClusterError: it refuses.
            IndexDamaged, IndexMismatch: it does not hold the generation, or not all of it.
        """
        settings = SETTINGS[self.place.kind][1]
        widths = {name: max(value, k) for name, value in settings.items() if name != "nprobe"}
        how = {"metric_type": "IP", "params": {**settings, **widths}}
        return self._found(query, VECTOR, how, k, selection)

    def search_words(
        self, words: str, k: int, selection: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows that words fit best and Milvus' own BM25 scores of them, best first; see ``search``.

        ``words`` are separated by blanks; a word that stands there twice counts twice.
        """
        return self._found(words, BM25, {"metric_type": "BM25"}, k, selection) if words else _none()

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors with these numbers, ``(len(numbers), dim) float32``.

        Raises:
            ClusterAway, ClusterError, IndexDamaged, IndexMismatch: as ``search``.
        """
        self.check()
        keys = self.keys.keys_of(np.asarray(numbers, np.int64))
        found = vectors_of(self.cluster, self.place, np.unique(keys))
        if any(key not in found for key in keys.tolist()):
            raise self._damaged("lacks passages that it should hold")
        if not len(keys):
            return np.empty((0, self.place.dimensions), np.float32)
        return np.asarray([found[key] for key in keys.tolist()], np.float32)

    def check(self) -> None:
        """Make sure, once, that the server holds the generation.

        Raises:
            ClusterAway, ClusterError, IndexDamaged, IndexMismatch: as ``search``.
        """
        with self._checking:
            if not self._checked:
                self.check_now()
                self._checked.append(True)

    def check_now(self) -> None:
        """Make sure that the server holds the generation.

        Raises:
            ClusterAway, ClusterError, IndexDamaged, IndexMismatch: as ``search``.
        """
        if not is_published(self.cluster, self.place):
            raise IndexMismatch(
                f"Milvus at {self.cluster.address} does not hold this index: it has no {self.place.alias}. {_REMEDY}"
            )
        dimensions = dimensions_of(self.cluster, self.place)
        if dimensions != self.place.dimensions:
            raise IndexMismatch(
                f"The vectors of {self.place.collection} in Milvus at {self.cluster.address} have {dimensions} dimensions, those "
                f"of the index {self.place.dimensions}. {_REMEDY}"
            )
        held = count(self.cluster, self.place)
        if held != len(self.keys):
            raise self._damaged(f"holds {held:,} passages of this index instead of {len(self.keys):,}")

    def _found(
        self, asked: Any, field: str, how: dict[str, Any], k: int, selection: Selection | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        limit = min(k, len(self.keys), _MOST)
        if limit < 1:
            return _none()
        self.check()
        try:
            (hits,) = self.cluster.ask(
                lambda client, seconds: client.search(
                    self.place.alias,
                    data=[asked],
                    anns_field=field,
                    filter=expression(self.place, selection),
                    limit=limit,
                    search_params=how,
                    timeout=seconds,
                )
            )
        except ClusterAway:
            raise
        except ClusterError:  # what it does not hold it refuses to search, in words that say little
            self.check_now()
            raise
        return self._rows(hits)

    def _rows(self, hits: Any) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        rows = self.keys.rows_of(np.asarray([hit.id for hit in hits], np.int64))
        if (rows < 0).any():
            raise self._damaged("holds passages that are not of this index", self.anew)
        return rows, np.asarray([hit.distance for hit in hits], np.float32)

    @property
    def anew(self) -> str:
        """What to do where a build would not find out that anything is wrong."""
        return f'Remove the collection there, and run "casewise index" to send {self.place.collection} again.'

    def _damaged(self, how: str, remedy: str = _REMEDY) -> IndexDamaged:
        return IndexDamaged(f"{self.place.collection} in Milvus at {self.cluster.address} {how}. {remedy}")


def expression(place: Place, selection: Selection | None = None) -> str:
    """Return Milvus' filter for the rows of a generation that a selection lets through."""
    groups = () if selection is None else selection.groups
    return " and ".join([place.alive, *map(_any_of, groups)])


def tag_number(facet: Facet, value: str | None) -> int:
    """Return the number that a tag is known by in Milvus, 64 bits with a sign; ``None`` stands for no tag of the facet.

    Numbers are compared faster than names, and need no quoting in an expression.
    """
    text = f"{facet.value}\0{'' if value is None else f'={value}'}"
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True)


def _any_of(group: frozenset[tuple[Facet, str | None]]) -> str:
    if not group:
        return f"{KEY} in []"
    numbers = sorted(tag_number(facet, value) for facet, value in group)
    return f"array_contains_any({TAGS}, {numbers})"


def _none() -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    return np.empty(0, np.int64), np.empty(0, np.float32)
