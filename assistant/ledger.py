"""The ledger of a generation that a cluster searches: what each row says, as a number, and what it is known by there.

A build tells by it what is new and what is gone since the generation before, without asking the cluster; a search tells by it
which row the cluster means. A row's content is its passage, the document as it was read, and its tags: while those are the same,
the row in the cluster stays, whichever segment it moves to.

::

    generation-20261123T101500-1f3a/
      cluster/
        place.json                       where the generation stands: the library, its collection, its stamp
        contents.npy  keys.npy           a number of 64 bits for what each row says, and its key in the cluster
        order.npy                        the rows in the order of their keys
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from assistant import storage
from assistant.errors import IndexDamaged
from assistant.vectors.milvus import tag_number
from assistant.vectors.schema import Place

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.catalogue import Catalogue
    from assistant.manifest import Manifest, Record
    from assistant.taxonomy import Taxonomy

FOLDER = "cluster"
_PLACE = "place.json"
_REMEDY = 'Run "casewise index" to rebuild it.'
_MULTIPLIERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The rows of a generation, ``(n,)`` each: ``contents uint64``, ``keys int64``, and ``order int64``, which sorts the keys."""

    place: Place
    contents: NDArray[np.uint64]
    keys: NDArray[np.int64]
    order: NDArray[np.int64]

    @classmethod
    def of(cls, place: Place, contents: NDArray[np.uint64], before: Self | None) -> Self:
        """Return the ledger of a generation: rows that were in the one ``before`` keep their keys, others get new ones."""
        keys = _distinct(_mixed(_mixed(contents) + np.uint64(place.stamp))).view(np.int64)
        if before is not None and len(before.contents):
            places, known = before.places_of(contents)
            keys = np.where(known, before.keys[places], keys)
        return cls(place, contents, keys, np.argsort(keys, kind="stable").astype(np.int64))

    @classmethod
    def open(cls, generation: Path) -> Self:
        """Open the ledger of a generation, memory-mapped.

        Raises:
            IndexDamaged: it cannot be read.
        """
        folder = generation / FOLDER
        try:
            place = place_of(generation)
            arrays = [np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS]
        except (OSError, EOFError, ValueError) as error:
            raise IndexDamaged(f'"{folder}" cannot be read. {_REMEDY}') from error
        if place is None or len({len(array) for array in arrays}) > 1:
            raise IndexDamaged(f'The files in "{folder}" are not of one index. {_REMEDY}')
        return cls(place, *arrays)

    def save(self, generation: Path) -> None:
        """Write the ledger into a generation's folder."""
        folder = generation / FOLDER
        folder.mkdir()
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)
        (folder / _PLACE).write_text(json.dumps(asdict(self.place)), encoding="utf-8")

    def __len__(self) -> int:
        return len(self.keys)

    def keys_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the keys of rows, ``(len(rows),)``."""
        return np.asarray(self.keys[rows], np.int64)

    def rows_of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of keys, ``(len(keys),)``; -1 for one that is none of the generation's."""
        found = np.searchsorted(self.keys, keys, sorter=self.order)
        rows = np.asarray(self.order[np.minimum(found, len(self.order) - 1)], np.int64)
        return np.where(self.keys[rows] == keys, rows, -1)

    def places_of(self, contents: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the row that says what each of ``contents`` says, and whether there is one: two ``(len(contents),)``."""
        order = np.argsort(self.contents, kind="stable")
        found = np.minimum(np.searchsorted(self.contents, contents, sorter=order), len(order) - 1)
        rows = order[found]
        return rows.astype(np.int64), np.asarray(self.contents[rows] == contents, np.bool_)

    def new_since(self, before: Self | None) -> NDArray[np.bool_]:
        """Return which rows were not in the generation before, ``(n,)``."""
        return ~np.isin(self.keys, before.keys) if before is not None else np.ones(len(self), np.bool_)

    def gone_since(self, before: Self) -> NDArray[np.int64]:
        """Return the keys of the rows of the generation before that are no more."""
        return np.setdiff1d(before.keys, self.keys)


_ARRAYS = ("contents", "keys", "order")


def place_of(generation: Path) -> Place | None:
    """Return where a generation stands in a cluster; ``None`` for one that was not sent to any.

    Raises:
        IndexDamaged: what says so cannot be read.
    """
    path = generation / FOLDER / _PLACE
    try:
        table: dict[str, Any] = json.loads(path.read_bytes())
        return Place(**table)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise IndexDamaged(f'"{path}" cannot be read. {_REMEDY}') from error


def contents_of(manifest: Manifest, catalogue: Catalogue, taxonomy: Taxonomy) -> NDArray[np.uint64]:
    """Return a number for what each row of an index says, ``(n,)``: no two rows have the same."""
    parts = []
    for record, segment in zip(manifest.segments, catalogue.segments, strict=True):
        documents = np.asarray([_document_number(one) for one in record.documents], np.uint64)
        extents = storage.extents(segment.passages).astype(np.uint64)
        parts.append(_mixed(_mixed(documents[segment.owners] + extents[:, 0]) + extents[:, 1]))
    tags = np.zeros(manifest.passages, np.uint64)
    for facet, entries in taxonomy.entries.items():
        for entry in entries:
            number = np.asarray([tag_number(facet, entry.name)], np.int64).view(np.uint64)
            tags[catalogue.tagged(facet, entry.name)] += _mixed(number)
    return _distinct(_mixed(np.concatenate(parts) + tags))


def _document_number(record: Record) -> int:
    read = "\0".join((record.id, record.sha256, record.sidecar, record.reader))
    return int.from_bytes(blake2b(read.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers that depend on every bit of others: the end of SplitMix64 (Steele, Lea and Flood 2014)."""
    first, second = _MULTIPLIERS
    numbers = (numbers ^ (numbers >> np.uint64(30))) * first
    numbers = (numbers ^ (numbers >> np.uint64(27))) * second
    return np.asarray(numbers ^ (numbers >> np.uint64(31)), np.uint64)


def _distinct(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers with those moved on by one that are there already; of 100 million, 3 in 10,000 times there is a pair."""
    numbers = numbers.copy()
    while True:
        order = np.argsort(numbers, kind="stable")
        again = order[1:][numbers[order[1:]] == numbers[order[:-1]]]
        if not len(again):
            return numbers
        numbers[again] += np.uint64(1)
