from __future__ import annotations

import pytest

from assistant.questions import Operation
from assistant.questions.operations import request_in


@pytest.mark.parametrize(
    ("question", "operation", "limit"),
    [
        ("Which towns have six or more staff?", Operation.AT_LEAST, 6),
        ("Which towns have six or fewer staff?", Operation.AT_MOST, 6),
        ("Which towns have only four staff?", Operation.EXACTLY, 4),
        ("Which towns had four staff?", Operation.EXACTLY, 4),
        ("Which towns have more staff than Dover?", Operation.ABOVE, None),
        ("Which towns have fewer staff than Dover?", Operation.BELOW, None),
        ("Which towns have the same number of staff?", Operation.SAME, None),
        ("What share of the staff is in Dover?", Operation.SHARE, None),
        ("How do they share staff?", None, None),
        ("Which towns are above average for staff?", Operation.ABOVE, None),
        ("Combined, how many staff are in Dover and Ostend?", Operation.TOTAL, None),
        ("Which town comes third by number of staff?", Operation.MOST, None),
        ("What are the top three towns by staff?", Operation.MOST, None),
        ("Which town has the most staff: fewer than six?", Operation.BELOW, 6),
    ],
)
def test_a_request_is_an_operation_with_its_limit(
    question: str, operation: Operation | None, limit: float | None
) -> None:
    request = request_in(question)
    assert (request.operation, request.limit) == (operation, limit)


@pytest.mark.parametrize(
    ("question", "ends"),
    [
        ("Which towns have the most and the fewest staff?", (Operation.MOST, Operation.FEWEST)),
        ("Name the smallest and the largest team.", (Operation.FEWEST, Operation.MOST)),
        ("Which town has at least six staff?", ()),
    ],
)
def test_a_request_names_the_ends_in_the_question_s_order(question: str, ends: tuple[Operation, ...]) -> None:
    assert request_in(question).ends == ends


@pytest.mark.parametrize(
    ("question", "place", "count"),
    [
        ("Which town has the second most staff?", 2, 0),
        ("Which town came third for the number of staff?", 3, 0),
        ("Which two towns have the most staff?", 1, 2),
        ("What are the top 3 towns?", 1, 3),
        ("What are the five smallest towns?", 1, 5),
        ("Which town has the most staff?", 1, 0),
    ],
)
def test_a_request_tells_which_place_or_how_many_are_asked_for(question: str, place: int, count: int) -> None:
    assert (request_in(question).place, request_in(question).count) == (place, count)


def test_a_request_may_have_a_limit_at_either_end() -> None:
    request = request_in("Which towns had between six and 12 staff?")
    assert (request.limit, request.upper) == (6, 12)
