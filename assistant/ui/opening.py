"""The library a page answers from, opened once a process: it goes on to new generations of its index by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING

import streamlit as st

from assistant.building import ensure
from assistant.conversation import Assistant
from assistant.embeddings import Embedder, SentenceTransformerEmbedder
from assistant.errors import CasewiseError, IndexFault
from assistant.generations import current
from assistant.logs import event
from assistant.settings import Settings, load_settings
from assistant.ui.links import escaped

if TYPE_CHECKING:
    from assistant.manifest import Manifest

_NAMED = 50
"""How many files that could not be read are named."""


@dataclass
class _Shelf:
    """Where the library stands once it is open, and how far it is."""

    library: Assistant | None = None
    lock: Lock = field(default_factory=Lock)
    failed: bool = False
    model: str = "loading"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the library is: its index ("opening", "open" or "failed") and its model ("loading", "ready" or "failed")."""

    index: str
    model: str
    generation: str | None = None
    documents: int | None = None


@st.cache_resource(show_spinner=False)
def app_settings() -> Settings:
    """Return the settings of the app, read once a process: they are asked for at every click.

    Raises:
        SettingsError: a value cannot be read; the next page tries again.
    """
    return load_settings()


@st.cache_resource(show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf()


def open_library() -> Assistant:
    """Return the library; build its index first, in sight of the user, where there is none.

    Raises:
        CasewiseError: the library cannot be opened; the message names the remedy.
    """
    shelf = _shelf()
    if shelf.library is None:
        with st.spinner("Opening the library …"), shelf.lock:
            shelf.library = shelf.library or _opened(app_settings())
    return shelf.library


def prepare() -> None:
    """Open the library and load its model now, before anybody comes; what is wrong is left for the page to tell."""
    shelf = _shelf()
    try:
        settings = app_settings()
        current(settings.index)  # a build is for the page, where it is seen
        with shelf.lock:
            shelf.library = shelf.library or _opened(settings)
    except CasewiseError as error:
        shelf.failed = True
        event("library_failed", error=type(error).__name__)
        return
    with suppress(CasewiseError):
        shelf.library.embedder.embed(["Casewise"])


def standing() -> Standing:
    """Return how far the library is."""
    shelf = _shelf()
    if shelf.library is None:
        return Standing("failed" if shelf.failed else "opening", shelf.model)
    index = shelf.library.index
    return Standing("open", shelf.model, index.folder.name, len(index.documents))


def _opened(settings: Settings) -> Assistant:
    try:
        current(settings.index)
    except IndexFault:
        _build(settings)
    return Assistant.open(settings=settings, embedder=shared_embedder(settings.model))


def show_holdings(manifest: Manifest) -> None:
    """Say how many documents there are, where there are several, and which files could not be read, and why."""
    documents, refused = sum(len(segment.documents) for segment in manifest.segments), manifest.refused
    if documents > 1:
        st.caption(f"The library holds {documents:,} documents.")
    if not refused:
        return
    with st.expander(f"{len(refused):,} file{'s' if len(refused) > 1 else ''} could not be read"):
        for name, refusal in islice(refused.items(), _NAMED):
            st.markdown(f"**{escaped(name)}**  \n{escaped(refusal.reason)}")
        if len(refused) > _NAMED:
            st.markdown(f"… and {len(refused) - _NAMED:,} more: run `casewise index` to see them all.")


@st.cache_resource(show_spinner=False)
def shared_embedder(model: str | None) -> Embedder:
    """Return the embedder, its model loading behind the page: reading and filtering need not wait for it."""
    embedder = SentenceTransformerEmbedder(model)
    Thread(target=_load, args=(embedder,), daemon=True).start()
    return embedder


def _load(embedder: SentenceTransformerEmbedder) -> None:
    began = perf_counter()
    try:
        embedder.embed(["Casewise"])
    except CasewiseError as error:
        _shelf().model = "failed"
        event("model_failed", error=type(error).__name__)
        return
    _shelf().model = "ready"
    event("model_ready", ms=(perf_counter() - began) * 1000)
    embedder.warm_up()


def _build(settings: Settings) -> None:
    bar = st.progress(0.0, "Building the index …")

    def show(stage: str, done: int, total: int) -> None:
        count = f" {done} of {total}" if total > 1 else ""
        bar.progress(done / max(total, 1), f"{stage}{count} …")

    ensure(settings, shared_embedder(settings.model), show)
    bar.empty()
