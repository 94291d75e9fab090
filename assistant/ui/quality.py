"""The page that says how good the library's answers are, and where it falls short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError
from assistant.evaluation.comparing import Change, compare
from assistant.evaluation.kept import KeptRun, kept_runs, outcomes_of, own_questions, readable
from assistant.evaluation.questions_html import difference_html, miss_html
from assistant.ui import measures, style
from assistant.ui.evaluating import show_evaluation
from assistant.ui.gaps import show_gaps
from assistant.ui.links import escaped
from assistant.ui.opening import open_library
from assistant.ui.people import person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.conversation import Assistant
    from assistant.evaluation.comparing import Comparison

_FIGURES, _MISSES, _COMPARED, _GAPS = "Figures", "Misses", "Compare", "Gaps"
_CHARTED, _PAGEFUL = 30, 20
"""How many runs are charted, the newest ones, and how many questions are shown at once."""


def page() -> None:
    """Draw the page."""
    style.apply("quality.css")
    st.title("Quality", anchor=False)
    try:
        library = open_library()
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return
    runs, faults = readable(kept_runs(library.settings)[-_CHARTED:])
    with st.container(key="quality_head"):  # what is typed below stays, however many things are said here
        _head(library, runs)
        for fault in faults:
            st.warning(escaped(fault))
    views = (_FIGURES, _MISSES, _COMPARED, _GAPS)
    chosen = st.segmented_control(
        "What to show", views, default=_FIGURES, required=True, key="quality view", label_visibility="collapsed"
    )
    _show(chosen or _FIGURES, library, runs)


def _head(library: Assistant, runs: Sequence[KeptRun]) -> None:
    """Say how good the answers are now, and offer to find out."""
    questions = own_questions(library.settings)
    if runs:
        newest = outcomes_of(runs[-1])
        st.markdown(f"**{escaped(measures.headline(newest))}**")
        st.caption(f"Measured on {escaped(measures.moment(runs[-1].made))} with {len(newest):,} questions.")
    elif questions.is_file():
        st.markdown(
            "**Nobody has measured yet how good the answers are.** The evaluation asks the library's own questions, in "
            f"{escaped(questions.name)}, and counts which are answered with the right passage."
        )
    if questions.is_file():
        show_evaluation(library)
    else:
        st.info(
            f"There are no questions to evaluate with: {escaped(str(questions))} is missing. "
            f"Write one, or make one of the {_GAPS} the first of them."
        )


def _show(view: str, library: Assistant, runs: Sequence[KeptRun]) -> None:
    if view != _GAPS and not runs:
        st.markdown("What came of the questions is shown here once the evaluation has run.")
    elif view == _FIGURES:
        _figures(runs)
    elif view == _MISSES:
        _misses(runs)
    elif view == _COMPARED:
        _compared(runs)
    elif person(library.settings).may_edit:
        show_gaps(library)
    else:
        st.header("Gaps", anchor=False)
        st.info(
            "What people asked is shown to editors only. On your own machine, start Casewise with CASEWISE_EDITING=1."
        )


def _figures(runs: Sequence[KeptRun]) -> None:
    newest = outcomes_of(runs[-1])
    over_time = {run.made: outcomes_of(run) for run in runs}
    st.header("By kind of question", anchor=False)
    st.caption(
        "How often the right passage was cited; for questions that the library does not answer, how often it said so."
    )
    st.altair_chart(measures.kinds_chart(newest), width="stretch", key="kinds")
    st.html(measures.kinds_table(newest))
    st.header("Over time", anchor=False)
    if len(runs) > 1:
        st.altair_chart(measures.history_chart(over_time), width="stretch", key="history")
    else:
        st.caption(
            "There is one run so far. Run the evaluation again after a change to see what became of the figures."
        )
    st.html(measures.history_table(over_time))


def _misses(runs: Sequence[KeptRun]) -> None:
    run = _choose("Run", runs, len(runs) - 1, "missed in")
    missed = [one for one in outcomes_of(run) if one.faults]
    kinds = list(dict.fromkeys(one.asked.kind for one in missed))
    kind = st.selectbox(
        "Kind of question", [None, *kinds], format_func=lambda name: name or "all kinds", key="missed kind"
    )
    found = [one for one in missed if kind in (None, one.asked.kind)]
    st.header(f"{len(found):,} of {len(outcomes_of(run)):,} questions missed", anchor=False)
    if not found:
        st.markdown("Every question was answered or refused as it should be.")
    _listed([miss_html(one) for one in found], f"misses {run.path.name} {kind}")


def _compared(runs: Sequence[KeptRun]) -> None:
    if len(runs) < 2:
        st.info("There is only one run. Run the evaluation again after a change, and compare the two here.")
        return
    first, second = st.columns(2)
    with first:
        earlier = _choose("Earlier run", runs, len(runs) - 2, "earlier")
    with second:
        later = _choose("Later run", runs, len(runs) - 1, "later")
    comparison = compare(outcomes_of(earlier), outcomes_of(later))
    st.html(measures.deltas_table(comparison))
    same = len(comparison.of(Change.SAME))
    st.markdown(f"The same in both: {same:,} of {len(comparison.differences):,} questions.")
    for change in Change:
        if change is not Change.SAME:
            _changed(comparison, change)


def _changed(comparison: Comparison, change: Change) -> None:
    found = comparison.of(change)
    if found:
        st.header(f"{change.value[:1].upper()}{change.value[1:]}: {len(found):,}", anchor=False)
        _listed([difference_html(one) for one in found], f"changed {change.name}")


def _choose(label: str, runs: Sequence[KeptRun], index: int, key: str) -> KeptRun:
    names = {measures.moment(run.made) + _suffix(run, runs): run for run in runs}
    return names[st.selectbox(label, [*names], index=index, key=f"{key} {runs[-1].path.name}")]


def _suffix(run: KeptRun, runs: Sequence[KeptRun]) -> str:
    return f" ({run.generation})" if sum(other.made == run.made for other in runs) > 1 else ""


def _listed(articles: Sequence[str], key: str) -> None:
    """Show questions, a pageful at first."""
    count = st.session_state.get(f"shown {key}", _PAGEFUL)
    if articles:
        st.html(f'<div class="quality-asked">{"".join(articles[:count])}</div>')
    if len(articles) > count:
        st.button(
            f"Show {min(_PAGEFUL, len(articles) - count)} more", key=f"more {key}", on_click=_show_more, args=(key,)
        )


def _show_more(key: str) -> None:
    st.session_state[f"shown {key}"] = st.session_state.get(f"shown {key}", _PAGEFUL) + _PAGEFUL
