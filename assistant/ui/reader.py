"""A document opened in the library: its outline, its text, and beside each passage the tags it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import numpy as np
import streamlit as st

from assistant.types import Facet
from assistant.ui.annotating import Reading, line_id
from assistant.ui.correcting import ask_to_correct
from assistant.ui.links import escaped, place_of
from assistant.ui.people import person
from assistant.ui.reading_components import document_text
from assistant.ui.replacing import show_replacing
from assistant.ui.shelf import format_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.embeddings import Embedder
    from assistant.index import PassageIndex
    from assistant.settings import Settings
    from assistant.types import Document
    from assistant.ui.links import Place

_LINES = 200
"""How many lines are shown at a time."""

_EVERYTHING, _UNTAGGED = "Everything", "No theme or aspect"


def show_document(index: PassageIndex, settings: Settings, embedder: Embedder, name: str) -> None:
    """Draw a document."""
    st.button("All documents", icon=":material/arrow_back:", on_click=_close, key="back", type="tertiary")
    if name not in index.documents:
        st.title("Library", anchor=False)
        st.warning(f"The library has no document {escaped(name)}. It may have been removed or renamed.")
        return
    reading = _reading(index, index.folder.name, name)
    place = place_of(st.query_params.to_dict())
    _begin(reading, name, place)
    st.title(escaped(reading.document.title), anchor=False)
    st.markdown(_facts(index, reading.document))
    if person(settings).may_edit:
        show_replacing(index, settings, embedder, reading.document)
    numbers = _chosen(index, reading)
    first = _first(len(numbers))
    _turners(first, len(numbers), "above")
    _show_lines(index, settings, reading, numbers[first : first + _LINES], place)
    _turners(first, len(numbers), "below")


@st.cache_resource(max_entries=8, show_spinner="Opening the document …")
def _reading(_index: PassageIndex, generation: str, name: str) -> Reading:  # noqa: ARG001 - stands for the index
    return Reading.of(_index, name)


def _begin(reading: Reading, name: str, place: Place | None) -> None:
    """Go to the place that the address names, when it is another than before."""
    state = st.session_state
    if state.get("reading") == (name, place):
        return
    state["reading"], state["kind"], state["part"] = (name, place), _EVERYTHING, 0
    if place:
        longest = max(place.spans, key=lambda span: span.end - span.start)
        state["part"] = reading.line_at(longest.start) // _LINES * _LINES
    _look_at("mark" if place else "")


def _look_at(focus: str) -> None:
    """Bring something of the text into view, once."""
    st.session_state["focus"] = focus, st.session_state.get("focus", ("", 0))[1] + 1


def _facts(index: PassageIndex, document: Document) -> str:
    record = index.manifest.records[document.id]
    pages, passages = max((one.page for one in document.pages), default=0), len(index.rows_of(document.id))
    facts = [
        document.id,
        format_name(record.reader.partition("/")[0]),
        f"{pages:,} pages" if pages > 1 else "",
        document.metadata.get("date", ""),
        document.metadata.get("author", ""),
        f"{passages:,} passage{'s' * (passages != 1)}",
    ]
    return " · ".join(escaped(one) for one in facts if one)


def _chosen(index: PassageIndex, reading: Reading) -> Sequence[int]:
    """Let passages be chosen by their tags; return the numbers of the lines to show."""
    counts = _counts(index, reading)
    labels = {
        name: f"{name[:1].upper()}{name[1:]}" + ("" if rows is None else f" ({len(rows):,})")
        for name, rows in counts.items()
    }
    if st.session_state.get("kind") not in counts:
        st.session_state["kind"] = _EVERYTHING
    shown, _ = st.columns([1, 2])
    wanted = shown.selectbox("Show", list(counts), format_func=labels.__getitem__, key="kind", on_change=_show_first)
    rows = counts[wanted]
    return range(len(reading.stretches)) if rows is None else reading.lines_of(rows)


def _counts(index: PassageIndex, reading: Reading) -> dict[str, list[int] | None]:
    """Return the rows of the document's passages by what they are tagged with; ``None`` for all there is."""
    bare, by_name = np.ones(len(reading.rows), np.bool_), {}
    for facet in Facet:
        for entry in index.taxonomy.entries[facet]:
            carried = np.isin(reading.rows, index.catalogue.tagged(facet, entry.name))
            bare &= ~carried | (facet is Facet.CASE)
            if carried.any():
                by_name[entry.name] = reading.rows[carried].tolist()
    untagged = {_UNTAGGED: reading.rows[bare].tolist()} if bare.any() else {}
    return {_EVERYTHING: None, **untagged, **by_name}


def _first(count: int) -> int:
    return int(min(st.session_state["part"], max((count - 1) // _LINES * _LINES, 0)))


def _turners(first: int, count: int, where: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):  # always there: what follows keeps its place
        if count <= _LINES:
            return
        st.button("Earlier text", on_click=_turn, args=(first - _LINES,), disabled=first == 0, key=f"earlier {where}")
        is_last = first + _LINES >= count
        st.button("Later text", on_click=_turn, args=(first + _LINES,), disabled=is_last, key=f"later {where}")
        st.markdown(f"Part {first // _LINES + 1:,} of {(count - 1) // _LINES + 1:,}", width="content")


def _show_lines(
    index: PassageIndex, settings: Settings, reading: Reading, numbers: Sequence[int], place: Place | None
) -> None:
    focus, times = st.session_state["focus"]
    lines = reading.annotated(index, numbers, place.spans if place else ())
    document_text(
        reading.document.title,
        reading.headings(),
        lines,
        focus,
        f"{index.folder.name} {reading.document.id} {st.session_state['kind']} {numbers[:1]} {times}",
        lambda line: _go(reading, line),
        _link,
        (lambda passage: ask_to_correct(reading.document.id, passage)) if person(settings).may_edit else None,
    )


def _go(reading: Reading, line: str) -> None:
    """Go to a line that is not shown, as its heading was chosen in the outline."""
    number = next((n for n in range(len(reading.stretches)) if line_id(n) == line), None)
    if number is not None:
        st.session_state["kind"], st.session_state["part"] = _EVERYTHING, number // _LINES * _LINES
        _look_at(line)


def _link(query: str) -> None:
    """Put a passage's own address into the address bar, and go there."""
    place = place_of(dict(parse_qsl(query)))
    if place:
        st.query_params.from_dict(dict(parse_qsl(query)))


def _turn(first: int) -> None:
    st.session_state["part"] = first
    _look_at("top")


def _show_first() -> None:
    st.session_state["part"] = 0
    _look_at("")


def _close() -> None:
    st.query_params.clear()
    st.session_state.pop("reading", None)
