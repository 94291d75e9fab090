"""From evidence to a draft. An answerer proposes; ``citations.py`` checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.questions import Question
    from assistant.types import Draft, Evidence


class Answerer(Protocol):
    """Writes the draft of an answer."""

    @property
    def name(self) -> str:
        """What the answerer is called in an Answer."""
        ...

    def draft(self, question: Question, evidence: Sequence[Evidence]) -> Draft:
        """Return claims, each with the evidence it rests on. ``evidence`` is never empty, best first."""
        ...
