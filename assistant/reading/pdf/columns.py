"""The order in which the parts of a page are read: columns from left to right, between what runs across them.

Parts that stand side by side leave a gap between them. The place that most such gaps share is a gutter if prose stands on
both sides of it; what crosses it, a title or a wide table, is read before what is below it. Each column may have gutters of
its own. (The cuts of Nagy and Seth, "Hierarchical representation of optically scanned documents", 1984, vertical ones first.)
"""

from __future__ import annotations

from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.reading.pdf.glyphs import Word

_DEEPEST = 3
_FEWEST = 4
"""The lines that a column has at least on either side of a gutter."""
_FULL = 0.6
"""How much of a column's width its middling line takes up at least: cells of tables are shorter."""
_WIDEST = 3.0
"""How many times wider than its neighbour a column is at most."""
_WORDS = 3.0
"""The words of a middling line of prose, at least."""


class Part(Protocol):
    """Something that has a place on the page; ``words`` are those of a fragment, none for a table."""

    @property
    def left(self) -> float:
        """Where it begins, in points."""
        ...

    @property
    def right(self) -> float:
        """Where it ends."""
        ...

    @property
    def top(self) -> float:
        """Where its top is, in points from that of the page."""
        ...

    @property
    def bottom(self) -> float:
        """Where its bottom is."""
        ...

    @property
    def words(self) -> Sequence[Word]:
        """What stands in it."""
        ...


P = TypeVar("P", bound=Part)


def columns(parts: Sequence[P], depth: int = 0) -> Iterator[list[P]]:
    """Yield the columns of a page, or of a part of it, in reading order; what crosses columns is a column of its own."""
    gutter = _gutter(parts) if depth < _DEEPEST else None
    if gutter is None:
        if parts:
            yield list(parts)
        return
    for crosses, group in _bands(parts, gutter):
        if crosses:
            yield group
        else:
            yield from columns([part for part in group if part.right <= gutter], depth + 1)
            yield from columns([part for part in group if part.right > gutter], depth + 1)


def _bands(parts: Sequence[P], gutter: float) -> Iterator[tuple[bool, list[P]]]:
    """Yield what stands in columns and what crosses them, from top to bottom."""
    below = sorted(parts, key=lambda part: -part.top)
    groups = [(crosses, list(group)) for crosses, group in groupby(below, lambda part: _crosses(part, gutter))]
    waiting: list[P] = []
    for crosses, group in groups:
        if crosses or not _is_columnar(group, gutter):
            waiting.extend(group)
            continue
        if waiting:
            yield True, waiting
            waiting = []
        yield False, group
    if waiting:
        yield True, waiting


def _crosses(part: Part, gutter: float) -> bool:
    return part.left < gutter < part.right


def _gutter(parts: Sequence[Part]) -> float | None:
    """Return the place that most gaps between neighbours share, if columns of prose stand on both sides of it."""
    gaps = sorted(_gaps(parts))
    if len(gaps) < _FEWEST:
        return None
    edges = sorted([(low, 0) for low, _ in gaps] + [(high, 1) for _, high in gaps])
    best, place, depth = 0, 0.0, 0
    for (x, is_end), (following, _) in zip(edges, [*edges[1:], edges[-1]], strict=True):
        depth += -1 if is_end else 1
        if depth > best:
            best, place = depth, (x + following) / 2
    return place if _divides(parts, place) else None


def _gaps(parts: Sequence[Part]) -> Iterator[tuple[float, float]]:
    """Yield the gap between each part and its next neighbour to the right, where there is one at its height."""
    below = sorted(parts, key=lambda part: -part.top)
    for i, part in enumerate(below):
        nearest: float | None = None
        for other in (*below[max(i - 8, 0) : i], *below[i + 1 : i + 9]):
            level = min(part.top, other.top) - max(part.bottom, other.bottom) > 0
            if level and other.left >= part.right and (nearest is None or other.left < nearest):
                nearest = other.left
        if nearest is not None:
            yield part.right, nearest


def _divides(parts: Sequence[Part], gutter: float) -> bool:
    """Tell whether columns of prose stand in some band of the page on both sides of a place."""
    below = sorted(parts, key=lambda part: -part.top)
    bands = groupby(below, lambda part: _crosses(part, gutter))
    return any(_is_columnar(list(group), gutter) for crosses, group in bands if not crosses)


def _is_columnar(group: Sequence[Part], gutter: float) -> bool:
    """Tell whether a band holds two columns of prose rather than a table or the last line of a paragraph."""
    left = [part for part in group if part.right <= gutter]
    right = [part for part in group if part.right > gutter]
    if min(len(left), len(right)) < _FEWEST or not _overlap(left, right):
        return False
    widths = [_width(side) for side in (left, right)]
    return max(widths) <= _WIDEST * min(widths) and _is_prose(left) and _is_prose(right)


def _overlap(left: Sequence[Part], right: Sequence[Part]) -> bool:
    top = min(max(part.top for part in side) for side in (left, right))
    bottom = max(min(part.bottom for part in side) for side in (left, right))
    shorter = min(max(part.top for part in side) - min(part.bottom for part in side) for side in (left, right))
    return top - bottom > shorter / 2


def _width(side: Sequence[Part]) -> float:
    return max(part.right for part in side) - min(part.left for part in side)


def _is_prose(side: Sequence[Part]) -> bool:
    inner = _row_widths(side)
    words = [sum(1 for word in part.words if any(map(str.isalnum, word.text))) for part in side if part.words]
    return bool(words) and median(inner) >= _FULL * _width(side) and sum(words) / len(inner) >= _WORDS


def _row_widths(side: Sequence[Part]) -> list[float]:
    """Return how much of each row of a side is taken up; what stands on one row counts together."""
    found: list[tuple[float, float]] = []
    for part in sorted(side, key=lambda one: -one.top):
        middle = (part.top + part.bottom) / 2
        if found and found[-1][0] <= middle:
            found[-1] = (found[-1][0], found[-1][1] + part.right - part.left)
        else:
            found.append((part.bottom, part.right - part.left))
    return [width for _, width in found]
