from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.errors import EvaluationError
from assistant.evaluation.kept import FOLDER, keep_run, kept_runs, outcomes_of, readable
from assistant.settings import Settings
from tests.conftest import TAXONOMY
from tests.outcomes import answered, refused

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_runs_are_kept_and_read_back_the_oldest_first(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state")
    assert kept_runs(settings) == []
    later = keep_run(settings, [answered("q1"), refused("q2")], "generation-2", NOON)
    earlier = keep_run(settings, [answered("q1")], "generation-1", NOON - timedelta(days=1))
    assert kept_runs(settings) == [earlier, later]
    assert outcomes_of(later) == (answered("q1"), refused("q2"))


def test_a_run_that_cannot_be_read_is_named_and_hides_no_other(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    kept = keep_run(settings, [answered("q1")], "generation-1", NOON)
    (tmp_path / FOLDER / "20261101T120000Z_generation-0.jsonl").write_text("{}\nno run\n")
    for name in ("notes.jsonl", "20269901T120000Z_generation-0.jsonl"):  # no run, and no day there ever was
        (tmp_path / FOLDER / name).write_text("of somebody")
    runs, faults = readable(kept_runs(settings))
    assert runs == [kept]
    assert len(faults) == 1
    assert "20261101T120000Z" in faults[0]


def test_a_run_that_has_gone_is_named(tmp_path: Path) -> None:
    kept = keep_run(Settings(state=tmp_path), [answered("q1")], "generation-1", NOON)
    kept.path.unlink()
    with pytest.raises(EvaluationError, match="generation-1"):
        outcomes_of(kept)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(EvaluationError, match="cannot be kept in"):
        keep_run(Settings(state=tmp_path / "state"), [answered("q1")], "generation-1", NOON)


def test_nothing_is_left_of_a_run_that_cannot_be_put_in_its_place(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    (tmp_path / FOLDER / "20261123T120000Z_generation-1.jsonl" / "taken").mkdir(parents=True)
    with pytest.raises(EvaluationError, match="cannot be kept in"):
        keep_run(settings, [answered("q1")], "generation-1", NOON)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["20261123T120000Z_generation-1.jsonl"]


def test_evaluating_the_library_s_own_questions_keeps_the_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWISE_STATE", str(tmp_path / "state"))
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "taxonomy.toml").write_text(TAXONOMY)
    (corpus / "notes.txt").write_text("The hub opened in May.\n")
    line = '{"id": 1, "question": "When did the hub open?", "gold": [["opened in May"]]}\n'
    for path in (corpus / "questions.jsonl", tmp_path / "other.jsonl"):
        path.write_text(line)
    folders = ("--corpus", corpus, "--index", tmp_path / "index")
    for arguments in (["other.jsonl"], ["corpus/questions.jsonl", "--limit", "1"]):
        assert run("evaluate", tmp_path / arguments[0], *arguments[1:], *folders)[0] == 0
    assert kept_runs(Settings(state=tmp_path / "state")) == []
    assert run("evaluate", corpus / "questions.jsonl", *folders)[0] == 0
    (kept,) = kept_runs(Settings(state=tmp_path / "state"))
    assert [one.asked.question for one in outcomes_of(kept)] == ["When did the hub open?"]
    assert kept.generation.startswith("generation-")
