"""The grid itself, as a table of the page: every cell its quotes, each with a link to its words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import streamlit as st

from assistant.markup import plain
from assistant.rendering import on_pages
from assistant.types import Facet
from assistant.ui.links import Place, address

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.grid import Grid, GridCell, GridQuote

_STATIC = Path(__file__).parent / "static"
_KEY = "evidence_table"


class ShownQuote(TypedDict):
    """A quote as it is shown: its number, words and address, what is said of it on hover, its aspects, and its passage."""

    marker: int
    words: str
    address: str
    tip: str
    aspects: str
    document: str
    passage: str


class ShownRow(TypedDict):
    """A row: its head, and the quotes of each cell."""

    head: str
    cells: list[list[ShownQuote]]


def evidence_table(grid: Grid, *, may_edit: bool, on_correct: Callable[[], None]) -> None:
    """Show a grid; editors may ask to correct the tags of a passage, and ``passage_to_correct`` tells in ``on_correct`` which.

    It stands in the page itself, not in a frame of its own: its links open as all links to sources do.
    """
    mount = st.components.v2.component(
        _KEY,
        html='<div class="evidence"></div>',
        css=(_STATIC / "grid.css").read_text(encoding="utf-8"),
        js=(_STATIC / "grid.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )
    mount(
        key=_KEY,
        data={
            "caption": f"Evidence on: {grid.question}",
            "corner": grid.by.value.capitalize(),
            "columns": grid.shown_columns,
            "rows": _rows(grid),
            "editing": may_edit,
        },
        on_correct_change=on_correct,
    )


def passage_to_correct() -> tuple[str, str] | None:
    """Return the document and the id of the passage whose tags an editor asked to correct."""
    asked = st.session_state[_KEY].correct or {}
    document, passage = asked.get("document"), asked.get("passage")
    return (str(document), str(passage)) if document and passage else None


def _rows(grid: Grid) -> list[ShownRow]:
    return [{"head": row.title, "cells": [_shown(cell) for cell in grid.shown_cells(row)]} for row in grid.shown_rows]


def _shown(cell: GridCell) -> list[ShownQuote]:
    return [_quote(one) for one in cell.quotes]


def _quote(one: GridQuote) -> ShownQuote:
    cited = one.citation
    place = ", ".join(filter(None, [" › ".join(cited.section) or cited.document, on_pages(cited.pages)]))
    return {
        "marker": cited.marker,
        "words": plain(cited.quote),
        "address": address(Place(cited.document, cited.spans)),
        "tip": f"{place}: “{cited.quote}”",
        "aspects": ", ".join(one.passage.values(Facet.ASPECT)),
        "document": cited.document,
        "passage": one.passage.id,
    }
