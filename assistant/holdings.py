"""What a library holds: every document and every other file of its corpus, with its tags and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from assistant import storage
from assistant.changes import State, is_tagged_alike, plan
from assistant.metadata import names
from assistant.reading import sources
from assistant.reading.apart import limits_of
from assistant.types import Facet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.index import PassageIndex
    from assistant.manifest import Manifest
    from assistant.settings import Settings


class Standing(StrEnum):
    """Where a file of the corpus stands, as it is told."""

    IN_USE = "In use"
    CHANGED = "Changed since"
    NEW = "Not read yet"
    GONE = "Removed since"
    SAME = "Says the same as another"
    UNREADABLE = "Could not be read"


@dataclass(frozen=True, slots=True)
class Holding:
    """A file of the corpus. Only what is in the index has more than a name and a standing.

    ``tags`` count the passages that carry each theme, aspect and case; ``untagged`` are the passages with neither a theme nor an
    aspect. ``detail`` says why it could not be read, or what says the same.
    """

    id: str
    standing: Standing
    detail: str = ""
    title: str = ""
    date: str = ""
    form: str = ""
    pages: int = 0
    passages: int = 0
    untagged: int = 0
    tags: tuple[tuple[Facet, str, int], ...] = ()
    cases: tuple[str, ...] = ()
    """The cases that the whole document is given, else those that its passages carry, the one that most of them do first."""

    @property
    def is_open(self) -> bool:
        """Whether it can be read in the library now."""
        return bool(self.passages)


@dataclass(frozen=True, slots=True)
class Pending:
    """What bringing the index up to date would do: how many files in each state, and whether all would be tagged again."""

    counts: Mapping[State, int]
    tagged_otherwise: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether the index is up to date."""
        return not self.counts and not self.tagged_otherwise


def states(settings: Settings, manifest: Manifest) -> dict[str, State]:
    """Return what a build would do with each file of the corpus; every file is read through for its checksum."""
    return plan(list(sources(settings.corpus, settings.index)), manifest, limits_of(settings)).states


def pending(settings: Settings, manifest: Manifest, found: Mapping[str, State]) -> Pending:
    """Return what a build would do in all.

    Raises:
        TaxonomyError: the taxonomy cannot be read.
    """
    known = {*manifest.refused, *manifest.duplicates}
    settled = (State.REFUSED, State.SKIPPED)
    new = [state for name, state in found.items() if not (state in settled and name in known)]
    counts: dict[State, int] = {one: new.count(one) for one in State if one is not State.UNCHANGED and one in new}
    return Pending(counts, not is_tagged_alike(settings, manifest))


def stamp(corpus: Path) -> int:
    """Return a number that changes with the names, the sizes and the times of the files of a folder, and little else."""
    return hash(tuple(sorted(_marks(corpus))))


def _marks(corpus: Path) -> Iterator[tuple[str, int, int]]:
    for path in corpus.rglob("*"):
        try:
            status = path.lstat()
        except OSError:  # it has just gone
            continue
        yield path.as_posix(), status.st_mtime_ns, status.st_size


def holdings(index: PassageIndex) -> list[Holding]:
    """Return what an index has taken in, and what it refused or left out, in the order of the names."""
    manifest = index.manifest
    refused = [Holding(name, Standing.UNREADABLE, one.reason) for name, one in manifest.refused.items()]
    left_out = [Holding(name, Standing.SAME, one.of) for name, one in manifest.duplicates.items()]
    return sorted([*_held(index), *refused, *left_out], key=lambda one: one.id)


def as_they_stand(held: list[Holding], found: Mapping[str, State]) -> list[Holding]:
    """Return holdings as ``states`` finds them now, with the files that no build has seen."""
    known = {one.id for one in held}
    changed = [replace(one, standing=_standing(one, found.get(one.id))) for one in held]
    new = [Holding(name, Standing.NEW) for name, state in found.items() if name not in known]
    return sorted([*changed, *new], key=lambda one: one.id)


def _standing(one: Holding, state: State | None) -> Standing:
    if state in {None, State.REMOVED}:
        return Standing.GONE
    is_as_it_was = state is State.UNCHANGED or (state in {State.REFUSED, State.SKIPPED} and not one.is_open)
    return one.standing if is_as_it_was else Standing.CHANGED


def _held(index: PassageIndex) -> Iterator[Holding]:
    """Yield the documents of an index, counted a segment at a time."""
    counted = _Counts(index)
    number = 0
    for segment, record in zip(index.catalogue.segments, index.manifest.segments, strict=True):
        rows = storage.each(segment.documents.select(["title", "metadata", "pages"]))
        for row, document in zip(rows, record.documents, strict=True):
            said = storage.said_of(row, document.id)
            tags = counted.tags(number)
            carried = sorted((-count, name) for facet, name, count in tags if facet is Facet.CASE)
            given = [
                name for one in names(said.metadata, Facet.CASE) if (name := index.taxonomy.known(Facet.CASE, one))
            ]
            yield Holding(
                document.id,
                Standing.IN_USE,
                title=said.title,
                date=said.metadata.get("date", ""),
                form=document.reader.partition("/")[0],
                pages=max((one["page"] for one in row["pages"]), default=0),
                passages=int(counted.passages[number]),
                untagged=int(counted.untagged[number]),
                tags=tags,
                cases=tuple(dict.fromkeys(given or [name for _, name in carried])),
            )
            number += 1


class _Counts:
    """How many passages each document has, by its number over all segments: ``(documents,)`` each, in all and for each tag."""

    def __init__(self, index: PassageIndex) -> None:
        sizes = [len(one.documents) for one in index.manifest.segments]
        firsts = np.cumsum([0, *sizes])
        segments = index.catalogue.segments
        owners = [segment.owners + first for segment, first in zip(segments, firsts.tolist(), strict=False)]
        self._owners, self._count = np.concatenate(owners), int(firsts[-1])
        self.passages = self._counted(np.arange(len(self._owners)))
        bare = np.ones(len(self._owners), np.bool_)
        self._tags: dict[int, list[tuple[Facet, str, int]]] = {}
        for facet in Facet:
            for entry in index.taxonomy.entries[facet]:
                rows = index.catalogue.tagged(facet, entry.name)
                bare[rows] &= facet is Facet.CASE
                self._note(facet, entry.name, self._counted(rows))
        self.untagged = self._counted(np.flatnonzero(bare))

    def tags(self, number: int) -> tuple[tuple[Facet, str, int], ...]:
        """Return the tags of a document, in the taxonomy's order."""
        return tuple(self._tags.get(number, ()))

    def _note(self, facet: Facet, name: str, counts: NDArray[np.int64]) -> None:
        for number in np.flatnonzero(counts).tolist():
            self._tags.setdefault(number, []).append((facet, name, int(counts[number])))

    def _counted(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(self._owners[rows], minlength=self._count)
