"""From the rows of a table to a column of numbers, and to what a question wants worked out from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import fsum
from operator import eq, ge, gt, le, lt
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from assistant.evidence import Matches, parts_of, weigh
from assistant.questions import Operation, Wanted
from assistant.questions.operations import FIGURE_TERMS, request_in
from assistant.types import BlockKind, Calculation, Evidence, Facet, Hit, Passage
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.evidence import Query
    from assistant.index import PassageIndex
    from assistant.questions import Question
    from assistant.questions.operations import Request
    from assistant.settings import Settings

_VALUE = re.compile(r"(?:(?P<head>.+):\s*)?[£$€]?(?P<number>\d[\d,]*(?:\.\d+)?)\s*%?\.?\s*")
_PASSES = {
    Operation.ABOVE: gt,
    Operation.BELOW: lt,
    Operation.AT_LEAST: ge,
    Operation.AT_MOST: le,
    Operation.EXACTLY: eq,
    Operation.SAME: eq,
}
_AT_ENDS = {Operation.MOST, Operation.FEWEST, Operation.DIFFERENCE}
_BESIDE = {Operation.ABOVE, Operation.BELOW, Operation.SAME}
_TABLE_NUMBER = re.compile(r"\btable\s+(?P<number>\d+)\b", re.IGNORECASE)
_SIDES = 2
_SUMS = {"total", "sum", "overal", "altogeth", "combin"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row and its number in the column."""

    evidence: Evidence
    value: float

    @property
    def text(self) -> str:
        """The row as it is stated."""
        return self.evidence.sentence.text

    @property
    def heads(self) -> str:
        """The head of the row, and that of the column where it has one."""
        subject, said = parts_of(self.text)
        head, joint, _ = said.partition(": ")
        return f"{subject} – {head}" if joint else subject

    @property
    def is_sum(self) -> bool:
        """Whether the row adds up the others."""
        return not _SUMS.isdisjoint(terms(_subject(self.evidence)))


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column of numbers, row by row, and the cases that the question names, in its order.

    Where a table's cells are ``lists``, the numbers are those of their items.
    """

    entries: tuple[Entry, ...]
    cases: tuple[str, ...] = ()
    lists: bool = False

    @property
    def rows(self) -> list[Entry]:
        """All rows but those that add up the others."""
        return [entry for entry in self.entries if not entry.is_sum]

    @property
    def sums(self) -> list[Entry]:
        """The rows that add up the others."""
        return [entry for entry in self.entries if entry.is_sum]

    def of(self, cases: Sequence[str]) -> list[Entry]:
        """Return the rows about some cases, in the cases' order."""
        found = [row for case in cases for row in self.rows if case in row.evidence.hit.passage.values(Facet.CASE)]
        return _once(found)

    def without(self, cases: Sequence[str]) -> Column:
        """Return the column without the rows about some cases, and without the sums that count them."""
        left_out = self.of(cases)
        return replace(self, entries=tuple(row for row in self.rows if row not in left_out), cases=())


def is_meant(passage: Passage, question: Question) -> bool:
    """Tell whether a table's row is of the table that a question means, where both give its number ("Table 2")."""
    meant, own = (_TABLE_NUMBER.search(text) for text in (question.text, "\n".join(passage.section)))
    return meant is None or own is None or meant["number"] == own["number"]


def columns(index: PassageIndex, query: Query, hits: Sequence[Hit], settings: Settings) -> Iterator[Column]:
    """Yield the columns of numbers that a question is about, the best first: the table must speak of what is counted."""
    seen = set()
    for hit in hits:
        place = (hit.passage.document, hit.passage.section)
        row = hit.passage.kind is BlockKind.TABLE_ROW and is_meant(hit.passage, query.question)
        if row and place not in seen:
            seen.add(place)
            rows = weigh(index, query, [Hit(row, hit.score, {}) for row in index.table_of(hit.passage)], settings)
            if rows and _speaks_of(index, query, rows, settings):
                yield from filter(None, [_column(index, query, rows, settings)])


def asks_figure(question: Question) -> bool:
    """Tell whether a question asks for a figure of bare numbers, and so neither of times nor of money."""
    request = request_in(question.text)
    beside = request.is_relative or request.operation is Operation.SHARE
    if beside and not (request.to_average or question.named(Facet.CASE)):
        return False
    wanted = {Wanted.NUMBER, Wanted.ANYTHING, *([Wanted.PERCENTAGE] if request.operation is Operation.SHARE else [])}
    return (question.operation or request.operation) is not None and question.wanted in wanted


