"""Tags that a single document does not give: those a person has corrected, and those that the meaning of all others suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant import storage
from assistant.corrections import corrected
from assistant.inference import FACETS, FEWEST_DOCUMENTS, Library, inferred, own_words
from assistant.types import BlockKind, Facet, Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.corrections import Correction
    from assistant.manifest import SegmentRecord
    from assistant.segments import Segment
    from assistant.types import Passage

    Definitions = Mapping[tuple[Facet, str], NDArray[np.float32]]
    Tags = tuple[Tag, ...]

_MOST_READ = 20_000
"""About how many passages that have their tags are read: so many that all of a few thousand documents are."""
_PROSE = (BlockKind.PARAGRAPH.value, BlockKind.LIST_ITEM.value)


@dataclass(frozen=True, slots=True)
class Overlay:
    """The tags of the rows that have others than their documents give, all of each, and the corrections that found no passage.

    ``settled`` are the facets of rows that a person has decided.
    """

    tags: Mapping[int, Tags]
    settled: frozenset[tuple[int, Facet]]
    strays: tuple[str, ...]


def overlay(
    segments: Sequence[tuple[SegmentRecord, Segment]],
    corrections: Sequence[Correction],
    definitions: Callable[[], Definitions],
    least: float,
) -> Overlay:
    """Return the overlay of a library. ``definitions`` are asked for only where there is something to learn from.

    ``least`` is the least confidence of a tag from meaning.
    """
    firsts = np.cumsum([0, *(record.passages for record, _ in segments)]).tolist()
    rows, passages, texts = _named(segments, firsts, {one.document for one in corrections})
    by_person = corrected(passages, corrections, texts)
    tags = {rows[place]: found for place, found in by_person.tags.items()}
    settled = frozenset((rows[place], facet) for place, facet in by_person.settled)
    if sum(len(record.documents) for record, _ in segments) >= FEWEST_DOCUMENTS:
        for row, (own, guessed) in guessed_tags(segments, definitions(), tags, settled, least).items():
            tags[row] = (*own, *guessed)
    strays = tuple(f'{one.correction.document}, "{one.correction.quote}": {one.reason}' for one in by_person.strays)
    return Overlay(dict(sorted(tags.items())), settled, strays)


def guessed_tags(
    segments: Sequence[tuple[SegmentRecord, Segment]],
    definitions: Definitions,
    tags: Mapping[int, Tags],
    settled: frozenset[tuple[int, Facet]],
    least: float,
) -> dict[int, tuple[Tags, Tags]]:
    """Return the tags that rows have, and those that meaning gives them beside, for the rows it gives any.

    Only paragraphs and list items teach and are given tags: a table's row says its headings over again, and a footnote is a
    source more often than not. Of a large library only some of the passages that have all their tags are looked at: they teach,
    and a lesson takes no more.
    """
    prose = [
        _Prose.of(segment, rows) for (_, segment), rows in zip(segments, _read(segments, definitions), strict=True)
    ]
    firsts = np.cumsum([0, *(record.passages for record, _ in segments)]).tolist()
    before = np.cumsum([0, *(len(record.documents) for record, _ in segments)]).tolist()
    rows = [first + row for one, first in zip(prose, firsts, strict=False) for row in one.rows.tolist()]
    carried = [tags.get(row, own) for row, own in zip(rows, (own for one in prose for own in one.tags), strict=True)]
    place = {row: number for number, row in enumerate(rows)}
    library = Library(
        np.concatenate([one.vectors for one in prose if len(one.vectors)] or [np.empty((0, 0), np.float32)]),
        carried,
        np.concatenate([one.owners + first for one, first in zip(prose, before, strict=False)]),
        {(place[row], facet) for row, facet in settled if row in place},
    )
    return {rows[number]: (carried[number], found) for number, found in inferred(library, definitions, least).items()}


@dataclass(frozen=True, slots=True)
class _Prose:
    """The paragraphs and list items of a segment: rows, documents, the vectors of their own words, and tags; ``(n, …)`` each."""

    rows: NDArray[np.int64]
    owners: NDArray[np.int64]
    vectors: NDArray[np.float32]
    tags: list[Tags]

    @classmethod
    def of(cls, segment: Segment, read: NDArray[np.bool_]) -> _Prose:
        counts = segment.sentence_counts
        rows = np.flatnonzero(read)
        sentences = segment.sentence_vectors.rows(np.flatnonzero(np.repeat(read, counts)))
        tags = [storage.tags_of(row) for row in storage.each(storage.kept(segment.tags, read))]
        return cls(rows, segment.owners[rows], own_words(sentences, counts[rows].tolist()), tags)


def _read(segments: Sequence[tuple[SegmentRecord, Segment]], definitions: Definitions) -> Iterator[NDArray[np.bool_]]:
    """Yield which rows of each segment are read: its prose; of many with a theme and an aspect, some, evenly."""
    step = max(1, sum(record.passages for record, _ in segments) // _MOST_READ)
    for _, segment in segments:
        is_prose = np.isin(np.asarray(segment.passages["kind"].to_pylist()), _PROSE) & (segment.sentence_counts > 0)
        lacks = np.zeros(len(is_prose), np.bool_)
        for facet in FACETS:
            has = np.zeros(len(is_prose), np.bool_)
            for _, value in (one for one in definitions if one[0] is facet):
                has[segment.tagged.rows[segment.tagged.place(storage.tag_term(facet.value, value))]] = True
            lacks |= ~has
        yield is_prose & (lacks | (np.arange(len(is_prose)) % step == 0))


def _named(
    segments: Sequence[tuple[SegmentRecord, Segment]], firsts: Sequence[int], names: set[str]
) -> tuple[list[int], list[Passage], dict[str, str]]:
    """Return the rows, passages and texts of some documents."""
    rows: list[int] = []
    passages: list[Passage] = []
    texts: dict[str, str] = {}
    for (record, segment), first in zip(segments, firsts, strict=False):
        for number, document in enumerate(record.documents):
            if document.id in names:
                texts[document.id] = storage.row(segment.documents, number)["text"]
                for row, passage in _passages_of(segment, [one.id for one in record.documents], number):
                    rows.append(first + row)
                    passages.append(passage)
    return rows, passages, texts


def _passages_of(segment: Segment, names: Sequence[str], number: int) -> Iterator[tuple[int, Passage]]:
    for row in np.flatnonzero(segment.owners == number).tolist():
        tags = storage.tags_of(storage.row(segment.tags, row))
        yield row, storage.passage_of(storage.row(segment.passages, row), names[number], (), tags)
