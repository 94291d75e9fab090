from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

TRUST = "How was trust built with the community?"


def test_grid_prints_a_row_for_every_case_and_every_quote(run: Run, folders: tuple[str, ...]) -> None:
    code, out, err = run("grid", TRUST, *folders)
    assert (code, err) == (0, "")
    for head in ("Case", "Motivations", "Structures", "Relationships", "Nightingale Courts", "no evidence"):
        assert head in out
    assert "\n[1] " in out
    assert "collaboration-executive-summary.txt · " in out


def test_grid_stays_legible_at_80_columns(run: Run, folders: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = run("grid", TRUST, *folders)
    shown = re.sub(r"\x1b\[[\d;]*m", "", out)
    assert max(map(len, shown.splitlines())) == 80
    assert "Relationships" in shown


def test_grid_names_questions_by_letters(run: Run, folders: tuple[str, ...]) -> None:
    code, out, _ = run("grid", TRUST, "--column", "How was funding shared?", "--by", "document", *folders)
    assert code == 0
    assert out.startswith(f"A  {TRUST}\nB  How was funding shared?\n")


def test_grid_prints_json(run: Run, folders: tuple[str, ...]) -> None:
    code, out, _ = run("grid", TRUST, "--aspect", "enabler", "--json", *folders)
    told = json.loads(out)
    assert code == 0
    assert told["filters"] == {"aspect": "enabler"}
    assert len(told["rows"]) == 6


def test_grid_writes_a_workbook(run: Run, folders: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "grid.xlsx"
    code, out, err = run("grid", TRUST, "--xlsx", path, *folders)
    assert (code, out) == (0, "")
    assert str(path) in err
    assert openpyxl.load_workbook(path).sheetnames == ["Grid", "Quotes"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grid", ""], "The question is empty"),
        (["grid", TRUST, "--by", "year"], "case, document"),
        (["grid", TRUST, "--theme", "Finance"], "Motivations; Structures; Relationships"),
        (["grid", TRUST, "--column", ""], "The question is empty"),
        (["grid", TRUST, "--json", "--xlsx", "grid.xlsx"], "Leave out --json or --xlsx"),
    ],
)
def test_wrong_usage_is_explained_with_exit_code_2(
    run: Run, folders: tuple[str, ...], arguments: list[str], message: str
) -> None:
    code, out, err = run(*arguments, *folders)
    assert (code, out) == (2, "")
    assert message in err


def test_a_workbook_that_cannot_be_written_is_a_failure(run: Run, folders: tuple[str, ...], tmp_path: Path) -> None:
    code, out, err = run("grid", TRUST, "--xlsx", tmp_path / "missing" / "grid.xlsx", *folders)
    assert (code, out) == (1, "")
    assert "grid.xlsx" in err
