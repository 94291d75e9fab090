"""Who writes the answers, to be chosen where a language model is configured; and an answer that is read while it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.answering.choosing import EXTRACTIVE, GENERATIVE, chosen
from assistant.ui.links import answer_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from assistant.settings import Settings
    from assistant.types import Answer

_NAMES = {GENERATIVE: "Language model, checked", EXTRACTIVE: "Quotes only"}
_HELP = (
    "A language model puts the answer into words; a sentence is shown only once it holds against the words it cites. "
    "Quotes are the library's own words."
)


def choose_answerer(settings: Settings) -> None:
    """Draw the choice of who writes; nothing where there is none."""
    if settings.llm_url is not None:
        st.radio(
            "Written by",
            list(_NAMES),
            format_func=_NAMES.__getitem__,
            help=_HELP,
            key="writer",
            persist_state="session",
        )


def answerer_set(settings: Settings) -> str:
    """Return the name of the answerer that is chosen."""
    return chosen(st.session_state.get("writer") if settings.llm_url is not None else None, settings)


class Reading:
    """Shows an answer as far as it is written and checked, and lets whoever reads it stop."""

    def __init__(self, place: DeltaGenerator, named: Mapping[str, str]) -> None:
        self._place, self._named = place, named

    def said(self, answer: Answer) -> None:
        """Show what holds so far."""
        self._place.markdown(answer_markdown(answer, self._named))

    def waiting(self) -> None:
        """Look at the session: Streamlit ends a page that was stopped, or is to be drawn again, where it does so."""
        _ = st.session_state.get("writer")
