"""Floors: the figures that a run must reach, by split and by kind, in TOML.

::

    [all]                      # the whole run
    cited = 1.0
    [test]                     # a split
    evidence_recall = 0.95
    median_words = 60          # a ceiling, being the one figure where less is more
    [test.kinds.fact]          # the questions of one kind in it
    first_citation = 0.9

Latencies have none: they are the machine's as much as the program's.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from assistant.errors import EvaluationError, UsageError
from assistant.evaluation.figures import Figures, summarise
from assistant.evaluation.lines import fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.figures import Summary
    from assistant.evaluation.question_sets import Outcome

WHOLE = "all"
CEILING = "median_words"
HELD = tuple(field.name for field in fields(Figures) if not field.name.startswith("latency"))
"""The figures that may have a floor."""

_Limits = dict[str, "float | dict[str, dict[str, float]]"]
_TABLES: TypeAdapter[dict[str, _Limits]] = TypeAdapter(dict[str, dict[str, float | dict[str, dict[str, float]]]])


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that a figure may be, ``CEILING`` the most, in the whole run or a split, of all questions or one kind."""

    split: str
    kind: str | None
    figure: str
    limit: float

    @property
    def place(self) -> str:
        """Where it holds: ``test: first_citation`` or ``test, fact: first_citation``."""
        return f"{self.split}{f', {self.kind}' if self.kind else ''}: {self.figure}"


def read_floors(path: Path) -> list[Floor]:
    """Read a file of floors.

    Raises:
        UsageError: the file is missing.
        EvaluationError: it is not TOML, or names a figure that there is not.
    """
    try:
        tables = _TABLES.validate_python(tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise UsageError(f'"{path}" cannot be read ({error.strerror}). Give a TOML file of floors.') from error
    except ValidationError as error:
        raise EvaluationError(f'"{path}" holds no floors: {fault(error)}. Write a number for each figure.') from error
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f'"{path}" is not TOML: {error}. Mend that line.') from error
    floors = [floor for split, table in tables.items() for floor in _floors(split, table)]
    unknown = [floor.place for floor in floors if floor.figure not in HELD]
    if unknown:
        raise EvaluationError(f'"{path}" has a floor for {unknown[0]}. Figures that may have one: {", ".join(HELD)}.')
    return floors


def chosen_floors(path: Path, split: str | None) -> list[Floor]:
    """Read the floors of a split, of everything where none is given.

    Raises:
        UsageError, EvaluationError: as ``read_floors``, or there is none for the split.
    """
    floors = read_floors(path)
    found = [floor for floor in floors if split in (None, floor.split)]
    if not found:
        known = "; ".join(dict.fromkeys(floor.split for floor in floors)) or "none"
        raise UsageError(f'"{path}" has no floor for the split "{split}". It has some for: {known}.')
    return found


def shortfalls(outcomes: Sequence[Outcome], floors: Sequence[Floor]) -> list[str]:
    """Return a sentence for every figure below its floor, or above its ceiling; one that is undefined reaches neither."""
    summary, found = summarise(outcomes), []
    for floor in floors:
        figure = _figure(summary, floor)
        if figure is None:
            found.append(f"{floor.place} is undefined, its limit {floor.limit:g}: the run has no such questions.")
        elif figure > floor.limit if floor.figure == CEILING else figure < floor.limit:
            side = "above its ceiling" if floor.figure == CEILING else "below its floor"
            found.append(f"{floor.place} is {figure:.3f}, {side} of {floor.limit:g}.")
    return found


def _floors(split: str, table: Mapping[str, Any]) -> Iterator[Floor]:
    for name, limit in table.items():
        if isinstance(limit, dict):
            yield from (
                Floor(split, kind, figure, floor) for kind, held in limit.items() for figure, floor in held.items()
            )
        else:
            yield Floor(split, None, name, limit)


def _figure(summary: Summary, floor: Floor) -> float | None:
    counted = summary.all if floor.split == WHOLE else summary.splits.get(floor.split)
    figures = counted and (counted.kinds.get(floor.kind) if floor.kind else counted.figures)
    return getattr(figures, floor.figure) if figures else None
