"""The kind of thing an answer must hold to be one: a number, a date, a name. By closed classes of English words."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import chain, dropwhile, takewhile

from assistant.questions.forms import EXAMPLE_NOUNS, EXAMPLE_TERMS
from assistant.words import FUNCTION_WORDS, stem, terms


class Wanted(StrEnum):
    """What an answer must hold to be one."""

    ANYTHING = "anything"
    NUMBER = "number"
    PERCENTAGE = "percentage"
    AGE = "age"
    MONEY = "sum of money"
    DURATION = "length of time"
    YEAR = "date"
    TIME = "time"
    NAME = "name"
    PERSON = "person"
    PLACE = "place"
    MEANING = "definition"


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
_ROLE = (
    r"(?:chief\s+exec(?:utive)?|ceo|director|chair(?:man|woman|person)?|mayor|minister|commissioner|president|head|boss|leader|manager|founder"
    r"|chief\s+(?:fire\s+)?officer|in\s+charge|secretary|governor|judge)"
)
_LEADING = re.compile(
    rf"\b{_ROLE}\b|\b(?:\w+-)?(?:led|leads|headed|heads|chaired|chairs|ran|runs|run\s+by|directed|founded|managed|manages)\b",
    re.IGNORECASE,
)
_PERCENT = r"(?:percent(?:age)?|per\s+cent|proportion|share|fraction)"
_HOLDS = {
    Wanted.NUMBER: re.compile(_NUMBER, re.IGNORECASE),
    Wanted.PERCENTAGE: re.compile(
        r"\d\s*%|\bper\s?cent\b|\b(?:half|(?:one|a|two|three)[\s-](?:thirds?|quarters?|fifths?|tenths?))\b"
        rf"|{_NUMBER}\s+(?:out\s+of|in)\s+{_NUMBER}",
        re.IGNORECASE,
    ),
    Wanted.AGE: re.compile(rf"\baged?\s+{_NUMBER}|{_NUMBER}[\s-]+years?[\s-]+old\b", re.IGNORECASE),
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
        re.compile(
            rf"\bhow\s+(?:long|quick(?:ly)?|fast|soon)\b(?!-)|\bhow\s+many\s+{_UNIT}\b|\bhow\s+much\s+time\b",
            re.IGNORECASE,
        ),
    ),
    (Wanted.AGE, re.compile(r"\bhow\s+old\b|\bwhat\s+(?:average\s+)?ages?\b", re.IGNORECASE)),
    (
        Wanted.PERCENTAGE,
        re.compile(
            rf"\b(?:what|which)\s+(?:exact\s+)?{_PERCENT}\b|%\s+of\b|\b{_PERCENT}\s+of\s+\w+\s+\w+", re.IGNORECASE
        ),
    ),
    (
        Wanted.MONEY,
        re.compile(
            r"\bhow\s+much\b.*\b(?:cost|costs|money|pay|paid|raise[ds]?|save[ds]?|spen[dt]|spending|funding|grant|budget)\b"
            r"|\bwhat\s+(?:is|was|were|are|did|does|do)\b.*\b(?:cost|costs|price|fee|fees|budget|salary|salaries)\b"
            r"|\bwhat\s+(?:[\w-]+\s+){0,2}(?:wages?|salary|salaries|price|fees?|budget)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Wanted.NUMBER,
        re.compile(
            r"\bhow\s+(?:many|large|big|tall|high|far(?!\b.*\bget\b)|deep|heavy|expensive|costly|often|frequent(?:ly)?)\b|\b(?:what|which)\s+(?:is\s+|was\s+)?(?:the\s+)?(?:total\s+)?number\b|\bnumber\s+of\b|\btotal\s+\w+\W*\Z",
            re.IGNORECASE,
        ),
    ),
    (
        Wanted.PERSON,
        re.compile(
            rf"\bwho(?:['’]s|\s+(?:is|are|was|were))?\s+(?:the\s+|a\s+|its\s+|their\s+)?(?:\w+\s+){{0,2}}{_ROLE}\b"
            r"|\bwho\s+(?:led|leads|lead|headed|heads|chaired|chairs|ran|runs|directed|directs|founded|managed|manages)\b"
            rf"|\bwhich\s+(?!leaders?\b){_ROLE}s?\b|\bname\s+of\s+(?:the\s+)?(?:\w+\s+)?{_ROLE}\b",
            re.IGNORECASE,
        ),
    ),
    (
        Wanted.PLACE,
        re.compile(
            r"\bwhere\b.*\b(?:located|based|situated)\b|\b(?:what|which)\s+(?:towns?|cit(?:y|ies)|villages?|address(?:es)?|locations?|streets?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Wanted.MEANING,
        re.compile(
            r"\bwhat\s+(?:does|do)\b.*\b(?:mean(?!\s+(?:for|to)\b)|refer\s+to|stand\s+for)\b|\bdefin(?:e|ition\s+of|ed\s+as)\b|\bmeant\s+by\b|\bmeaning\s+of\b"
            r"|\A\W*what(?:['’]?s|\s+is)\s+(?:an?\s+)?[\w'’-]+\W*\Z",
            re.IGNORECASE,
        ),
    ),
    (
        Wanted.YEAR,
        re.compile(
            r"\b(?:what|which)\s+(?:years?|months?|dates?)\b|\b(?:in|over|during)\s+(?:what|which)\s+(?:time\s+)?period\b",
            re.IGNORECASE,
        ),
    ),
    (Wanted.TIME, re.compile(r"\bwhen\s+(?:did|do|does|was|were|is|are|will|has|have)\b", re.IGNORECASE)),
    (
        Wanted.NAME,
        re.compile(
            r"\bwhat\b.*\b(?:called|named)\b\W*\Z|\b(?:what|which|give|tell)\b.*\bnames?\s+of\b|\bwhat\s+(?:is|was|were)\b.*['’]s?\s+names?\b",
            re.IGNORECASE,
        ),
    ),
)
KIND_WORDS = {
    Wanted.YEAR: frozenset(map(stem, ["year", "month", "date", "period", "time"])),
    Wanted.MEANING: frozenset(
        map(stem, ["mean", "meant", "meaning", "definition", "define", "defined", "refer", "stand"])
    ),
}
"""Stems by which a question says no more than what it wants: a date tells its year without the word."""
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Councillor|Cllr)\.?\s+[A-Z]|\b[A-Z][a-z]+\s+[A-Z][a-z]+\b"
)
_COUNTED = re.compile(
    r"\b(?:how\s+many|number\s+of)\s+(?:(?:pieces|items|sets)\s+of\s+)?((?:[^\W\d_]+\s*){1,8})", re.IGNORECASE
)
_COUNTED_WORDS = 3
_BEFORE_NOUN = {"of", "the", "these", "those", "such", "other", "more", "different", "new"}
_AFTER_NOUN = frozenset(
    """
    take takes took taken come comes came go goes went gone make makes made give gives gave say says said speak spoke sit sat
    """.split()  # noqa: SIM905 - a closed class of English words reads better as prose
)
"""Verbs that end what is counted: "how many cases came …"."""
_ANYBODY = {"people", "persons", "individuals", "times"}
_AT = re.compile(r"\b(?:in|at|near|to|from)\s+(?P<place>[A-Z][\w'’-]+)")
_GLOSS = re.compile(
    r"(?P<word>[^\W_]+)['’\"”]*\s*(?:\(|:\s|\b(?:refers?\s+to|means?|is\s+defined|are\s+defined|stands?\s+for|is\s+(?:an?|the)|are|describes?|involves?)\b)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\b[A-Z][\w'’-]*\s+\((?:the\s+)?(?P<word>[A-Z][A-Z&]+)s?\)")
_PROPER = re.compile(
    r"(?<![.!?:]\s)(?<!\A)(?<![\w'’-])[A-Z][\w'’-]*+(?>(?:\s+(?:(?:of|and|the|&)\s+)?[A-Z][\w'’-]*+)*)(?!\s*\()"
)


def wanted_by(text: str) -> Wanted:
    """Return what the answer to a question must hold."""
    return next((wanted for wanted, pattern in _ASKS if pattern.search(text)), Wanted.ANYTHING)


def counted_words(text: str) -> list[str]:
    """Return what is counted in "how many …", up to the next function word; nothing where it is people, who go by many words."""
    found = _COUNTED.search(text)
    written = (found[1].split() if found else [])[: _COUNTED_WORDS + 2]
    noun = list(takewhile(_is_content, dropwhile(lambda word: word.lower() in _BEFORE_NOUN, written)))[:_COUNTED_WORDS]
    return [] if any(word.lower() in _ANYBODY for word in noun) else noun


def holds(wanted: Wanted, text: str, known: frozenset[str] = frozenset()) -> bool:
    """Tell whether a sentence holds the kind of thing that is wanted; a name must have no stem that is ``known`` already."""
    if wanted is Wanted.NAME:
        return any(known.isdisjoint(terms(name[0])) and " " in name[0] for name in _PROPER.finditer(text))
    if wanted is Wanted.PERSON:
        return _LEADING.search(text) is not None and bool(
            _TITLED.search(text) or _PROPER.search(text) or "-led" in text
        )
    if wanted is Wanted.PLACE:
        return any(known.isdisjoint(terms(name["place"])) for name in _AT.finditer(text))
    if wanted is Wanted.MEANING:
        glosses = chain(_GLOSS.finditer(text), _INITIALS.finditer(text))
        return any(stem(one["word"]) in known for one in glosses)
    pattern = _HOLDS.get(wanted)
    return pattern is None or pattern.search(text) is not None


def counts(counted: tuple[str, ...], text: str) -> bool:
    """Tell whether a sentence gives a number of what is counted: at least half of its words stand right after a number."""
    after = (set(terms(found["next"])) for found in _NUMBER_AND_NEXT.finditer(text))
    if EXAMPLE_TERMS.issuperset(counted):
        return any(not EXAMPLE_NOUNS.isdisjoint(near) for near in after)
    return any(2 * len(near.intersection(counted)) >= len(counted) for near in after)


def _is_content(word: str) -> bool:
    return word.lower() not in FUNCTION_WORDS and word.lower() not in _AFTER_NOUN
