"""A document laid out for reading, each line with the passages that begin in it and their tags. Pure but for the index."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from assistant.markup import plain
from assistant.spans import merge, quote
from assistant.types import BlockKind, Facet, Origin
from assistant.ui.layout import Marking, line_of, stretches_of
from assistant.ui.links import Place, address, shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.index import PassageIndex
    from assistant.types import Block, Document, Passage, Span, Tag
    from assistant.ui.layout import Run

_BEGINS = 60
"""How many characters of a passage stand for it where it is only named."""

_HEADINGS = 400
"""How many headings an outline has: of more, only the upper levels are shown."""

_ORIGINS = {Origin.HEADING: "heading", Origin.MENTION: "mentioned", Origin.PERSON: "set by a person"}


class Heading(TypedDict):
    """A heading in the outline, and the line it stands in."""

    id: str
    depth: int
    words: str


class Label(TypedDict):
    """A tag as it is shown: its name, and where it came from."""

    name: str
    origin: str


class Note(TypedDict):
    """What stands beside a passage. ``tagged`` is whether it has a theme or an aspect."""

    id: str
    href: str
    begins: str
    tagged: bool
    tags: list[Label]


class Annotated(TypedDict):
    """A line of a document (see ``layout.Line``), with the passages that begin in it."""

    id: str
    kind: str
    depth: int
    cells: list[list[Run]]
    passages: list[Note]


@dataclass(frozen=True)
class Reading:
    """A document taken apart for reading: its stretches in the order of the page, and where its passages begin.

    ``places`` are in order, ``(passages,)``, and ``rows`` are the passages' rows in the index in that order.
    """

    document: Document
    stretches: Sequence[tuple[Span, Block]]
    starts: NDArray[np.int64]
    places: NDArray[np.int64]
    rows: NDArray[np.int64]

    @classmethod
    def of(cls, index: PassageIndex, name: str) -> Reading:
        """Return a document of an index."""
        document = index.documents[name]
        stretches = stretches_of(document)
        places, rows = index.catalogue.places_of(name), np.asarray(index.rows_of(name), np.int64)
        order = np.argsort(places, kind="stable")
        starts = np.asarray([span.start for span, _ in stretches], np.int64)
        return cls(document, stretches, starts, places[order], rows[order])

    def line_at(self, place: int) -> int:
        """Return the number of the line that a place of the text stands in."""
        return max(int(np.searchsorted(self.starts, place, "right")) - 1, 0)

    def headings(self) -> list[Heading]:
        """Return the outline: as many levels of it as there is room for."""
        found = [(number, block) for number, block in self._headings() if block.section]
        depths = sorted(len(block.section) for _, block in found)
        deepest = depths[_HEADINGS] - 1 if len(depths) > _HEADINGS else len(depths)
        shown = [(number, block) for number, block in found if len(block.section) <= max(deepest, 1)]
        return [
            {"id": line_id(number), "depth": len(block.section), "words": plain(quote(self.document.text, block.spans))}
            for number, block in shown[:_HEADINGS]
        ]

    def lines_of(self, rows: Collection[int]) -> list[int]:
        """Return the numbers of the lines that passages begin in, each after the headings it stands under."""
        places = self.places[np.isin(self.rows, np.asarray(list(rows), np.int64))]
        wanted = {self.line_at(int(place)) for place in places}
        heads = dict(self._headings())
        found: list[int] = []
        above: list[tuple[int, int]] = []
        for number in sorted(wanted | set(heads)):
            if number in heads:
                depth = len(heads[number].section)
                above = [*takewhile(lambda one, depth=depth: one[1] < depth, above), (number, depth)]  # type: ignore[misc]  # mypy infers no type for a default
            if number in wanted:
                found += [head for head, _ in above if not found or head > found[-1]]
                found += [number] if number not in found[-1:] else []
        return found

    def annotated(self, index: PassageIndex, numbers: Iterable[int], marks: Sequence[Span] = ()) -> list[Annotated]:
        """Return lines by their numbers, the words at ``marks`` marked."""
        marked = merge(marks)
        return [self._line(index, number, marked) for number in numbers]

    def _line(self, index: PassageIndex, number: int, marks: Sequence[Span]) -> Annotated:
        span, block = self.stretches[number]
        line = line_of(self.document.text, block, span, Marking(tuple(marks)))
        end = int(self.starts[number + 1]) if number + 1 < len(self.starts) else len(self.document.text)
        low, high = np.searchsorted(self.places, [span.start, end])
        found = [index.passage(row) for row in self.rows[low:high].tolist()]
        return {
            "id": line_id(number),
            "kind": line["kind"],
            "depth": line["depth"],
            "cells": line["cells"],
            "passages": list(_notes(found)),
        }

    def _headings(self) -> Iterator[tuple[int, Block]]:
        return ((n, block) for n, (_, block) in enumerate(self.stretches) if block.kind is BlockKind.HEADING)


def line_id(number: int) -> str:
    """Return what a line is known by on the page."""
    return f"line-{number}"


def _notes(passages: Sequence[Passage]) -> Iterator[Note]:
    for passage in passages:
        yield {
            "id": passage.id,
            "href": address(Place(passage.document, passage.spans)),
            "begins": shortened(passage.text, _BEGINS),
            "tagged": bool(passage.values(Facet.THEME) or passage.values(Facet.ASPECT)),
            "tags": [{"name": _capital(tag.value), "origin": _origin(tag)} for tag in passage.tags],
        }


def _origin(tag: Tag) -> str:
    return _ORIGINS.get(tag.origin, f"by meaning, {tag.confidence:.0%} sure")


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
