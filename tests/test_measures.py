from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from assistant.evaluation.comparing import compare
from assistant.ui.measures import (
    deltas_table,
    headline,
    history_chart,
    history_table,
    kinds_chart,
    kinds_table,
    percent,
)
from tests.outcomes import answered, refused

if TYPE_CHECKING:
    import altair as alt

MISSED = answered("m", covered=(False,), first_right=False)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def drawn(chart: alt.Chart) -> list[dict[str, Any]]:
    """Return what a chart draws."""
    (rows,) = chart.to_dict()["datasets"].values()
    return list(rows)


def test_a_sentence_says_how_good_the_answers_are() -> None:
    run = [*(answered(f"q{number}") for number in range(87)), *[MISSED] * 13, refused("r"), answered("s", gold=())]
    assert headline(run) == (
        "Of 100 questions that the library answers, the right passage was cited for 87%. "
        "Of 2 questions that it does not answer, 1 was rightly refused."
    )


def test_few_questions_are_counted_rather_than_given_in_percent() -> None:
    assert (
        headline([answered("q"), MISSED])
        == "Of 2 questions that the library answers, the right passage was cited for 1."
    )
    assert headline([]) == ""


@pytest.mark.parametrize(("share", "shown"), [(0.874, "87%"), (1.0, "100%"), (0.0, "0%"), (None, "–")])
def test_shares_are_whole_percentages(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_tables_hold_the_figures_of_the_charts() -> None:
    run = [answered("q", kind="fact"), answered("f", kind="number", covered=(False,), first_right=False), refused("r")]
    by_kind = {row["kind"]: row["share"] for row in drawn(kinds_chart(run))}
    assert by_kind == {"fact": 1.0, "number": 0.0, "unanswerable": 1.0}
    assert '<th scope="row">number</th><td>1</td><td>0%</td><td>0%</td><td>–</td>' in kinds_table(run)
    runs = {MARCH: run, MARCH.replace(day=2): [MISSED]}
    rows = drawn(history_chart(runs))
    assert [row["share"] for row in rows if row["measure"] == "Right passage cited"] == [0.5, 0.0]
    assert history_table(runs).index("2 Mar") < history_table(runs).index("1 Mar")


def test_two_runs_differ_by_points() -> None:
    table = deltas_table(compare([answered("m"), answered("q")], [MISSED, answered("q")]))
    assert '<th scope="row">Right passage cited</th><td>100%</td><td>50%</td><td>-50 points</td>' in table


def test_names_of_kinds_are_text() -> None:
    assert "&lt;script&gt;" in kinds_table([answered("q", kind="<script>")])
    assert "<script>" not in kinds_table([answered("q", kind="<script>")])
