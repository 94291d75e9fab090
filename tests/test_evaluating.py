from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

QUESTIONS = [
    {"id": "a", "question": "How many leaders took part in Kent?", "gold": [["Kent Fire and Rescue"]], "split": "test"},
    {"id": "b", "question": "What is the capital of France?", "gold": [], "split": "test"},
    {"id": "c", "question": "Why are silos a problem?", "gold": [["never written"]], "split": "tuning"},
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)))
    return path


def test_figures_are_a_table_by_kind_and_split(run: Run, folders: tuple[str, ...], questions: Path) -> None:
    code, out, err = run("evaluate", questions, *folders)
    assert code == 0
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.split()[1:]}
    assert rows["test"][:6] == ["2", "1.000", "1.000", "1.000", "1.000", "1.000"]
    assert rows["tuning"][:5] == ["1", "0.000", "0.000", "–", "–"]
    assert rows["all"][:2] == ["3", "0.500"]
    assert "No document holds this gold of the question 'c': 'never written'" in err


def test_a_run_is_written_compared_and_held_to_floors(
    run: Run,
    folders: tuple[str, ...],
    questions: Path,
    tmp_path: Path,
) -> None:
    code, out, _ = run("evaluate", questions, "--json", "--split", "test", "--out", tmp_path / "one", *folders)
    assert code == 0
    assert out == (tmp_path / "one" / "run.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in out.splitlines()[:-1]] == ["a", "b"]
    assert json.loads(out.splitlines()[-1])["evidence_recall"] == 1.0
    assert "<h1>questions.jsonl</h1>" in (tmp_path / "one" / "report.html").read_text(encoding="utf-8")

    floors = tmp_path / "floors.toml"
    floors.write_text("[test]\ncited = 1.0\n[tuning]\nevidence_recall = 0.9\n")
    options = ("--compare", tmp_path / "one" / "run.jsonl", "--floors", floors)
    code, out, err = run("evaluate", questions, *options, *folders)
    assert code == 1
    assert "tuning: evidence_recall is 0.000, below its floor of 0.9." in err
    assert "test: cited" not in err
    assert "Only in this run: 1" in out
    assert "The same: 2 of 3 questions." in out
    assert run("evaluate", questions, "--split", "test", *options, *folders)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.jsonl"], 2, '"missing.jsonl" cannot be read'),
        (["SET", "--split", "dev"], 2, 'no split "dev". It has: test; tuning'),
        (["SET", "--compare", "SET"], 1, "is no line of a run"),
        (["SET", "--floors", "SET"], 1, "is not TOML"),
        (["SET", "--limit", "0"], 2, "--limit"),
        (["SET", "--verify", "--split", "test"], 2, "leave --split"),
        (["SET", "--verify"], 1, "claim Field required"),
    ],
)
def test_what_cannot_be_evaluated_is_explained(
    run: Run,
    folders: tuple[str, ...],
    questions: Path,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    found, out, err = run("evaluate", *[str(questions) if name == "SET" else name for name in arguments], *folders)
    assert (found, out) == (code, "")
    assert message in " ".join(err.split())


def test_a_faulty_line_is_named_and_nothing_is_asked(run: Run, folders: tuple[str, ...], questions: Path) -> None:
    questions.write_text(f'{questions.read_text()}\n{{"id": "d"}}')
    code, out, err = run("evaluate", questions, *folders)
    assert (code, out) == (1, "")
    assert 'Line 4 of "' in err
