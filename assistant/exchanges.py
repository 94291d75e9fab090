"""A question, what came of it, and what was thought of it: as a value, and as JSON that is read back equal. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from assistant.spans import quote
from assistant.types import Answer, Filters, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from assistant.types import Document

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_FILTERS: TypeAdapter[Filters] = TypeAdapter(Filters)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person thought of an answer."""

    helpful: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, the filters it was held to, and what came of it: an answer, or a message why there is none.

    One that is kept has an ``id``, and ``asked`` says when it was kept.
    """

    question: str
    filters: Filters
    answer: Answer | None = None
    message: str = ""
    id: str = ""
    asked: datetime | None = None
    verdict: Verdict | None = None


def turns_of(exchanges: Iterable[Exchange]) -> list[Turn]:
    """Return the turns of a conversation, without the questions that could not be read."""
    return [Turn(one.question, one.answer) for one in exchanges if one.answer is not None]


def outdated(answer: Answer, documents: Mapping[str, Document]) -> tuple[int, ...]:
    """Return the markers of citations whose words the documents no longer hold where they are cited."""
    held = {one.marker: documents.get(one.document) for one in answer.citations}
    return tuple(
        one.marker
        for one in answer.citations
        if (document := held[one.marker]) is None or quote(document.text, one.spans) != one.quote
    )


def stored_answer(answer: Answer) -> str:
    """Return an answer as JSON, everything in it; ``answer_of`` reads it back."""
    return json.dumps(_ANSWER.dump_python(answer, mode="json"))


def answer_of(written: str) -> Answer | None:
    """Return the answer that ``stored_answer`` wrote; ``None`` where it cannot be read, as that of another version may not."""
    try:
        return _ANSWER.validate_python(json.loads(written))
    except (ValidationError, ValueError):
        return None


def stored_filters(filters: Filters) -> str:
    """Return filters as JSON; ``filters_of`` reads them back."""
    return json.dumps(_FILTERS.dump_python(filters, mode="json"))


def filters_of(written: str) -> Filters:
    """Return the filters that ``stored_filters`` wrote; none where they cannot be read."""
    try:
        return _FILTERS.validate_python(json.loads(written))
    except (ValidationError, ValueError):
        return Filters()
