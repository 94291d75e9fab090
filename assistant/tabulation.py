"""From the rows of a table to a column of numbers, and to what a question wants worked out from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from assistant.evidence import Matches, parts_of, weigh
from assistant.questions import Operation
from assistant.types import BlockKind, Calculation, Evidence, Facet, Hit
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.evidence import Query
    from assistant.index import PassageIndex
    from assistant.questions import Question
    from assistant.settings import Settings

_VALUE = re.compile(r"(?:(?P<head>.+):\s*)?[£$€]?(?P<number>\d[\d,]*(?:\.\d+)?)\s*%?\.?\s*")
_PASSES = {
    Operation.ABOVE: gt,
    Operation.BELOW: lt,
    Operation.AT_LEAST: ge,
    Operation.AT_MOST: le,
    Operation.EXACTLY: eq,
}
_SUMS = {"total", "sum", "overal", "altogeth", "combin"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row and its number in the column."""

    evidence: Evidence
    value: float

    @property
    def is_sum(self) -> bool:
        """Whether the row adds up the others."""
        return not _SUMS.isdisjoint(terms(_subject(self.evidence)))


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column of numbers, row by row."""

    entries: tuple[Entry, ...]

    def of(self, cases: Sequence[str]) -> list[Entry]:
        """Return the rows about some cases, or all rows where there are none, sums left out."""
        rows = [entry for entry in self.entries if not entry.is_sum]
        named = [one for one in rows if not set(cases).isdisjoint(one.evidence.hit.passage.values(Facet.CASE))]
        return named or rows


def columns(index: PassageIndex, query: Query, hits: Sequence[Hit], settings: Settings) -> Iterator[Column]:
    """Yield the columns of numbers that a question is about, the best first: the table must speak of what is counted."""
    seen = set()
    for hit in hits:
        place = (hit.passage.document, hit.passage.section)
        if hit.passage.kind is BlockKind.TABLE_ROW and place not in seen:
            seen.add(place)
            rows = weigh(index, query, [Hit(row, hit.score, {}) for row in index.table_of(hit.passage)], settings)
            if rows and _speaks_of(index, query, rows, settings):
                yield from filter(None, [_column(index, query, rows, settings)])


def worked_out(column: Column, question: Question) -> tuple[list[Entry], Calculation | None]:
    """Return the rows that a question's operation asks for, and the calculation on them where there is one."""
    rows = column.of(question.named(Facet.CASE))
    values = [row.value for row in rows]
    if not rows:
        return [], None
    match question.operation:
        case Operation.MOST:
            return [row for row in rows if row.value == max(values)], None
        case Operation.FEWEST:
            return [row for row in rows if row.value == min(values)], None
        case operation if operation in _PASSES:
            return [row for row in rows if _PASSES[operation](row.value, question.limit or 0.0)], None
        case Operation.RANKING:
            return sorted(rows, key=lambda row: -row.value), None
        case Operation.AVERAGE:
            return rows, Calculation("Average", "average", tuple(values), round(fmean(values), 2))
        case Operation.DIFFERENCE:
            return rows, _difference(rows)
        case _:
            sums = [] if question.named(Facet.CASE) else [entry for entry in column.entries if entry.is_sum]
            return (sums, None) if sums else (rows, Calculation("Total", "+", tuple(values), sum(values)))


def _difference(rows: Sequence[Entry]) -> Calculation | None:
    if len(rows) != 2:
        return None
    low, high = sorted(row.value for row in rows)
    return Calculation("Difference", "−", (high, low), high - low)


def _speaks_of(index: PassageIndex, query: Query, rows: Sequence[Evidence], settings: Settings) -> bool:
    """Tell whether a table's caption and heads speak of what the question counts, in its words or near ones."""
    heads = " ".join(parts_of(row.sentence.text)[1] for row in rows)
    text = " ".join([*rows[0].hit.passage.section[-1:], heads])
    matches = Matches.of(index, query, [text], settings)
    details = set(query.question.details)
    asked = np.asarray([term in details for term in matches.terms], np.bool_)
    held = matches.held_by(text) * asked
    return float(held.max(initial=0)) >= settings.table_word and matches.share(held, asked) >= settings.table_share


def _column(index: PassageIndex, query: Query, rows: Sequence[Evidence], settings: Settings) -> Column | None:
    """Return the column whose head holds most of what is asked, its rows in the document's order."""
    numbers: dict[str, list[Entry]] = {}
    for row in sorted(rows, key=lambda one: one.hit.passage.spans[-1].start):
        for part in parts_of(row.sentence.text)[1].split("; "):
            found = _VALUE.fullmatch(part)
            if found:
                entry = Entry(row, float(found["number"].replace(",", "")))
                numbers.setdefault(found["head"] or "", []).append(entry)
    if not numbers:
        return None
    matches = Matches.of(index, query, list(numbers), settings)
    best = max(numbers, key=lambda head: matches.share(matches.held_by(head)))
    return Column(tuple(numbers[best]))


def _subject(row: Evidence) -> str:
    return parts_of(row.sentence.text)[0]
