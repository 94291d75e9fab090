"""The page of the library itself: its documents, one of them opened, and for editors what adds, replaces and removes them."""

from __future__ import annotations

from time import time_ns
from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError, EmptyCorpus
from assistant.ui import style
from assistant.ui.adding import show_adding
from assistant.ui.bringing import show_bringing_up_to_date
from assistant.ui.correcting import show_correcting
from assistant.ui.links import escaped
from assistant.ui.opening import app_settings, open_library, shared_embedder
from assistant.ui.people import person
from assistant.ui.reader import show_document
from assistant.ui.reading_components import bring_into_view
from assistant.ui.rebuilding import show_progress
from assistant.ui.shelf import show_documents
from assistant.ui.surveying import surveyed

if TYPE_CHECKING:
    from assistant.index import PassageIndex
    from assistant.settings import Settings


def page() -> None:
    """Draw the page."""
    style.apply()
    try:
        library = open_library()
    except EmptyCorpus as error:
        _show_empty(str(error))
        return
    except CasewiseError as error:
        st.title("Library")
        st.error(escaped(str(error)))
        return
    index = library.index  # one generation for all that is drawn now, whatever is published meanwhile
    settings, document = library.settings, st.query_params.get("document", "")
    if not document:
        st.title("Library", anchor=False)
    show_progress(settings, library.embedder)
    _show_notices()
    if document:
        show_correcting(library)
        show_document(index, settings, library.embedder, document)
        return
    held = surveyed(index, settings)
    if person(settings).may_edit:
        show_adding(settings, index, library.embedder)
        with st.container():  # always there: the search below keeps what is being typed when this comes or goes
            show_bringing_up_to_date(held.pending, settings, library.embedder)
    show_documents(held.holdings, index)


def _show_empty(message: str) -> None:
    """Let editors put the first documents into a library that has none."""
    settings: Settings = app_settings()
    embedder = shared_embedder(settings.model)
    nothing: PassageIndex | None = None
    st.title("Library", anchor=False)
    show_progress(settings, embedder)
    _show_notices()
    st.info(escaped(message))
    if person(settings).may_edit:
        show_adding(settings, nothing, embedder)


def _show_notices() -> None:
    """Say what went wrong with what was asked for last."""
    notices = st.session_state.pop("notices", [])
    with st.container(key="notices"):  # always there: what follows keeps its place
        if not notices:
            return
        for notice in notices:
            st.error(escaped(notice))
        bring_into_view(f"notices {time_ns()}")
