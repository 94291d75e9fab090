"""What can be done with an answer: say whether it helped, copy it, link to it, see every passage that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from assistant.exchanges import Verdict
from assistant.rendering import where
from assistant.ui.components import Found, answer_tools, found_passages
from assistant.ui.conversations import rate
from assistant.ui.exporting import export_menu
from assistant.ui.links import Place, address, copied, shortened
from assistant.ui.opening import open_library

if TYPE_CHECKING:
    from assistant.exchanges import Exchange
    from assistant.settings import Settings
    from assistant.types import Answer, Hit

_THUMBS = (False, True)
_FOLDED = "Copy, rate, export …"
_NAME = 80
"""How much of a question an exported file is called by."""
_PASSAGE = 320
"""How many characters of a passage are shown in the list of what was found."""
_REASONS = {"meaning": "Meaning", "words": "Words", "tags": "Tags"}
"""What the signals of a hit are called; others, such as a reranker's, go by their own names."""


def show_tools(settings: Settings, exchange: Exchange) -> None:
    """Draw the tools of an answer that is on the page.

    Those of an answer further up are a click away: they would be drawn at every question, and take longer than the answer.
    """
    newest: Exchange = st.session_state.exchanges[-1]
    unfolded: set[str] = st.session_state.setdefault("unfolded", set())
    if exchange.id in {newest.id, st.session_state.pointed, *unfolded}:
        _tools(settings, exchange.id)
    else:
        st.button(_FOLDED, key=f"unfold-{exchange.id}", type="tertiary", on_click=unfolded.add, args=(exchange.id,))


@st.fragment
def _tools(settings: Settings, identifier: str) -> None:
    """Draw the tools of an answer; nothing else is drawn again when they are used."""
    exchange = next((one for one in st.session_state.exchanges if one.id == identifier), None)
    if exchange is None or exchange.answer is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"tools-{identifier}"):
        _thumbs(settings, exchange)
        answer_tools(f"copy-{identifier}", copied(exchange.answer), "?" + urlencode(within(identifier)))
        export_menu(identifier, shortened(exchange.question, _NAME), [exchange], open_library().index.documents)
    if exchange.verdict is not None:
        _comment(settings, exchange)
    _passages(exchange, exchange.answer)


def within(identifier: str) -> dict[str, str]:
    """Return what an address says to open an answer in its conversation."""
    named = {"conversation": st.session_state.conversation, "answer": identifier}
    return {name: value for name, value in named.items() if value}


def _thumbs(settings: Settings, exchange: Exchange) -> None:
    given = None if exchange.verdict is None else _THUMBS.index(exchange.verdict.helpful)
    st.feedback("thumbs", key=f"thumbs-{exchange.id}", default=given, on_change=_rated, args=(settings, exchange.id))


def _rated(settings: Settings, identifier: str) -> None:
    given = st.session_state[f"thumbs-{identifier}"]
    comment = st.session_state.get(f"comment-{identifier}", "")
    rate(settings, identifier, None if given is None else Verdict(_THUMBS[given], comment))


def _comment(settings: Settings, exchange: Exchange) -> None:
    verdict = exchange.verdict or Verdict(helpful=True)
    st.text_input(
        "What helped? (optional)" if verdict.helpful else "What was missing or wrong? (optional)",
        verdict.comment,
        max_chars=2_000,
        key=f"comment-{exchange.id}",
        on_change=_rated,
        args=(settings, exchange.id),
    )
    if st.session_state.get("unkept"):
        st.caption("What you said could not be kept.")
    else:
        st.caption("Thank you: your comment is kept." if verdict.comment else "Thank you: kept.")


def _passages(exchange: Exchange, answer: Answer) -> None:
    if not answer.passages:
        return
    label = f"Passages found ({len(answer.passages)})"
    shown = st.expander(label, on_change="rerun", key=f"found-{exchange.id}", type="compact")
    if shown.open:
        with shown:
            st.caption("What the search put forward, the best first, and how near each comes to the question.")
            found_passages(f"passages-{exchange.id}", [_found(hit, exchange.id) for hit in answer.passages])


def _found(hit: Hit, identifier: str) -> Found:
    passage = hit.passage
    place = Place(passage.document, passage.spans)
    return {
        "address": address(place, within(identifier)),
        "place": where(passage),
        "text": shortened(passage.text, _PASSAGE),
        "reasons": [(_REASONS.get(name, name), min(max(value, 0.0), 1.0)) for name, value in hit.signals.items()],
        "tags": ", ".join(dict.fromkeys(tag.value for tag in passage.tags)),
    }
