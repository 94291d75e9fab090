"""Many questions in one process: JSON lines in, JSON lines out, in order; a line that cannot be asked stops no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.conversation import writable
from assistant.errors import UsageError
from assistant.rendering import answer_json
from assistant.types import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.conversation import Assistant


class AskedFilters(BaseModel):
    """The filters of a line; an unknown key is an error, not a filter ignored."""

    model_config = ConfigDict(extra="forbid")

    case: str | None = None
    theme: str | None = None
    aspect: str | None = None


class Asked(BaseModel):
    """A line of a batch. ``history`` holds the questions asked before, the oldest first."""

    id: str | int
    question: str
    history: list[str] = Field(default_factory=list)
    filters: AskedFilters = Field(default_factory=AskedFilters)


def answers(
    library: Assistant, lines: Iterable[str], answerer: str | None = None
) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield ``{"id", …Answer}`` for every line that is not empty, and whether the line could be asked.

    A line that could not has ``answered`` false, the fault as its ``reason``, and its number as ``id`` where it gives none.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _answered(library, line, number, answerer)


def _answered(library: Assistant, line: str, number: int, answerer: str | None) -> tuple[dict[str, Any], bool]:
    identifier, question = _as_far_as_read(line, number)
    try:
        asked = Asked.model_validate_json(line)
        held_to = asked.filters
        answer = library.ask(
            asked.question,
            asked.history,
            case=held_to.case,
            theme=held_to.theme,
            aspect=held_to.aspect,
            answerer=answerer,
        )
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        return _refused(
            identifier, question, f"Line {number} cannot be read: {place} {fault['msg']}.".replace(":  ", ": ")
        )
    except UsageError as error:
        return _refused(identifier, question, str(error))
    return {"id": identifier} | answer_json(answer), True


def _as_far_as_read(line: str, number: int) -> tuple[str | int, str]:
    try:
        table = json.loads(line.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return number, ""
    if not isinstance(table, dict):
        return number, ""
    identifier, question = table.get("id", number), table.get("question", "")
    known = identifier if isinstance(identifier, str | int) else number
    return writable(known) if isinstance(known, str) else known, writable(question) if isinstance(question, str) else ""


def _refused(identifier: str | int, question: str, reason: str) -> tuple[dict[str, Any], bool]:
    answer = Answer(question, question, False, reason, (), (), (), (), "none", {"total": 0.0})
    return {"id": identifier} | answer_json(answer), False
