"""From the evidence of a section to its items: what stands below "Challenges", every point once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from assistant.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.evidence import Query
    from assistant.settings import Settings
    from assistant.types import Evidence


def listed(query: Query, sections: Sequence[Sequence[Evidence]], settings: Settings) -> list[Evidence]:
    """Return the items of sections, in the documents' order.

    The points of a list's item are its sentences in bold, or its first. A section that is also a cell of a table, or a long
    list, is quoted from the table where that is what is asked for or the list would be too long to read.
    """
    points = [list(_narrowed(_points(section), settings)) for section in sections]
    cells = [_in_order(one for one in section if _is_cell(one)) for section in sections]
    long = sum(map(len, points)) > settings.listed_items
    if query.question.kind is BlockKind.TABLE_ROW or (long and all(cells)):
        return [cell for section in cells for cell in section]
    return [one for found, cell in zip(points, cells, strict=True) for one in (found or cell)]


def _points(section: Sequence[Evidence]) -> Iterator[Evidence]:
    items = _in_order(one for one in section if one.hit.passage.kind is BlockKind.LIST_ITEM)
    for _, sentences in groupby(items, key=lambda one: one.hit.passage.id):
        said = list(sentences)
        yield from [one for one in said if one.sentence.stressed] or said[:1]


def _narrowed(points: Iterable[Evidence], settings: Settings) -> Iterator[Evidence]:
    """Yield the points that hold what else the question asks about, where some do and some do not; else all of them."""
    found = list(points)
    for one in found:
        if one.signals["detail"] >= settings.listed_detail or not any(
            other.signals["detail"] >= settings.listed_detail for other in found
        ):
            yield one


def _in_order(found: Iterable[Evidence]) -> list[Evidence]:
    return sorted(found, key=lambda one: (one.hit.passage.document, one.sentence.spans[0].start))


def _is_cell(one: Evidence) -> bool:
    return one.hit.passage.kind is BlockKind.TABLE_ROW
