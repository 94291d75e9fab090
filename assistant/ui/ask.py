"""The page where questions are asked: the chat, the filters, and the source beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import streamlit as st

from assistant.errors import CasewiseError
from assistant.exchanges import Exchange, turns_of
from assistant.logs import event, short
from assistant.types import Facet, Filters
from assistant.ui.components import opened_query, source_links
from assistant.ui.links import Place, escaped, place_of
from assistant.ui.opening import open_library, show_holdings
from assistant.ui.people import person
from assistant.ui.source import open_place, show_source
from assistant.ui.transcript import show_outcome, show_question, status_of
from assistant.words import words

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from assistant.conversation import Assistant
    from assistant.index import PassageIndex
    from assistant.settings import Settings
    from assistant.types import Answer, Turn

_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-top: 4rem; }
@media (min-width: 800px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-source) { position: sticky; top: 4.5rem; }
}
</style>"""
_EVERYTHING = "All"
_NO_WORDS = "There are no words in this question. Ask something in a sentence of your own."


def page() -> None:
    """Draw the page."""
    st.session_state.setdefault("exchanges", [])
    st.session_state.setdefault("place", place_of(st.query_params.to_dict()))
    st.session_state.setdefault("shown", 0)
    st.html(_STYLE)
    st.title("Ask the case studies")
    try:
        library = open_library()
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return
    index = library.index  # one generation for all that is drawn now, whatever is published meanwhile
    filters = _sidebar(index)
    if "returned" in st.session_state:
        st.session_state.question = st.session_state.pop("returned")
    with st.bottom:
        asked = st.chat_input("Ask a question about the case studies", key="question", submit_mode="stop")
    asked = asked or st.session_state.pop("started", None)
    chat, source = st.columns(2, gap="medium")
    with source, st.container(key="source"):
        _source(index, library.settings)
    with chat:
        _chat(library, asked, filters)
    source_links(status_of(st.session_state.exchanges), _open_clicked)


def _sidebar(index: PassageIndex) -> Filters:
    """Draw the filters and what the library holds; return the filters that are set."""
    with st.sidebar:
        st.header("Filters")
        chosen = {facet.value: _filter(index, facet) for facet in Facet}
        st.caption("Filters hold for every question until you change them.")
        show_holdings(index.manifest)
    return Filters(**chosen)


def _filter(index: PassageIndex, facet: Facet) -> str | None:
    entries = index.taxonomy.entries[facet]
    counts = {entry.name: index.count(facet, entry.name) for entry in entries}
    chosen = st.selectbox(
        facet.value.capitalize(),
        [_EVERYTHING, *counts],
        format_func=lambda name: name if name == _EVERYTHING else f"{_title(name)} ({counts[name]})",
        help="\n".join(f"- **{escaped(_title(entry.name))}**: {escaped(entry.definition)}" for entry in entries)
        or None,
        key=f"filter_{facet.value}",
    )
    return None if chosen == _EVERYTHING else chosen


def _chat(library: Assistant, asked: str | None, filters: Filters) -> None:
    exchanges: list[Exchange] = st.session_state.exchanges
    welcome = st.empty()  # goes as soon as something is asked, not only when it is answered
    if not exchanges and not asked:
        with welcome.container():
            _welcome(library)
    for exchange in exchanges:
        show_question(exchange.question, whole=exchange.answer is not None)
        with _reply():
            show_outcome(exchange)
    if asked:
        show_question(asked, whole=len(asked) <= library.settings.question_characters)
        with _reply():
            _answer(library, asked, filters)


def _welcome(library: Assistant) -> None:
    st.write("Every sentence of an answer shows the words it rests on: choose its number to read them in the document.")
    if library.index.taxonomy.starters:
        st.subheader("Try asking", anchor=False)
    for question in library.index.taxonomy.starters:
        st.button(escaped(question), key=f"starter {question}", on_click=_start, args=(question,))


def _start(question: str) -> None:
    st.session_state.started = question


def _reply() -> DeltaGenerator:
    return st.chat_message("assistant", avatar=":material/menu_book:")


def _answer(library: Assistant, asked: str, filters: Filters) -> None:
    """Answer a question and keep what came of it before a word is shown: a click in mid-stream loses nothing."""
    exchanges: list[Exchange] = st.session_state.exchanges
    exchange = _exchanged(library, asked, filters, turns_of(exchanges))
    exchanges.append(exchange)
    if len(asked) > library.settings.question_characters:
        st.session_state.returned = asked  # to be shortened in the box it was typed into
        st.rerun()
    show_outcome(exchange, word_by_word=True)


def _exchanged(library: Assistant, asked: str, filters: Filters, turns: list[Turn]) -> Exchange:
    if asked.strip() and not any(words(asked)):
        return Exchange(asked, filters, message=_NO_WORDS)
    try:
        with st.spinner("Searching the library …"):
            answer = library.ask(asked, turns, case=filters.case, theme=filters.theme, aspect=filters.aspect)
    except CasewiseError as error:
        return Exchange(asked, filters, message=str(error))
    _log(library, answer)
    return Exchange(asked, filters, answer)


def _log(library: Assistant, answer: Answer) -> None:
    who, counts = short(person(library.settings).id), {"answered": answer.answered, "citations": len(answer.citations)}
    event("answer", who=who, ms=answer.timings_ms["total"], **counts, question=answer.question)


def _source(index: PassageIndex, settings: Settings) -> None:
    place: Place | None = st.session_state.place
    if place is not None:
        show_source(index, settings, place)
    elif turns_of(st.session_state.exchanges):
        st.caption("Choose a number in an answer to read the words it rests on.")


def _open_clicked() -> None:
    place = place_of(dict(parse_qsl(opened_query())))
    if place is not None:
        open_place(place)


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
