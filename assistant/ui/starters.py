"""Questions that show a newcomer what a library holds: those that it names itself, or those that it turns out to answer."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice, zip_longest
from threading import Lock, Thread
from typing import TYPE_CHECKING

import streamlit as st

from assistant.answering.choosing import EXTRACTIVE
from assistant.errors import CasewiseError
from assistant.types import BlockKind, Facet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.conversation import Assistant
    from assistant.index import PassageIndex

_OFFERED, _TRIED = 4, 24
"""How many questions are offered, and how many are tried at most to find so many that are answered."""
_DOCUMENTS, _HEADING = 8, (2, 9)
"""How many documents questions are made from, and how many words a heading has that one is made of."""


def starters_of(library: Assistant, index: PassageIndex) -> tuple[str, ...] | None:
    """Return the questions to offer; ``None`` while they are still being found, which goes on behind the page."""
    if index.taxonomy.starters:
        return index.taxonomy.starters
    return _finder(library).found(index)


def candidates(index: PassageIndex) -> Iterator[str]:
    """Yield questions that the library may answer: of its cases, of its themes and aspects, and of what its headings name."""
    entries = index.taxonomy.entries
    cases = [entry.name for entry in entries[Facet.CASE] if index.count(Facet.CASE, entry.name)]
    tagged = (
        f"What are the {aspect.name}s of {theme.name.lower()}?"
        for theme in entries[Facet.THEME]
        for aspect in entries[Facet.ASPECT]
        if f"{aspect.name}s" in aspect.names
    )
    named = (map(_about, cases), map(_about, _headings(index)), tagged)
    made = chain.from_iterable(zip_longest(*named))
    return (question for question in made if question is not None)


def _about(name: str) -> str:
    return f"What is said about {name}?"


class _Finder:
    """Asks candidates behind the page, once a generation of the index, and keeps those that are answered."""

    def __init__(self, library: Assistant) -> None:
        self._library = library
        self._lock = Lock()
        self._found: dict[str, tuple[str, ...] | None] = {}

    def found(self, index: PassageIndex) -> tuple[str, ...] | None:
        """Return what was found of a generation; where nothing was tried yet, begin."""
        with self._lock:
            if index.folder.name not in self._found:
                self._found = {index.folder.name: None}
                Thread(target=self._find, args=(index,), daemon=True).start()
            return self._found[index.folder.name]

    def _find(self, index: PassageIndex) -> None:
        found: tuple[str, ...] = ()
        try:
            answered = (question for question in islice(candidates(index), _TRIED) if self._is_answered(question))
            found = tuple(islice(answered, _OFFERED))
        finally:  # a page waits for them
            with self._lock:
                if index.folder.name in self._found:
                    self._found[index.folder.name] = found

    def _is_answered(self, question: str) -> bool:
        try:
            return self._library.ask(question, answerer=EXTRACTIVE).answered
        except CasewiseError:
            return False


@st.cache_resource(show_spinner=False)
def _finder(_library: Assistant) -> _Finder:
    return _Finder(_library)


def _headings(index: PassageIndex) -> Iterator[str]:
    """Yield headings that name something, and that no other part is headed by: one of each document in turn."""
    least, most = _HEADING
    named = [
        [
            block.section[-1]
            for block in document.blocks
            if block.kind is BlockKind.HEADING and block.section and least <= len(block.section[-1].split()) <= most
        ]
        for document in islice(index.documents.values(), _DOCUMENTS)
    ]
    often = Counter(chain.from_iterable(named))
    yield from (heading for row in zip_longest(*named) for heading in row if heading and often[heading] == 1)
