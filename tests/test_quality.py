"""The open questions of the library, asked of it: what the figures in ``settings.py`` were counted on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.conftest import CORPUS

if TYPE_CHECKING:
    from assistant import Assistant

QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
TUNING = [one for one in QUESTIONS if one["split"] == "tuning"]
ANSWERED_FLOOR = 29  # of 35
REFUSED_FLOOR = 17  # of 20


def is_right(library: Assistant, asked: dict[str, Any]) -> bool:
    """Tell whether the first citation holds one of each piece of gold, or, where there is none, whether it was refused."""
    answer = library.ask(asked["question"], asked.get("history", ()), **asked.get("filters", {}))
    if not asked["gold"] or not answer.answered:
        return answer.answered == bool(asked["gold"])
    return all(any(piece in answer.citations[0].quote for piece in pieces) for pieces in asked["gold"])


def wrong(library: Assistant, *, answerable: bool) -> list[str]:
    asked = [one for one in TUNING if bool(one["gold"]) is answerable]
    return [one["question"] for one in asked if not is_right(library, one)]


def test_questions_that_the_library_answers_are_answered_as_well_as_before(library: Assistant) -> None:
    missed = wrong(library, answerable=True)
    assert len(missed) <= sum(bool(one["gold"]) for one in TUNING) - ANSWERED_FLOOR, missed


def test_questions_that_it_does_not_answer_are_refused_as_well_as_before(library: Assistant) -> None:
    missed = wrong(library, answerable=False)
    assert len(missed) <= sum(not one["gold"] for one in TUNING) - REFUSED_FLOOR, missed


def test_gold_is_the_documents_own_words(library: Assistant) -> None:
    texts = [document.text for document in library.documents()]
    pieces = [piece for one in QUESTIONS for alternatives in one["gold"] for piece in alternatives]
    assert [piece for piece in pieces if not any(piece in text for text in texts)] == []
