"""Tables on a page: those with ruled cells, and those whose cells stand in line below each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from assistant.reading.pdf.lines import Fragment, Line, fragments, line, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.reading.pdf.glyphs import Word
    from assistant.reading.pdf.rules import Ruling

Cell = tuple[Line, ...]
Stripe = tuple[float, float]

_FEWEST_ROWS = 3
"""Rows with several cells in line that make a table without ruled lines."""
_MOST_ROWS = 300
_STRIPE = 0.7
"""How wide, in type sizes, the empty stripe between two of its columns is at least."""
_FARTHEST = 4.0
"""How far apart, in type sizes, two of its rows are at most."""
_CONTINUED = 0.8
"""Lines of one cell stand closer than this part of the distance between rows."""
_SAME_WIDTH = 12.0
"""How much the widths of two parts of one table differ at most, in points."""
_LEADER = re.compile(r"(?:[.·]\s?){4,}|…{2,}")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its place on the page, and its rows of cells, each of several lines."""

    page: int
    left: float
    right: float
    top: float
    bottom: float
    rows: tuple[tuple[Cell, ...], ...]
    column: int = 0
    words: tuple[Word, ...] = ()


def ruled(words: Sequence[Word], rulings: Sequence[Ruling], page: int) -> tuple[list[Grid], list[Word]]:
    """Return the tables in ruled lines, and the words that stand in none of them."""
    found: list[Grid] = []
    rest = list(words)
    for ruling in rulings:
        if len(ruling.down) < 3 or len(ruling.across) < 2:
            continue
        inside = [word for word in rest if _within(word, ruling)]
        cells = _cells(inside, ruling, page)
        if _is_table(cells):
            left, bottom, right, top = ruling.box
            found.append(Grid(page, left, right, top, bottom, cells))
            taken = set(map(id, inside))
            rest = [word for word in rest if id(word) not in taken]
    return found, rest


def _within(word: Word, ruling: Ruling) -> bool:
    middle = word.base + word.size * 0.3
    return (
        ruling.down[0] <= (word.left + word.right) / 2 <= ruling.down[-1]
        and ruling.across[-1] <= middle <= ruling.across[0]
    )


def _cells(words: Sequence[Word], ruling: Ruling, page: int) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows that have words in them, each cell's words as lines."""
    height, width = len(ruling.across) - 1, len(ruling.down) - 1
    inside: list[list[list[Word]]] = [[[] for _ in range(width)] for _ in range(height)]
    for word in words:
        middle, centre = word.base + word.size * 0.3, (word.left + word.right) / 2
        row = sum(1 for y in ruling.across[1:-1] if middle < y)
        column = sum(1 for x in ruling.down[1:-1] if centre > x)
        inside[row][column].append(word)
    return tuple(tuple(_lines(cell, page) for cell in row) for row in inside if any(row))


def _lines(words: Sequence[Word], page: int) -> Cell:
    return tuple(line(row, page) for row in rows(fragments(words)))


