from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from assistant.errors import EvaluationError
from assistant.evaluation.comparing import compare
from assistant.evaluation.runs import read_run, run_lines
from tests.outcomes import answered, refused

if TYPE_CHECKING:
    from pathlib import Path

RUN = [answered("é", split="test"), refused("b"), refused("c", gold=(("in May", "40 desks"),), kind="fact")]


def test_a_run_is_a_flat_object_a_question_and_its_figures_last() -> None:
    *questions, figures = [json.loads(line) for line in run_lines(RUN)]
    assert [table["id"] for table in questions] == ["é", "b", "c"]
    assert questions[0]["citations"][0]["quote"] == "opened in May"
    assert (figures["questions"], figures["splits"]["test"]["evidence_recall"]) == (3, 1.0)
    assert figures["splits"]["test"]["refusal_recall"] is None
    assert "compared" not in figures


def test_a_run_that_is_compared_says_so_in_its_last_line() -> None:
    *_, last = run_lines(RUN, compare(RUN[:2], RUN))
    assert json.loads(last)["compared"]["questions"]["only in this run"] == ["c"]


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("\n".join(run_lines(RUN)), encoding="utf-8")
    assert "é" in path.read_text(encoding="utf-8")
    assert read_run(path) == RUN


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "holds no run"),
        ("{}", "it is not what came of a question"),
        ("[]", "it is not what came of a question"),
        ("{", "it is not JSON"),
        (next(run_lines([answered("a", words="many")])), "words Input should be a valid integer"),
    ],
)
def test_a_file_that_is_no_run_is_explained(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(f"{line}\n{{}}")
    with pytest.raises(EvaluationError, match=reason):
        read_run(path)
