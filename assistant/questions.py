"""What a question asks for: its words, the cases and themes it names, and the kind of answer that would do. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import dropwhile, takewhile
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

    ``terms`` are the stems of its words, ``counted`` those of what is counted in "how many …", ``topics`` the themes,
    aspects and cases it names, with the stems it names them by, and ``names`` the proper names in it, as written.
    """

    text: str
    terms: tuple[str, ...]
    wanted: Wanted
    counted: tuple[str, ...]
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
        counted=tuple(map(stem, counted_words(text))),
        topics=topics,
        topic_terms=frozenset(found) & _terms_of(topics, taxonomy),
        names=tuple(_names(text)),
    )


def holds(wanted: Wanted, text: str) -> bool:
    """Tell whether a sentence holds the kind of thing that is wanted."""
    pattern = _HOLDS.get(wanted)
    return pattern is None or pattern.search(text) is not None


def counts(counted: tuple[str, ...], text: str) -> bool:
    """Tell whether a sentence gives a number of what is counted: at least half of its words stand right after a number."""
    after = (set(terms(found["next"])) for found in _NUMBER_AND_NEXT.finditer(text))
    return any(2 * len(near.intersection(counted)) >= len(counted) for near in after)


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
    Wanted.TIME: re.compile(
        rf"{_DATE}|\b\d{{1,2}}[:.]\d\d\b|\b\d{{1,2}}\s?[ap]\.?m\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
        r"|\bduring\s+the\s+\w"
    ),
}
_ASKS: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (
        Wanted.DURATION,
        re.compile(rf"\bhow\s+(?:long|quick(?:ly)?|fast|soon)\b(?!-)|\bhow\s+many\s+{_UNIT}\b", re.IGNORECASE),
    ),
    (
        Wanted.MONEY,
        re.compile(
            r"\bhow\s+much\b.*\b(?:cost|costs|money|pay|paid|raise[ds]?|save[ds]?|spen[dt]|funding)\b"
            r"|\bwhat\s+(?:is|was|did|does|do)\b.*\b(?:cost|price|fee|budget|salary)\b",
            re.IGNORECASE,
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
_COUNTED = re.compile(r"\b(?:how\s+many|number\s+of)\s+((?:[^\W\d_]+\s*){1,8})", re.IGNORECASE)
_COUNTED_WORDS = 3
_BEFORE_NOUN = {"of", "the", "these", "those", "such", "other", "more", "different", "new"}
_TITLES = {"mr", "mrs", "ms", "dr", "doctor", "prof", "professor", "sir", "dame", "lord", "lady", "councillor", "cllr"}
_SHORTEST_IN_CAPITALS = 2
_MOSTLY = 0.7
_SMALL_NUMBER_DIGITS = 2
_ANYBODY = {"people", "persons", "individuals", "times"}


def _wanted(text: str) -> Wanted:
    return next((wanted for wanted, pattern in _ASKS if pattern.search(text)), Wanted.ANYTHING)


def counted_words(text: str) -> list[str]:
    """Return what is counted in "how many …", up to the next function word; nothing where it is people, who go by many words."""
    found = _COUNTED.search(text)
    written = (found[1].split() if found else [])[: _COUNTED_WORDS + 2]
    noun = list(takewhile(_is_content, dropwhile(lambda word: word.lower() in _BEFORE_NOUN, written)))[:_COUNTED_WORDS]
    return [] if any(word.lower() in _ANYBODY for word in noun) else noun


def _is_content(word: str) -> bool:
    return word.lower() not in FUNCTION_WORDS


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
    """Return the capitalised words and the larger numbers of a question that do not open a sentence of it.

    A question all in capitals names nothing; nor do titles ("Dr") and contractions ("I'd").
    """
    written = list(words(text))
    capitals = [word for word in written if word[0].isupper()]
    if len(written) > _SHORTEST_IN_CAPITALS and len(capitals) > _MOSTLY * len(written):
        return []
    opening = {next(words(sentence), "") for sentence in re.split(r"[.!?:]\s", text)}
    return [word for word in written if word not in opening and _is_name(word)]


def _is_name(word: str) -> bool:
    if word[0].isdigit():
        return len(word) > _SMALL_NUMBER_DIGITS
    plain = re.split("['’]", word)[0]
    return word[0].isupper() and plain.lower() not in FUNCTION_WORDS | _TITLES
