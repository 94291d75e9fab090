"""From findings to a draft. An answerer proposes; ``citations.py`` checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.gathering import Findings
    from assistant.questions import Question
    from assistant.types import Draft


class Answerer(Protocol):
    """Writes the draft of an answer."""

    @property
    def name(self) -> str:
        """What the answerer is called in an Answer."""
        ...

    def draft(self, question: Question, findings: Findings) -> Draft:
        """Return claims, each with the evidence it rests on. There is always some evidence."""
        ...