def _is_table(cells: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether ruled cells hold a table: two columns, half of their cells with words in them."""
    filled = [sum(1 for cell in column if cell) for column in zip(*cells, strict=True)]
    used = [count for count in filled if count]
    return len(used) > 1 and sum(used) * 2 >= len(cells) * len(used)


def whole(parts: Iterable[Line | Grid]) -> Iterator[Line | Grid]:
    """Yield the parts of a document, tables that go on in the next column or on the next page made one.

    A single ruled row that continues no table is a box around some words, and becomes lines again.
    """
    waiting: Grid | None = None
    for part in parts:
        if waiting and isinstance(part, Grid) and _continues(waiting, part):
            waiting = replace(waiting, rows=_together(waiting.rows, part.rows))
            continue
        yield from _settled(waiting)
        waiting = part if isinstance(part, Grid) else None
        if isinstance(part, Line):
            yield part
    yield from _settled(waiting)


def _settled(grid: Grid | None) -> Iterator[Line | Grid]:
    if grid and len(grid.rows) > 1:
        used = [number for number, column in enumerate(zip(*grid.rows, strict=True)) if any(column)]
        yield replace(grid, rows=tuple(tuple(row[number] for number in used) for row in grid.rows))
    elif grid:
        lines = (one for cell in grid.rows[0] for one in cell)
        yield from (replace(one, column=grid.column, margin=grid.left, edge=grid.right) for one in lines)


def _continues(grid: Grid, part: Grid) -> bool:
    elsewhere = (grid.page, grid.column) != (part.page, part.column)
    alike = abs((grid.right - grid.left) - (part.right - part.left)) < _SAME_WIDTH
    return elsewhere and alike and len(grid.rows[0]) == len(part.rows[0])


def _together(above: Sequence[Sequence[Cell]], below: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of both parts; heads that are repeated go, and a row that a page's end tore is made whole."""
    first, *rest = below
    if _texts(first) == _texts(above[0]):
        return (*map(tuple, above), *map(tuple, rest))
    if not first[0]:
        torn = tuple((*cell, *more) for cell, more in zip(above[-1], first, strict=True))
        return (*map(tuple, above[:-1]), torn, *map(tuple, rest))
    return (*map(tuple, above), *map(tuple, below))


def _texts(row: Sequence[Cell]) -> list[str]:
    return [" ".join(one.text for one in cell) for cell in row]


def aligned(found: Sequence[Sequence[Fragment]], page: int) -> Iterator[Sequence[Fragment] | Grid]:
    """Yield the rows of a column, those that make a table without ruled lines as one."""
    number = 0
    while number < len(found):
        length = _run(found[number : number + _MOST_ROWS])
        if length:
            yield _grid(found[number : number + length], page)
        else:
            yield found[number]
        number += length or 1


def _run(found: Sequence[Sequence[Fragment]]) -> int:
    """Return how many rows from the first on are those of a table; none where they are lines of text."""
    stripes: list[Stripe] = []
    taken: list[Fragment] = []
    length = several = 0
    for number, row in enumerate(found):
        if _is_leader(row) or (number and _is_far(found[number - 1], row)):
            break
        narrowed = _gaps(row) if number == 0 else _narrowed(stripes, row)
        if not narrowed:
            break
        stripes = narrowed
        if len(row) > 1:
            several, length = several + 1, number + 1
            taken.extend(row)
        elif not _is_below(row[0], taken) or (number > length and row[0].left < stripes[0][0]):
            break
    return length if several >= _FEWEST_ROWS and several * 2 >= length else 0


def _is_leader(row: Sequence[Fragment]) -> bool:
    return any(_LEADER.search(part.text) for part in row)


def _is_far(above: Sequence[Fragment], row: Sequence[Fragment]) -> bool:
    return above[0].base - row[0].base > _FARTHEST * max(above[0].size, row[0].size)


def _is_below(part: Fragment, taken: Sequence[Fragment]) -> bool:
    return any(part.left < other.right and other.left < part.right for other in taken)


def _gaps(row: Sequence[Fragment]) -> list[Stripe]:
    ordered = sorted(row, key=lambda part: part.left)
    return [(one.right, other.left) for one, other in pairwise(ordered) if other.left - one.right >= _STRIPE * one.size]


def _narrowed(stripes: Sequence[Stripe], row: Sequence[Fragment]) -> list[Stripe]:
    """Return what a row leaves of the empty stripes."""
    left = list(stripes)
    for part in row:
        left = [piece for stripe in left for piece in _without(stripe, part)]
    return left


def _without(stripe: Stripe, part: Fragment) -> list[Stripe]:
    low, high = stripe
    if part.right <= low or part.left >= high:
        return [stripe]
    pieces = [(low, min(part.left, high)), (max(part.right, low), high)]
    return [piece for piece in pieces if piece[1] - piece[0] >= _STRIPE * part.size]


def _between(parts: Sequence[Fragment]) -> list[Stripe]:
    """Return the stripes that no part reaches into, from the leftmost to the rightmost."""
    found: list[Stripe] = []
    reach = min(part.right for part in parts)
    for part in sorted(parts, key=lambda one: one.left):
        if part.left - reach >= _STRIPE * part.size:
            found.append((reach, part.left))
        reach = max(reach, part.right)
    return found


def _grid(found: Sequence[Sequence[Fragment]], page: int) -> Grid:
    stripes = _between([part for row in found for part in row])
    split = [[[part for part in row if _column(part, stripes) == n] for n in range(len(stripes) + 1)] for row in found]
    distances = [above[0].base - below[0].base for above, below in pairwise(found)]
    usual = median(distances) if distances else 0.0
    merged: list[list[list[Line]]] = []
    for number, row in enumerate(split):
        cells = [[line(parts, page)] if parts else [] for parts in row]
        close = number > 0 and distances[number - 1] < max(max(distances) * _CONTINUED, usual * 1.01)
        if merged and not row[0] and close and sum(map(bool, row)) < len(row):
            for cell, more in zip(merged[-1], cells, strict=True):
                cell.extend(more)
        else:
            merged.append(cells)
    parts = [part for row in found for part in row]
    return Grid(
        page,
        min(part.left for part in parts),
        max(part.right for part in parts),
        max(part.top for part in parts),
        min(part.bottom for part in parts),
        tuple(tuple(tuple(cell) for cell in row) for row in merged),
    )


def _column(part: Fragment, stripes: Sequence[Stripe]) -> int:
    centre = (part.left + part.right) / 2
    return sum(1 for low, high in stripes if centre > (low + high) / 2)
