"""When the library does not hold an answer, and how to say so in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.questions import Question, Wanted, counted_words
from assistant.words import stem, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assistant.lexical import LexicalIndex
    from assistant.settings import Settings
    from assistant.types import Evidence, Filters

_MISSING = {
    Wanted.NUMBER: "a number",
    Wanted.MONEY: "a sum of money",
    Wanted.DURATION: "how long it took",
    Wanted.YEAR: "a date",
    Wanted.TIME: "when it was",
}


class Refuser:
    """Tells which questions a library cannot answer.

    ``mentions`` tells whether a word stands anywhere in the library, its headings and titles included.
    """

    def __init__(self, lexical: LexicalIndex, mentions: Callable[[str], bool], settings: Settings) -> None:
        self._lexical = lexical
        self._mentions = mentions
        self._settings = settings

    def reason(self, question: Question, evidence: Sequence[Evidence], filters: Filters) -> str | None:
        """Return why the question cannot be answered from ``evidence``, best first, or ``None`` where it can.

        The reasons, in order: nothing passes the filters; the library never mentions a name in the question; no passage is
        close enough; what is asked of a case goes unmentioned; the number, time or sum of money asked for is in no passage.
        """
        if not evidence:
            return _nothing_passes(filters)
        strange = [name for name in question.names if self._is_unknown(name, question)]
        if strange:
            return f"The library never mentions {_listed(strange)}."
        if max(self._strength(one, question) for one in evidence) < self._settings.enough_evidence:
            return self._too_far(question)
        if self._asks_the_unmentioned(question):
            return self._too_far(question)
        if question.wanted in _MISSING and not self._gives_it(evidence[0], question):
            return f"The library speaks of this, but no passage gives {_MISSING[question.wanted]}{_of(question)}."
        return None

    def _strength(self, evidence: Evidence, question: Question) -> float:
        """Return how strongly a sentence bears on its question, whatever else was found: 0 not at all, 1 word for word."""
        share = self._settings.strength_meaning
        counts = bool(question.counted) and bool(evidence.signals["fits"])
        bearing = share * evidence.signals["meaning"] + (1 - share) * evidence.signals["words"]
        return bearing + self._settings.count_bonus * counts

    def _asks_the_unmentioned(self, question: Question) -> bool:
        """Tell whether all that a question says beside the case or theme it names is strange to the library."""
        own = [term for term in question.terms if term not in question.topic_terms]
        return bool(question.topics and own) and not any(map(self._lexical.frequency, own))

    def _is_unknown(self, name: str, question: Question) -> bool:
        known = stem(name) in question.topic_terms or self._lexical.frequency(stem(name))
        return not known and not self._mentions(name)

    def _gives_it(self, best: Evidence, question: Question) -> bool:
        return bool(best.signals["fits"]) and self._strength(best, question) >= self._settings.enough_evidence

    def _too_far(self, question: Question) -> str:
        key = [word for word in words(question.text) if stem(word) in question.terms]
        unknown = [word for word in key if self._is_unknown(word, question)]
        if unknown:
            return f"No passage answers this: the library never uses {_listed(unknown)}."
        return "No passage is close enough to the question to answer it."


def _nothing_passes(filters: Filters) -> str:
    held = " and ".join(f'{facet} "{value}"' for facet, value in filters.items())
    return f"No passage is tagged with the {held}." if held else "The library holds no passage."


def _of(question: Question) -> str:
    counted = " ".join(counted_words(question.text))
    return f" of {counted}" if counted and question.wanted is Wanted.NUMBER else ""


def _listed(found: Iterable[str]) -> str:
    quoted = [f'"{word}"' for word in dict.fromkeys(found)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
