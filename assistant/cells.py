"""From the cells of a table that hold lists to how many items each has, and to where one item stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.evidence import Matches, weigh
from assistant.markup import items
from assistant.questions import Wanted
from assistant.questions.forms import EXAMPLE_TERMS, compares, offers
from assistant.questions.operations import FIGURE_TERMS, request_in
from assistant.tabulation import Column, Entry, is_meant
from assistant.types import BlockKind, Facet, Hit
from assistant.words import content, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.evidence import Query
    from assistant.index import PassageIndex
    from assistant.questions import Question
    from assistant.settings import Settings
    from assistant.taxonomy import Taxonomy
    from assistant.types import Evidence

_PLACES = r"(?:themes?|headings?|rows?|columns?|categor(?:y|ies)|cells?|boxe?s?)"
_LOCATES = re.compile(
    rf"\b(?:under|in|into)\s+(?:which|what)\s+(?:of\s+)?(?:the\s+|these\s+)?(?:[\w-]+\s+)?{_PLACES}\b"
    rf"|\b(?:which|what)\s+(?:of\s+the\s+)?(?:[\w-]+\s+)?{_PLACES}\b.*"
    r"\b(?:under|sits?|falls?|belongs?|goes|comes?|puts?|placed?|listed|filed|classed|holds?|contains?|in)\b",
    re.IGNORECASE,
)
_OF_TABLE = re.compile(
    r"\b(?:summary|overview)\s+(?:at|towards)\s+the\s+end\b|\b(?:closing|final)\s+(?:summary|overview)\b", re.IGNORECASE
)
_TABLE_TERMS = FIGURE_TERMS.union(
    EXAMPLE_TERMS,
    """
    tabl grid matrix row column cell box head theme categori summari overview close final end sit fall belong place put file
    class stand hold contain appear way item entri point word exact wide anywher state posit negat plus minus good bad
    hindranc benefit
    """.split(),  # noqa: SIM905 - a closed class of English words reads better as prose
)
"""Words that ask for a place in a table, and say nothing of what stands there."""
_ITEM_TERMS = {"item", "bullet", "point", "entri", "thing", "factor"}
_NEARLY = 0.9
_MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, the items of it that are asked for, and how well they hold what is asked, in [0, 1]."""

    cell: Entry
    items: tuple[str, ...]
    share: float

    @property
    def text(self) -> str:
        """The items after the heads of their row and column."""
        return f"{self.cell.heads}: {'; '.join(self.items)}."


@dataclass(frozen=True, slots=True)
class Places:
    """Where the items that a question asks for stand, the best first."""

    found: tuple[Place, ...]


def counted(index: PassageIndex, query: Query, hits: Sequence[Hit], settings: Settings) -> Column | None:
    """Return the cells whose items a question counts, each with their number."""
    question = query.question
    if question.named(Facet.CASE) or not _counts(question):
        return None
    cells = _cells(index, query, hits, settings)
    chosen = _named(cells, question, index.taxonomy)
    if not chosen and _ITEM_TERMS.intersection(question.counted):
        chosen = cells
    heads = frozenset[str]().union(*(content(cell.heads) for cell in cells))
    bare = not set(question.details) - _TABLE_TERMS - heads
    asked = question.kind is BlockKind.TABLE_ROW or (bare and not compares(question.text))
    return Column(tuple(chosen), lists=True) if chosen and asked else None


def placed(index: PassageIndex, query: Query, hits: Sequence[Hit], settings: Settings) -> Places | None:
    """Return the cells of the items that come nearest to what a question asks the place of, or what a table says of it."""
    question = query.question
    of_table = question.kind is BlockKind.TABLE_ROW or _OF_TABLE.search(question.text) is not None
    offered = offers(question.text)
    between = offered and len(question.named(Facet.ASPECT)) > 1 and not question.named(Facet.CASE)
    if not of_table and not between and not _LOCATES.search(question.text):
        return None
    least = settings.placed_share if of_table else settings.listed_detail
    cells = _cells(index, query, hits, settings)
    chosen = cells if offered else _named(cells, question, index.taxonomy) or cells
    found = sorted(_weighed(index, query, chosen, settings, least), key=lambda place: -place.share)
    near = [place for place in found if place.share >= _NEARLY * found[0].share]
    return Places(tuple(near)) if 0 < len(near) <= _MOST_PLACES else None


