"""Tables whose cells span several rows and columns, laid out as rows of equal length with the heads of columns first."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 100
"""The most columns a table is given; a cell beyond them joins the one before it."""
_REPEATED = 200
"""A cell of more characters than this is written once, however many rows it spans."""
_FIGURE = re.compile(r"\W*\d[\d,.]*\W*")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table: its words or the items of its list, and how many columns and rows it spans."""

    words: str | tuple[str, ...]
    across: int = 1
    down: int = 1
    heads: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows that ``Composer.table`` takes; ``headed`` where the first gives the heads of the columns.

    ``captions`` are what stands above the columns across all of them.
    """

    rows: tuple[tuple[str | tuple[str, ...], ...], ...]
    headed: bool
    captions: tuple[str, ...] = ()


def grid(rows: Sequence[Sequence[GridCell]], head_rows: int | None = None) -> Grid:
    """Return a table's rows unfolded, its rows of heads made one.

    ``head_rows`` says how many rows head the columns, where the format tells. Else rows of nothing but heads do; and where no
    cell of the table is marked as a head, a first row that is bold, has an empty corner, or has words above figures.
    """
    filled = [_narrowed(row) for row in rows if any(cell.words for cell in row)]
    titles = next((i for i, row in enumerate(filled) if len(row) > 1), 0)
    captions = tuple(_flat(cell.words) for row in filled[:titles] for cell in row if cell.words)
    filled = filled[titles:]
    count = _head_rows(filled) if head_rows is None else max(min(head_rows - titles, len(filled) - 1), 0)
    reach = [row + cell.down for row, cells in enumerate(filled[:count]) for cell in cells]
    count = max(min(max(reach, default=0), len(filled) - 1), 0)
    table = _unfolded(filled, count)
    if count > 1:
        table = [_merged(table[:count]), *table[count:]]
    return Grid(tuple(table), count > 0, captions)


def _narrowed(row: Sequence[GridCell]) -> Sequence[GridCell]:
    """Return a row of no more cells than a table may have columns."""
    if len(row) <= WIDEST:
        return row
    return [*row[: WIDEST - 1], GridCell(" ".join(_flat(cell.words) for cell in row[WIDEST - 1 :]))]


def _head_rows(rows: Sequence[Sequence[GridCell]]) -> int:
    if any(cell.heads for row in rows for cell in row):
        count = next((i for i, row in enumerate(rows) if not _is_head(row)), 0)
        return min(count, len(rows) - 1)
    return int(len(rows) > 1 and _looks_headed(rows))


def _is_head(row: Sequence[GridCell]) -> bool:
    """Tell whether every cell but an empty corner is a head; one head alone before cells heads its row."""
    return all(cell.heads or (not cell.words and i == 0) for i, cell in enumerate(row))


def _looks_headed(rows: Sequence[Sequence[GridCell]]) -> bool:
    first, *body = rows
    named = [cell for cell in first if cell.words]
    if len(named) < len(first) - 1 or not named or any(cell.across > 1 and len(first) == 1 for cell in first):
        return False
    if not first[0].words and len(first) > 1:
        return True
    if all(cell.bold for cell in named):
        return not all(cell.bold for row in body for cell in row if cell.words)
    above = [i for i, cell in enumerate(first) if not _is_figure(cell)]
    return any(i < len(row) and _is_figure(row[i]) for row in body for i in above)


def _is_figure(cell: GridCell) -> bool:
    return isinstance(cell.words, str) and _FIGURE.fullmatch(cell.words) is not None


def _unfolded(rows: Sequence[Sequence[GridCell]], head_rows: int) -> list[tuple[str | tuple[str, ...], ...]]:
    """Return the words of rows by column; heads are repeated in every column they span, other cells down their rows."""
    spanning: dict[int, tuple[int, str | tuple[str, ...]]] = {}
    table: list[dict[int, str | tuple[str, ...]]] = []
    for number, row in enumerate(rows):
        placed: dict[int, str | tuple[str, ...]] = {column: words for column, (_, words) in spanning.items()}
        spanning = {column: (left - 1, words) for column, (left, words) in spanning.items() if left > 1}
        column = 0
        for cell in row:
            while column in placed and column < WIDEST:
                column += 1
            cell = replace(cell, across=max(1, min(cell.across, WIDEST - column)))
            if column >= WIDEST:
                column, cell = (
                    WIDEST - 1,
                    replace(cell, words=f"{_flat(placed.get(WIDEST - 1, ''))} {_flat(cell.words)}"),
                )
            for offset in range(cell.across):
                placed[column + offset] = cell.words if offset == 0 or number < head_rows else ""
                if cell.down > 1:
                    again = placed[column + offset] if len(_flat(cell.words)) <= _REPEATED else ""
                    spanning[column + offset] = (cell.down - 1, again)
            column += cell.across
        table.append(placed)
    width = 1 + max((column for placed in table for column in placed), default=0)
    return [tuple(placed.get(column, "") for column in range(width)) for placed in table]


def _merged(rows: Sequence[Sequence[str | tuple[str, ...]]]) -> tuple[str, ...]:
    """Return rows of heads as one: for every column what stands above it, each once."""
    said: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for column, words in enumerate(row):
            said[column].update({_flat(words): None} if words else {})
    return tuple(" ".join(said[column]) for column in range(len(rows[0])))


def _flat(words: str | tuple[str, ...]) -> str:
    return words if isinstance(words, str) else " ".join(words)
