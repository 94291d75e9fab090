"""An evidence grid as an Excel workbook: the grid on one sheet, every quote with its reference on another. Pure.

Everything is written as text: what begins like a formula stays the words that it is.
"""

from __future__ import annotations

import re
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from assistant.markup import plain
from assistant.types import Facet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from assistant.grid import Grid, GridCell, GridQuote

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_EVIDENCE = "no evidence"
_HEADS = (
    "Number",
    "Row",
    "Column",
    "Quote",
    "Document",
    "Title",
    "Section",
    "Page",
    "Tags",
    "Start",
    "End",
    "Strength",
)
_WIDTHS = (9, 26, 22, 70, 32, 32, 36, 8, 36, 12, 12, 10)
_ROW_HEAD_WIDTH, _CELL_WIDTH = 26, 44
_LONGEST, _TALLEST, _LINE = 32_767, 409, 15
"""What Excel takes: characters in a cell, points of a row's height; and the points of a line of 11-point type."""
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@")

_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1D4F91")
_MUTED = Font(color="595959", italic=True)
_RULE = Side(style="thin", color="B1B4B6")
_EDGE = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)
_TOP = Alignment(vertical="top", wrap_text=True)

Value = str | int | float


def workbook(grid: Grid) -> bytes:
    """Return a grid as the bytes of an ``.xlsx`` file."""
    book = Workbook()
    book.properties.title = _writable(grid.question)
    book.properties.creator = "Casewise"
    sheet = book.active or book.create_sheet()
    sheet.title = "Grid"
    _write_grid(sheet, grid)
    _write_quotes(book.create_sheet("Quotes"), grid)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _write_grid(sheet: Worksheet, grid: Grid) -> None:
    _put(sheet, 1, 1, grid.question).font = Font(bold=True, size=14)
    _put(sheet, 2, 1, _described(grid)).font = _MUTED
    first = 4
    _write_heads(sheet, first, (grid.by.value.capitalize(), *grid.shown_columns))
    for number, row in enumerate(grid.shown_rows, first + 1):
        texts = [row.title, *map(_text_of, grid.shown_cells(row))]
        for column, text in enumerate(texts, 1):
            cell = _put(sheet, number, column, text)
            cell.alignment, cell.border = _TOP, _EDGE
            cell.font = Font(bold=True) if column == 1 else _MUTED if text == NO_EVIDENCE else Font()
        sheet.row_dimensions[number].height = _height(texts, [_ROW_HEAD_WIDTH, *[_CELL_WIDTH] * len(texts)])
    _lay_out(sheet, first, [_ROW_HEAD_WIDTH, *[_CELL_WIDTH] * len(grid.shown_columns)], freeze=f"B{first + 1}")


def _described(grid: Grid) -> str:
    held = [f"{facet.value}: {value}" for facet, value in grid.filters.items()]
    parts = [f"A row for every {grid.by.value}", *held, "numbers refer to the sheet “Quotes”", *grid.reasons.values()]
    return " · ".join(parts)


def _write_quotes(sheet: Worksheet, grid: Grid) -> None:
    _write_heads(sheet, 1, _HEADS)
    lines = list(_lines(grid))
    for number, values in enumerate(lines, 2):
        for column, value in enumerate(values, 1):
            cell = _put(sheet, number, column, value)
            cell.alignment = _TOP
            if _HEADS[column - 1] == "Strength":
                cell.number_format = "0.00"
        sheet.row_dimensions[number].height = _height([str(value) for value in values], _WIDTHS)
    _lay_out(sheet, 1, _WIDTHS, freeze="A2")
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_HEADS))}{len(lines) + 1}"


def _lines(grid: Grid) -> Iterator[tuple[Value, ...]]:
    """Yield a line for every quote of every cell."""
    for row in grid.shown_rows:
        for cell, column in zip(grid.shown_cells(row), grid.shown_columns, strict=True):
            for one in cell.quotes:
                yield (one.citation.marker, row.title, column, *_reference(one))


def _reference(one: GridQuote) -> tuple[Value, ...]:
    cited = one.citation
    return (
        cited.quote,
        cited.document,
        one.title,
        " › ".join(cited.section),
        _number_or_text(cited.pages),
        "; ".join(f"{facet}: {name}" for facet in Facet for name in one.passage.values(facet)),
        _number_or_text([span.start for span in cited.spans]),
        _number_or_text([span.end for span in cited.spans]),
        round(one.strength, 4),
    )


def _number_or_text(numbers: Sequence[int]) -> Value:
    """Return one number as a number, several as a list in words: a quote may be torn apart by the end of a page."""
    return numbers[0] if len(numbers) == 1 else "; ".join(map(str, numbers))


def _text_of(cell: GridCell) -> str:
    return "\n\n".join(f"“{plain(one.citation.quote)}” [{one.citation.marker}]" for one in cell.quotes) or NO_EVIDENCE


def _write_heads(sheet: Worksheet, row: int, heads: Iterable[str]) -> None:
    for column, head in enumerate(heads, 1):
        cell = _put(sheet, row, column, head)
        cell.font, cell.fill, cell.alignment, cell.border = _HEAD, _HEAD_FILL, _TOP, _EDGE


def _put(sheet: Worksheet, row: int, column: int, value: Value):  # type: ignore[no-untyped-def]  # a cell, of several unrelated types
    """Write a value and return its cell; text is never a formula, whatever it begins with."""
    cell = sheet[f"{get_column_letter(column)}{row}"]
    if isinstance(value, str):
        cell.value = _writable(value)
        cell.data_type = "s"
        cell.quotePrefix = value.lstrip().startswith(_FORMULA)
    else:
        cell.value = value
    return cell


def _writable(text: str) -> str:
    """Return text with what a workbook cannot hold replaced, and cut where it takes no more."""
    return _UNWRITABLE.sub("\ufffd", text)[:_LONGEST]


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height of a row in which every text can be read."""
    lines = (
        sum(max(1, ceil(len(line) / (width - 1))) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=False)
    )
    return float(min(_TALLEST, _LINE * max(lines, default=1) + 4))


def _lay_out(sheet: Worksheet, heads: int, widths: Sequence[float], freeze: str) -> None:
    """Set widths, keep the heads in sight, and set up printing: A4 across, as wide as the page, heads on every page."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = freeze
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{heads}:{heads}"
    footer = sheet.oddFooter
    if footer and footer.center:
        footer.center.text = "Page &P of &N"
