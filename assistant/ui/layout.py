"""A document laid out for reading, with the words of a citation marked. Pure."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypedDict

from assistant.markup import legible
from assistant.reading.pieces import lines
from assistant.reading.tables import split_row
from assistant.spans import merge
from assistant.types import BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.types import Block, Document


class Run(TypedDict):
    """Words that are marked or not."""

    words: str
    marked: bool


class Line(TypedDict):
    """A block as it is shown: its kind, how deep its heading stands, and its cells (one, but for a table's row)."""

    kind: str
    depth: int
    cells: list[list[Run]]


def laid_out(document: Document, marks: Sequence[Span]) -> list[Line]:
    """Return the lines of a document in the order of the page, the words at ``marks`` marked."""
    marked = merge(marks)
    return [
        {
            "kind": block.kind.value,
            "depth": len(block.section),
            "cells": [list(_runs(document.text, cell, marked)) for cell in cells],
        }
        for block, cells in _stretches(document)
    ]


def _stretches(document: Document) -> Iterator[tuple[Block, list[Span]]]:
    """Yield every stretch of the page once: a torn block's halves apart, a table line by line."""
    rows = list(lines(document.text))
    row_starts = [row.start for row in rows]
    stretches: dict[Span, Block] = {}
    for block in document.blocks:
        for span in block.spans:
            is_row = block.kind is BlockKind.TABLE_ROW
            stretches.setdefault(rows[bisect_right(row_starts, span.start) - 1] if is_row else span, block)
    for stretch, block in sorted(stretches.items(), key=lambda item: item[0]):
        yield block, _cells(document.text, stretch) if block.kind is BlockKind.TABLE_ROW else [stretch]


def _cells(text: str, row: Span) -> list[Span]:
    return [cell for cell in split_row(text, row, r"\t|(?<!\\)\|") if cell.start < cell.end]


def _runs(text: str, stretch: Span, marks: Sequence[Span]) -> Iterator[Run]:
    position = stretch.start
    for mark in marks:
        start, end = max(mark.start, stretch.start), min(mark.end, stretch.end)
        if start < end:
            yield from _run(text, Span(position, start), marked=False)
            yield from _run(text, Span(start, end), marked=True)
            position = end
    yield from _run(text, Span(position, stretch.end), marked=False)


def _run(text: str, span: Span, *, marked: bool) -> Iterator[Run]:
    words = legible(text[span.start : span.end])
    if words.strip() or (words and not marked):  # the space between two marks belongs to neither
        yield {"words": words, "marked": marked}