def worked_out(column: Column, question: Question) -> tuple[list[Entry], Calculation | None]:
    """Return the rows that a question's operation asks for, in its order, and the calculation on them where there is one."""
    request = request_in(question.text)
    operation = request.operation or question.operation
    if request.excludes:
        column = column.without(column.cases)
    named = column.of(column.cases)
    rows = named or column.rows
    if operation in _AT_ENDS and request.ends and rows:
        return _ends(column, request, named)
    if operation is Operation.DIFFERENCE or (operation in _BESIDE and request.limit is None and len(named) > 1):
        return rows, _difference([[row] for row in rows]) if request.with_difference else None
    if operation is Operation.SAME and not named:
        values = [row.value for row in rows]
        return _ranked([row for row in rows if values.count(row.value) > 1], Operation.MOST), None
    if operation in _BESIDE and request.limit is None:
        return _beside(column.rows, named, _PASSES[operation])
    if operation in _PASSES:
        passing = [row for row in rows if _PASSES[operation](row.value, request.limit or 0.0)]
        return [row for row in passing if request.upper is None or row.value <= request.upper], None
    if operation is Operation.RANKING:
        return _ranked(rows, next(iter(request.ends), Operation.MOST)), None
    return _summed(column, named, operation)


def _summed(
    column: Column, named: Sequence[Entry], operation: Operation | None
) -> tuple[list[Entry], Calculation | None]:
    """Return the rows that are added up, averaged or held against their sum, and the calculation."""
    rows = list(named) or column.rows
    values = tuple(row.value for row in rows)
    if operation is Operation.SHARE:
        return _share(column, named)
    if operation is Operation.AVERAGE and rows:
        return rows, _average(values)
    if column.sums and not named:
        return column.sums, None
    few = column.lists and operation is not Operation.TOTAL and len(rows) <= _SIDES
    return rows, None if few or len(rows) < _SIDES else Calculation("Total", "+", values, sum(values))


def _ends(column: Column, request: Request, named: Sequence[Entry]) -> tuple[list[Entry], Calculation | None]:
    """Return the rows at the ends that are asked for, then those that are named, and the difference if it is asked for."""
    if len(named) > 1 and len(request.ends) == 1:
        return _ranked(named, request.ends[0]), None
    sides = [_end(list(named) if len(named) > 1 else column.rows, end, request) for end in request.ends]
    sides += [[row] for row in named if len(named) == 1]
    rows = _once(row for side in sides for row in side)
    return rows, _difference(sides) if request.with_difference else None


def _end(rows: Sequence[Entry], end: Operation, request: Request) -> list[Entry]:
    """Return the rows at one end: all that tie for the place asked for, or the first few with all that tie with the last."""
    ranked = _ranked(rows, end)
    if request.count:
        last = ranked[min(request.count, len(ranked)) - 1].value
        return [row for row in ranked if row.value == last or ranked.index(row) < request.count]
    values = list(dict.fromkeys(row.value for row in ranked))
    return [row for row in ranked if row.value == values[min(request.place, len(values)) - 1]]


def _once(rows: Iterable[Entry]) -> list[Entry]:
    found: list[Entry] = []
    for row in rows:
        if row not in found:
            found.append(row)
    return found


def _ranked(rows: Sequence[Entry], end: Operation) -> list[Entry]:
    return sorted(rows, key=lambda row: row.value if end is Operation.FEWEST else -row.value)


def _beside(
    rows: Sequence[Entry], named: Sequence[Entry], passes: Callable[[float, float], bool]
) -> tuple[list[Entry], Calculation | None]:
    """Return the rows that pass a named one, and that one last; without a name those that pass the average."""
    average = None if named else _average([row.value for row in rows])
    limit = average.result if average else named[0].value
    passing = [row for row in rows if passes(row.value, limit) and row not in named]
    return ([*passing, *named] if passing else []), average


def _average(values: Sequence[float]) -> Calculation:
    return Calculation("Average", "average", tuple(values), round(fmean(values), 2))


def _difference(sides: Sequence[Sequence[Entry]]) -> Calculation | None:
    if len(sides) != _SIDES:
        return None
    low, high = sorted(side[0].value for side in sides)
    return Calculation("Difference", "−", (high, low), high - low)


def _share(column: Column, named: Sequence[Entry]) -> tuple[list[Entry], Calculation | None]:
    """Return the share of a named row in the sum of all, which the table gives or which is worked out."""
    whole = column.sums[:1] or column.rows
    total = fsum(row.value for row in whole)
    if len(named) != 1 or not total:
        return [*named, *column.sums], None
    part = named[0].value
    operands = (part, *(row.value for row in whole))
    calculation = Calculation("Share", "share", operands, round(100 * part / total, 2))
    return _once([*named, *whole]), calculation


def _speaks_of(index: PassageIndex, query: Query, rows: Sequence[Evidence], settings: Settings) -> bool:
    """Tell whether a table's caption and heads speak of what the question counts, in its words or near ones."""
    heads = " ".join(parts_of(row.sentence.text)[1] for row in rows)
    text = " ".join([*rows[0].hit.passage.section[-1:], heads])
    matches = Matches.of(index, query, [text], settings)
    details = set(query.question.details) - FIGURE_TERMS
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
    asked = query.question.text
    named = sorted(index.taxonomy.mentions(asked, Facet.CASE), key=lambda mention: mention.start)
    return Column(tuple(numbers[best]), tuple(dict.fromkeys(mention.name for mention in named)))


def _subject(row: Evidence) -> str:
    return parts_of(row.sentence.text)[0]
