"""Answers and conversations as files to take away."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from assistant.exports.markdown import markdown_export
from assistant.exports.pieces import About, library_name, titles_of
from assistant.exports.word import word_export

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.exchanges import Exchange
    from assistant.types import Document

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_NAMES = re.compile(r"[^\w-]+")
_LONGEST_NAME = 60


def export_menu(key: str, name: str, exchanges: Sequence[Exchange], documents: Mapping[str, Document]) -> None:
    """Offer an answer or a conversation as a Word and as a Markdown file, drawn once the menu is opened, made once one is chosen.

    ``name`` heads the file and names it. A file is made outside the page's run, from what stands here now.
    """
    menu = st.popover("Export", type="tertiary", key=f"export {key}", on_change="rerun")
    if not menu.open:
        return
    about = partial(About, name, library_name(documents))
    kept, named = tuple(exchanges), titles_of(exchanges, documents)
    with menu:
        _offer(key, name, "docx", "Word (.docx)", lambda: word_export(about(_now()), kept, named))
        _offer(key, name, "md", "Markdown (.md)", lambda: markdown_export(about(_now()), kept, named).encode())
        st.caption("With a footnote for every source: document, section, page and quote.")


def file_name(name: str, ending: str) -> str:
    """Return what a file is called that holds something of a name: letters, digits and hyphens, and not too long."""
    words = _NOT_IN_NAMES.sub("-", name.casefold()).strip("-_")[:_LONGEST_NAME].rstrip("-")
    return f"{words or 'casewise'}.{ending}"


def _offer(key: str, name: str, ending: str, label: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        label,
        make,
        file_name(name, ending),
        _WORD if ending == "docx" else "text/markdown",
        key=f"export {key} {ending}",
        on_click="ignore",
        width="stretch",
    )


def _now() -> datetime:
    return datetime.now().astimezone()
