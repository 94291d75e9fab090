"""What a question asks for: its words, the cases and themes it names, and the kind of answer that would do. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.types import Facet
from assistant.words import FUNCTION_WORDS, stem, terms, words

if TYPE_CHECKING:
    from assistant.taxonomy import Taxonomy


class Wanted(StrEnum):
    """What an answer must hold to be one."""

    ANYTHING = "anything"
    NUMBER = "number"
    MONEY = "sum of money"
    DURATION = "length of time"
    YEAR = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood as far as its words tell.

    ``terms`` are the stems of its words, ``counted`` the stem of what is counted in "how many …", ``topics`` the themes,
    aspects and cases it names, with the stems it names them by, and ``names`` the proper names in it, as written.
    """

    text: str
    terms: tuple[str, ...]
    wanted: Wanted
    counted: str | None
    topics: tuple[tuple[Facet, str], ...]
    topic_terms: frozenset[str]
    names: tuple[str, ...]

    @property
    def searched_text(self) -> str:
        """The question with the full names of what it names by another ("HMCTS"), for search by words."""
        missing = [name for _, name in self.topics if name.casefold() not in self.text.casefold()]
        return " ".join([self.text, *missing])


def understand(text: str, taxonomy: Taxonomy) -> Question:
    """Return what ``text`` asks for."""
    topics = tuple((facet, name) for facet in Facet for name in taxonomy.mentioned(facet, text))
    found = tuple(dict.fromkeys(terms(text)))
    return Question(
        text=text,
        terms=found,
        wanted=_wanted(text),
        counted=_counted(text),
        topics=topics,
        topic_terms=frozenset(found) & _terms_of(topics, taxonomy),
        names=tuple(_names(text)),
    )


def holds(wanted: Wanted, text: str) -> bool:
    """Tell whether a sentence holds the kind of thing that is wanted."""
    pattern = _HOLDS.get(wanted)
    return pattern is None or pattern.search(text) is not None


def counts(counted: str, text: str) -> bool:
    """Tell whether a sentence gives a number of what is counted: the number stands at most three words before it."""
    return any(counted in terms(found["next"]) for found in _NUMBER_AND_NEXT.finditer(text))


_NUMBER_WORD = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?"
    r"|half|quarter|thirds?|majority|none"
)
_NUMBER = rf"(?:(?<![\w-])[£$€]?\d[\d,.]*(?:[-–]\d[\d,.]*)?(?![\w])|\b(?:{_NUMBER_WORD})\b)"
_NUMBER_AND_NEXT = re.compile(rf"{_NUMBER}(?=(?P<next>(?:\s+[\w'’-]+){{1,4}}))", re.IGNORECASE)
_UNIT = r"(?:second|minute|hour|day|night|week|fortnight|month|quarter|year|decade)s?"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?:\b(?:1[5-9]|20)\d\d\b|\b{_MONTH}\b)"
_HOLDS = {
    Wanted.NUMBER: re.compile(_NUMBER, re.IGNORECASE),
    Wanted.MONEY: re.compile(
        rf"[£$€]\s?\d|{_NUMBER}\s+(?:million\s+|billion\s+)?(?:pounds?|pence|euros?|dollars?)\b", re.IGNORECASE
    ),
    Wanted.DURATION: re.compile(rf"{_NUMBER}[\s-]+{_UNIT}\b|\b(?:overnight|immediately)\b", re.IGNORECASE),
    Wanted.YEAR: re.compile(_DATE),
    Wanted.TIME: re.compile(rf"{_DATE}|\b(?:during|before|after|since|until)\b"),
}
_ASKS: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (
        Wanted.DURATION,
        re.compile(rf"\bhow\s+(?:long|quick(?:ly)?|fast|soon)\b|\bhow\s+many\s+{_UNIT}\b", re.IGNORECASE),
    ),
    (
        Wanted.MONEY,
        re.compile(
            r"\bhow\s+much\b.*\b(?:cost|costs|money|pay|paid|raise[ds]?|save[ds]?|spen[dt]|funding)\b", re.IGNORECASE
        ),
    ),
    (
        Wanted.NUMBER,
        re.compile(
            r"\bhow\s+many\b|\b(?:what|which)\s+(?:is\s+|was\s+)?(?:the\s+)?(?:total\s+)?(?:number|percentage|proportion|share)\b",
            re.IGNORECASE,
        ),
    ),
    (Wanted.YEAR, re.compile(r"\b(?:what|which)\s+(?:year|month|date)\b", re.IGNORECASE)),
    (Wanted.TIME, re.compile(r"\bwhen\s+(?:did|do|does|was|were|is|are|will|has|have)\b", re.IGNORECASE)),
)
_COUNTED = re.compile(
    r"\bhow\s+many\s+(?:(?:different|other|new|more|of\s+the)\s+)*([^\W\d_]+)|\bnumber\s+of\s+([^\W\d_]+)",
    re.IGNORECASE,
)
_ANYBODY = {"people", "persons", "individuals", "times"}


def _wanted(text: str) -> Wanted:
    return next((wanted for wanted, pattern in _ASKS if pattern.search(text)), Wanted.ANYTHING)


def _counted(text: str) -> str | None:
    """Return the stem of what is counted; nothing where it is merely people, who go by many words."""
    found = _COUNTED.search(text)
    noun = next((group for group in found.groups() if group), None) if found else None
    return stem(noun) if noun and noun.lower() not in _ANYBODY | FUNCTION_WORDS else None


def _terms_of(topics: tuple[tuple[Facet, str], ...], taxonomy: Taxonomy) -> frozenset[str]:
    named = set(topics)
    return frozenset(
        term
        for facet, entries in taxonomy.entries.items()
        for entry in entries
        if (facet, entry.name) in named
        for name in entry.names
        for term in terms(name)
    )


def _names(text: str) -> list[str]:
    """Return capitalised words and numbers that do not open the sentence; a question all in capitals names nothing."""
    written = list(words(text))
    capitals = [word for word in written if word[0].isupper()]
    if len(written) > 2 and len(capitals) > 0.7 * len(written):
        return []
    inner = [word for word in written[1:] if word[0].isupper() or word[0].isdigit()]
    return [word for word in inner if word.lower() not in FUNCTION_WORDS]
