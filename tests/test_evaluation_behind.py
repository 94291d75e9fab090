"""The evaluation that runs behind the pages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.evaluation.kept import kept_runs, outcomes_of, own_questions
from assistant.ui.evaluating import Evaluation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant import Assistant


@pytest.fixture
def library(make_library: Callable[..., Assistant], tmp_path: Path) -> Assistant:
    made = make_library(notes_txt="The hub in Leeds opened in May.\n")
    return replace(made, settings=made.settings.model_copy(update={"state": tmp_path / "state"}))


def write_questions(library: Assistant, count: int) -> None:
    lines = [{"id": number, "question": f"When did hub {number} open?", "gold": []} for number in range(count)]
    own_questions(library.settings).write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def ended(evaluation: Evaluation) -> str:
    evaluation.wait()
    return evaluation.ended


def test_a_run_is_kept_with_the_generation_it_was_asked_of(library: Assistant) -> None:
    write_questions(library, 3)
    evaluation = Evaluation()
    evaluation.start(library)
    assert ended(evaluation) == "The evaluation is done: 3 questions were asked."
    (kept,) = kept_runs(library.settings)
    assert (kept.generation, len(outcomes_of(kept))) == (library.index.folder.name, 3)


def test_only_one_runs_at_a_time_and_it_can_be_stopped(library: Assistant) -> None:
    write_questions(library, 5_000)
    evaluation = Evaluation()
    evaluation.start(library)
    evaluation.start(library)
    assert evaluation.running
    evaluation.stop()
    assert "was stopped after" in ended(evaluation)
    assert kept_runs(library.settings) == []
    write_questions(library, 1)
    evaluation.start(library)
    assert "is done" in ended(evaluation)


def test_what_went_wrong_is_told(library: Assistant) -> None:
    own_questions(library.settings).write_text("no JSON\n")
    evaluation = Evaluation()
    evaluation.start(library)
    assert "Line 1" in ended(evaluation)
    assert evaluation.failed
