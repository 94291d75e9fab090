from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from assistant.errors import EvaluationError
from assistant.evaluation.adding import add_question, gold_of
from assistant.evaluation.gaps import gaps
from assistant.evaluation.gold import covered
from assistant.evaluation.question_sets import AskedQuestion, read_question_set
from assistant.exchanges import Exchange, Verdict
from assistant.types import Filters, Sentence, Statement
from tests.exports import answer, refusal
from tests.outcomes import DOCUMENTS, HUB, citation
from tests.samples import document

if TYPE_CHECKING:
    from pathlib import Path

HELD = [document("The hub opened\nin May.")]


def refused(question: str) -> Exchange:
    return Exchange(question, Filters(), refusal("No.", section=()))


def unhelpful(question: str, comment: str = "") -> Exchange:
    given = answer(Statement("So.", (1,)), question=question, standalone_question=question)
    return Exchange(question, Filters(), given, verdict=Verdict(False, comment))


def alone(question: str, understood: str) -> Exchange:
    return Exchange(question, Filters(), answer(question=question, standalone_question=understood, answered=False))


def test_a_question_that_came_several_times_is_one_gap() -> None:
    found = gaps(
        [unhelpful("Why, so?", "Bad."), alone("And?", "why so"), unhelpful("Why so", "Bad."), unhelpful("Who?")]
    )
    assert [gap.question for gap in found] == ["Why, so?", "Who?"]
    assert (found[0].refused, found[0].unhelpful, found[0].comments) == (1, 2, ("Bad.",))


def test_a_follow_up_is_a_gap_in_the_words_it_was_understood_in() -> None:
    assert [gap.question for gap in gaps([alone("And there?", "What happened in Leeds?")])] == [
        "What happened in Leeds?"
    ]


def test_what_is_an_evaluation_question_by_now_is_no_gap() -> None:
    known = [AskedQuestion(1, "WHO was it", (), "unanswerable")]
    assert [gap.question for gap in gaps([alone("a", "Who was it?"), alone("b", "Why?")], known)] == ["Why?"]


def test_questions_without_words_are_told_apart() -> None:
    assert len(gaps([alone("?", "?"), alone("!", "!")])) == 2


def test_a_question_is_added_below_the_others_and_read_by_every_reader(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "asked-1", "question": "Old?", "gold": [], "split": "test"}')  # no line end
    added = add_question(path, "  When did \n it open? ", [("opened in May",)], HELD, "number")
    assert read_question_set(path)[1] == added
    assert (added.id, added.question, added.kind) == ("asked-2", "When did it open?", "number")
    assert json.loads(path.read_text().splitlines()[0])["split"] == "test"
    assert add_question(path, "Who?", [], HELD).kind == "unanswerable"


def test_all_of_a_sentence_that_a_page_break_tore_is_gold() -> None:
    torn = citation(1, "It has 40 desks and a", "kitchen.")
    gold = gold_of(HUB, [Sentence(torn.spans, torn.quote)])
    assert gold == [("It has 40 desks and a",), ("kitchen.",)]
    assert all(covered(piece, [torn], DOCUMENTS) for piece in gold)
    assert [covered(piece, [citation(1, "It has 40 desks and a")], DOCUMENTS) for piece in gold] == [True, False]


def test_a_set_is_made_where_there_is_none(tmp_path: Path) -> None:
    add_question(tmp_path / "questions.jsonl", "Who \ud800?", [], HELD)
    assert [one.question for one in read_question_set(tmp_path / "questions.jsonl")] == ["Who ??"]


@pytest.mark.parametrize(
    ("question", "gold", "message"),
    [
        ("When?", [("opened in June",)], "No document holds these words: “opened in June”"),
        ("  ", [], "The question is empty"),
        ("When?", [(" ",)], "cannot be read"),
    ],
)
def test_what_no_document_holds_is_refused_and_nothing_is_written(
    tmp_path: Path, question: str, gold: list[tuple[str, ...]], message: str
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": 1, "question": "Old?", "gold": []}\n')
    with pytest.raises(EvaluationError, match=message):
        add_question(path, question, gold, HELD)
    assert path.read_text() == '{"id": 1, "question": "Old?", "gold": []}\n'
    assert not list(tmp_path.glob("*.part"))


def test_a_set_that_is_broken_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text("no JSON\n")
    with pytest.raises(EvaluationError, match="Line 1"):
        add_question(path, "Who?", [], HELD)
    assert path.read_text() == "no JSON\n"


def test_people_who_add_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda number: add_question(path, f"Who is {number}?", [], HELD), range(24)))
    known = read_question_set(path)
    assert {one.question for one in known} == {f"Who is {number}?" for number in range(24)}
    assert len({one.id for one in known}) == 24
