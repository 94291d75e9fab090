"""The conversation as it is shown: every question, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.answering.choosing import GENERATIVE
from assistant.exchanges import outdated
from assistant.rendering import understood_as
from assistant.ui.links import answer_markdown, escaped, refusal_markdown, shortened, streamed
from assistant.ui.tools import show_tools, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from assistant.exchanges import Exchange
    from assistant.index import PassageIndex
    from assistant.settings import Settings
    from assistant.types import Answer

_ASKS, _ANSWERS = ":material/person:", ":material/menu_book:"
_QUESTION_CHARACTERS = 300
"""How much is shown of a question that was too long to be read."""


def show_exchange(exchange: Exchange, settings: Settings, index: PassageIndex) -> None:
    """Show a question and what came of it."""
    show_question(exchange.question, whole=exchange.answer is not None)
    with replying():
        show_outcome(exchange, settings, index)


def show_question(question: str, *, whole: bool = True) -> None:
    """Show a question, or how it begins."""
    with st.chat_message("user", avatar=_ASKS):
        st.markdown(escaped(question if whole else shortened(question, _QUESTION_CHARACTERS)) or ":gray[(nothing)]")


def replying() -> DeltaGenerator:
    """Return the place of what came of a question."""
    return st.chat_message("assistant", avatar=_ANSWERS)


def show_outcome(exchange: Exchange, settings: Settings, index: PassageIndex, *, streaming: bool = False) -> None:
    """Show what came of a question."""
    if exchange.answer is None:
        st.warning(escaped(exchange.message))
        return
    _show_how_it_was_read(exchange, exchange.answer)
    _show_answer(exchange.answer, within(exchange.id), streaming=streaming)
    _show_removed(exchange.answer)
    _show_what_changed(exchange, exchange.answer, index)
    show_tools(settings, exchange)


def _show_answer(answer: Answer, named: Mapping[str, str], *, streaming: bool) -> None:
    if not answer.answered:
        st.markdown(refusal_markdown(answer, named))
        return
    written = answer_markdown(answer, named)
    if streaming:
        st.write_stream(streamed(written))
    else:
        st.markdown(written)
    st.caption(f"{_how(answer)} · choose a number to read it there")
    if answer.note:
        st.caption(escaped(answer.note))


def _how(answer: Answer) -> str:
    """Return in a few words which way an answer was written."""
    places = f"{_count(answer, 'place')} in the library"
    if answer.answerer == GENERATIVE:
        return f"Written by a language model, every sentence checked against {places}"
    return f"Quoted from {places}"


def _show_removed(answer: Answer) -> None:
    """List what a language model wrote and was taken back, with the reasons."""
    if answer.rejected:
        with st.expander(f"Removed ({len(answer.rejected)})", type="compact"):
            st.caption("What the language model wrote and what it cites does not bear out.")
            st.markdown("\n".join(f"- {escaped(one.claim)}\\\n  {escaped(one.reason)}" for one in answer.rejected))


def _show_what_changed(exchange: Exchange, answer: Answer, index: PassageIndex) -> None:
    """Say so where a document no longer holds the words that were quoted from it; looked up once a generation."""
    known: dict[tuple[str, str], tuple[int, ...]] = st.session_state.setdefault("outdated", {})
    looked_up = exchange.id, index.folder.name
    if looked_up not in known:
        known[looked_up] = outdated(answer, index.documents)
    markers = known[looked_up]
    if markers:
        which = " ".join(f"[{marker}]" for marker in markers)
        said = f"The document has changed since this was answered: {which} may no longer hold. Ask again."
        st.container(key=f"outdated-{exchange.id}").markdown(f"**{escaped(said)}**")


def status_of(exchanges: Sequence[Exchange]) -> str:
    """Return what is said aloud of the newest question; a message is an alert already, and speaks for itself."""
    if not exchanges or exchanges[-1].answer is None:
        return ""
    answer = exchanges[-1].answer
    outcome = f"answer ready, {_count(answer, 'source')}." if answer.answered else f"no answer. {answer.reason}"
    return f"Question {len(exchanges)}: {outcome}"


def _show_how_it_was_read(exchange: Exchange, answer: Answer) -> None:
    understood = understood_as(answer)
    if understood:
        st.caption(f"Understood as: {escaped(understood)}")
    held = exchange.filters.items()
    if held:
        st.caption("Filtered by " + " · ".join(f"{facet.value}: {escaped(value)}" for facet, value in held))


def _count(answer: Answer, noun: str) -> str:
    count = len(answer.citations)
    return f"{count} {noun}{'s' if count != 1 else ''}"
