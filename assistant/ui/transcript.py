"""The conversation as it is shown: every question, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.rendering import understood_as
from assistant.ui.links import answer_markdown, escaped, refusal_markdown, shortened, streamed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.exchanges import Exchange
    from assistant.types import Answer

_QUESTION_CHARACTERS = 300
"""How much is shown of a question that was too long to be read."""


def show_question(question: str, *, whole: bool = True) -> None:
    """Show a question, or how it begins."""
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(escaped(question if whole else shortened(question, _QUESTION_CHARACTERS)) or ":gray[(nothing)]")


def show_outcome(exchange: Exchange, *, word_by_word: bool = False) -> None:
    """Show what came of a question."""
    if exchange.answer is None:
        st.warning(escaped(exchange.message))
        return
    _show_how_it_was_read(exchange, exchange.answer)
    if not exchange.answer.answered:
        st.markdown(refusal_markdown(exchange.answer))
        return
    written = answer_markdown(exchange.answer)
    if word_by_word:
        st.write_stream(streamed(written))
    else:
        st.markdown(written)
    st.caption(f"Quoted from {_count(exchange.answer, 'place')} in the library · choose a number to read it there")


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
