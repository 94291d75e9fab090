"""Who is in front of the page, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever uses the page. ``id`` tells people apart and is stable; ``name`` is how they are called, where they are known."""

    id: str
    name: str | None = None
    may_edit: bool = False
    """Whether they may add and remove documents, correct tags, and see what others asked."""


def person(settings: Settings) -> Person:
    """Return who uses the page now: without a login, the one person whose machine it runs on."""
    return Person("local", may_edit=settings.editing)
