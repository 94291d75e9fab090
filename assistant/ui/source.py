"""The source beside the chat: a document's text, or a page of it as it was printed, at the words a citation points at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.drawing import draw_page
from assistant.errors import CasewiseError
from assistant.markup import plain
from assistant.rendering import on_pages
from assistant.spans import pages_of, quote
from assistant.ui.components import source_page, source_text
from assistant.ui.layout import Extract, extract
from assistant.ui.links import Place, address, escaped, shortened

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from assistant.index import PassageIndex
    from assistant.manifest import Record
    from assistant.pictures import PageView
    from assistant.settings import Settings
    from assistant.types import Document, Span

_TEXT, _PAGE = "Text", "Page"
_WIDTH = 1000
"""Pixels across the picture of a page: type of 10 points can be read at twice the width of the pane."""
_AROUND, _MORE = 200, 1000
"""How many lines are shown on either side of the cited words at first, and how many more each time that more are wanted."""
_TOLD = 300
"""How many characters of the cited words are told to who cannot see the picture."""


def open_place(place: Place) -> None:
    """Show the words at ``place`` from now on."""
    st.session_state.place = place
    st.session_state.shown = st.session_state.get("shown", 0) + 1
    st.session_state.around = _AROUND
    st.session_state.page = None


def show_source(index: PassageIndex, settings: Settings, place: Place, beside: tuple[Span, ...] = ()) -> None:
    """Draw the source at ``place``; the words at ``beside``, of the same answer and document, are marked less."""
    document = index.documents.get(place.document)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Source", anchor=False, width="content")
        st.button("Close source", on_click=_close, key="close")
    if document is None:
        st.warning(f"The library no longer holds the document {escaped(place.document)}.")
        return
    pages = pages_of(document.pages, place.spans)
    parts = [f"**{escaped(document.title)}**", escaped(document.id), on_pages(pages)]
    st.markdown(" · ".join(filter(None, parts)))
    bar = st.container(horizontal=True, vertical_alignment="center")
    if not (pages and _is_page_wanted(bar) and _show_page(bar, index, settings, document, place)):
        _show_text(index, document, place, beside)
    st.markdown(f"[Link to these words]({address(place)})")


def _is_page_wanted(bar: DeltaGenerator) -> bool:
    chosen = bar.segmented_control(
        "Show the source as",
        [_TEXT, _PAGE],
        default=_TEXT,
        required=True,
        key="view",
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen == _PAGE


def _show_text(index: PassageIndex, document: Document, place: Place, beside: tuple[Span, ...]) -> None:
    around = st.session_state.get("around", _AROUND)
    shown = _extract(document, index.folder.name, document.id, place, around, beside)
    if shown.before:
        st.button(f"Show earlier text ({shown.before:,} more lines)", on_click=_widen, key="earlier")
    version = f"{index.folder.name} {around} {beside}"
    source_text(document, shown.lines, _opened(document), version)
    if shown.after:
        st.button(f"Show later text ({shown.after:,} more lines)", on_click=_widen, key="later")


@st.cache_data(max_entries=64, show_spinner=False)
def _extract(
    _document: Document,
    generation: str,  # noqa: ARG001 - it and the name stand for the document
    identifier: str,  # noqa: ARG001 - as above
    place: Place,
    around: int,
    beside: tuple[Span, ...],
) -> Extract:
    return extract(_document, place.spans, around, beside)


def _show_page(bar: DeltaGenerator, index: PassageIndex, settings: Settings, document: Document, place: Place) -> bool:
    """Show a page, and buttons to turn it; where it cannot be drawn, say why, and tell that it is not shown."""
    cited = pages_of(document.pages, place.spans)
    page: int = st.session_state.get("page") or cited[0]
    words = quote(document.text, place.spans) if page in cited else ""
    record = index.manifest.records[document.id]
    drawn = _drawn(settings, record, record.id, record.sha256, page, words, _stamp(settings, record))
    if isinstance(drawn, str):
        st.info(escaped(drawn))
        return False
    bar.button("Previous", on_click=_turn, args=(page - 1,), disabled=page <= 1, key="previous")
    bar.button("Next", on_click=_turn, args=(page + 1,), disabled=page >= drawn.pages, key="next")
    bar.markdown(f"Page {page} of {drawn.pages}", width="content")
    source_page(f"{page} {index.folder.name}", drawn, _alternative(document, page, words, drawn), _opened(document))
    if words and drawn.top is None:
        st.caption("The words could not be found on the picture of this page: read them in the text.")
    return True


@st.cache_data(max_entries=64, ttl="1h", show_spinner="Drawing the page …")
def _drawn(
    _settings: Settings,
    _record: Record,
    identifier: str,  # noqa: ARG001 - what follows stands for the record and its file
    sha256: str,  # noqa: ARG001 - as above
    page: int,
    words: str,
    stamp: tuple[int, int],  # noqa: ARG001 - as above
) -> PageView | str:
    """Return a page, or a sentence that says why there is none."""
    try:
        return draw_page(_record, _settings, page, words, _WIDTH)
    except CasewiseError as error:
        return str(error)


def _stamp(settings: Settings, record: Record) -> tuple[int, int]:
    """Return what changes when the file of a record does."""
    try:
        status = (settings.corpus / record.id).stat()
    except (OSError, ValueError):
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _alternative(document: Document, page: int, words: str, drawn: PageView) -> str:
    """Return the words that stand for the picture of a page."""
    said = f"Page {page} of {document.title}"
    return f"{said}. Marked on it: “{shortened(plain(words), _TOLD)}”" if words and drawn.top is not None else said


def _opened(document: Document) -> str:
    return f"{document.id} {st.session_state.shown}"


def _turn(page: int) -> None:
    st.session_state.page = page


def _widen() -> None:
    st.session_state.around = st.session_state.get("around", _AROUND) + _MORE


def _close() -> None:
    st.session_state.place = None
