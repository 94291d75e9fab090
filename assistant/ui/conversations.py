"""The conversation on the page: what was asked in it, how it is kept, and the list of all of them beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from assistant.archive import Archive
from assistant.errors import ArchiveError
from assistant.ui.exporting import export_menu
from assistant.ui.links import escaped, shortened
from assistant.ui.opening import open_library
from assistant.ui.people import person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.archive import Conversation
    from assistant.exchanges import Exchange, Verdict
    from assistant.settings import Settings

_SHOWN, _MORE = 12, 30
"""How many conversations are listed at first, and how many more each time that more are wanted."""
_LABEL = 60
"""How many characters of a title are shown in the list."""
_GONE = "This conversation is not among yours: it was deleted, or it belongs to someone else. You can begin a new one."


@st.cache_resource(show_spinner=False)
def _archive(folder: Path) -> Archive:
    return Archive.open(folder)


def archive_of(settings: Settings) -> Archive:
    """Return the archive, opened once a process.

    Raises:
        ArchiveError: it cannot be opened; the next page tries again.
    """
    return _archive(settings.state)


def open_from_address(settings: Settings) -> None:
    """Begin the session with the conversation that the address names, or with a new one."""
    if "exchanges" in st.session_state:
        return
    begin_anew()
    identifier = st.query_params.get("conversation", "")
    if identifier and not open_conversation(settings, identifier):
        st.session_state.notice = _GONE
        del st.query_params["conversation"]
    st.session_state.pointed = st.query_params.get("answer", "")


def begin_anew() -> None:
    """Put an empty conversation on the page."""
    st.session_state.update(exchanges=[], conversation=None, asked_here=False, notice="", pointed="", place=None)


def open_conversation(settings: Settings, identifier: str) -> bool:
    """Put a conversation of the person's on the page; tell whether there is one."""
    try:
        archive, who = archive_of(settings), person(settings).id
        known = archive.conversation(who, identifier)
        exchanges = archive.exchanges(who, identifier) if known else []
    except ArchiveError:
        return False
    if known is None:
        return False
    begin_anew()
    st.session_state.update(exchanges=exchanges, conversation=known.id)
    return True


def keep(settings: Settings, exchange: Exchange) -> Exchange:
    """Put an exchange on the page and keep it; where it cannot be kept it stays on the page, which says so."""
    kept = _kept(settings, replace(exchange, id=uuid4().hex))
    st.session_state.exchanges.append(kept)
    st.session_state.asked_here = True
    return kept


def settle(settings: Settings, exchange: Exchange) -> None:
    """Put what came of a question in the place of the question, on the page and where it is kept."""
    exchanges: list[Exchange] = st.session_state.exchanges
    st.session_state.exchanges = [exchange if one.id == exchange.id else one for one in exchanges]
    _try(settings, lambda archive, who: archive.settle(who, exchange))


def rate(settings: Settings, identifier: str, verdict: Verdict | None) -> bool:
    """Keep what a person thought of an answer; tell whether it could be kept."""
    exchanges: list[Exchange] = st.session_state.exchanges
    st.session_state.exchanges = [replace(one, verdict=verdict) if one.id == identifier else one for one in exchanges]
    return _try(settings, lambda archive, who: archive.rate(who, identifier, verdict))


def show_conversations(settings: Settings) -> None:
    """List the person's conversations, with what can be done with them."""
    st.button("New conversation", icon=":material/add:", on_click=begin_anew, key="new", width="stretch")
    try:
        _list(settings, archive_of(settings))
    except ArchiveError as error:
        st.session_state.unkept = str(error)
    if st.session_state.get("unkept"):
        st.warning(f"This conversation is not kept. {escaped(st.session_state.unkept)}")


def _list(settings: Settings, archive: Archive) -> None:
    who = person(settings).id
    search = st.text_input(
        "Search conversations",
        key="search",
        type="search",
        icon=":material/search:",
        placeholder="Search conversations",
        label_visibility="collapsed",
    )
    wanted = st.session_state.get("listed", _SHOWN)
    found = archive.conversations(who, search, wanted + 1)
    if not found:
        st.caption("No conversation holds these words." if search else "Conversations are listed here once you ask.")
    with st.container(key="conversations", gap=None):
        for conversation in found[:wanted]:
            _entry(settings, conversation)
    if len(found) > wanted:
        st.button("Show older ones", on_click=_list_more, key="older", type="tertiary")


def _entry(settings: Settings, conversation: Conversation) -> None:
    if conversation.id != st.session_state.conversation:
        _title(settings, conversation)
        return
    with st.container(key=f"open-{conversation.id}", gap=None):
        _title(settings, conversation)
        with st.container(horizontal=True, gap="small"):
            if st.button("Rename", key="rename", type="tertiary"):
                _rename(settings, conversation)
            if st.button("Delete", key="delete", type="tertiary"):
                _delete(settings, conversation)
            exchanges: list[Exchange] = st.session_state.exchanges
            export_menu("conversation", conversation.title, exchanges, open_library().index.documents)


def _title(settings: Settings, conversation: Conversation) -> None:
    st.button(
        escaped(shortened(conversation.title, _LABEL)),
        key=f"conversation-{conversation.id}",
        on_click=_open,
        args=(settings, conversation.id),
        type="tertiary",
        width="stretch",
    )


@st.dialog("Rename the conversation")
def _rename(settings: Settings, conversation: Conversation) -> None:
    with st.form("rename_form", border=False):
        title = st.text_input("Title", conversation.title, max_chars=80)
        if st.form_submit_button("Save", type="primary"):
            _try(settings, lambda archive, who: archive.rename(who, conversation.id, title))
            st.rerun()


@st.dialog("Delete the conversation?")
def _delete(settings: Settings, conversation: Conversation) -> None:
    st.markdown(f"“{escaped(conversation.title)}” and its answers will be gone for good.")
    with st.container(horizontal=True):
        if st.button("Delete for good", type="primary", key="delete_now"):
            if _try(settings, lambda archive, who: archive.delete(who, conversation.id)):
                begin_anew()
            st.rerun()
        if st.button("Keep it", key="delete_not"):
            st.rerun()


def _open(settings: Settings, identifier: str) -> None:
    if not open_conversation(settings, identifier):
        st.session_state.notice = _GONE


def _list_more() -> None:
    st.session_state.listed = st.session_state.get("listed", _SHOWN) + _MORE


def _kept(settings: Settings, exchange: Exchange) -> Exchange:
    try:
        archive, who = archive_of(settings), person(settings).id
        identifier: str | None = st.session_state.conversation
        added = archive.add(who, identifier, exchange) if identifier else None
        if added is None:
            conversation, added = archive.begin(who, exchange)
            st.session_state.conversation = conversation.id
    except ArchiveError as error:
        st.session_state.unkept = str(error)
        return exchange
    st.session_state.unkept = ""
    return added


def _try(settings: Settings, act: Callable[[Archive, str], None]) -> bool:
    try:
        act(archive_of(settings), person(settings).id)
    except ArchiveError as error:
        st.session_state.unkept = str(error)
        return False
    st.session_state.unkept = ""
    return True
