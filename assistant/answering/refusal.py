"""When the library does not hold an answer, and how to say so in one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.evidence import strength
from assistant.leaning import voted
from assistant.questions import Form, Operation, Question, Wanted, counted_words
from assistant.types import BlockKind, Facet
from assistant.words import FUNCTION_WORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assistant.gathering import Findings
    from assistant.lexical import LexicalIndex
    from assistant.settings import Settings
    from assistant.types import Evidence, Filters

MISSING = {
    Wanted.NUMBER: "a number",
    Wanted.AGE: "an age",
    Wanted.MONEY: "a sum of money",
    Wanted.DURATION: "how long it took",
    Wanted.YEAR: "a date",
    Wanted.TIME: "when it was",
    Wanted.PERCENTAGE: "a percentage",
    Wanted.NAME: "the name",
    Wanted.PERSON: "who it was",
    Wanted.PLACE: "the place",
}
_ENOUGH_WORDS = 3
_RANKED = {Operation.MOST, Operation.FEWEST}
_RANKS = re.compile(
    r"\b(?!(?:inter|requ|inv|sugg|prot|cont|for|hon|mod)ests?\b)(?:\w+est|most|least|more|less|main|majority|top|first|only)\b",
    re.IGNORECASE,
)


class Refuser:
    """Tells which questions a library cannot answer.

    ``mentions`` tells whether a word stands anywhere in the library, its headings and titles included; ``about`` says what can
    be asked of it.
    """

    def __init__(
        self, lexical: LexicalIndex, mentions: Callable[[str], bool], settings: Settings, about: str = ""
    ) -> None:
        self._lexical = lexical
        self._mentions = mentions
        self._settings = settings
        self._about = about

    def reason(self, question: Question, findings: Findings, filters: Filters) -> str | None:
        """Return why the question cannot be answered from ``findings``, or ``None`` where it can.

        The reasons, in order: nothing is asked of the library, or not in English; nothing passes the filters; the library
        never mentions a name in the question; no passage ranks what is to be ranked, or gives the number, date or name asked
        for; no passage is close enough; what is asked of a case goes unmentioned.
        """
        return self.about_the_question(question, findings, filters) or self._about_the_evidence(
            question, findings, filters
        )

    def about_the_question(self, question: Question, findings: Findings, filters: Filters) -> str | None:
        """Return why nothing can be looked up for the question at all: the first three of the reasons above."""
        if question.form is Form.NOTHING and not (_is_held_to(question, filters) and findings.evidence):
            return f"This asks nothing of the library{self._about}."
        if _is_foreign(question, findings):
            return f"None of these words is English or in the library{self._about}."
        if not findings.evidence:
            return _nothing_passes(filters)
        strange = [name for name in (*question.names, *findings.strange_names) if self._is_unknown(name, question)]
        return f"The library never mentions {_listed(strange)}." if strange else None

    def _about_the_evidence(self, question: Question, findings: Findings, filters: Filters) -> str | None:
        best, enough = findings.evidence[0], self._settings.enough_evidence
        listed = findings.tabled or (question.topics and any(group.items for group in findings.groups))
        if listed or (_is_held_to(question, filters) and not question.details):  # all that is said of a case, say
            return None
        if question.selects and question.operation in _RANKED and not _RANKS.search(best.sentence.text):
            return "The library speaks of this, but no passage ranks it."
        if len(findings.groups) > 1 and question.form is not Form.BOTH_SIDES:
            return None if any(group.evidence for group in findings.groups) else self._too_far(question)
        narrowed = self._settings.narrowed if filters.items() else 1.0
        if question.wanted is Wanted.MEANING and not best.signals["fits"]:
            return "The library speaks of this, but no passage says what it means."
        if question.wanted in MISSING and not self._gives_it(best, question, findings, narrowed):
            return f"The library speaks of this, but no passage gives {MISSING[question.wanted]}{_of(question)}."
        # a row where a table is asked for, a note where a source is
        of_its_kind = question.kind is best.hit.passage.kind
        enough *= self._settings.narrowed if of_its_kind or filters.items() else 1
        close = max(strength(one, self._settings) for one in findings.evidence) >= enough
        return None if close and not _asks_the_unmentioned(question, findings) else self._too_far(question)

    def _gives_it(self, best: Evidence, question: Question, findings: Findings, narrowed: float) -> bool:
        """Tell whether a sentence holds the kind of thing asked for, and enough of what it is asked of."""
        detail = best.signals["detail"]
        if best.hit.passage.kind is BlockKind.TABLE_ROW:
            told = detail >= self._settings.enough_in_row / (2 if question.counted else 1)
        else:
            both = strength(best, self._settings) + self._settings.given_detail * detail
            told = (
                best.signals["bare"] >= self._settings.close_enough or both >= narrowed * self._settings.enough_to_give
            )
        return bool(best.signals["fits"]) and _is_about(best, question, findings) and told

    def _is_unknown(self, name: str, question: Question) -> bool:
        known = stem(name) in question.topic_terms or self._lexical.frequency(stem(name))
        return not known and not self._mentions(name)

    def _too_far(self, question: Question) -> str:
        key = [word for word in words(question.text) if stem(word) in question.terms]
        unknown = [word for word in key if self._is_unknown(word, question)]
        if unknown:
            return f"No passage answers this: the library never uses {_listed(unknown)}."
        return "No passage is close enough to the question to answer it."


def _is_about(best: Evidence, question: Question, findings: Findings) -> bool:
    """Tell whether a passage is of a case that is named, or else not of another than the best passages share."""
    own = best.hit.passage.values(Facet.CASE)
    named = question.named(Facet.CASE)
    if named or not own:
        return not named or not set(named).isdisjoint(own)
    return voted(findings.hits, Facet.CASE) in {None, *own}


def _asks_the_unmentioned(question: Question, findings: Findings) -> bool:
    """Tell whether all that a question says beside the case or theme it names is strange to the library."""
    own = [term for term in question.terms if term not in question.topic_terms]
    return bool(question.topics and own) and not any(term in findings.familiar for term in own)


def _is_held_to(question: Question, filters: Filters) -> bool:
    return bool(filters.items() or question.topics)


def _is_foreign(question: Question, findings: Findings) -> bool:
    """Tell whether no word of a question is familiar, nor even one of the small words of English."""
    written = words(question.text)
    known = any(word.lower() in FUNCTION_WORDS for word in written) or bool(findings.familiar)
    return len(written) >= _ENOUGH_WORDS and not known


def _nothing_passes(filters: Filters) -> str:
    held = " and ".join(f'{facet} "{value}"' for facet, value in filters.items())
    return f"No passage is tagged with the {held}." if held else "The library holds no passage."


def _of(question: Question) -> str:
    counted = " ".join(counted_words(question.text))
    return f" of {counted}" if counted and question.wanted is Wanted.NUMBER else ""


def _listed(found: Iterable[str]) -> str:
    quoted = [f'"{word}"' for word in dict.fromkeys(found)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
