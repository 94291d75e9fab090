"""Answers by quoting: the few sentences that answer best, in their own words. No language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.questions import Wanted
from assistant.types import Claim, Draft
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.questions import Question
    from assistant.settings import Settings
    from assistant.types import Evidence


class ExtractiveAnswerer:
    """Quotes the best sentences: one where a number or a time is wanted, a few where they are about as good as each other."""

    name = "extractive"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def draft(self, question: Question, evidence: Sequence[Evidence]) -> Draft:
        """Return one claim a sentence, each resting on itself."""
        chosen = evidence[:1] if question.wanted is not Wanted.ANYTHING else self._several(evidence)
        return Draft(tuple(Claim(one.sentence.text, (one,)) for one in chosen))

    def _several(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        floor = evidence[0].score * self._settings.also_quoted
        chosen: list[Evidence] = []
        for one in evidence:
            if len(chosen) == self._settings.answer_sentences or one.score < floor:
                break
            if not any(_repeats(one, other, self._settings.repeated_share) for other in chosen):
                chosen.append(one)
        return chosen


def _repeats(one: Evidence, other: Evidence, share: float) -> bool:
    """Tell whether one of two sentences says little that the other does not."""
    first, second = set(terms(one.sentence.text)), set(terms(other.sentence.text))
    return len(first & second) > share * max(1, min(len(first), len(second)))
