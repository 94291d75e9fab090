"""From findings to a draft. An answerer proposes; ``citations.py`` checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.gathering import Findings
    from assistant.questions import Question
    from assistant.types import Answer, Draft


class Answerer(Protocol):
    """Writes the draft of an answer."""

    @property
    def name(self) -> str:
        """What the answerer is called in an Answer."""
        ...

    def draft(self, question: Question, findings: Findings) -> Draft:
        """Return claims, each with the evidence it rests on. There is always some evidence."""
        ...


class Listener(Protocol):
    """Whoever reads an answer while it is written."""

    def said(self, answer: Answer) -> None:
        """Hear the answer as far as it is written and checked."""
        ...

    def waiting(self) -> None:
        """Be asked, ten times a second while a language model is waited for, whether to go on. What this raises stops all."""
        ...
