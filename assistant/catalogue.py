"""What the tables of an index hold, over all its segments: documents by name, passages and sentences by row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Self

import numpy as np

from assistant import storage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.manifest import Manifest
    from assistant.segments import Segment
    from assistant.types import Document, Facet, Passage, Tag

OVERLAY = "overlay.arrow"
_KEPT_DOCUMENTS, _KEPT_TAGS, _KEPT_ROWS = 64, 64, 8_192


class Catalogue:
    """The tables of several segments end to end.

    ``texts`` are the documents without their blocks: what a citation is held against. ``overlay`` gives the tags of the rows
    that have others than their own documents and the taxonomy give them, ``settled`` the facets of rows that a person has
    decided.
    """

    def __init__(
        self,
        manifest: Manifest,
        segments: Sequence[Segment],
        overlay: Mapping[int, tuple[Tag, ...]],
        settled: frozenset[tuple[int, Facet]],
    ) -> None:
        self.segments, self.overlay, self.settled = segments, overlay, settled
        self._bounds = np.cumsum([0, *(segment.passages.num_rows for segment in segments)]).tolist()
        self._names = [[record.id for record in one.documents] for one in manifest.segments]
        self.documents = Documents(_places(self._names), segments)
        self.texts = Documents(self.documents.places, segments, without="blocks")
        self._given: dict[
            tuple[str, str], int
        ] = {}  # the rows of passages that were given out, so that none is looked for

    @classmethod
    def open(cls, folder: Path, manifest: Manifest, segments: Sequence[Segment]) -> Self:
        """Open the catalogue of a generation.

        Raises:
            IndexDamaged: the overlay cannot be read.
        """
        table = storage.open_table(folder / OVERLAY, storage.OVERLAY)
        overlay, settled = storage.overlay_of(table)
        return cls(manifest, segments, overlay, settled)

    def passage(self, row: int) -> Passage:
        """Return the passage of a row."""
        number = bisect_right(self._bounds, row) - 1
        segment, place = self.segments[number], row - self._bounds[number]
        found = storage.row(segment.passages, place)
        first = int(self.first_sentences[row]) - self._sentence_bounds[number]
        sentences = storage.rows(segment.sentences, first, found["sentence_count"])
        tags = self.overlay.get(row)  # none at all, where a person has taken them away
        if tags is None:
            tags = storage.tags_of(storage.row(segment.tags, place))
        passage = storage.passage_of(found, self._names[number][found["document"]], sentences, tags)
        if len(self._given) >= _KEPT_ROWS:
            self._given.clear()
        self._given[passage.document, passage.id] = row
        return passage

    def row_of(self, passage: Passage) -> int:
        """Return the row of a passage of this index."""
        row = self._given.get((passage.document, passage.id))
        return self._row_of_id(passage.document)[passage.id] if row is None else row

    def rows_of(self, document: str) -> range:
        """Return the rows of a document's passages; none for a document that there is not."""
        place = self.documents.places.get(document)
        if place is None:
            return range(0)
        number, within = place
        low, high = np.searchsorted(self.segments[number].owners, [within, within + 1])
        return range(self._bounds[number] + int(low), self._bounds[number] + int(high))

    def places_of(self, document: str) -> NDArray[np.int64]:
        """Return where each passage of a document begins in it, ``(passages,)``."""
        found = self.rows_of(document)
        if not found:
            return np.empty(0, np.int64)
        number = bisect_right(self._bounds, found.start) - 1
        return storage.places(self.segments[number].passages.slice(found.start - self._bounds[number], len(found)))

    @cached_property
    def first_sentences(self) -> NDArray[np.int64]:
        """The number of the first sentence of each row, ``(n,)``."""
        return np.cumsum(self.sentence_counts) - self.sentence_counts

    @cached_property
    def sentence_counts(self) -> NDArray[np.int64]:
        """How many sentences each row has, ``(n,)``."""
        return np.concatenate([segment.sentence_counts for segment in self.segments])

    def tagged(self, facet: Facet, value: str) -> NDArray[np.int64]:
        """Return the rows that carry a tag, in order, ``(m,)``."""
        return self._tagged((facet, value))

    @cached_property
    def _tagged(self) -> Callable[[tuple[Facet, str]], NDArray[np.int64]]:
        laid_over = np.fromiter(self.overlay, np.int64, len(self.overlay))

        def rows(tag: tuple[Facet, str]) -> NDArray[np.int64]:
            term = storage.tag_term(tag[0].value, tag[1])
            found = [
                segment.tagged.rows[segment.tagged.place(term)].astype(np.int64) + first
                for segment, first in zip(self.segments, self._bounds, strict=False)
            ]
            own = np.concatenate(found)
            if not self.overlay:
                return own
            other = [row for row, tags in self.overlay.items() if tag in {(one.facet, one.value) for one in tags}]
            return np.union1d(np.setdiff1d(own, laid_over, assume_unique=True), np.asarray(other, np.int64))

        return lru_cache(maxsize=_KEPT_TAGS)(rows)

    @cached_property
    def _sentence_bounds(self) -> list[int]:
        bounds: list[int] = np.cumsum([0, *(segment.sentences.num_rows for segment in self.segments)]).tolist()
        return bounds

    @cached_property
    def _row_of_id(self) -> Callable[[str], dict[str, int]]:
        def rows(document: str) -> dict[str, int]:
            found = self.rows_of(document)
            number = bisect_right(self._bounds, found.start) - 1
            table = self.segments[number].passages.slice(found.start - self._bounds[number], len(found))
            return dict(zip(storage.passage_ids(table, document), found, strict=True))

        return lru_cache(maxsize=_KEPT_DOCUMENTS)(rows)


class Documents(Mapping[str, "Document"]):
    """Documents by id, in the order of their names, read when they are asked for; the last few are kept.

    ``places`` says for each which row of which segment it is. ``without`` names a column that is not read: the blocks of a long
    report take longer than all else.
    """

    def __init__(
        self, places: Mapping[str, tuple[int, int]], segments: Sequence[Segment], without: str | None = None
    ) -> None:
        self.places = places
        self._segments, self._without = segments, [without] if without else []
        self._read = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._document)

    def __getitem__(self, name: str) -> Document:
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, name: object) -> bool:
        return name in self.places

    @cached_property
    def size(self) -> int:
        """How many bytes the texts of all documents have."""
        return sum(storage.size_of_texts(segment.documents) for segment in self._segments)

    def texts(self) -> Iterator[str]:
        """Yield the text of every document."""
        for segment in self._segments:
            yield from storage.texts(segment.documents)

    def _document(self, name: str) -> Document:
        number, row = self.places[name]
        table = self._segments[number].documents.drop_columns(self._without)
        return storage.document_of(storage.row(table, row), name)


def _places(names: Sequence[Sequence[str]]) -> dict[str, tuple[int, int]]:
    found = {name: (number, row) for number, inside in enumerate(names) for row, name in enumerate(inside)}
    return dict(sorted(found.items()))
