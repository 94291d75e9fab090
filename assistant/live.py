"""The index that is in use: opened once, and again as soon as a new generation of it is published."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from assistant.errors import IndexFault, IndexMismatch, UsageError
from assistant.generations import current
from assistant.index import PassageIndex

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.embeddings import Embedder
    from assistant.vectors.cluster import Cluster


class LiveIndex:
    """Gives out the newest index there is. Safe to use from several threads: each goes on with the one it was given.

    A generation that cannot be opened, since it was built with another model say, is passed over: the last good one stays. All
    are searched by the same ``cluster``, if there is one.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: there is no index to begin with.
    """

    def __init__(self, folder: Path, embedder: Embedder, cluster: Cluster | None = None) -> None:
        self._folder, self._embedder, self._cluster = folder, embedder, cluster
        self._lock = Lock()
        opened = PassageIndex.open(folder, embedder, cluster)
        self._index: PassageIndex | None = opened
        self._seen = opened.folder

    def now(self) -> PassageIndex:
        """Return the index in use.

        Raises:
            UsageError: it has been closed.
        """
        newest = self._newest()
        if newest == self._seen and (index := self._index) is not None:
            return index
        with self._lock:
            if self._index is not None and newest != self._seen:
                self._open(newest)
            if self._index is None:
                raise UsageError("The library has been closed. Open it again to ask it something.")
            return self._index

    def close(self) -> None:
        """Give out no more. Whoever was given an index has it until they are done, and then its generation is let go of."""
        with self._lock:
            self._index = None

    def _newest(self) -> Path:
        try:
            return current(self._folder)
        except IndexFault:  # there is none any more: what is open can still be asked
            return self._seen

    def _open(self, newest: Path) -> None:
        try:
            opened = PassageIndex.open(self._folder, self._embedder, self._cluster)
            self._index, self._seen = opened, opened.folder
        except IndexMismatch:
            self._seen = newest
        except IndexFault:
            return  # it may be opened when the next question is asked
