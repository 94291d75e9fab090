"""Filling the grid: each cell as an answer is, with passages ranked, their sentences weighed, and the quotes checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.answering.extractive import best_quotes
from assistant.answering.refusal import MISSING, Refuser
from assistant.citations import check
from assistant.evidence import says_little, strength, weigh
from assistant.gathering import Findings
from assistant.grid.nouns import NO_CASE, NO_THEME, By, Grid, GridCell, GridQuote, GridRow
from assistant.retrieval import find
from assistant.types import BlockKind, Claim, Draft, Facet, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.evidence import Query
    from assistant.index import PassageIndex
    from assistant.questions import Question
    from assistant.retrieval import Found
    from assistant.settings import Settings
    from assistant.types import Evidence, Rejection, Span
    from assistant.vectors import Selection

    Numbers = dict[tuple[str, tuple[Span, ...]], int]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its head, the question it asks, and which rows of the index it takes, ``(n,)``; ``None`` takes all."""

    name: str
    question: str
    rows: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class _Own:
    """A row: its name and title, and the rows of the index that are its own, ``(m,) int64``."""

    name: str
    title: str
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it was searched for: its ranking, where each row of the index stands in it, and why it cannot be asked."""

    query: Query
    found: Found
    places: NDArray[np.int64]
    reason: str | None = None


def grid(index: PassageIndex, queries: Mapping[str, Query], by: By, filters: Filters, settings: Settings) -> Grid:
    """Return the evidence on one question under every theme, or on several questions, a column each.

    ``queries`` are by the questions as they were asked. Every row of the index is ranked once a question, so that each cell has
    the best of its own, however weak beside others. No cross-encoder has a say.
    """
    asked = {text: _searched(index, query, filters, settings) for text, query in queries.items()}
    first = next(iter(asked))
    columns = _columns(index, list(asked), filters)
    themed = columns[0].rows is not None and filters.theme is None
    untagged = _Column(NO_THEME, first, ~_tagged(index, Facet.THEME)) if themed else None
    cells = _Cells(index, settings, asked, untagged)
    rows = tuple(cells.row(own, columns) for own in _rows(index, by, filters))
    general = by is By.CASE and filters.case is None and bool(rows)
    return Grid(
        first,
        by,
        tuple(column.name for column in columns),
        rows,
        cells.row(_Own("", NO_CASE, np.flatnonzero(~_tagged(index, Facet.CASE))), columns) if general else None,
        filters,
        {text: one.reason for text, one in asked.items() if one.reason},
        tuple(cells.rejected),
    )


def _columns(index: PassageIndex, questions: Sequence[str], filters: Filters) -> list[_Column]:
    """Return a column for every theme, or for the one that is filtered by; where there are several questions, for each."""
    themes = [entry.name for entry in index.taxonomy.entries[Facet.THEME] if filters.theme in {None, entry.name}]
    if len(questions) > 1 or not themes:
        return [_Column(question, question) for question in questions]
    return [_Column(name, questions[0], _tagged(index, Facet.THEME, name)) for name in themes]


def _rows(index: PassageIndex, by: By, filters: Filters) -> Iterator[_Own]:
    if by is By.DOCUMENT:
        for name, document in index.documents.items():
            yield _Own(name, document.title, np.asarray(index.rows_of(name), np.int64))
        return
    for entry in index.taxonomy.entries[Facet.CASE]:
        if filters.case in {None, entry.name}:
            yield _Own(entry.name, entry.name, np.flatnonzero(_tagged(index, Facet.CASE, entry.name)))


def _tagged(index: PassageIndex, facet: Facet, *names: str) -> NDArray[np.bool_]:
    """Return which rows carry a tag of a facet, or one of those that are named, ``(n,)``."""
    tags = [(facet, name) for name in names or (entry.name for entry in index.taxonomy.entries[facet])]
    return np.asarray(index.carrying(tags, np.arange(index.manifest.passages)) > 0)


def _searched(index: PassageIndex, query: Query, filters: Filters, settings: Settings) -> _Asked:
    everything = settings.model_copy(update={"pool": index.manifest.passages})
    allowed = _allowed(index, query.question, filters)
    found = find(index, query.question, query.vector, everything, allowed)
    places = np.full(index.manifest.passages, -1, np.int64)
    places[found.rows] = np.arange(len(found.rows))
    return _Asked(query, found, places, _reason(index, query, found, filters, settings))


def _allowed(index: PassageIndex, question: Question, filters: Filters) -> Selection | None:
    """Return which rows pass the filters and are not of other themes or aspects only than the question names."""
    fitting = [
        {(facet, name) for name in (*question.named(facet), None)}
        for facet in (Facet.THEME, Facet.ASPECT)
        if question.named(facet)
    ]
    return index.selection([*({topic} for topic in filters.items()), *fitting])


def _reason(index: PassageIndex, query: Query, found: Found, filters: Filters, settings: Settings) -> str | None:
    """Return why a question cannot be asked of the library at all, or ``None`` where it can."""
    hits = [found.hit(index, place) for place in range(min(settings.read_passages, len(found.rows)))]
    evidence = tuple(weigh(index, query, hits, settings))
    findings = Findings(tuple(hits), evidence, (), None, query.strange_names, query.familiar)
    refuser = Refuser(index.lexical, index.mentions, settings)
    return refuser.about_the_question(query.question, findings, filters)


class _Cells:
    """Fills cells, numbering their quotes as they come. What fails its check is kept in ``rejected``."""

    def __init__(
        self, index: PassageIndex, settings: Settings, asked: Mapping[str, _Asked], untagged: _Column | None
    ) -> None:
        self._index, self._settings, self._asked, self._untagged = index, settings, asked, untagged
        self._numbers: Numbers = {}
        self.rejected: list[Rejection] = []

    def row(self, own: _Own, columns: Sequence[_Column]) -> GridRow:
        """Return one row."""
        cells = tuple(self._cell(own, column) for column in columns)
        return GridRow(own.name, own.title, cells, self._cell(own, self._untagged) if self._untagged else None)

    def _cell(self, own: _Own, column: _Column) -> GridCell:
        asked = self._asked[column.question]
        places = asked.places[own.rows if column.rows is None else own.rows[column.rows[own.rows]]]
        best = np.sort(places[places >= 0])[: self._settings.read_passages_each]
        hits = [] if asked.reason else [asked.found.hit(self._index, int(place)) for place in best]
        evidence = [one for one in weigh(self._index, asked.query, hits, self._settings) if self._is_of(one, own)]
        return GridCell(own.name, column.name, tuple(self._quotes(asked.query.question, evidence)))

    def _is_of(self, one: Evidence, own: _Own) -> bool:
        """Tell whether a sentence of a passage about several cases does not speak of others than that of its row."""
        if own.name not in (cases := one.hit.passage.values(Facet.CASE)) or len(cases) == 1:
            return True
        named = self._index.taxonomy.mentioned(Facet.CASE, one.sentence.text)
        return not named or own.name in named

    def _quotes(self, question: Question, evidence: Sequence[Evidence]) -> Iterator[GridQuote]:
        enough = [one for one in evidence if self._is_enough(one, question)]
        around = [
            one for one in evidence if not self._is_enough(one, question)
        ]  # may be joined to, but is not quoted itself
        settings = self._settings
        for one in best_quotes([*enough, *around], settings.grid_quotes, settings.also_in_cell, settings):
            if self._is_enough(one, question):
                yield from self._quote(one)

    def _is_enough(self, one: Evidence, question: Question) -> bool:
        """Tell whether a sentence may stand in a cell: it bears on the question, and gives what is asked for."""
        if one.hit.passage.kind is BlockKind.FOOTNOTE is not question.kind:
            return False
        wanted = question.wanted
        gives = bool(one.signals["fits"]) if wanted in MISSING else not says_little(one.sentence, one.hit)
        return gives and strength(one, self._settings) >= self._enough(question)

    def _enough(self, question: Question) -> float:
        """Return the least strength of a quote: less where the question names a theme or aspect and asks no more of it."""
        enough = self._settings.enough_for_a_cell
        return enough if question.details else enough * self._settings.narrowed

    def _quote(self, one: Evidence) -> Iterator[GridQuote]:
        checked = check(Draft((Claim(one.sentence.text, (one,)),)), self._index.texts)
        self.rejected += checked.rejected
        for citation in checked.citations:
            key = (citation.document, citation.spans)
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
            title = self._index.texts[citation.document].title
            yield GridQuote(replace(citation, marker=number), strength(one, self._settings), one.hit.passage, title)
