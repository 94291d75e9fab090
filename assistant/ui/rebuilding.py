"""The index brought up to date behind the page: one build at a time for all who look on, and what it came to."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import streamlit as st

from assistant.background import Rebuilder
from assistant.changes import State
from assistant.errors import CasewiseError
from assistant.taxonomy import ensure_case
from assistant.ui.links import escaped
from assistant.ui.people import person
from assistant.ui.reading_components import bring_into_view

if TYPE_CHECKING:
    from assistant.background import Outcome
    from assistant.building import BuildReport
    from assistant.embeddings import Embedder
    from assistant.settings import Settings

_OFTEN, _SELDOM = 0.5, 5.0
"""Seconds between two looks at a build: while one runs, and while none does."""

_NAMED = 50
"""How many files of a kind are named."""

_HEADS = {
    State.ADDED: "Added",
    State.CHANGED: "Read again",
    State.RENAMED: "Renamed",
    State.REMOVED: "Removed",
    State.SKIPPED: "Left out, as another document says the same",
    State.REFUSED: "Could not be read",
}
_REBUILDER = Rebuilder()  # this process's own: a page that is left, or a browser that is closed, stops nothing


def start(settings: Settings, embedder: Embedder) -> None:
    """Bring the index up to date behind the page; where a build runs already, once more after it."""
    _REBUILDER.start(settings, embedder)


def is_running() -> bool:
    """Tell whether the index is being brought up to date."""
    return _REBUILDER.is_running


def show_progress(settings: Settings, embedder: Embedder) -> None:
    """Show how far a build has come, to whoever looks on, and to editors what came of it.

    The page runs again as soon as a build has begun or is done.
    """
    st.session_state["rebuilding"] = _now()
    st.session_state.setdefault("told", _number(_REBUILDER.last))
    with st.container():  # always there, as the next: what follows keeps its place, and what is typed in it
        st.fragment(_show, run_every=_OFTEN if is_running() else _SELDOM)()
    last = _REBUILDER.last
    with st.container():
        if last and last.number > st.session_state["told"] and not is_running() and person(settings).may_edit:
            _show_outcome(last, settings, embedder)


def _show() -> None:
    if _now() != st.session_state["rebuilding"]:
        st.rerun()
    stage = _REBUILDER.stage
    if stage is None:
        return
    count = f": {stage.done:,} of {stage.total:,}" if stage.total > 1 else ""
    st.progress(min(stage.done / max(stage.total, 1), 1.0), f"{escaped(stage.name)}{count} …")
    st.caption(
        "The library is being brought up to date. Questions are answered from what it held before until it is done."
    )


def _now() -> tuple[bool, int]:
    return is_running(), _number(_REBUILDER.last)


def _number(outcome: Outcome | None) -> int:
    return outcome.number if outcome else 0


def _show_outcome(outcome: Outcome, settings: Settings, embedder: Embedder) -> None:
    with st.container(border=True, key="report"):
        bring_into_view(f"report {outcome.number}")
        if outcome.report is None:
            st.error(
                f"{escaped(outcome.message)}\n\nThe library is as it was before, and questions are answered from that."
            )
        else:
            _show_report(outcome.report, settings, embedder)
        st.button("Close report", on_click=_close, args=(outcome.number,), key="close_report")


def _close(number: int) -> None:
    st.session_state["told"] = number


def _show_report(report: BuildReport, settings: Settings, embedder: Embedder) -> None:
    size = f"{report.documents:,} document{'s' * (report.documents != 1)}, {report.passages:,} passages"
    lead = "The library is up to date" if report.changes else "Nothing had changed"
    st.success(f"{lead}: {size}. It took {report.seconds:.1f} seconds.")
    for state, head in _HEADS.items():
        lines = [_line(change.name, change.detail) for change in report.changes if change.state is state]
        if lines:
            st.markdown(f"**{head} ({len(lines):,})**\n\n" + "\n".join(islice(lines, _NAMED)) + _more(len(lines)))
    for stray in islice(report.strays, _NAMED):
        st.warning(f"A correction in tags.toml has lost its passage: {escaped(stray)}")
    for one in report.proposals:
        with st.container(horizontal=True, vertical_alignment="center"):
            named = ", ".join(map(escaped, one.documents[:3]))
            st.markdown(f"Looks like a new case: **{escaped(one.name)}** ({named}).", width="stretch")
            st.button(
                f"Add {escaped(one.name)}",
                key=f"add_case {one.name}",
                on_click=_add_case,
                args=(one.name, settings, embedder),
            )


def _line(name: str, detail: str) -> str:
    return f"- {escaped(name)}" + (f": {escaped(detail)}" if detail else "")


def _more(count: int) -> str:
    return f"\n- … and {count - _NAMED:,} more" if count > _NAMED else ""


def _add_case(name: str, settings: Settings, embedder: Embedder) -> None:
    if not person(settings).may_edit:
        return
    try:
        ensure_case(settings.corpus, name)
    except CasewiseError as error:
        st.session_state["notices"] = [str(error)]
        return
    start(settings, embedder)
