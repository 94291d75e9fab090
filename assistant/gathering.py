"""From a question to findings: the evidence that its form of answer needs, from one model call.

A fact needs the best sentences; a comparison and "every case" need them for each thing compared, however weak; a list needs every
item of a section; a figure worked out needs every row of its table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from assistant.cells import Places, counted, placed
from assistant.evidence import Query, strength, weigh
from assistant.leaning import leaning
from assistant.listing import listed
from assistant.questions import Form
from assistant.retrieval import retrieve
from assistant.tabulation import Column, asks_figure, columns
from assistant.types import Evidence, Facet, Filters, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.index import PassageIndex
    from assistant.reranking import Reranker
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Group:
    """What is found of one thing: a case, a theme, or, without a label, of all that is asked. Evidence stands best first."""

    label: str | None
    evidence: tuple[Evidence, ...]
    facet: Facet | None = None
    items: tuple[Evidence, ...] = ()
    """The items of a list, in the documents' order, where all of them are asked for."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that an answer may rest on. ``hits`` and ``evidence`` stand best first.

    ``tabled`` is what a table has on the question, ``strange_names`` the names that the library lacks, ``familiar`` the
    question's terms that it uses, or something near them.
    """

    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    groups: tuple[Group, ...]
    tabled: Column | Places | None = None
    strange_names: tuple[str, ...] = ()
    familiar: frozenset[str] = frozenset()


def gather(
    index: PassageIndex, query: Query, filters: Filters, settings: Settings, reranker: Reranker | None = None
) -> Findings:
    """Return what the library holds on a question."""
    search = _Search(index, settings, reranker)
    hits, evidence = search.found(query, filters, settings.read_passages)
    return Findings(
        hits,
        evidence,
        tuple(search.groups(query, filters, hits)) or (Group(None, evidence),),
        _tabled(index, query, hits, settings),
        query.strange_names,
        query.familiar,
    )


def _tabled(index: PassageIndex, query: Query, hits: Sequence[Hit], settings: Settings) -> Column | Places | None:
    """Return what a table has on a question: the numbers that a figure is worked out from, or where an item stands."""
    numbers = columns(index, query, hits, settings) if asks_figure(query.question) else ()
    return counted(index, query, hits, settings) or next(iter(numbers), None) or placed(index, query, hits, settings)


@dataclass(frozen=True, slots=True)
class _Search:
    index: PassageIndex
    settings: Settings
    reranker: Reranker | None

    def found(self, query: Query, filters: Filters, k: int) -> tuple[tuple[Hit, ...], tuple[Evidence, ...]]:
        hits = retrieve(self.index, query.question, query.vector, self.settings, k, filters, self.reranker)
        return tuple(hits), tuple(weigh(self.index, query, hits, self.settings))

    def groups(self, query: Query, filters: Filters, hits: Sequence[Hit]) -> Iterator[Group]:
        """Yield a group for everything that the question wants a line on; nothing where it wants a fact."""
        question = query.question
        if question.form is Form.EVERY_CASE and filters.case is None:
            for entry in self.index.taxonomy.entries[Facet.CASE]:
                yield self._group(query, replace(filters, case=entry.name), Facet.CASE, entry.name)
        elif question.form is Form.COMPARISON:
            facet = Facet.CASE if len(question.named(Facet.CASE)) > 1 else Facet.THEME
            held_to = dict(filters.items()).get(facet)
            for name in question.named(facet) if held_to is None else ():
                narrowed = replace(query, question=question.only(facet, name, self.index.taxonomy))
                yield self._group(narrowed, replace(filters, **{facet.value: name}), facet, name)
        elif question.form is Form.BOTH_SIDES and filters.aspect is None:
            for entry in self.index.taxonomy.entries[Facet.ASPECT]:
                label = entry.name[:1].upper() + entry.name[1:]
                yield self._group(query, replace(filters, aspect=entry.name), Facet.ASPECT, label)
        elif question.form is Form.LIST:
            held = leaning(self.index, query, filters, hits)
            themed = bool(question.named(Facet.THEME)) or (question.asks_everything and held[0].theme is not None)
            items = self._items(query, *held) if question.topics or themed else ()
            bare = themed or not question.details
            if items and (bare or any(one.signals["detail"] >= self.settings.listed_detail for one in items)):
                yield Group(None, items, items=items)

    def _group(self, query: Query, filters: Filters, facet: Facet, label: str) -> Group:
        aspects = query.question.named(Facet.ASPECT)
        if facet is Facet.CASE and len(aspects) == 1 and filters.aspect is None:
            _, evidence = self.found(query, replace(filters, aspect=aspects[0]), self.settings.read_passages_each)
            if evidence:
                return Group(label, evidence, facet)
        _, evidence = self.found(query, filters, self.settings.read_passages_each)
        if facet is Facet.ASPECT or (query.question.selects and query.question.form is Form.EVERY_CASE):
            enough = self.settings.enough_for_a_case
            evidence = tuple(one for one in evidence if strength(one, self.settings) >= enough)
        lists = (
            bool(query.question.named(Facet.THEME if facet is Facet.ASPECT else Facet.ASPECT)) and filters.case is None
        )
        items = self._items(query, filters) if lists else ()
        return Group(
            label, evidence, facet, items if facet is not Facet.ASPECT or self._are_asked(query, items) else ()
        )

    def _are_asked(self, query: Query, items: Sequence[Evidence]) -> bool:
        """Tell whether items hold what else a question asks about, or it asks about nothing else."""
        return not query.question.details or any(one.signals["detail"] >= self.settings.listed_detail for one in items)

    def _items(self, query: Query, *held: Filters) -> tuple[Evidence, ...]:
        """Return the items of every theme and aspect that the question names or is held to, each once."""
        sections = [
            self.found(query, narrowed, self.settings.listed_passages)[1]
            for filters in held
            for narrowed in _narrowed(query, filters)
        ]
        return tuple(listed(query, sections, self.settings))


def _narrowed(query: Query, filters: Filters) -> Iterator[Filters]:
    """Yield the filters for every theme and aspect that the question names and the filters leave open."""
    themes = (filters.theme,) if filters.theme else query.question.named(Facet.THEME) or (None,)
    aspects = (filters.aspect,) if filters.aspect else query.question.named(Facet.ASPECT) or (None,)
    for theme, aspect in product(themes, aspects):
        yield replace(filters, theme=theme, aspect=aspect)
