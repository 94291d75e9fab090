"""The heat map over the evidence grid, for looking before reading. Pure but for drawing it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import altair as alt
import streamlit as st

from assistant.ui.links import shortened

if TYPE_CHECKING:
    from assistant.grid import Grid

_ROW_POINTS, _HEAD_POINTS = 34, 60
_LABEL_CHARACTERS = 40
_NARROW = "windowSize()[0] < 640"
"""Where the heads of columns are set aslant, as they would hide each other."""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of weak and strong evidence, and of words: on either of these, on the page, and of less weight there."""

    weak: str
    strong: str
    on_cells: str
    on_page: str
    muted: str


LIGHT = Colours("#e6eefa", "#6c9bdc", "#000000", "#1a1a18", "#55534d")
DARK = Colours("#1e2a3b", "#4a72b0", "#ffffff", "#ecebe6", "#b3b0a7")

Line = dict[str, str | float | int]


def heads(grid: Grid) -> list[str]:
    """Return what heads the columns: the themes, or a letter for each question, before it."""
    if grid.question not in grid.columns:
        return list(grid.shown_columns)
    return [f"{letter}. {question}" for letter, question in zip(ascii_uppercase, grid.columns, strict=False)]


def lines(grid: Grid) -> list[Line]:
    """Return one line a cell: where it stands, how many quotes it has, and the strength of the strongest."""
    return [
        {
            "row": number,
            "case": shortened(row.title, _LABEL_CHARACTERS),
            "column": place,
            "head": head if grid.question not in grid.columns else head[:1],
            "quotes": len(cell.quotes),
            "strength": round(cell.strength, 3),
            "label": f"{len(cell.quotes)} · {cell.strength:.2f}" if cell.quotes else "none",
        }
        for number, row in enumerate(grid.shown_rows)
        for place, (cell, head) in enumerate(zip(grid.shown_cells(row), heads(grid), strict=True))
    ]


def told(grid: Grid) -> str:
    """Return what the heat map shows, in words."""
    cells = [cell for row in grid.rows for cell in row.cells]
    filled = sum(bool(cell.quotes) for cell in cells)
    return f"{filled} of {len(cells)} cells have evidence"


def show_heat_map(grid: Grid) -> None:
    """Draw the heat map; who cannot see it has the same in the table below."""
    colours = DARK if st.context.theme.type == "dark" else LIGHT
    st.altair_chart(
        _chart(lines(grid), colours),
        height=_HEAD_POINTS + _ROW_POINTS * len(grid.shown_rows),
        alt=f"Heat map: {told(grid)}. The table below holds the same, with the quotes.",
    )


def _chart(found: list[Line], colours: Colours) -> alt.LayerChart:
    heads = _axis([str(line["head"]) for line in found if line["row"] == 0], colours)
    heads.update({"orient": "top", "labelAngle": _either("-35", "0"), "labelAlign": _either("'left'", "'center'")})
    cases = _axis([str(line["case"]) for line in found if line["column"] == 0], colours)
    cases.update({"orient": "left", "labelLimit": _either("120", "210")})
    base = alt.Chart(alt.InlineData(values=found)).encode(
        alt.X("column:O", title=None, axis=alt.Axis(**heads)), alt.Y("row:O", title=None, axis=alt.Axis(**cases))
    )
    has_some = alt.datum.quotes > 0
    scale = alt.Scale(domain=[0.2, 0.8], range=[colours.weak, colours.strong], clamp=True)
    cells = (
        base.transform_filter(has_some)
        .mark_rect(cornerRadius=2)
        .encode(alt.Color("strength:Q", scale=scale, legend=None))
    )
    words = base.mark_text(fontSize=12).encode(
        alt.Text("label:N"),
        color=alt.when(has_some).then(alt.value(colours.on_cells)).otherwise(alt.value(colours.muted)),
    )
    chart: alt.LayerChart = (
        alt.layer(cells, words).configure_view(strokeOpacity=0).configure_scale(bandPaddingInner=0.06)
    )
    return chart


def _axis(labels: list[str], colours: Colours) -> dict[str, Any]:
    """Return an axis whose labels are looked up by number: names that are alike stay apart, and none is read as code."""
    return {
        "labelExpr": f"{json.dumps(labels)}[datum.value]",
        "labelColor": colours.on_page,
        "labelFontSize": 13,
        "labelOverlap": False,
        "labelFlush": False,
        "labelPadding": 6,
        "ticks": False,
        "domain": False,
    }


def _either(narrow: str, wide: str) -> alt.ExprRef:
    return alt.ExprRef(f"{_NARROW} ? {narrow} : {wide}")
