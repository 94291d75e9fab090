"""The runs that are kept, so that figures can be followed over time: a file each, named by when and on what index it was made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.errors import CasewiseError, EvaluationError
from assistant.evaluation.runs import read_run, run_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.evaluation.question_sets import Outcome
    from assistant.settings import Settings

FOLDER, QUESTIONS = "evaluations", "questions.jsonl"
"""Where runs are kept below the settings' ``state``, and the library's own question set below its ``corpus``."""

_TIME = "%Y%m%dT%H%M%SZ"
_OPEN_RUNS = 32


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run of the library's own questions: its file, when it was made, and the generation of the index it was asked of."""

    path: Path
    made: datetime
    generation: str


def own_questions(settings: Settings) -> Path:
    """Return where the library's own question set is."""
    return settings.corpus / QUESTIONS


def keep_run(settings: Settings, outcomes: Sequence[Outcome], generation: str, made: datetime) -> KeptRun:
    """Keep a run; a run is there as a whole or not at all.

    Raises:
        EvaluationError: the folder cannot be written to.
    """
    folder = settings.state / FOLDER
    path = folder / f"{made.astimezone(UTC):{_TIME}}_{generation}.jsonl"
    beside = folder / f".{secrets.token_hex(8)}.part"  # another process may keep a run of its own now
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_text("".join(f"{line}\n" for line in run_lines(outcomes)), encoding="utf-8", newline="\n")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise EvaluationError(
            f'The run cannot be kept in "{folder}" ({error.strerror}). Mend its permissions or free some space.'
        ) from error
    return KeptRun(path, made, generation)


def kept_runs(settings: Settings) -> list[KeptRun]:
    """Return the runs that are kept, the oldest first."""
    folder = settings.state / FOLDER
    runs = filter(None, map(_run_of, folder.glob("*.jsonl")))
    return sorted(runs, key=lambda run: (run.made, run.path.name))


def outcomes_of(run: KeptRun) -> tuple[Outcome, ...]:
    """Return what came of the questions of a run that is kept.

    Raises:
        EvaluationError: its file has gone, or is no run; the message names it.
    """
    try:
        return _read(run.path, run.path.stat().st_mtime_ns)
    except OSError as error:
        raise EvaluationError(f'"{run.path}" cannot be read ({error.strerror}). Remove it, or put it back.') from error


def readable(runs: Sequence[KeptRun]) -> tuple[list[KeptRun], list[str]]:
    """Return the runs that can be read, and why the others cannot."""
    found, faults = [], []
    for run in runs:
        try:
            outcomes_of(run)
            found.append(run)
        except CasewiseError as error:
            faults.append(str(error))
    return found, faults


@lru_cache(maxsize=_OPEN_RUNS)
def _read(path: Path, _version: int) -> tuple[Outcome, ...]:
    return tuple(read_run(path))


def _run_of(path: Path) -> KeptRun | None:
    """Return the run that a file is by its name; ``None`` where it is a file of somebody else's."""
    made, _, generation = path.stem.partition("_")
    try:
        return KeptRun(path, datetime.strptime(made, _TIME).replace(tzinfo=UTC), generation)
    except ValueError:
        return None
