from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from assistant.batch import answers

if TYPE_CHECKING:
    from assistant import Assistant


def lines(*tables: object) -> list[str]:
    return [json.dumps(table) for table in tables]


def test_answers_come_in_order_with_their_ids(library: Assistant) -> None:
    batch = lines(
        {"id": "a", "question": "How many leaders took part in Kent?"},
        {"id": 2, "question": "What about Northumbria?", "history": ["How many leaders took part in Kent?"]},
        {"id": "c", "question": "What helps?", "filters": {"theme": "Structures", "aspect": "enabler"}},
    )
    found = list(answers(library, [*batch[:1], "", *batch[1:], ""]))
    assert [answer["id"] for answer, _ in found] == ["a", 2, "c"]
    assert all(asked and answer["answered"] for answer, asked in found)
    assert found[1][0]["standalone_question"] == "How many leaders took part in Northumbria?"
    assert found[2][0]["citations"][0]["themes"] == ["Structures"]


@pytest.mark.parametrize(
    ("line", "identifier", "reason"),
    [
        ("not json", 2, "Line 2 cannot be read"),
        ('["a list"]', 2, "Line 2 cannot be read"),
        ('{"id": "x"}', "x", "question"),
        ('{"id": "x", "question": ""}', "x", "The question is empty"),
        ('{"id": "x", "question": "Why?", "filters": {"region": "North"}}', "x", "filters.region"),
        ('{"id": "x", "question": "Why?", "filters": {"case": "Cardiff"}}', "x", 'no case called "Cardiff"'),
    ],
)
def test_a_line_that_cannot_be_asked_stops_no_other(
    library: Assistant, line: str, identifier: str | int, reason: str
) -> None:
    sound = lines({"id": "s", "question": "How many leaders took part in Kent?"})[0]
    found = list(answers(library, [sound, line, sound]))
    assert [answer["id"] for answer, _ in found] == ["s", identifier, "s"]
    assert [asked for _, asked in found] == [True, False, True]
    assert found[1][0]["answered"] is False
    assert reason in found[1][0]["reason"]
    assert set(found[1][0]) == set(found[0][0])


def test_what_cannot_be_written_or_nested_stops_no_other(library: Assistant) -> None:
    sound = lines({"id": "s", "question": "How many leaders took part in Kent?"})[0]
    half = '{"id": "\\ud800", "question": "What \\ud800 is trust?"}'
    found = list(answers(library, [sound, half, "[" * 100_000, sound]))
    assert [answer["id"] for answer, _ in found] == ["s", "?", 3, "s"]
    assert json.dumps([answer for answer, _ in found], ensure_ascii=False).encode("utf-8")
