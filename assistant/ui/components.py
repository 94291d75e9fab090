"""The two small browser components: links that open a source beside the chat, and the source itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui.layout import laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.types import Document
    from assistant.ui.links import Place

_STATIC = Path(__file__).parent / "static"


def source_links(status: str, on_open: Callable[[], None]) -> None:
    """Let links to documents open beside the chat, and announce ``status`` to screen readers.

    ``opened_query`` tells in ``on_open`` which link it was.
    """
    mount = st.components.v2.component(
        "source_links",
        html='<div id="status" role="status" aria-live="polite"></div>',
        css=_read("citations.css"),
        js=_read("citations.js"),
    )
    mount(key="source_links", data={"status": status}, on_opened_change=on_open)


def opened_query() -> str:
    """Return the query of the link that was clicked last, without its question mark."""
    opened = st.session_state["source_links"].opened or {}
    return str(opened.get("query", "")).removeprefix("?")


def source_text(document: Document, place: Place, shown: int) -> None:
    """Show a document, the words at ``place`` marked; a new number ``shown`` brings them into view again."""
    mount = st.components.v2.component(
        "source_text",
        html='<div id="page" role="region" tabindex="0"></div>',
        css=_read("source.css"),
        js=_read("source.js"),
    )
    mount(
        key="source_text",
        data={"title": document.title, "lines": laid_out(document, place.spans), "shown": f"{document.id} {shown}"},
    )


def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
