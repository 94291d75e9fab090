"""What a cluster is told of a build: the passages that are new, those that are gone, and, last, the name of the new generation.

The segments on disk stay the source of all; a cluster can be filled from them again at any time. A generation is sent before it
is published on disk, so a reader never opens one that the cluster does not hold, and what is left of a build that was killed at
any moment is removed by the next.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.catalogue import Catalogue
from assistant.errors import IndexDamaged, IndexFault
from assistant.ledger import FOLDER, Ledger, contents_of, place_of
from assistant.lexical import K1, B
from assistant.postings import is_among, key_of
from assistant.segments import Segment
from assistant.taxonomy import FILENAME, parse_taxonomy
from assistant.vectors.collections import (
    count,
    create,
    dimensions_of,
    is_published,
    mark,
    publish,
    send,
    tidy,
)
from assistant.vectors.milvus import tag_number
from assistant.vectors.schema import LONGEST_WORDS, Place, Rows, kind_for
from assistant.words import stems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.manifest import Manifest
    from assistant.settings import Settings
    from assistant.taxonomy import Taxonomy
    from assistant.vectors.cluster import Cluster

_NAME = ".library"
_GENERATIONS = "generation-*"
_AT_ONCE = 4_096
"""How many rows are made ready at a time, which takes 20 MB."""
_DIGITS = 10
_BITS = (1 << 4 * _DIGITS) - 1
_MOST_WORDS = LONGEST_WORDS // (_DIGITS + 1)


def is_sent(cluster: Cluster, generation: Path, settings: Settings) -> bool:
    """Tell whether a cluster holds a generation, whole, and as the settings want it.

    Raises:
        ClusterError: the cluster does not answer, or refuses.
    """
    try:
        ledger = Ledger.open(generation)
    except IndexDamaged:
        return False
    place = ledger.place
    wanted = library_name(generation.parent, settings), settings.milvus_index or place.kind
    return wanted == (place.library, place.kind) and _is_whole(cluster, ledger)


def sent(
    cluster: Cluster,
    folder: Path,
    manifest: Manifest,
    previous: Path | None,
    settings: Settings,
    tell: Callable[[str, int, int], None],
) -> None:
    """Bring a cluster up to a generation that is written and not published yet, and write its ledger into its folder.

    ``previous`` is the generation that it was built from, if any: what both hold alike is not sent again.

    Raises:
        ClusterError: the cluster does not answer, or refuses.
        IndexDamaged: it does not hold what it was sent.
    """
    index = folder.parent
    tidied(cluster, index, settings)
    segments = [Segment.open(folder / record.folder) for record in manifest.segments]
    catalogue = Catalogue.open(folder, manifest, segments)
    taxonomy = parse_taxonomy((folder / FILENAME).read_bytes())
    before = _before(cluster, previous, manifest, settings)
    place = _place(cluster, index, manifest, before, settings)
    ledger = Ledger.of(place, contents_of(manifest, catalogue, taxonomy), before)
    if before is None:
        create(cluster, place, (K1, B))
    new = ledger.new_since(before)
    total, done = int(new.sum()), 0

    def count_up(more: int) -> None:
        nonlocal done
        done += more
        tell("Sending to Milvus", done, total)

    send(cluster, place, _rows(manifest, catalogue, taxonomy, ledger, new), count_up)
    if before is not None:
        mark(cluster, place, ledger.gone_since(before), place.stamp)
    publish_whole(cluster, ledger)
    ledger.save(folder)


def publish_whole(cluster: Cluster, ledger: Ledger) -> None:
    """Name a generation in a cluster, once all of its rows are there.

    Raises:
        IndexDamaged: some are not.
    """
    held = count(cluster, ledger.place)
    if held != len(ledger):
        raise IndexDamaged(
            f"Milvus at {cluster.address} holds {held:,} of {len(ledger):,} passages that it was sent. Run "
            f'"casewise index" again; if that does not help, remove the collection {ledger.place.collection} there first.'
        )
    publish(cluster, ledger.place)


def tidied(cluster: Cluster, index: Path, settings: Settings) -> None:
    """Remove from a cluster what no generation of an index on disk needs any more.

    Raises:
        ClusterError: the cluster does not answer, or refuses.
    """
    library = library_name(index, settings)
    places = [place for place in map(_readable_place, sorted(index.glob(_GENERATIONS))) if place]
    tidy(cluster, library, [place for place in places if place.library == library])


def library_name(index: Path, settings: Settings) -> str:
    """Return what the library of an index is called in a cluster: as the settings say, or by a name that is kept with the index.

    A copy of an index goes by the same name, and is only to be read.
    """
    if settings.milvus_library:
        return f"casewise_{settings.milvus_library}"
    path = index / _NAME
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        folder = re.sub(r"\W+", "_", settings.corpus.resolve().name, flags=re.ASCII).lower()[:40]
        name = f"casewise_{folder}_{secrets.token_hex(4)}"
        path.write_text(f"{name}\n", encoding="utf-8")
        return name


def words_of(text: str) -> str:
    """Return the stems of a text as a cluster is given them: numbers with blanks between, as ``postings`` know them.

    So every tokenizer takes them apart alike. Of a text with more than 5,957 words the rest is left out: words only put passages
    forward in a cluster, they do not weigh them.
    """
    return " ".join(map(token, stems(text)[:_MOST_WORDS]))


def token(stem: str) -> str:
    """Return what a stem is in a cluster."""
    return f"{key_of(stem) & _BITS:0{_DIGITS}x}"


def _before(cluster: Cluster, previous: Path | None, manifest: Manifest, settings: Settings) -> Ledger | None:
    """Return the ledger of the generation before, if what a cluster holds of it can be built upon."""
    try:
        ledger = Ledger.open(previous) if previous and (previous / FOLDER).exists() else None
    except IndexFault:
        return None
    if ledger is None or not _is_whole(cluster, ledger):
        return None
    place = ledger.place
    wanted = replace(
        place,
        library=library_name(previous.parent, settings) if previous else place.library,
        kind=kind_for(manifest.passages, settings.milvus_index, place.kind),
        is_worded=cluster.version.searches_words,
        model_sha256=manifest.model_sha256,
        dimensions=manifest.dimensions,
    )
    return ledger if wanted == place else None


def _is_whole(cluster: Cluster, ledger: Ledger) -> bool:
    place = ledger.place
    if not is_published(cluster, place) or dimensions_of(cluster, place) != place.dimensions:
        return False
    return count(cluster, place) == len(ledger)


def _place(cluster: Cluster, index: Path, manifest: Manifest, before: Ledger | None, settings: Settings) -> Place:
    library = library_name(index, settings)
    places = [place for place in map(_readable_place, index.glob(_GENERATIONS)) if place and place.library == library]
    stamp = 1 + max((place.stamp for place in places), default=0)
    if before is not None:
        return replace(before.place, stamp=stamp)
    return Place(
        library=library,
        began=stamp,
        stamp=stamp,
        kind=kind_for(manifest.passages, settings.milvus_index),
        is_worded=cluster.version.searches_words,
        model_sha256=manifest.model_sha256,
        dimensions=manifest.dimensions,
    )


def _readable_place(generation: Path) -> Place | None:
    try:
        return place_of(generation)
    except IndexDamaged:
        return None


def _rows(
    manifest: Manifest, catalogue: Catalogue, taxonomy: Taxonomy, ledger: Ledger, new: NDArray[np.bool_]
) -> Iterator[Rows]:
    """Yield the rows that are new, a few thousand at a time."""
    first = 0
    for record, segment in zip(manifest.segments, catalogue.segments, strict=True):
        names = [one.id for one in record.documents]
        for start in range(0, record.passages, _AT_ONCE):
            mask = np.zeros(record.passages, np.bool_)
            mask[start : start + _AT_ONCE] = new[first + start : first + record.passages][:_AT_ONCE]
            numbers = np.flatnonzero(mask)
            if len(numbers):
                passages = list(segment.passages_of(names, mask))
                words = [words_of(one.embedded_text) for one in passages] if ledger.place.is_worded else []
                yield Rows(
                    ledger.keys[numbers + first],
                    [one.id for one in passages],
                    _tags(numbers + first, catalogue, taxonomy),
                    segment.vectors.rows(numbers),
                    words,
                )
        first += record.passages


def _tags(rows: NDArray[np.int64], catalogue: Catalogue, taxonomy: Taxonomy) -> list[list[int]]:
    """Return the numbers of each row's tags, and of the facets that it has none of."""
    found: list[list[int]] = [[] for _ in rows]
    for facet, entries in taxonomy.entries.items():
        is_bare = np.ones(len(rows), np.bool_)
        for entry in entries:
            carries = is_among(rows, catalogue.tagged(facet, entry.name))
            is_bare &= ~carries
            _note(found, carries, tag_number(facet, entry.name))
        _note(found, is_bare, tag_number(facet, None))
    return found


def _note(found: list[list[int]], places: NDArray[np.bool_], number: int) -> None:
    for place in np.flatnonzero(places).tolist():
        found[place].append(number)
