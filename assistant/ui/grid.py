"""The page of the evidence grid: one question asked of every case or document, a heat map over it, the source beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import streamlit as st

from assistant.errors import CasewiseError
from assistant.exports.excel import MEDIA_TYPE, workbook
from assistant.grid import By
from assistant.types import Facet
from assistant.ui import style
from assistant.ui.components import opened_query, source_links
from assistant.ui.correcting import ask_to_correct, forget_correction, show_correcting
from assistant.ui.evidence_table import evidence_table, passage_to_correct
from assistant.ui.heat_map import show_heat_map, told
from assistant.ui.links import escaped, place_of
from assistant.ui.opening import open_library
from assistant.ui.people import person
from assistant.ui.source import open_place, show_source
from assistant.words import words

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from assistant.grid import Grid
    from assistant.index import PassageIndex

_CASES, _DOCUMENTS = "Cases", "Documents"
_THEMES, _QUESTIONS = "Themes", "My own questions"
_EVERYTHING = "All"
_MOST_QUESTIONS = 6
_ABOUT, _OWN, _ROWS, _COLUMNS, _ASPECT = "about", "questions", "rows", "columns", "only"
"""The keys of what is chosen, in the session and in the address."""


def page() -> None:
    """Draw the page."""
    st.session_state.setdefault("place", place_of(st.query_params.to_dict()))
    st.session_state.setdefault("shown", 0)
    style.apply("grid_page.css")
    st.title("Evidence grid")
    try:
        library = open_library()
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return
    if "grid_starter" in st.session_state:
        st.session_state[_ABOUT] = st.session_state.pop("grid_starter")
        st.session_state[_COLUMNS] = _THEMES
    questions, by, aspect = _asked(library.index)
    show_correcting(library)
    with st.container(key="grid_said"):  # what is said here moves nothing below it
        found = _found(library, questions, by, aspect) if questions else None
        if not questions:
            _welcome(library)
    source_links(_status(found), _open_clicked)
    with st.container(key="grid_and_source"):  # the grid stays where it is drawn when a source opens beside it
        with st.container(key="grid"):
            _show(library, found)
        if st.session_state.place is not None:
            with st.container(key="source"):
                show_source(library.index, library.settings, st.session_state.place)


def _asked(index: PassageIndex) -> tuple[list[str], By, str | None]:
    """Draw what can be chosen; return the questions, what has a row each, and the aspect that is filtered by."""
    above = st.container()
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        rows = st.segmented_control(
            "Rows", [_CASES, _DOCUMENTS], default=_CASES, required=True, key=_ROWS, bind="query-params"
        )
        columns = st.segmented_control(
            "Columns", [_THEMES, _QUESTIONS], default=_THEMES, required=True, key=_COLUMNS, bind="query-params"
        )
        aspects = [entry.name for entry in index.taxonomy.entries[Facet.ASPECT]]
        aspect = st.selectbox("Aspect", [_EVERYTHING, *aspects], key=_ASPECT, bind="query-params", width=200)
    with above, st.form("ask_the_grid", border=False):
        if columns == _QUESTIONS:
            label = f"Your questions, one a line, up to {_MOST_QUESTIONS}"
            written = st.text_area(label, key=_OWN, bind="query-params", height=150)
        else:
            written = st.text_input("Your question", key=_ABOUT, bind="query-params")
        st.form_submit_button("Show the evidence", on_click=forget_correction)
    lines = (" ".join(line.split()) for line in (written or "").splitlines())
    questions = list(dict.fromkeys(filter(None, lines)))
    return questions, By.DOCUMENT if rows == _DOCUMENTS else By.CASE, None if aspect == _EVERYTHING else aspect


def _welcome(library: Assistant) -> None:
    st.write(
        "Ask one question of every case at once. Each cell holds the words that bear on it most, or says that there are none."
    )
    starters = library.index.taxonomy.starters
    if starters:
        st.subheader("Try asking", anchor=False)
    for question in starters:
        st.button(escaped(question), key=f"grid starter {question}", on_click=_start, args=(question,))


def _start(question: str) -> None:
    st.session_state.grid_starter = question


def _found(library: Assistant, questions: list[str], by: By, aspect: str | None) -> Grid | None:
    """Return the grid, worked out once for a question and an index; where it cannot be, say why."""
    if len(questions) > _MOST_QUESTIONS:
        st.warning(f"Only the first {_MOST_QUESTIONS} questions have a column.")
        questions = questions[:_MOST_QUESTIONS]
    if not all(any(words(question)) for question in questions):
        st.warning("There are no words in this question. Ask something in a sentence of your own.")
        return None
    key = (library.index.folder, *questions, by, aspect)
    kept: tuple[object, Grid] | None = st.session_state.get("grid")
    if kept is None or kept[0] != key:
        try:
            with st.spinner(f"Reading every {by.value} …"):
                kept = key, library.grid(questions[0], by=by, columns=questions[1:], aspect=aspect)
        except CasewiseError as error:
            st.warning(escaped(str(error)))
            return None
        st.session_state.grid = kept
    return kept[1]


def _show(library: Assistant, grid: Grid | None) -> None:
    if grid is None:
        return
    for question, reason in grid.reasons.items():
        st.warning(escaped(f"{question} {reason}" if len(grid.columns) > 1 and question in grid.columns else reason))
    if not grid.rows:
        st.info(f"The library has no {grid.by.value}s yet, so there are no rows.")
        return
    show_heat_map(grid)
    st.caption("In each cell: the number of quotes, and how strongly the best bears on the question, from 0 to 1.")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{told(grid)}.** Choose a number to read the words in their document.", width="stretch")
        st.download_button("Download for Excel", _workbook(grid), "evidence-grid.xlsx", MEDIA_TYPE, on_click="ignore")
    evidence_table(grid, may_edit=person(library.settings).may_edit, on_correct=_correct_clicked)


def _workbook(grid: Grid) -> bytes:
    """Return the grid as a workbook, made once for a grid."""
    kept: tuple[Grid, bytes] | None = st.session_state.get("grid_workbook")
    if kept is None or kept[0] is not grid:
        kept = grid, workbook(grid)
        st.session_state.grid_workbook = kept
    return kept[1]


def _status(grid: Grid | None) -> str:
    return f"Evidence grid ready: {told(grid)}." if grid else ""


def _open_clicked() -> None:
    place = place_of(dict(parse_qsl(opened_query())))
    if place is not None:
        open_place(place)


def _correct_clicked() -> None:
    asked = passage_to_correct()
    if asked:
        ask_to_correct(*asked)
