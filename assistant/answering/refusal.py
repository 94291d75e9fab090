"""When the library does not hold an answer, and how to say so in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.questions import Question, Wanted
from assistant.words import stem, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.lexical import LexicalIndex
    from assistant.settings import Settings
    from assistant.types import Evidence, Filters

_MISSING = {
    Wanted.NUMBER: "a number",
    Wanted.MONEY: "a sum of money",
    Wanted.DURATION: "how long it took",
    Wanted.YEAR: "a date",
}


def refusal(
    question: Question, evidence: Sequence[Evidence], filters: Filters, lexical: LexicalIndex, settings: Settings
) -> str | None:
    """Return why the question cannot be answered from ``evidence``, or ``None`` where it can.

    The reasons, in order: nothing passes the filters; the library never mentions a name in the question; no passage is close
    enough; passages are close, but none holds the number, length of time or date asked for.
    """
    if not evidence:
        return _nothing_passes(filters)
    unknown_names = [name for name in question.names if not lexical.frequency(stem(name))]
    if unknown_names:
        return f"The library never mentions {_listed(unknown_names)}."
    if max(strength(one, question, settings) for one in evidence) < settings.enough_evidence:
        return _too_far(question, lexical)
    if question.wanted in _MISSING and not _gives_it(evidence[0], question, settings):
        return f"The library speaks of this, but no passage gives {_MISSING[question.wanted]}{_of(question)}."
    return None


def strength(evidence: Evidence, question: Question, settings: Settings) -> float:
    """Return how strongly a sentence bears on its question, whatever else was found: 0 not at all, 1 word for word."""
    share = settings.strength_meaning
    counts = question.counted is not None and evidence.signals["fits"]
    bearing = share * evidence.signals["meaning"] + (1 - share) * evidence.signals["words"]
    return bearing + settings.count_bonus * counts


def _gives_it(best: Evidence, question: Question, settings: Settings) -> bool:
    return bool(best.signals["fits"]) and strength(best, question, settings) >= settings.enough_evidence


def _nothing_passes(filters: Filters) -> str:
    held = " and ".join(f'{facet} "{value}"' for facet, value in filters.items())
    return f"No passage is tagged with the {held}." if held else "The library holds no passage."


def _too_far(question: Question, lexical: LexicalIndex) -> str:
    unknown = [
        word for word in words(question.text) if stem(word) in question.terms and not lexical.frequency(stem(word))
    ]
    if unknown:
        return f"No passage answers this: the library never uses {_listed(unknown)}."
    return "No passage is close enough to the question to answer it."


def _of(question: Question) -> str:
    if question.counted is None:
        return ""
    counted = next((word for word in words(question.text) if stem(word) == question.counted), None)
    return f" of {counted}" if counted else ""


def _listed(found: Iterable[str]) -> str:
    quoted = [f'"{word}"' for word in dict.fromkeys(found)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
