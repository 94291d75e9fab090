"""What a library is in Milvus: a collection of rows that say from which generation on they hold, and until which.

A generation is the rows that were born by it and have not died: those with ``born <= stamp < died``. A build writes rows that
are born with the new stamp, marks those that die with it, and only then names the collection by an alias of the new generation.
So who reads an older one goes on seeing it as it was, and what a killed build left has stamps that no alias stands for.

::

    casewise_reports_5f0c21d8_c1     the collection, numbered by the generation that it began with
    casewise_reports_5f0c21d8_g7     an alias: the collection holds generation 7, whole
    casewise_reports_5f0c21d8_g8
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.vectors.schema import BORN, DIED, KEY, NEVER, TAGS, VECTOR, entities, fields, indexes_of, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.vectors.cluster import Cluster
    from assistant.vectors.schema import Place, Rows

_BATCH = 1_000
"""How many rows are sent at once: 1.5 kB of vector and 1 to 2 kB of words each, far below what gRPC takes (64 MB)."""
_MOST = 16_384
"""The most rows that Milvus tells of at once."""
_STRONG = {"consistency_level": "Strong"}
"""What was written until now is seen. It costs a server 0.2 s, and questions do not need it."""


def create(cluster: Cluster, place: Place, bm25: tuple[float, float]) -> None:
    """Make the collection of a generation, empty; one of its name is removed first. ``bm25`` are its k1 and b."""
    version = cluster.version

    def make(client: Any, seconds: float) -> None:
        if client.has_collection(place.collection, timeout=seconds):
            _let_go(client, seconds, place.collection, set())
        client.create_collection(
            place.collection,
            schema=schema_of(client, place),
            index_params=indexes_of(client, place, bm25, is_tagged=version.indexes_tags),
            consistency_level="Bounded",
            timeout=seconds,
        )

    cluster.build(make)


def send(cluster: Cluster, place: Place, batches: Iterable[Rows], tell: Callable[[int], None]) -> None:
    """Write rows that are born with a generation; ``tell`` is told how many are written."""
    for rows in batches:
        for first in range(0, len(rows.keys), _BATCH):
            some = list(entities(place, rows, range(first, min(first + _BATCH, len(rows.keys)))))
            cluster.build(_upsert, place, some)
            tell(len(some))


def mark(cluster: Cluster, place: Place, keys: NDArray[np.int64], died: int) -> None:
    """Note the generation that rows die with, ``NEVER`` for those that live; rows that are gone already stay so.

    A row of Milvus is written whole or not at all, so it is read first.
    """
    for first in range(0, len(keys), _BATCH):
        cluster.build(_mark, place, keys[first : first + _BATCH].tolist(), died)


def count(cluster: Cluster, place: Place, expression: str | None = None) -> int:
    """Return how many rows of a generation there are, or rows that an expression fits; what was just written counts."""

    def counted(client: Any, seconds: float) -> int:
        fitting = expression or place.alive
        found = client.query(place.collection, filter=fitting, output_fields=["count(*)"], timeout=seconds, **_STRONG)
        return int(found[0]["count(*)"])

    return cluster.ask(counted)


def keys_of(cluster: Cluster, place: Place, expression: str) -> NDArray[np.int64]:
    """Return the keys of rows that an expression of Milvus fits, ``(n,)`` in no order, at most 16,384."""

    def read(client: Any, seconds: float) -> list[int]:
        found = client.query(
            place.collection, filter=expression, output_fields=[KEY], limit=_MOST, timeout=seconds, **_STRONG
        )
        return [one[KEY] for one in found]

    return np.asarray(cluster.build(read), np.int64)


def vectors_of(cluster: Cluster, place: Place, keys: NDArray[np.int64]) -> dict[int, list[float]]:
    """Return the vectors of some rows of a generation by their keys, of those that there are."""
    found: dict[int, list[float]] = {}
    for first in range(0, len(keys), _BATCH):
        some = keys[first : first + _BATCH].tolist()
        rows = cluster.ask(_get, place.alias, some, [KEY, VECTOR])
        found |= {one[KEY]: one[VECTOR] for one in rows}
    return found


def publish(cluster: Cluster, place: Place) -> None:
    """Name the collection by the generation's alias: from now on it can be read."""

    def name(client: Any, seconds: float) -> None:
        if place.alias not in _aliases(client, place.collection, seconds):
            client.create_alias(place.collection, place.alias, timeout=seconds)

    cluster.build(name)


