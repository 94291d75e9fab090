"""Answers by quoting: the few sentences that answer best, in their own words. No language model."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.calculations import in_full
from assistant.cells import Places
from assistant.questions import Wanted
from assistant.spans import merge
from assistant.tabulation import worked_out
from assistant.types import BlockKind, Calculation, Claim, Draft, Evidence, Facet, Sentence
from assistant.words import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.gathering import Findings, Group
    from assistant.questions import Question
    from assistant.settings import Settings
    from assistant.tabulation import Column, Entry
    from assistant.taxonomy import Taxonomy

POINTS_BACK = re.compile(r"(?:This|These|They|Those|It|He|She|Such|That)\b(?!\s+is\s+(?:important|possible|clear))")
_LISTED_CELLS = 2


class ExtractiveAnswerer:
    """Quotes the best sentences: one or two for a fact, one a point for a list, one a case for every case."""

    name = "extractive"

    def __init__(self, taxonomy: Taxonomy, settings: Settings) -> None:
        self._taxonomy = taxonomy
        self._settings = settings

    def draft(self, question: Question, findings: Findings) -> Draft:
        """Return one claim a sentence, each resting on itself."""
        if isinstance(findings.tabled, Places):
            claims = tuple(Claim(place.text, (place.cell.evidence,)) for place in findings.tabled.found)
            return Draft(claims, is_list=len(claims) > 1)
        if findings.tabled:
            return self._figure(question, findings.tabled)
        if len(findings.groups) > 1:
            return self._by_group(question, findings.groups)
        group = findings.groups[0]
        if group.items:
            return Draft(tuple(map(self.claim, self._distinct(group.items))), is_list=True)
        return Draft(tuple(map(self.claim, self._best(question, group.evidence))), is_list=question.asks_everything)

    @staticmethod
    def _figure(question: Question, column: Column) -> Draft:
        rows, calculation = worked_out(column, question)
        if not rows:
            return Draft((), "No row of the table has such a number.")
        claims = list(_counts(rows)) if column.lists else [Claim(row.text, (row.evidence,)) for row in rows]
        if calculation:
            basis = rows if len(calculation.operands) <= len(rows) else column.rows
            claims.append(Claim(in_full(calculation), tuple(row.evidence for row in basis), calculation=calculation))
        return Draft(tuple(claims), is_list=len(claims) > 1)

    def _by_group(self, question: Question, groups: Sequence[Group]) -> Draft:
        """Return a line or two for every group, and the names of those without evidence."""
        claims, missing = [], []
        if question.selects:
            groups = sorted(groups, key=lambda group: -max((one.score for one in group.evidence), default=0.0))
        for group in groups:
            items = self._distinct(group.items)
            claims += [self._line([one], group) for one in items]
            best = [] if items else self._best(question, group.evidence)
            claims += [self._line(best, group)] if best else []
            missing += [] if items or best else [str(group.label)]
        return Draft(tuple(claims), missing=tuple(missing), is_list=True)

    def _line(self, quotes: Sequence[Evidence], group: Group) -> Claim:
        """Return one line of quotes about one thing, headed by its name; a table's row has it at its head already."""
        text = " ".join(one.sentence.text for one in quotes)
        row = quotes[0].hit.passage.kind is BlockKind.TABLE_ROW
        named = group.facet is None or (row and group.label in self._taxonomy.mentioned(group.facet, text))
        return Claim(text, tuple(quotes), heading=None if named else group.label)

    def _best(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        return best_quotes(evidence, *self._how_many(question), self._settings)

    def _how_many(self, question: Question) -> tuple[int, float]:
        """Return how many quotes an answer has at most, and how close to the best the others must come."""
        if question.wanted is not Wanted.ANYTHING:
            return 1, 1.0
        if question.asks_everything:
            return self._settings.listed_quotes, self._settings.also_listed
        return self._settings.answer_quotes, self._settings.also_quoted

    def _distinct(self, evidence: Iterable[Evidence]) -> list[Evidence]:
        chosen: list[Evidence] = []
        for one in evidence:
            if not any(_repeats(one, other, self._settings.repeated_share) for other in chosen):
                chosen.append(one)
        return chosen

    def claim(self, one: Evidence) -> Claim:
        """Return a claim that says whose experience it is, where its passage is of one case that its own words do not name."""
        cases = one.hit.passage.values(Facet.CASE)
        silent = len(cases) == 1 and cases[0] not in self._taxonomy.mentioned(Facet.CASE, one.sentence.text)
        named = silent and one.hit.passage.kind is not BlockKind.TABLE_ROW
        return Claim(one.sentence.text, (one,), heading=cases[0] if named else None)


def best_quotes(evidence: Sequence[Evidence], most: int, close: float, settings: Settings) -> list[Evidence]:
    """Return the best sentences, each with its neighbours where they are nearly as good, as one quote.

    ``evidence`` stands best first. There are at most ``most`` quotes; the others come as ``close`` to the first as that share
    of its score.
    """
    scores = {(one.hit.passage.id, one.sentence): one.score for one in evidence}
    chosen: list[Evidence] = []
    for one in evidence:
        if len(chosen) == most or one.score < evidence[0].score * close:
            break
        if not any(_repeats(one, other, settings.repeated_share) for other in chosen):
            chosen.append(_joined(one, scores, settings))
            quoted = {span for other in chosen for span in other.sentence.spans}
            scores = {key: score for key, score in scores.items() if quoted.isdisjoint(key[1].spans)}
    return chosen


def _joined(one: Evidence, scores: Mapping[tuple[str, Sentence], float], settings: Settings) -> Evidence:
    """Return a sentence with the neighbours that are nearly as good, or that it points back to ("This …"), as one quote."""
    sentences = one.hit.passage.sentences
    first = last = sentences.index(one.sentence)

    def gain(number: int) -> float:
        if not 0 <= number < len(sentences):
            return -1.0
        if (one.hit.passage.id, sentences[number]) not in scores:
            return -1.0
        if number < first and POINTS_BACK.match(sentences[first].text):
            return one.score
        return scores[one.hit.passage.id, sentences[number]]

    while True:
        best = max((first - 1, last + 1), key=gain)
        low, high = min(first, best), max(last, best)
        words = sum(len(sentence.text.split()) for sentence in sentences[max(low, 0) : high + 1])
        if gain(best) < settings.joined_quote * one.score or words > settings.quoted_words:
            break
        first, last = low, high
    return replace(one, sentence=_together(sentences[first : last + 1]))


def _counts(rows: Sequence[Entry]) -> Iterator[Claim]:
    """Yield the number of items of each cell, after the items themselves where there are few cells."""
    for row in rows:
        if len(rows) <= _LISTED_CELLS:
            yield Claim(row.text, (row.evidence,))
        number = Calculation(f"Items in {row.heads}", "count", (), row.value)
        yield Claim(in_full(number), (row.evidence,), calculation=number)


def _together(sentences: Sequence[Sentence]) -> Sentence:
    return Sentence(
        merge([span for one in sentences for span in one.spans]),
        " ".join(one.text for one in sentences),
        sentences[0].stressed,
    )


def _repeats(one: Evidence, other: Evidence, share: float) -> bool:
    """Tell whether one of two sentences says little that the other does not."""
    first, second = content(one.sentence.text), content(other.sentence.text)
    return len(first & second) > share * max(1, min(len(first), len(second)))
