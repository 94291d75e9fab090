"""What a question wants worked out from a column of numbers, and the limit it names."""

from __future__ import annotations

import re
from enum import StrEnum

NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Operation(StrEnum):
    """What is worked out from a column of numbers."""

    MOST = "most"
    FEWEST = "fewest"
    TOTAL = "total"
    AVERAGE = "average"
    DIFFERENCE = "difference"
    ABOVE = "more than"
    BELOW = "fewer than"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    EXACTLY = "exactly"
    RANKING = "ranking"


OPERATION_TERMS = frozenset(
    {"total", "averag", "combin", "sum", "fewest", "lowest", "smallest", "largest", "highest", "biggest"}
    | {"number", "differ", "rank", "order", "exact", "precis"}
)
"""Words of asking for a figure, that say nothing of what it counts."""

_LIMIT = rf"(?P<limit>{'|'.join(NUMERALS)}|\d[\d,]*)\b"
_OPERATIONS: tuple[tuple[Operation, str], ...] = (
    (
        Operation.DIFFERENCE,
        r"\bhow\s+many\s+(?:more|fewer|less)\b|\bdifference\b.*\bnumbers?\b|\bdiffer(?:ence)?\b.*\bhow\s+many\b",
    ),
    (Operation.ABOVE, rf"\b(?:(?:more|greater|higher|larger)\s+than|over)\s+{_LIMIT}"),
    (Operation.BELOW, rf"\b(?:(?:fewer|less|lower|smaller)\s+than|under)\s+{_LIMIT}"),
    (Operation.AT_LEAST, rf"\b(?:at\s+least|no\s+fewer\s+than|no\s+less\s+than)\s+{_LIMIT}"),
    (Operation.AT_MOST, rf"\b(?:at\s+most|up\s+to|no\s+more\s+than)\s+{_LIMIT}"),
    (Operation.EXACTLY, rf"\b(?:exactly|precisely)\s+{_LIMIT}"),
    (Operation.RANKING, r"\brank(?:ed|ing|s)?\b|\b(?:order|sort)(?:ed)?\s+by\b"),
    (Operation.FEWEST, r"\b(?:fewest|least|lowest|smallest|minimum)\b"),
    (Operation.MOST, r"\b(?:most|largest|highest|biggest|greatest|maximum)\b"),
    (Operation.AVERAGE, r"\b(?:average|mean\s+number)\b"),
    (
        Operation.TOTAL,
        r"\b(?:total|sum\s+of|add(?:ed)?\s+up)\b|\bhow\s+(?:many|much)\b.*\b(?:in\s+all|altogether|overall|combined|together)\b",
    ),
)
_PATTERNS = tuple((operation, re.compile(pattern, re.IGNORECASE)) for operation, pattern in _OPERATIONS)


def operation_in(text: str) -> tuple[Operation | None, float | None]:
    """Return what a question wants worked out, and the limit in "more than six"."""
    for operation, pattern in _PATTERNS:
        found = pattern.search(text)
        if found:
            return operation, _number(found.groupdict().get("limit"))
    return None, None


def _number(written: str | None) -> float | None:
    if written is None:
        return None
    plain = written.replace(",", "").lower()
    return float(plain) if plain.isdigit() else float(NUMERALS.index(plain) + 1)
