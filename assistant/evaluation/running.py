"""A run from its question set to its files: which questions are asked, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.errors import EvaluationError, UsageError
from assistant.evaluation.report import report_html
from assistant.evaluation.runs import run_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.evaluation.comparing import Comparison
    from assistant.evaluation.question_sets import AskedQuestion, Outcome

RUN, REPORT = "run.jsonl", "report.html"


def chosen(
    questions: Sequence[AskedQuestion], split: str | None = None, limit: int | None = None
) -> list[AskedQuestion]:
    """Return the questions of a split, of those the first ``limit``.

    Raises:
        UsageError: no question is of that split; the message lists those there are.
    """
    found = [asked for asked in questions if split in (None, asked.split)]
    if not found:
        known = "; ".join(dict.fromkeys(asked.split for asked in questions if asked.split)) or "none"
        raise UsageError(f'The set has no split "{split}". It has: {known}.')
    return found[:limit]


def write_run(folder: Path, title: str, outcomes: Sequence[Outcome], comparison: Comparison | None = None) -> None:
    """Write a run and its report into a folder, which is made where it is missing.

    Raises:
        EvaluationError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RUN).write_text("".join(f"{line}\n" for line in run_lines(outcomes)), encoding="utf-8", newline="\n")
        (folder / REPORT).write_text(report_html(title, _made(), outcomes, comparison), encoding="utf-8", newline="\n")
    except OSError as error:
        raise EvaluationError(
            f'The run cannot be written to "{folder}" ({error.strerror}). Name another folder.'
        ) from error


def _made() -> str:
    return f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC"
