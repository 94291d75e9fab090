"""From a page of a PDF to its lines and tables in reading order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.reading.pdf.columns import columns
from assistant.reading.pdf.glyphs import words_of_page
from assistant.reading.pdf.grids import Grid, aligned, ruled
from assistant.reading.pdf.lines import Fragment, Line, fragments, line, rows
from assistant.reading.pdf.rules import drawn, with_bullets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pypdfium2.raw as pdfium

Part = Line | Grid


def parts_of_page(page: pdfium.FPDF_PAGE, number: int) -> list[Part]:
    """Return the lines and tables of the page with this number, counted from 1, in reading order."""
    words, turn = words_of_page(page)
    if not words:
        return []
    rulings, dots = drawn(page, turn)
    grids, rest = ruled(with_bullets(words, dots), rulings, number)
    found: list[Fragment | Grid] = [*fragments(rest), *grids]
    laid_out = columns(found)
    return [part for place, column in enumerate(laid_out) for part in _column(column, number, place)]


def _column(column: Sequence[Fragment | Grid], page: int, place: int) -> Iterator[Part]:
    margin, edge = min(part.left for part in column), max(part.right for part in column)
    for part in _in_order(column, page):
        if isinstance(part, Grid):
            yield replace(part, column=place)
        else:
            yield replace(line(part, page, place), margin=margin, edge=edge)


def _in_order(column: Sequence[Fragment | Grid], page: int) -> Iterator[Sequence[Fragment] | Grid]:
    """Yield rows and tables from top to bottom; rows in line below each other are a table too."""
    grids = sorted((part for part in column if isinstance(part, Grid)), key=lambda grid: -grid.top)
    waiting: list[Sequence[Fragment]] = []
    for row in rows(part for part in column if isinstance(part, Fragment)):
        while grids and grids[0].top > row[0].base:
            yield from aligned(waiting, page)
            yield grids.pop(0)
            waiting = []
        waiting.append(row)
    yield from aligned(waiting, page)
    yield from grids
