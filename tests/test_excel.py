from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest

from assistant.exports.excel import NO_EVIDENCE, workbook
from assistant.grid import NO_CASE, NO_THEME
from assistant.types import Facet

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.workbook import Workbook

    from assistant import Assistant
    from assistant.grid import Grid

QUESTION = "How did leaders support collaboration?"


def opened(grid: Grid) -> Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(grid)))


def test_the_grid_is_a_sheet_with_a_row_for_every_case_and_frozen_heads(library: Assistant) -> None:
    grid = library.grid(QUESTION)
    sheet = opened(grid)["Grid"]
    assert sheet["A1"].value == QUESTION
    assert [cell.value for cell in sheet[4]] == ["Case", *grid.shown_columns]
    names = [entry.name for entry in library.index.taxonomy.entries[Facet.CASE]]
    assert [sheet.cell(row, 1).value for row in range(5, 5 + len(names))] == names
    assert sheet.freeze_panes == "B5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet["B5"].value == NO_EVIDENCE


def test_every_number_in_the_grid_is_a_line_of_the_quotes(library: Assistant) -> None:
    grid = library.grid(QUESTION)
    book = opened(grid)
    lines = list(book["Quotes"].iter_rows(min_row=2, values_only=True))
    assert book["Quotes"].auto_filter.ref == f"A1:L{len(lines) + 1}"
    texts = " ".join(str(cell) for row in book["Grid"].iter_rows(min_row=5, values_only=True) for cell in row)
    for number, row, column, words, document, title, section, _, tags, start, end, strength in lines:
        assert f"[{number}]" in texts
        assert document in library.index.documents
        assert title == library.index.documents[document].title
        if isinstance(start, int):
            assert library.index.documents[document].text[start:end] == words
        assert column == NO_THEME or f"theme: {column}" in tags
        assert row == NO_CASE or f"case: {row}" in tags
        assert section
        assert 0.3 < strength <= 1
    assert {number for number, *_ in lines} == {one.citation.marker for one in grid.quotes}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.example")'])
def test_what_begins_like_a_formula_stays_text(make_library: Callable[..., Assistant], start: str) -> None:
    taxonomy = f"[[themes]]\nname = '{start} theme'\n\n[[cases]]\nname = '{start}'\nnames = [\"Leeds\"]\n"
    library = make_library(taxonomy, leeds_txt=f"Leeds\n\n{start} is what the hub in Leeds opened with.\n")
    book = opened(library.grid(f"{start} what did the hub open with?"))
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert start in [cell.value for cell in every]
    assert {cell.data_type for cell in every} <= {"s", "n"}


def test_control_characters_and_halves_of_characters_break_no_workbook(
    make_library: Callable[..., Assistant],
) -> None:
    library = make_library(leeds_txt="Leeds\n\nThe hub\u0085 in Leeds \x7f\ufffe opened in May.\n")
    book = opened(library.grid("When did the hub\x00 in \ud83d Leeds open?", by="document"))
    quoted = str(book["Quotes"]["D2"].value)
    assert "opened in May." in quoted
    assert "\ufffe" not in quoted


def test_a_grid_without_evidence_is_a_workbook_too(library: Assistant) -> None:
    book = opened(library.grid("What did the Cardiff case find?"))
    assert "never mentions" in str(book["Grid"]["A2"].value)
    assert book["Quotes"].max_row == 1
