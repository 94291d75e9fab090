from __future__ import annotations

import pytest

from assistant.answering.attribution import unattributed

ONE = "One interviewee said that the pandemic had made staff braver."
SOME = "Some leaders reported that meetings were shorter than before the pandemic."
COUNCIL = (
    "Bristol Council reported that organisations had tried to tackle diversity individually, with limited success."
)
MIXED = "Collaboration increased in public services, with leaders reporting that it was better than usual."
QUOTED = "“We simply stopped asking for permission at all”, as the matron put it."


@pytest.mark.parametrize(
    ("claim", "source", "wrong"),
    [
        ("The pandemic made staff braver.", ONE, "gives it as a fact"),
        ("Interviewees said that the pandemic had made staff braver.", ONE, "makes it many"),
        ("One interviewee said that staff were braver since the pandemic.", ONE, None),
        ("According to one interviewee, the pandemic had made staff braver.", ONE, None),
        ("Meetings were shorter than before the pandemic.", SOME, "gives it as a fact"),
        ("Leaders reported that meetings were shorter than before.", SOME, '"some" of those who say so'),
        ("Several leaders said that meetings were shorter than before.", SOME, None),
        ("Organisations had tried to tackle diversity individually.", COUNCIL, "Bristol Council reported"),
        ("Bristol Council said that organisations had tried to tackle diversity individually.", COUNCIL, None),
        ("Collaboration increased in public services.", MIXED, None),
        ("They simply stopped asking for permission.", QUOTED, "gives it as a fact"),
        ("The matron said that they stopped asking for permission.", QUOTED, None),
        ("The programme took six weeks.", "The programme took six weeks.", None),
        ("Most leaders found that it was better than usual.", MIXED, None),
        (
            "Teams without a say are hard to win over.",
            "It is hard to win over teams if they feel they have no say.",
            None,
        ),
        ("They never thought of sharing.", "They had not considered sharing their rooms.", None),
    ],
)
def test_what_somebody_said_stays_theirs(claim: str, source: str, wrong: str | None) -> None:
    found = unattributed(claim, [source])
    assert found is None if wrong is None else wrong in str(found)
