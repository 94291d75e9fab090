"""The figures of evaluations as a page shows them: in a sentence, as tables in HTML, and as charts. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import altair as alt

from assistant.evaluation.figures import figures_of, share, summarise
from assistant.evaluation.tables import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assistant.evaluation.comparing import Comparison
    from assistant.evaluation.figures import Figures
    from assistant.evaluation.question_sets import Outcome

CITED, FIRST, REFUSED = "Right passage cited", "First citation right", "Rightly refused"
MEASURES = {CITED: "evidence_recall", FIRST: "first_citation", REFUSED: "refusal_recall"}
"""What is followed over time, by its name on the page."""

_INKS = ("#3f7fbf", "#b86a1f", "#5f8f5a")  # at least 3:1 on white and on near black
_DAY = "split(datum.label, ',')[0]"

_FEW = 20
"""Below so many questions, a count says more than a percentage."""

_NAMES = {column.figure: column.name for column in COLUMNS} | {MEASURES[name]: name for name in MEASURES}
_SHARES = {column.figure for column in COLUMNS if column.is_share}


def headline(outcomes: Sequence[Outcome]) -> str:
    """Return how good the answers of a run are, in a sentence or two."""
    answerable = [one for one in outcomes if one.asked.answerable]
    others = [one for one in outcomes if not one.asked.answerable]
    said = []
    if answerable:
        cited = sum(one.recall == 1 for one in answerable)
        said.append(
            f"{_of(answerable)} that the library answers, the right passage was cited for {_part(cited, answerable)}."
        )
    if others:
        refused = sum(not one.answered for one in others)
        said.append(
            f"{_of(others)} that it does not answer, {_part(refused, others)} {_were(refused)} rightly refused."
        )
    return " ".join(said)


def moment(made: datetime) -> str:
    """Return when something was, in the time of this machine."""
    local = made.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M:%S}"


def percent(value: float | None) -> str:
    """Return a share in whole percent, a dash where it is undefined."""
    return "–" if value is None else f"{100 * value:.0f}%"


def shown(figure: str, value: float | None) -> str:
    """Return a figure as the page shows it."""
    if figure in _SHARES:
        return percent(value)
    return "–" if value is None else f"{value:,.0f}"


def table_html(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its cells are text, the first of each row its head. It can be scrolled by keyboard where it is wide."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        f'<div class="quality-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="quality">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def kinds_table(outcomes: Sequence[Outcome]) -> str:
    """Return the figures of a run by kind, and in all."""
    counted = summarise(outcomes).all
    named = [*counted.kinds.items(), ("all kinds", counted.figures)]
    rows = [
        (name, str(one.questions), *_cells(one), shown("latency_p50_ms", one.latency_p50_ms)) for name, one in named
    ]
    return table_html("The newest run, by kind of question", ["Kind", "Questions", *MEASURES, "Median time, ms"], rows)


def history_table(runs: Mapping[datetime, Sequence[Outcome]]) -> str:
    """Return the figures of runs over time, the newest first."""
    rows = [(moment(made), f"{len(run):,}", *_cells(figures_of(run))) for made, run in runs.items()]
    return table_html("Every run, the newest first", ["Run", "Questions", *MEASURES], reversed(rows))


def deltas_table(comparison: Comparison) -> str:
    """Return the figures of two runs side by side, over the questions that both asked."""
    known = [delta for delta in comparison.deltas if delta.name in _NAMES]
    rows = [
        (_NAMES[one.name], shown(one.name, one.before), shown(one.name, one.after), _rise(one.name, one.by))
        for one in known
    ]
    return table_html("Figures of the questions that both runs asked", ["Figure", "Earlier", "Later", "Change"], rows)


def history_chart(runs: Mapping[datetime, Sequence[Outcome]]) -> alt.Chart:
    """Return the shares over time as lines."""
    values = [
        {"run": moment(made), "measure": name, "share": value}
        for made, run in runs.items()
        for name, value in _measured(figures_of(run)).items()
        if value is not None
    ]
    chart: alt.Chart = (
        alt.Chart(
            alt.InlineData(values=values), description="Shares of each run over time; the table has the same figures."
        )
        .mark_line(point=True)
        .encode(
            x=alt.X("run:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, labelExpr=_DAY)),
            y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color("measure:N", title=None, scale=_scale(), legend=alt.Legend(orient="bottom", columns=1)),
            strokeDash=alt.StrokeDash("measure:N", title=None, scale=alt.Scale(domain=[*MEASURES])),
            tooltip=[alt.Tooltip("run:O"), alt.Tooltip("measure:N"), alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(height=400)
    )
    return chart


def kinds_chart(outcomes: Sequence[Outcome]) -> alt.Chart:
    """Return, for each kind of question, the share that was rightly cited, or rightly refused, as bars."""
    kinds = summarise(outcomes).all.kinds
    values = [
        {"kind": kind, "share": _success(figures), "questions": figures.questions} for kind, figures in kinds.items()
    ]
    chart: alt.Chart = (
        alt.Chart(
            alt.InlineData(values=values), description="Shares by kind of question; the table has the same figures."
        )
        .mark_bar(cornerRadiusEnd=2, color=_INKS[0])
        .encode(
            x=alt.X("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)),
            y=alt.Y("kind:N", title=None, sort=None, axis=alt.Axis(labelLimit=140)),
            tooltip=[alt.Tooltip("kind:N"), alt.Tooltip("share:Q", format=".0%"), alt.Tooltip("questions:Q")],
        )
        .properties(height=alt.Step(26))
    )
    return chart


def _scale() -> alt.Scale:
    return alt.Scale(domain=[*MEASURES], range=[*_INKS])


def _measured(figures: Figures) -> dict[str, float | None]:
    return {name: getattr(figures, figure) for name, figure in MEASURES.items()}


def _cells(figures: Figures) -> list[str]:
    return [percent(value) for value in _measured(figures).values()]


def _success(figures: Figures) -> float | None:
    return figures.refusal_recall if figures.evidence_recall is None else figures.evidence_recall


def _rise(figure: str, by: float | None) -> str:
    if by is None:
        return "–"
    if figure in _SHARES:
        points = round(100 * by)
        return f"{points:+d} point{'s' * (abs(points) != 1)}" if points else "none"
    return f"{by:+,.0f}" if round(by) else "none"


def _of(outcomes: Sequence[Outcome]) -> str:
    return f"Of {len(outcomes):,} question{'s' * (len(outcomes) != 1)}"


def _part(count: int, outcomes: Sequence[Outcome]) -> str:
    return str(count) if len(outcomes) < _FEW else percent(share(count, len(outcomes)))


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
