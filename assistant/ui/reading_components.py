"""The browser components of the library: the table of its documents, and a document with the tags of its passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import streamlit as st

from assistant.ui.components import read_static

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.ui.annotating import Annotated, Heading


class Row(TypedDict):
    """A document as the table shows it. ``id`` is empty where it cannot be opened; ``calm`` where all is well with it."""

    id: str
    href: str
    title: str
    name: str
    cases: str
    tags: str
    untagged: str
    date: str
    form: str
    pages: str
    standing: str
    detail: str
    calm: bool


def document_table(
    rows: Sequence[Row],
    column: str,
    descending: bool,
    on_open: Callable[[str], None],
    on_sort: Callable[[str], None],
) -> None:
    """Show documents as a table; ``on_open`` is told which was chosen, ``on_sort`` by which column to sort."""
    mount = st.components.v2.component(
        "document_table", html=read_static("shelf.html"), css=read_static("shelf.css"), js=read_static("shelf.js")
    )
    mount(
        key="document_table",
        data={"rows": rows, "column": column, "descending": descending},
        on_opened_change=lambda: on_open(_told("document_table", "opened")),
        on_sorted_change=lambda: on_sort(_told("document_table", "sorted")),
    )


def document_text(
    title: str,
    outline: Sequence[Heading],
    lines: Sequence[Annotated],
    focus: str,
    version: str,
    on_go: Callable[[str], None],
    on_link: Callable[[str], None],
    on_correct: Callable[[str], None] | None = None,
) -> None:
    """Show lines of a document with the tags of its passages beside them, and its outline.

    A new ``version`` brings what ``focus`` names into view: the id of a line, "mark" for the marked words, or nothing.
    ``on_go`` is told the id of a heading that is not among the lines, ``on_link`` the query of a passage's own address,
    ``on_correct`` the id of a passage whose tags are to be corrected; without it none can be.
    """
    mount = st.components.v2.component(
        "document_text",
        html=read_static("reader.html"),
        css=read_static("source.css") + read_static("reader.css"),
        js=read_static("lines.js") + read_static("reader.js"),
    )
    mount(
        key="document_text",
        data={
            "title": title,
            "outline": outline,
            "lines": lines,
            "focus": focus,
            "version": version,
            "correctable": on_correct is not None,
        },
        on_went_change=lambda: on_go(_told("document_text", "went")),
        on_linked_change=lambda: on_link(_told("document_text", "linked")),
        on_corrected_change=lambda: on_correct(_told("document_text", "corrected")) if on_correct else None,
    )


def bring_into_view(name: str) -> None:
    """Bring the container that this stands in into view, once for each name."""
    mount = st.components.v2.component("in_view", js=read_static("in_view.js"))
    mount(key=f"in_view {name}", data={"name": name}, height="content")


def _told(component: str, event: str) -> str:
    """Return what the browser told of an event; it may be anything."""
    value = getattr(st.session_state[component], event, None)
    return value if isinstance(value, str) else ""
