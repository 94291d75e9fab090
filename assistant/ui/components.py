"""The small browser components: links that open a source beside the chat, and the source itself, as text and as a page."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.pictures import PageView
    from assistant.types import Document
    from assistant.ui.layout import Line

_STATIC = Path(__file__).parent / "static"
_LINKS = """<div id="status" role="status" aria-live="polite"></div>
<div id="card" role="tooltip" hidden><p id="quote"></p><p id="place"></p></div>"""


class Found(TypedDict):
    """A passage that was found: where it stands, how it begins, and why it was found, each reason with a share in [0, 1]."""

    address: str
    place: str
    text: str
    reasons: list[tuple[str, float]]
    tags: str


def source_links(status: str, on_open: Callable[[], None], pointed: str = "") -> None:
    """Let links to documents open beside the chat, show their quotes on a card, and announce ``status`` to screen readers.

    ``opened_query`` tells in ``on_open`` which link it was. The answer called ``pointed`` is brought into view, once.
    """
    mount = st.components.v2.component(
        "source_links",
        html=_LINKS,
        css=read_static("citations.css"),
        js=read_static("citations.js"),
    )
    mount(key="source_links", data={"status": status, "pointed": pointed}, on_opened_change=on_open)


def opened_query() -> str:
    """Return the query of the link that was clicked last, without its question mark."""
    opened = st.session_state["source_links"].opened or {}
    return str(opened.get("query", "")).removeprefix("?")


def answer_tools(key: str, text: str, address: str) -> None:
    """Offer to copy an answer's text, and the address that opens it."""
    mount = st.components.v2.component(
        "answer_tools", html='<div id="tools"></div>', css=read_static("tools.css"), js=read_static("tools.js")
    )
    mount(key=key, data={"text": text, "address": address}, width="content")


def found_passages(key: str, passages: Sequence[Found]) -> None:
    """List passages with links to them and with why each was found; on the page itself, so that its links open beside it."""
    mount = st.components.v2.component(
        "found_passages",
        html='<ol class="found"></ol>',
        css=read_static("found.css"),
        js=read_static("found.js"),
        isolate_styles=False,
    )
    mount(key=key, data={"passages": passages})


def source_text(document: Document, lines: Sequence[Line], opened: str, version: str) -> None:
    """Show lines of a document, some words marked.

    A new ``opened`` brings the marked words into view and to the reader's attention; a new ``version`` only shows other lines.
    """
    mount = st.components.v2.component(
        "source_text",
        html='<div id="page" role="region" tabindex="0"></div>',
        css=read_static("frame.css") + read_static("source.css"),
        js=read_static("frame.js") + read_static("lines.js") + read_static("source.js"),
    )
    mount(
        key="source_text",
        data={"title": document.title, "lines": lines, "opened": opened, "version": f"{opened} {version}"},
    )


def source_page(version: str, view: PageView, alternative: str, opened: str) -> None:
    """Show a page as a picture; ``alternative`` is read to who cannot see it, the others are as for ``source_text``."""
    mount = st.components.v2.component(
        "source_page",
        html='<div id="page" role="region" tabindex="0" aria-label="Page of the source"></div>',
        css=read_static("frame.css") + read_static("page.css"),
        js=read_static("frame.js") + read_static("page.js"),
    )
    mount(
        key="source_page",
        data={
            "picture": b64encode(view.picture).decode(),
            "alternative": alternative,
            "top": view.top,
            "left": view.left,
            "opened": opened,
            "version": f"{opened} {version}",
        },
    )


@cache
def read_static(name: str) -> str:
    """Return a file of ``static/``."""
    return (_STATIC / name).read_text(encoding="utf-8")
