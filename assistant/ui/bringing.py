"""The index brought up to date by hand, after the folder was changed by other means than the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.changes import State
from assistant.ui.links import escaped
from assistant.ui.people import person
from assistant.ui.rebuilding import is_running, start

if TYPE_CHECKING:
    from assistant.embeddings import Embedder
    from assistant.holdings import Pending
    from assistant.settings import Settings

_SAID = {
    State.ADDED: "{} to add",
    State.CHANGED: "{} to read again",
    State.RENAMED: "{} renamed",
    State.REMOVED: "{} to take out",
    State.SKIPPED: "{} to leave out, as another says the same",
    State.REFUSED: "{} that cannot be read",
}


def show_bringing_up_to_date(pending: Pending | str, settings: Settings, embedder: Embedder) -> None:
    """Say what has changed in the folder since the index was built, and offer to take it in."""
    if isinstance(pending, str):
        st.warning(escaped(pending))
        return
    if pending.is_nothing or is_running():
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="pending"):
        st.markdown(f"**The folder has changed.** {_summary(pending)}", width="stretch")
        st.button("Bring up to date", type="primary", on_click=_start, args=(settings, embedder), key="bring")


def _summary(pending: Pending) -> str:
    told = [_SAID[state].format(f"{count:,} file{'s' * (count != 1)}") for state, count in pending.counts.items()]
    otherwise = ["all passages to tag again, by other themes, cases or corrections"] if pending.tagged_otherwise else []
    return f"{', '.join([*told, *otherwise]).capitalize()}."


def _start(settings: Settings, embedder: Embedder) -> None:
    if person(settings).may_edit:
        start(settings, embedder)
