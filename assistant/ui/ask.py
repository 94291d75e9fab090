"""The page where questions are asked: the chat, the filters, and the source beside it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import streamlit as st

from assistant.answering.choosing import GENERATIVE
from assistant.errors import CasewiseError
from assistant.exchanges import Exchange, turns_of
from assistant.logs import event, short
from assistant.ui import style
from assistant.ui.components import opened_query, source_links
from assistant.ui.conversations import keep, open_from_address, settle, show_conversations
from assistant.ui.filters import choose_filters, filters_set
from assistant.ui.links import Place, escaped, place_of, spans_written
from assistant.ui.opening import open_library, show_holdings
from assistant.ui.people import person
from assistant.ui.source import open_place, show_source
from assistant.ui.starters import starters_of
from assistant.ui.tools import within
from assistant.ui.transcript import replying, show_exchange, show_outcome, show_question, status_of
from assistant.ui.turns import letting_others, turn
from assistant.ui.writing import Reading, answerer_set, choose_answerer
from assistant.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from assistant.conversation import Assistant
    from assistant.index import PassageIndex
    from assistant.settings import Settings
    from assistant.types import Answer, Span, Turn

_PROMPT = "Ask a question about the case studies"
_NO_WORDS = "There are no words in this question. Ask something in a sentence of your own."
_MOST, _FEWER = 8, 4
"""How many questions are on the page at once, and how many of the oldest go when there are more: all are drawn at every click."""
_LOOK_AGAIN = 1.0
"""Seconds after which it is looked again whether there are questions to begin with."""
_UNFINISHED = "This question was stopped before it was answered. Ask it again."


def page() -> None:
    """Draw the page."""
    style.apply()
    st.title("Ask the case studies", anchor=False)
    try:
        library = open_library()
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return
    with turn():
        _draw(library)


def _draw(library: Assistant) -> None:
    is_new = _begin(library.settings)
    index = library.index  # one generation for all that is drawn now, whatever is published meanwhile
    with st.bottom:
        asked = st.chat_input(
            _PROMPT, key="question", submit_mode="stop", on_submit=_submitted, args=(library.settings,)
        )
    with st.container(key="reading"):
        chat, source = st.columns(2, gap="medium")
    with source:
        _source()
    conversations = _sidebar(index, library.settings)
    if is_new and asked:  # a page that has lost its server asks the next one: that one has not heard of the box yet
        _ask(library.settings, asked)
    with chat:
        _chat(library, index)
    with conversations:  # after the chat: what was asked just now is among them
        show_conversations(library.settings)
    _name_in_address("conversation", st.session_state.conversation)
    said = status_of(st.session_state.exchanges) if st.session_state.asked_here else ""
    source_links(said, _open_clicked, st.session_state.pointed)


def _begin(settings: Settings) -> bool:
    """Lay out what a session remembers, and tell whether it is new: then the address says what to open."""
    begun = "exchanges" in st.session_state
    open_from_address(settings)
    st.session_state.setdefault("shown", 0)
    if not begun:
        st.session_state.place = place_of(st.query_params.to_dict())
        st.session_state.place_in = st.session_state.pointed
    if "returned" in st.session_state:
        st.session_state.question = st.session_state.pop("returned")
    return not begun


def _sidebar(index: PassageIndex, settings: Settings) -> DeltaGenerator:
    """Draw the filters and what the library holds; return the place of the conversations."""
    with st.sidebar:
        st.header("Filters", anchor=False)
        choose_filters(index)
        choose_answerer(settings)
        st.header("Conversations", anchor=False)
        conversations = st.container(key="history")
        show_holdings(index.manifest)
    return conversations


def _chat(library: Assistant, index: PassageIndex) -> None:
    exchanges: list[Exchange] = st.session_state.exchanges
    if st.session_state.notice:
        st.info(st.session_state.notice)
    welcome = st.empty()  # goes as soon as something is asked, not only when it is answered
    if not exchanges:
        with welcome.container():
            _welcome(library, index)
    asked = st.session_state.pop("asked", "")
    earlier = _earlier(exchanges)
    if earlier:
        st.button(
            f"Show {earlier:,} earlier question{'s' * (earlier > 1)}", on_click=_show_all, key="all", type="tertiary"
        )
    for exchange in exchanges[earlier:]:
        if exchange.id == asked:
            whole = len(exchange.question) <= library.settings.question_characters
            show_question(exchange.question, whole=whole)
            with replying():
                _answer(library, index, exchange)
        else:
            show_exchange(exchange, library.settings, index)


def _earlier(exchanges: Sequence[Exchange]) -> int:
    """Return how many of the oldest questions are not drawn; what an address points at is."""
    if st.session_state.get("all_of", "") == st.session_state.conversation:
        return 0
    over = max(len(exchanges) - _MOST, 0)
    pointed = [number for number, one in enumerate(exchanges) if one.id == st.session_state.pointed]
    return min([-(-over // _FEWER) * _FEWER, *pointed])


def _show_all() -> None:
    st.session_state.all_of = st.session_state.conversation


def _welcome(library: Assistant, index: PassageIndex) -> None:
    st.write("Every sentence of an answer shows the words it rests on: choose its number to read them in the document.")
    starters = starters_of(library, index)
    if starters is None:
        _wait_for_starters(library)
    if starters:
        st.subheader("Try asking", anchor=False)
    for question in starters or ():
        st.button(escaped(question), key=f"starter {question}", on_click=_ask, args=(library.settings, question))


@st.fragment(run_every=_LOOK_AGAIN)
def _wait_for_starters(library: Assistant) -> None:
    if starters_of(library, library.index) is not None:
        st.rerun()


def _submitted(settings: Settings) -> None:
    _ask(settings, st.session_state.question)


def _ask(settings: Settings, question: str) -> None:
    """Keep a question before anything else is done: whatever happens then, it is not lost."""
    st.session_state.notice = ""
    st.session_state.asked = keep(settings, Exchange(question, filters_set(), message=_UNFINISHED)).id


def _answer(library: Assistant, index: PassageIndex, exchange: Exchange) -> None:
    """Answer a question, and keep what came of it before a word is shown: a click in mid-stream loses nothing."""
    exchanges: list[Exchange] = st.session_state.exchanges
    turns = turns_of(exchanges[: exchanges.index(exchange)])
    writes = answerer_set(library.settings) == GENERATIVE
    written = st.empty() if writes else None
    with st.spinner("Writing, and checking every sentence …" if writes else "Searching the library …"):
        answered = _answered(library, exchange, turns, written)
        settle(library.settings, answered)
    if written is not None:
        written.empty()
    if len(exchange.question) > library.settings.question_characters:
        st.session_state.returned = exchange.question  # to be shortened in the box it was typed into
        st.rerun()
    show_outcome(answered, library.settings, index, streaming=not writes)


def _answered(library: Assistant, exchange: Exchange, turns: list[Turn], written: DeltaGenerator | None) -> Exchange:
    asked, filters = exchange.question, exchange.filters
    if asked.strip() and not any(words(asked)):
        return replace(exchange, message=_NO_WORDS)
    try:
        with letting_others() if written is not None else nullcontext():
            answer = library.ask(
                asked,
                turns,
                case=filters.case,
                theme=filters.theme,
                aspect=filters.aspect,
                answerer=answerer_set(library.settings),
                listener=None if written is None else Reading(written, within(exchange.id)),
            )
    except CasewiseError as error:
        return replace(exchange, message=str(error))
    _log(library, answer)
    return replace(exchange, answer=answer, message="")


def _log(library: Assistant, answer: Answer) -> None:
    who, counts = short(person(library.settings).id), {"answered": answer.answered, "citations": len(answer.citations)}
    event("answer", who=who, ms=answer.timings_ms["total"], **counts, question=answer.question)


@st.fragment(key="source_pane")
def _source() -> None:
    """Draw the source that is open; a click on a citation draws this again and nothing else."""
    place: Place | None = st.session_state.place
    _name_in_address("document", place.document if place else None)
    _name_in_address("spans", spans_written(place) if place else None)
    if place is None:
        return
    library = open_library()
    with st.container(key="source"):
        show_source(library.index, library.settings, place, _beside(place))


def _beside(place: Place) -> tuple[Span, ...]:
    """Return the spans of the other citations of the answer that a place was opened from, in the same document."""
    exchanges: list[Exchange] = st.session_state.exchanges
    answer = next((one.answer for one in exchanges if one.id == st.session_state.get("place_in")), None)
    cited = answer.citations if answer else ()
    return tuple(sorted({span for one in cited if one.document == place.document for span in one.spans}))


def _open_clicked() -> None:
    query = dict(parse_qsl(opened_query()))
    place = place_of(query)
    if place is not None:
        open_place(place)
        st.session_state.place_in = query.get("answer", "")
        st.rerun("source_pane")


def _name_in_address(name: str, value: str | None) -> None:
    """Let the address say what is open, so that a reload, or whoever is sent it, opens the same."""
    if st.query_params.get(name) == value:
        return
    if value is None:
        del st.query_params[name]
    else:
        st.query_params[name] = value
