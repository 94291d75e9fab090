"""What a check finds, and the sentence it looks at. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.support.statements import Token


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a claim says and its source does not: which check found it, and the reason in plain English."""

    check: str
    reason: str


def closest(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Sequence[Token]:
    """Return the sentence that shares most words, and most pairs of words, with the claim."""
    wanted = _words_and_pairs(said)
    return max(sources, key=lambda source: len(wanted & _words_and_pairs(source)), default=())


def _words_and_pairs(tokens: Sequence[Token]) -> set[str]:
    content = [token.stem for token in tokens if token.content]
    return {*content, *(f"{one} {other}" for one, other in pairwise(content))}
