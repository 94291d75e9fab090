from __future__ import annotations

import pytest

from assistant.evaluation.comparing import Change, Comparison, compare, comparison_json
from tests.outcomes import answered, refused

GOLD = (("opened in May",), ("40 desks",))


def change_of(comparison: Comparison) -> Change:
    assert len(comparison.differences) == 1
    return comparison.differences[0].change


PART = answered("a", gold=GOLD, covered=(True, False), first_right=True)
OTHER_PART = answered("a", gold=GOLD, covered=(True, True), first_right=False)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (answered("a"), answered("a", latency_ms=99.0), Change.SAME),
        (answered("a"), answered("a", answer="In May. [1]"), Change.CHANGED),
        (answered("a"), answered("a", standalone_question="And a?"), Change.CHANGED),
        (PART, answered("a", gold=GOLD), Change.BETTER),
        (answered("a", gold=GOLD), PART, Change.WORSE),
        (answered("a"), answered("a", cited=0), Change.WORSE),
        (PART, OTHER_PART, Change.MIXED),
        (refused("a"), answered("a", gold=(), kind="unanswerable"), Change.WORSE),
        (answered("a", gold=(), kind="unanswerable"), refused("a"), Change.BETTER),
        (answered("a"), answered("a", question="Another?"), Change.REWORDED),
        (answered("a"), answered("a", gold=GOLD), Change.REWORDED),
    ],
)
def test_a_question_is_better_or_worse_by_what_counts(before: object, after: object, change: Change) -> None:
    assert change_of(compare([before], [after])) is change  # type: ignore[list-item]


def test_questions_of_one_run_only_are_named_and_move_no_figure() -> None:
    comparison = compare([answered("a"), refused("b", gold=GOLD)], [answered("a"), refused("c", gold=GOLD)])
    assert [(one.outcome.asked.id, one.change) for one in comparison.differences] == [
        ("a", Change.SAME),
        ("c", Change.ADDED),
        ("b", Change.REMOVED),
    ]
    deltas = {delta.name: delta for delta in comparison.deltas}
    assert (deltas["questions"].after, deltas["evidence_recall"].after) == (1, 1.0)


def test_figures_rise_and_fall_and_an_undefined_one_does_neither() -> None:
    comparison = compare([PART], [answered("a", gold=GOLD)])
    table = comparison_json(comparison)
    assert table["figures"]["evidence_recall"] == 0.5
    assert table["figures"]["refusal_recall"] is None
    assert table["questions"]["better"] == ["a"]
    assert table["questions"]["worse"] == []
