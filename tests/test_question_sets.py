from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from assistant.errors import EvaluationError, UsageError
from assistant.evaluation.question_sets import AskedQuestion, ask_all, judged, outcome, read_question_set, strays
from tests.outcomes import DOCUMENTS, answer, citation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant import Assistant

    MakeLibrary = Callable[..., Assistant]

HUB = "Leeds\n\nThe hub in Leeds opened in May.\n\nIt has 40 desks.\n"


@pytest.fixture
def make_set(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes lines, tables as JSON and texts as they are, and gives the file."""

    def make(*lines: object, name: str = "set.jsonl") -> Path:
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    return make


@pytest.mark.parametrize("name", ["set.jsonl", "set.jsonl.gz"])
def test_a_set_is_read_with_its_kinds_and_keys_of_others_are_passed_over(
    make_set: Callable[..., Path], name: str
) -> None:
    path = make_set(
        {"id": 1, "question": "A?", "gold": [["a", "b"], ["c"]], "split": "test", "note": "x"},
        "",
        {"id": "2", "question": "B?", "gold": [["a"]], "history": ["A?"], "filters": {"case": "Leeds"}},
        {"id": "3", "question": "C?", "gold": [], "history": ["A?"]},
        {"id": "4", "question": "D?", "gold": [["a"]], "kind": "number"},
        name=name,
    )
    asked = read_question_set(path)
    assert [one.kind for one in asked] == ["question", "follow-up", "unanswerable", "number"]
    assert asked[0] == AskedQuestion(1, "A?", (("a", "b"), ("c",)), "question", "test")
    assert (asked[1].history, asked[1].filters) == (("A?",), {"case": "Leeds"})
    assert [one.answerable for one in asked] == [True, True, False, True]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "Line 3 of"),
        ("[]", "Line 3 of"),
        ({"id": "b", "question": "B?"}, "gold Field required"),
        ({"id": "b", "question": "B?", "gold": ["a"]}, "gold.0 Input should be a valid array"),
        ({"id": "b", "question": "B?", "gold": [[]]}, "gold.0 List should have at least 1 item"),
        ({"id": "b", "question": "B?", "gold": [[" "]]}, "gold.0.0 String should match"),
        ({"id": "b", "question": "B?", "gold": [], "filters": {"region": "x"}}, "filters.region"),
        ({"id": "a", "question": "B?", "gold": []}, "has the id of line 1"),
    ],
)
def test_a_faulty_line_is_named(make_set: Callable[..., Path], line: object, reason: str) -> None:
    path = make_set({"id": "a", "question": "A?", "gold": []}, "", line)
    with pytest.raises(EvaluationError) as caught:
        read_question_set(path)
    assert "Line 3 of" in str(caught.value)
    assert reason in str(caught.value)


def test_a_file_that_is_no_set_is_explained(make_set: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_question_set(tmp_path / "missing.jsonl")
    with pytest.raises(EvaluationError, match="holds no question"):
        read_question_set(make_set(""))
    damaged = make_set({"id": "a", "question": "A?", "gold": []}, name="set.jsonl.gz")
    damaged.write_bytes(damaged.read_bytes()[:-9])
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_question_set(damaged)


def test_what_came_of_a_question_is_counted_from_its_answer() -> None:
    asked = AskedQuestion("a", "A?", (("opened in May", "in spring"), ("40 desks",)), "question")
    sound, false = citation(1, "opened in May"), citation(2, "It has", quote="It had")
    found = judged(
        asked, answer("A?", ("It opened – in May.", (1,)), ("It has.", (2,)), cited=(sound, false)), None, DOCUMENTS, 3
    )
    assert found.covered == (True, False)
    assert (found.recall, found.first_right) == (0.5, True)
    assert (found.words, found.sentences, found.cited) == (6, 2, 1)
    assert list(found.faults) == [
        "The citations do not cover “40 desks”.",
        "1 of 2 sentences carry no valid citation.",
    ]


def test_a_first_citation_that_is_too_long_or_beside_the_point_is_a_miss_with_its_reason() -> None:
    asked = AskedQuestion("a", "A?", (("40 desks",),), "question")
    long = citation(1, "It has 40 desks", quote="word " * 61)
    assert list(judged(asked, answer("A?", ("It has.", ()), cited=(long,)), None, DOCUMENTS, 1).faults) == [
        "The first citation has 61 words; at most 60 count.",
        "1 of 1 sentences carry no valid citation.",
    ]
    beside = (citation(1, "opened in May"), citation(2, "40 desks"))
    found = judged(asked, answer("A?", ("It opened in May.", (1,)), cited=beside), None, DOCUMENTS, 1)
    assert list(found.faults) == ["The first citation covers no gold."]


def test_questions_are_asked_of_the_library_in_order(make_library: MakeLibrary, make_set: Callable[..., Path]) -> None:
    library = make_library(good_txt=HUB)
    told: list[tuple[str, int, int]] = []
    questions = read_question_set(
        make_set(
            {"id": "a", "question": "When did the hub open?", "gold": [["opened in May"]]},
            {"id": "b", "question": "Who is the mayor of Paris?", "gold": []},
            {"id": "c", "question": " ", "gold": []},
        )
    )
    found = ask_all(library, questions, lambda *progress: told.append(progress))
    assert told == [("Asking", number, 3) for number in (1, 2, 3)]
    assert [one.answered for one in found] == [True, False, False]
    assert [one.faults for one in found] == [(), (), ()]
    assert found[0].citations[0].quote == "The hub in Leeds opened in May."
    assert found[2].reason == "The question is empty. Ask something in a sentence of your own."


def test_an_unknown_filter_names_its_question(make_library: MakeLibrary) -> None:
    asked = AskedQuestion("q7", "Why?", (), "unanswerable", filters={"case": "Cardiff"})
    with pytest.raises(EvaluationError, match=r'"?q7.*no case called "Cardiff"'):
        outcome(make_library(good_txt=HUB), asked)


def test_gold_that_no_document_holds_is_found() -> None:
    asked = AskedQuestion("a", "A?", (("opened in\nMay", "opened in June"), ("40 desks",)), "question")
    assert strays([asked], list(DOCUMENTS.values())) == [(asked, "opened in June")]