def is_published(cluster: Cluster, place: Place) -> bool:
    """Tell whether the collection of a generation is named by its alias."""

    def named(client: Any, seconds: float) -> bool:
        return client.has_collection(place.collection, timeout=seconds) and place.alias in _aliases(
            client, place.collection, seconds
        )

    return bool(cluster.ask(named))


def dimensions_of(cluster: Cluster, place: Place) -> int:
    """Return how long the vectors of the collection are; 0 where it has none."""
    described = cluster.ask(lambda client, seconds: client.describe_collection(place.alias, timeout=seconds))
    return next((int(one["params"]["dim"]) for one in described["fields"] if one["name"] == VECTOR), 0)


def tidy(cluster: Cluster, library: str, kept: Sequence[Place]) -> None:
    """Remove all of a library that no generation in ``kept`` needs: collections, aliases, and rows.

    Rows that a build which was killed marked as dying are alive again.
    """
    for collection in cluster.build(lambda client, seconds: client.list_collections(timeout=seconds)):
        if not re.fullmatch(rf"{re.escape(library)}_c\d+", collection):
            continue
        needed = [place for place in kept if place.collection == collection]
        aliases = {place.alias for place in needed}
        cluster.build(_let_go, collection, aliases)
        if needed:
            _clear(cluster, needed)


def _clear(cluster: Cluster, kept: Sequence[Place]) -> None:
    oldest, newest = (pick(kept, key=lambda place: place.stamp) for pick in (min, max))
    left = f"{BORN} > {newest.stamp} or {DIED} <= {oldest.stamp}"
    while len(dead := keys_of(cluster, newest, left)):
        _delete(cluster, newest, dead)
    while len(dying := keys_of(cluster, newest, f"{DIED} > {newest.stamp} and {DIED} < {NEVER}")):
        mark(cluster, newest, dying, NEVER)


def _delete(cluster: Cluster, place: Place, keys: NDArray[np.int64]) -> None:
    """Remove rows by their keys: by an expression, a server would look for them in what it knew some seconds ago."""
    for first in range(0, len(keys), _BATCH):
        cluster.build(_remove, place, keys[first : first + _BATCH].tolist())


def _let_go(client: Any, seconds: float, /, collection: str, aliases: set[str]) -> None:
    """Take all names from a collection but some; remove one that none is left of."""
    for alias in _aliases(client, collection, seconds):
        if alias not in aliases:
            client.drop_alias(alias, timeout=seconds)
    if not aliases:
        client.drop_collection(collection, timeout=seconds)


def _aliases(client: Any, collection: str, seconds: float) -> list[str]:
    found: list[str] = list(client.list_aliases(collection, timeout=seconds)["aliases"])
    return found


def _upsert(client: Any, seconds: float, /, place: Place, some: Sequence[Mapping[str, Any]]) -> None:
    client.upsert(place.collection, some, timeout=seconds)


def _get(
    client: Any, seconds: float, /, name: str, keys: list[int], wanted: list[str], **how: str
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = list(client.get(name, ids=keys, output_fields=wanted, timeout=seconds, **how))
    return found


def _mark(client: Any, seconds: float, /, place: Place, keys: list[int], died: int) -> None:
    found = _get(client, seconds, place.collection, keys, fields(place), **_STRONG)
    if found:
        _upsert(client, seconds, place, [{**one, TAGS: list(one[TAGS]), DIED: died} for one in found])


def _remove(client: Any, seconds: float, /, place: Place, keys: list[int]) -> None:
    client.delete(place.collection, ids=keys, timeout=seconds)