def _counts(question: Question) -> bool:
    request = request_in(question.text)
    return question.wanted in {Wanted.NUMBER, Wanted.ANYTHING} and (
        question.wanted is Wanted.NUMBER or request.operation is not None or compares(question.text)
    )


def _cells(index: PassageIndex, query: Query, hits: Sequence[Hit], settings: Settings) -> list[Entry]:
    """Return the cells that hold lists of the first table that has any, in the document's order."""
    seen: set[str] = set()
    for hit in hits:
        row = hit.passage.kind is BlockKind.TABLE_ROW and is_meant(hit.passage, query.question)
        if not row or hit.passage.id in seen:
            continue
        table = index.table_of(hit.passage)
        seen.update(row.id for row in table)
        rows = weigh(index, query, [Hit(row, hit.score, {}) for row in table], settings)
        ordered = sorted(rows, key=lambda one: one.sentence.spans[-1].start)
        cells = [Entry(row, float(len(held))) for row in ordered if len(held := _items(index, row)) > 1]
        if cells:
            return cells
    return []


def _items(index: PassageIndex, row: Evidence) -> list[str]:
    cell = row.sentence.spans[-1]
    return items(index.texts[row.hit.passage.document].text[cell.start : cell.end])


def _named(cells: Sequence[Entry], question: Question, taxonomy: Taxonomy) -> list[Entry]:
    """Return the cells of the rows and columns that a question names, by their tags or their heads; none where it names none."""
    chosen = list(cells)
    for facet in (Facet.THEME, Facet.ASPECT):
        named = set(question.named(facet)) or _by_stem(facet, question, taxonomy)
        chosen = [one for one in chosen if not named.isdisjoint(one.evidence.hit.passage.values(facet))] or chosen
    heads = [content(cell.heads) for cell in cells]
    common = frozenset.intersection(*heads) if heads else frozenset()
    asked = frozenset(question.terms) - common
    by_words = [one for one in chosen if not asked.isdisjoint(content(one.heads))]
    if len(chosen) == len(cells) and not by_words:
        return []
    return chosen if len(chosen) < len(cells) else by_words


def _by_stem(facet: Facet, question: Question, taxonomy: Taxonomy) -> set[str]:
    """Return the entries of a facet one of whose names a question has in another form: "helpful", where one is "help"."""
    asked = set(question.terms)
    return {
        entry.name
        for entry in taxonomy.entries[facet]
        if any(asked.issuperset(terms(name) or [""]) for name in entry.names)
    }


def _weighed(
    index: PassageIndex, query: Query, cells: Sequence[Entry], settings: Settings, least: float
) -> Iterator[Place]:
    """Yield the cells with items that hold a word of what is asked, or one that comes near it, each with its best items."""
    lists = [_items(index, cell.evidence) for cell in cells]
    matches = Matches.of(index, query, [item for held in lists for item in held], settings)
    topics = query.question.topic_terms
    asked = np.asarray([term not in _TABLE_TERMS and term not in topics for term in matches.terms], np.bool_)
    if not asked.any():
        return
    for cell, written in zip(cells, lists, strict=True):
        held = matches.held(written) * asked[:, np.newaxis]
        shares = matches.shares(held, asked[:, np.newaxis])
        near = (shares >= max(least, _NEARLY * float(shares.max()))) & (held.max(axis=0) >= settings.table_word)
        if near.any():
            kept = tuple(item for item, is_near in zip(written, near, strict=True) if is_near)
            yield Place(cell, kept, float(shares[near].max()))
