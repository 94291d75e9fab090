"""A run as a file: one JSON object a question, in the order they were asked, and as the last line one of figures."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from assistant.errors import EvaluationError
from assistant.evaluation.comparing import comparison_json
from assistant.evaluation.figures import summarise, summary_json
from assistant.evaluation.lines import fault, numbered
from assistant.evaluation.question_sets import AskedQuestion, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.evaluation.comparing import Comparison

_ASKED = frozenset(field.name for field in fields(AskedQuestion))
_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)


def run_lines(outcomes: Sequence[Outcome], comparison: Comparison | None = None) -> Iterator[str]:
    """Yield a run as lines of JSON, the figures last; with ``compared``, where it is held against an earlier run."""
    for outcome in outcomes:
        yield json.dumps(outcome_json(outcome), ensure_ascii=False)
    compared = {"compared": comparison_json(comparison)} if comparison else {}
    yield json.dumps(summary_json(summarise(outcomes)) | compared, ensure_ascii=False)


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """Return what came of a question as one flat JSON object."""
    table = asdict(outcome)
    asked: dict[str, Any] = table.pop("asked")
    return asked | table


def read_run(path: Path) -> list[Outcome]:
    """Read a run back. Its figures are counted anew from its questions.

    Raises:
        UsageError: the file is missing.
        EvaluationError: it is no run of a question set; the line is named.
    """
    lines = numbered(path)
    outcomes = [_outcome(path, number, line) for number, line in lines[:-1]]
    if not outcomes:
        raise EvaluationError(f'"{path}" holds no run. Give the run.jsonl that "casewise evaluate --out DIR" wrote.')
    return outcomes


def _outcome(path: Path, number: int, line: str) -> Outcome:
    try:
        table = json.loads(line)
        asked = {name: table[name] for name in _ASKED}
        return _OUTCOME.validate_python({name: table[name] for name in table if name not in _ASKED} | {"asked": asked})
    except ValidationError as error:
        reason = fault(error)
    except (ValueError, RecursionError):
        reason = "it is not JSON"
    except (KeyError, TypeError):
        reason = "it is not what came of a question"
    raise EvaluationError(
        f'Line {number} of "{path}" is no line of a run: {reason}. '
        'Give the run.jsonl that "casewise evaluate --out DIR" wrote.'
    )
