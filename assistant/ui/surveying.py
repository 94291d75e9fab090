"""What the library holds and how its folder has changed since, worked out once for all who look on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError
from assistant.holdings import Holding, Pending, as_they_stand, holdings, pending, stamp, states

if TYPE_CHECKING:
    from assistant.changes import State
    from assistant.index import PassageIndex
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Survey:
    """The files of a corpus as they stand, and what bringing the index up to date would do.

    ``pending`` is a sentence where that cannot be told.
    """

    holdings: list[Holding]
    pending: Pending | str


def surveyed(index: PassageIndex, settings: Settings) -> Survey:
    """Return what an index holds and how the folder differs from it; nothing is read twice as long as neither changes."""
    return _surveyed(index, settings, index.folder.name, stamp(settings.corpus))


@st.cache_resource(max_entries=2, show_spinner="Looking at the documents …")
def _surveyed(_index: PassageIndex, _settings: Settings, generation: str, stamp: int) -> Survey:  # noqa: ARG001 - what the others stand for
    found = states(_settings, _index.manifest)
    held = as_they_stand(_held(_index, generation), found)
    return Survey(held, _pending(_index, _settings, found))


@st.cache_resource(max_entries=2, show_spinner=False)
def _held(_index: PassageIndex, generation: str) -> list[Holding]:  # noqa: ARG001 - it stands for the index
    return holdings(_index)


def _pending(index: PassageIndex, settings: Settings, found: dict[str, State]) -> Pending | str:
    try:
        return pending(settings, index.manifest, found)
    except CasewiseError as error:
        return str(error)
