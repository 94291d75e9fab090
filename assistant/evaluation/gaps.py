"""The gaps of a library: what people asked that was refused or no help, asked several times or once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from assistant.evaluation.question_sets import AskedQuestion
    from assistant.exchanges import Exchange


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that the library did not answer well, as it was asked last, and every time that it was asked, newest first."""

    question: str
    exchanges: tuple[Exchange, ...]

    @property
    def asked(self) -> datetime | None:
        """When it was asked last."""
        return self.exchanges[0].asked

    @property
    def refused(self) -> int:
        """How many times it was refused."""
        return sum(one.answer is not None and not one.answer.answered for one in self.exchanges)

    @property
    def unhelpful(self) -> int:
        """How many times its answer was said to be no help."""
        return sum(one.verdict is not None and not one.verdict.helpful for one in self.exchanges)

    @property
    def comments(self) -> tuple[str, ...]:
        """What people said of the answers, each once."""
        said = (one.verdict.comment.strip() for one in self.exchanges if one.verdict)
        return tuple(dict.fromkeys(filter(None, said)))


def gaps(exchanges: Iterable[Exchange], known: Sequence[AskedQuestion] = ()) -> list[Gap]:
    """Return the gaps, in the order of ``exchanges``, the newest first; those that are evaluation questions are left out.

    Follow-ups are the same where they were understood as the same; case and punctuation make no difference.
    """
    groups: dict[tuple[str, ...], list[Exchange]] = {}
    for one in exchanges:
        groups.setdefault(_key(standing_alone(one)), []).append(one)
    settled = {_key(asked.question) for asked in known}
    return [Gap(standing_alone(group[0]), tuple(group)) for key, group in groups.items() if key not in settled]


def standing_alone(exchange: Exchange) -> str:
    """Return a question in words that need no conversation before it."""
    return exchange.answer.standalone_question if exchange.answer else exchange.question


def _key(question: str) -> tuple[str, ...]:
    return tuple(words(question.casefold())) or (question,)
