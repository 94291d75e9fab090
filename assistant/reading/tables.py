"""Rows of a table: each a statement with the heads of its columns, or, where a cell holds a list, one statement a cell."""

from __future__ import annotations

import re
from itertools import chain, repeat
from typing import TYPE_CHECKING

from assistant.markup import BULLETS, items, plain
from assistant.reading.pieces import Piece
from assistant.spans import merge, trim
from assistant.types import BlockKind, Cell, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row = tuple[Span, ...]

_LONGEST_HEAD = 1_000
"""The most characters of what heads a row or column; it is said again with every cell."""

_FIGURE = re.compile(r"(?!(?:19|20)\d\d\Z)[£$€]?\d[\d,.]*%?")

_LIST_TAGS = re.compile(rf"(?>(?:\s|</?(?:ul|ol|li)\b[^<>]*>|[{BULLETS}])+)", re.IGNORECASE)
_BULLET = re.compile(rf"[{BULLETS}]\s*\Z")


def split_row(text: str, line: Span, separator: str) -> Row:
    """Return the cells of a line, each trimmed; an empty cell is an empty span."""
    edges = [match.span() for match in re.finditer(separator, text[line.start : line.end])]
    starts = [line.start, *(line.start + end for _, end in edges)]
    ends = [*(line.start + start for start, _ in edges), line.end]
    return tuple(trim(text, Span(start, end)) for start, end in zip(starts, ends, strict=True))


def table(text: str, rows: Sequence[Row]) -> Iterator[Piece]:
    """Yield the rows of a table as pieces. The first row gives the heads of the columns, unless it holds figures itself."""
    if not rows:
        return
    heads, body = (rows[0], rows[1:]) if _is_head(text, rows[0]) else ((), rows)
    if named := [head for head in heads if head.start < head.end]:
        yield Piece(BlockKind.TABLE_ROW, merge(named))
    for row in body:
        cells = tuple(
            Cell(head if head and head.start < head.end else None, cell)
            for i, (head, cell) in enumerate(zip(chain(heads, repeat(None)), row, strict=False))
            if cell.start < cell.end or i == 0
        )
        if all(cell.body.start == cell.body.end for cell in cells):
            continue
        if _is_short(cells[0].body) and any(_holds_list(text, cell.body) for cell in cells[1:]):
            yield from _cell_pieces(text, cells)
        else:
            yield Piece(BlockKind.TABLE_ROW, _spans(cells, Span(row[0].start, row[-1].end)), cells=cells)


def _cell_pieces(text: str, cells: tuple[Cell, ...]) -> Iterator[Piece]:
    """Yield one piece a cell, under the head of its row and of its column."""
    row_head = Cell(None, cells[0].body)
    for cell in cells[1:]:
        bare = Cell(cell.head, _without_list_tags(text, cell.body))
        heads = [span for span in (row_head.body, cell.head) if span and span.start < span.end]
        yield Piece(
            BlockKind.TABLE_ROW,
            _spans((row_head, bare), bare.body),
            cells=(row_head, bare),
            heads=tuple(plain(text[head.start : head.end]) for head in heads),
        )


def _spans(cells: Sequence[Cell], body: Span) -> tuple[Span, ...]:
    """Return the words that a row's statement rests on: the heads of its columns, the head of the row and the cells."""
    heads = [cell.head for cell in cells[1:] if cell.head]
    return merge([span for span in (*heads, cells[0].body, body) if span.start < span.end])


def _is_head(text: str, row: Row) -> bool:
    return all(map(_is_short, row)) and not _holds_figures(text, row)


def _is_short(head: Span) -> bool:
    return head.end - head.start <= _LONGEST_HEAD


def _holds_figures(text: str, row: Row) -> bool:
    """Tell whether a row holds bare figures after its own head; years may head columns."""
    return any(_FIGURE.fullmatch(text, cell.start, cell.end) for cell in row[1:])


def _holds_list(text: str, cell: Span) -> bool:
    return len(items(text[cell.start : cell.end])) > 1


def _without_list_tags(text: str, cell: Span) -> Span:
    """Return the cell from its first item, with the bullet it may have, to its last, without the tags around them."""
    around = list(_LIST_TAGS.finditer(text, cell.start, cell.end))
    start = around[0].end() if around and around[0].start() == cell.start else cell.start
    if bullet := _BULLET.search(text[cell.start : start]):
        start = cell.start + bullet.start()
    end = around[-1].start() if around and around[-1].end() == cell.end else cell.end
    return Span(start, max(start, end))
