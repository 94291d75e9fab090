"""The library a page answers from: opened once a process, and again when a new generation of its index is published."""

from __future__ import annotations

from threading import Thread

import streamlit as st

from assistant.building import ensure
from assistant.conversation import Assistant
from assistant.embeddings import Embedder, SentenceTransformerEmbedder
from assistant.errors import IndexFault
from assistant.generations import current
from assistant.settings import Settings, load_settings


def open_library() -> Assistant:
    """Return the library; build its index first, in sight of the user, where there is none.

    Raises:
        CasewiseError: the library cannot be opened; the message names the remedy.
    """
    settings = load_settings()
    try:
        generation = str(current(settings.index))
    except IndexFault:
        generation = _built(settings)
    return _opened(settings, generation)


@st.cache_resource(show_spinner="Opening the library …", max_entries=2)
def _opened(_settings: Settings, generation: str) -> Assistant:  # noqa: ARG001 - the generation is the cache's key
    return Assistant.open(settings=_settings, embedder=_embedder(_settings.model))


@st.cache_resource(show_spinner=False)
def _embedder(model: str | None) -> Embedder:
    """Return the embedder, its model loading behind the page: reading and filtering need not wait for it."""
    embedder = SentenceTransformerEmbedder(model)
    Thread(target=embedder.warm_up, daemon=True).start()
    return embedder


def _built(settings: Settings) -> str:
    bar = st.progress(0.0, "Building the index …")

    def show(stage: str, done: int, total: int) -> None:
        count = f" {done} of {total}" if total > 1 else ""
        bar.progress(done / max(total, 1), f"{stage}{count} …")

    ensure(settings, _embedder(settings.model), show)
    bar.empty()
    return str(current(settings.index))
