"""What a question wants worked out from a column of numbers, and the limit, rank or count that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


class Operation(StrEnum):
    """What is worked out from a column of numbers."""

    MOST = "most"
    FEWEST = "fewest"
    TOTAL = "total"
    AVERAGE = "average"
    DIFFERENCE = "difference"
    SHARE = "share"
    ABOVE = "more than"
    BELOW = "fewer than"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    EXACTLY = "exactly"
    SAME = "the same"
    RANKING = "ranking"


OPERATION_TERMS = frozenset(
    {"total", "averag", "combin", "sum", "fewest", "lowest", "smallest", "largest", "highest", "biggest"}
    | {"number", "differ", "rank", "order", "exact", "precis"}
)
"""Words of asking for a figure, that say nothing of what it counts."""

FIGURE_TERMS = OPERATION_TERMS.union(
    NUMERALS,
    """
    greatest minimum maximum share proport percentag percent fraction gap second third top bottom add equal tie size overal
    altogeth figur count tabl fewer exceed sampl turnout group v outsid exclud apart
    come came take took taken part draw drew drawn rest speak spoke spoken talk sit involv includ suppli provid contribut
    """.split(),  # noqa: SIM905 - a closed class of English words reads better as prose
)
"""These, the words that ask for it in other ways, and the verbs of having and taking part, that go with anything counted."""


@dataclass(frozen=True, slots=True)
class Request:
    """An operation with what a question says of it.

    ``limit`` is that of "more than six", ``upper`` that of "between six and eight"; ``ends`` are the ends of the column that
    are asked for, in the question's order; ``place`` is 2 in "the second largest" and ``count`` 3 in "the top three".
    ``with_difference`` tells whether the question asks by how much, ``to_average`` whether it holds the numbers against their
    average, ``excludes`` whether it leaves out what it names.
    """

    operation: Operation | None
    limit: float | None = None
    ends: tuple[Operation, ...] = ()
    place: int = 1
    count: int = 0
    with_difference: bool = False
    to_average: bool = False
    upper: float | None = None
    excludes: bool = False

    @property
    def is_relative(self) -> bool:
        """Whether the limit is another number of the same column, as in "more than Calais"."""
        return self.limit is None and self.operation in {Operation.ABOVE, Operation.BELOW}


_NUMBER = rf"(?:{'|'.join(NUMERALS)}|\d[\d,]*)\b"
_LIMIT = rf"(?P<limit>{_NUMBER})"
_HIGH = r"(?:most|largest|highest|biggest|greatest|maximum)"
_LOW = r"(?:fewest|least|lowest|smallest|minimum)"
_ENDS = re.compile(rf"\b(?<!at\s)(?:(?P<high>{_HIGH})|{_LOW})\b", re.IGNORECASE)
_MORE = r"(?:more|greater|higher|larger|bigger)"
_LESS = r"(?:fewer|less|lower|smaller)"
_OTHER = rf"(?!{_NUMBER})"
_OPERATIONS: tuple[tuple[Operation, str], ...] = (
    (
        Operation.DIFFERENCE,
        r"\bhow\s+many\s+(?:more|fewer|less)\b|\b(?:difference|gap)\b.*\bnumbers?\b|\bdiffer(?:ence)?\b.*\bhow\s+many\b"
        rf"|\b(?:difference|gap)\s+in\b|\b(?:difference|gap)\s+between\s+(?:the\s+)?(?:{_HIGH}|{_LOW})\b",
    ),
    (
        Operation.SHARE,
        r"\b(?:what|which)\s+(?:share|proportion|percentage|fraction)\b|%\s+of\b|\b(?:share|proportion|percentage|fraction)\s+of\b"
        r"|\bper\s?cent(?:age)?\s+of\b",
    ),
    (
        Operation.SAME,
        r"\b(?:same|equal|identical)\s+(?:numbers?|count|amount)\b|\bequal(?:ly)?\s+many\b|\bas\s+many\b.*\bas\b",
    ),
    (Operation.ABOVE, rf"\b(?:{_MORE}\s+than|over|above|exceed(?:s|ed|ing)?)\s+{_LIMIT}"),
    (Operation.BELOW, rf"\b(?:{_LESS}\s+than|under|below)\s+{_LIMIT}"),
    (
        Operation.AT_LEAST,
        rf"\b(?:at\s+least|(?:no|not)\s+(?:fewer|less)\s+than|a\s+minimum\s+of)\s+{_LIMIT}"
        rf"|\b(?P<or_more>{_NUMBER})\s+or\s+more\b|\bbetween\s+(?P<from>{_NUMBER})\s+and\s+{_NUMBER}",
    ),
    (
        Operation.AT_MOST,
        rf"\b(?:at\s+most|up\s+to|(?:no|not)\s+more\s+than|a\s+maximum\s+of)\s+{_LIMIT}"
        rf"|\b(?P<or_fewer>{_NUMBER})\s+or\s+(?:fewer|less)\b",
    ),
    (
        Operation.EXACTLY,
        rf"\b(?:exactly|precisely|only|just)\s+{_LIMIT}"
        rf"|\b(?:which|what|who|where|how\s+many)\b.*\b(?:had|has|have|having)\s+(?P<had>{_NUMBER})",
    ),
    (
        Operation.RANKING,
        rf"\brank(?:ed|ing|s)?\b|\b(?:order|sort|list|arrange)(?:e?d)?\s+by\b|\bfrom\s+(?:the\s+)?(?:{_HIGH}|{_LOW})\s+to\b"
        r"|\b(?:ascending|descending)\b",
    ),
    (Operation.ABOVE, rf"(?<!how\smany\s)\b{_MORE}(?:\s+[\w-]+){{0,3}}\s+than\s+{_OTHER}\w"),
    (Operation.BELOW, rf"(?<!how\smany\s)\b{_LESS}(?:\s+[\w-]+){{0,3}}\s+than\s+{_OTHER}\w"),
    (Operation.FEWEST, rf"\b{_LOW}\b"),
    (Operation.MOST, rf"\b{_HIGH}\b|\b(?:comes?|came)\s+(?:{'|'.join(_ORDINALS)})\b"),
    (Operation.AVERAGE, r"\b(?:average|mean\s+number)\b"),
    (
        Operation.TOTAL,
        r"\b(?:total|sum\s+of|add(?:ed)?\s+up)\b|\bhow\s+(?:many|much)\b.*\b(?:in\s+all|altogether|overall|combined|together)\b"
        r"|\b(?:combined|together|altogether|in\s+all)\b.*\bhow\s+(?:many|much)\b"
        r"|\b(?:headcount|sample\s+size|overall\s+(?:number|count|size|sample|figure))\b",
    ),
)
_PATTERNS = tuple((operation, re.compile(pattern, re.IGNORECASE)) for operation, pattern in _OPERATIONS)
_UPPER = re.compile(rf"\bbetween\s+{_NUMBER}\s+and\s+(?P<upper>{_NUMBER})", re.IGNORECASE)
_TELLS_DIFFERENCE = re.compile(
    rf"\bhow\s+(?:many|much)\s+(?:{_MORE}|{_LESS})\b|\bby\s+how\s+(?:many|much)\b|\b(?:difference|differ|gap)\b",
    re.IGNORECASE,
)
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)})"
_PLACE = re.compile(
    rf"\b(?P<place>{_ORDINAL})[\s-]+(?:{_HIGH}|{_LOW})\b|\b(?:comes?|came|ranks?|ranked)\s+(?P<came>{_ORDINAL})\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"\b(?:top|bottom|{_HIGH}|{_LOW})\s+(?P<first>{'|'.join(NUMERALS[1:])}|\d\d?)\b"
    rf"|\b(?P<next>{'|'.join(NUMERALS[1:])}|\d\d?)\s+(?:{_HIGH}|{_LOW})\b"
    rf"|\b(?:which|what)\s+(?P<which>{'|'.join(NUMERALS[1:])}|\d\d?)\b.*\b(?:{_HIGH}|{_LOW})\b",
    re.IGNORECASE,
)
_TOP = re.compile(rf"\b(?P<high>top|bottom)\s+(?:{'|'.join(NUMERALS[1:])}|\d\d?)\b", re.IGNORECASE)
_EXCLUDES = re.compile(
    r"\b(?:how\s+many|total|number)\b.*\b(?:outside|except|excluding|apart\s+from|other\s+than|not\s+counting|leaving\s+out)\b"
    r"|\b(?:except|excluding|apart\s+from|other\s+than|not\s+counting|leaving\s+out)\b.*\b(?:how\s+many|total|number|most|fewest)\b",
    re.IGNORECASE,
)
_TO_AVERAGE = re.compile(
    r"\bthan\s+(?:the\s+|an?\s+)?average\b|\b(?:(?P<above>above|over)|below|under)[\s-]+(?:the\s+)?average\b",
    re.IGNORECASE,
)


def operation_in(text: str) -> tuple[Operation | None, float | None]:
    """Return what a question wants worked out, and the limit in "more than six"."""
    for operation, pattern in _PATTERNS:
        found = pattern.search(text)
        if found:
            return operation, _number(next(filter(None, found.groupdict().values()), None))
    return None, None


def request_in(text: str) -> Request:
    """Return what a question wants worked out, with all that it says of it.

    What stands after a colon goes first: it is what a follow-up asks anew ("Which port has the most boats: the fewest?").
    """
    before, _, last = text.rpartition(": ")
    if before and operation_in(last)[0]:
        text = last
    operation, limit = operation_in(text)
    ends = tuple(dict.fromkeys(Operation.MOST if one["high"] else Operation.FEWEST for one in _ENDS.finditer(text)))
    place, count, top = _PLACE.search(text), _COUNT.search(text), _TOP.search(text)
    average = _TO_AVERAGE.search(text)
    if average and operation is Operation.AVERAGE:
        operation = Operation.ABOVE if average["above"] else Operation.BELOW
    upper = _UPPER.search(text)
    if place and operation is Operation.RANKING:
        operation = Operation.MOST
    excludes = _EXCLUDES.search(text) is not None
    if excludes and operation is None:
        operation = Operation.TOTAL
    if top and operation is None:
        operation = Operation.MOST if top["high"].lower() == "top" else Operation.FEWEST
    return Request(
        operation,
        limit,
        ends or ((operation,) if operation in {Operation.MOST, Operation.FEWEST} else ()),
        2 + _ORDINALS.index((place["place"] or place["came"]).lower()) if place else 1,
        int(_number(next(filter(None, count.groupdict().values()), None)) or 0) if count else 0,
        _TELLS_DIFFERENCE.search(text) is not None,
        average is not None,
        _number(upper["upper"]) if upper else None,
        excludes,
    )


def _number(written: str | None) -> float | None:
    if written is None:
        return None
    plain = written.replace(",", "").lower()
    return float(plain) if plain.isdigit() else float(NUMERALS.index(plain) + 1)
