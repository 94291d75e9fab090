"""From a draft to what is shown: every claim checked against the words it cites, and what fails named. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING

from assistant.calculations import in_full, worked_out
from assistant.markup import SUPERSCRIPTS, items, plain
from assistant.spans import merge, pages_of, quote
from assistant.types import BlockKind, Citation, Claim, Document, Facet, Rejection, Span, Statement
from assistant.words import stem, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.types import Calculation, Draft, Evidence


_NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_ROUNDING = 0.005
"""How far a result may be off by: averages are shown to two digits."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The claims that hold, as statements with markers, their citations, and the claims that do not."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[Rejection, ...]


def check(draft: Draft, documents: Mapping[str, Document]) -> Checked:
    """Hold every claim of a draft against the documents.

    A claim holds when it rests on evidence, the evidence lies within its document, and the words it cites say
    the claim's own, in their order; of one in words of its own, when they say nothing else. Claims are numbered in the order in
    which they are shown; what is cited twice keeps its number.
    """
    statements: list[Statement] = []
    citations: dict[tuple[str, tuple[Span, ...]], Citation] = {}
    rejected: list[Rejection] = []
    for claim in draft.claims:
        reason = _fault(claim, documents)
        if reason:
            rejected.append(Rejection(claim.text, reason))
            continue
        markers = [_cite(evidence, documents, citations).marker for evidence in claim.evidence]
        statements.append(Statement(claim.text, tuple(dict.fromkeys(markers)), claim.heading))
    return Checked(tuple(statements), tuple(citations.values()), tuple(rejected))


def _fault(claim: Claim, documents: Mapping[str, Document]) -> str | None:
    if not claim.evidence:
        return "It cites nothing."
    for evidence in claim.evidence:
        document = documents.get(evidence.hit.passage.document)
        if document is None:
            return f'It cites "{evidence.hit.passage.document}", which the library does not hold.'
        if not _lies_within(evidence.sentence.spans, document):
            return f'It cites words beyond the end of "{document.id}".'
    if claim.calculation:
        return _miscalculation(claim.calculation, claim, documents)
    if claim.about is not None:
        return _contradiction(claim, claim.about, documents)
    strange = _first_unsaid(claim, documents)
    return f'The words it cites do not say "{strange}".' if strange else None


def _first_unsaid(claim: Claim, documents: Mapping[str, Document]) -> str | None:
    """Return the first word of a claim that the words it cites do not say, or do not say in that order.

    A table's row may be said in another order than it is written in: its own head, then that of the column, then the cell.
    """
    cited = [stem(word) for evidence in claim.evidence for word in words(_quote(evidence, documents))]
    if any(evidence.hit.passage.kind is BlockKind.TABLE_ROW for evidence in claim.evidence):
        return next((word for word in words(claim.text) if stem(word) not in cited), None)
    remaining = iter(cited)
    return next((word for word in words(claim.text) if stem(word) not in remaining), None)


def _contradiction(claim: Claim, about: str, documents: Mapping[str, Document]) -> str | None:
    """Return what in a claim that has words of its own the words it cites do not say; its answerer has checked its meaning."""
    from assistant.support import find_faults  # its words are stemmed when it is imported; quotes do without

    cited = [_quote(evidence, documents) for evidence in claim.evidence]
    found = next(iter(find_faults(claim.text, [*cited, about])), None)
    return f"{found.reason[0].upper()}{found.reason[1:]}." if found else None


def _miscalculation(calculation: Calculation, claim: Claim, documents: Mapping[str, Document]) -> str | None:
    """Return what is wrong with a calculation: a number that no cited row gives, or a result that does not follow."""
    if claim.text != in_full(calculation):
        return "It does not say what is worked out."
    quotes = [_quote(evidence, documents) for evidence in claim.evidence]
    cited = [float(number.replace(",", "")) for words in quotes for number in _NUMBERS.findall(words)]
    cited += [counted for evidence in claim.evidence if (counted := float(_items_of(evidence, documents))) > 1]
    if calculation.operator == "count":
        return None if cited[-1:] == [calculation.result] else "The list it cites has another number of items."
    for operand in calculation.operands:
        if not any(isclose(operand, number) for number in cited):
            return f'The words it cites do not give "{operand:,}".'
    expected = worked_out(calculation)
    return None if isclose(expected, calculation.result, abs_tol=_ROUNDING) else "It is worked out wrongly."


def _items_of(evidence: Evidence, documents: Mapping[str, Document]) -> int:
    """Return how many items the list in a cell of a table has: it stands last in the words that its row cites."""
    if evidence.hit.passage.kind is not BlockKind.TABLE_ROW:
        return 0
    cell = evidence.sentence.spans[-1]
    return len(items(documents[evidence.hit.passage.document].text[cell.start : cell.end]))


def _lies_within(spans: Sequence[Span], document: Document) -> bool:
    return bool(spans) and all(0 <= span.start < span.end <= len(document.text) for span in spans)


def _quote(evidence: Evidence, documents: Mapping[str, Document]) -> str:
    """Return the cited words as they are displayed, footnote marks taken off."""
    cited = quote(documents[evidence.hit.passage.document].text, evidence.sentence.spans)
    return plain(cited).translate({ord(mark): " " for mark in SUPERSCRIPTS})


def _cite(
    evidence: Evidence,
    documents: Mapping[str, Document],
    citations: dict[tuple[str, tuple[Span, ...]], Citation],
) -> Citation:
    passage = evidence.hit.passage
    spans = merge(evidence.sentence.spans)
    document = documents[passage.document]
    return citations.setdefault(
        (passage.document, spans),
        Citation(
            marker=len(citations) + 1,
            document=passage.document,
            spans=spans,
            quote=quote(document.text, spans),
            section=passage.section,
            themes=passage.values(Facet.THEME),
            aspects=passage.values(Facet.ASPECT),
            cases=passage.values(Facet.CASE),
            pages=pages_of(document.pages, spans),
        ),
    )
