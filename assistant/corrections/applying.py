"""Corrections applied: from the words that they quote to the passages that have these words. Pure.

The words of a document's passages are laid end to end and searched for each quote, white space folded, so that it makes no
difference where one passage ends and the next begins. A quote that stands nowhere there, as it runs over list marks, say, is
looked for in the document's own text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from assistant.spans import quote
from assistant.types import Facet, Origin, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.corrections.parsing import Correction
    from assistant.types import Passage

_MOST = 0.5
"""What share of a quote must stand in a passage, or of a passage in a quote, for the passage to be meant."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A correction that no passage answers to any more, and why; it stays in the file until a person takes it out."""

    correction: Correction
    reason: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What corrections come to: all the tags of each row corrected, the rows' facets that a person has decided, and strays.

    A facet in ``settled`` is decided even where it has no tag left: a model must not give it one.
    """

    tags: Mapping[int, tuple[Tag, ...]]
    settled: frozenset[tuple[int, Facet]]
    strays: tuple[Stray, ...]


def corrected(passages: Sequence[Passage], corrections: Sequence[Correction], texts: Mapping[str, str]) -> Corrected:
    """Return the tags of the passages that corrections are about, by their place in ``passages``. The last correction wins.

    Args:
        passages: All passages, those of one document in the document's order.
        corrections: In the order of the file.
        texts: The text of each document by its id; only those that corrections name are looked at.
    """
    rows = _rows(passages, {one.document for one in corrections})
    pages = {document: _Page.of(texts[document], passages, places) for document, places in rows.items()}
    tags: dict[int, tuple[Tag, ...]] = {}
    settled: set[tuple[int, Facet]] = set()
    strays = []
    for correction in corrections:
        page = pages.get(correction.document)
        found = page.rows_of(correction.quote) if page else _no_document(correction.document)
        if isinstance(found, str):
            strays.append(Stray(correction, found))
            continue
        for row in found:
            tags[row] = _replaced(tags.get(row, passages[row].tags), correction)
            settled.update((row, facet) for facet in correction.tags)
    return Corrected(tags, frozenset(settled), tuple(strays))


def fold(words: str) -> str:
    """Return words with single spaces for all white space."""
    return " ".join(words.split())


def _rows(passages: Sequence[Passage], documents: Iterable[str]) -> Mapping[str, list[int]]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    wanted = frozenset(documents)
    if wanted:
        for row, passage in enumerate(passages):
            if passage.document in wanted:
                rows[passage.document].append(row)
    return rows


def _no_document(name: str) -> str:
    return f'The library holds no passages of "{name}". If it was renamed, mend the name; else take the correction out.'


def _replaced(tags: Iterable[Tag], correction: Correction) -> tuple[Tag, ...]:
    kept = [tag for tag in tags if tag.facet not in correction.tags]
    given = [Tag(facet, name, Origin.PERSON) for facet, names in correction.tags.items() for name in names]
    order = list(Facet)
    return tuple(sorted([*kept, *given], key=lambda tag: order.index(tag.facet)))


@dataclass(frozen=True, slots=True)
class _Page:
    """A document's passages laid end to end: the words of each, folded, from ``starts`` on; and where each stands in the text."""

    text: str
    words: str
    starts: Sequence[int]
    passages: Sequence[Passage]
    rows: Sequence[int]

    @classmethod
    def of(cls, text: str, passages: Sequence[Passage], rows: Sequence[int]) -> _Page:
        own = [passages[row] for row in rows]
        said = [fold(quote(text, passage.spans)) for passage in own]
        starts = list(accumulate((len(words) + 1 for words in said), initial=0))
        return cls(text, " ".join(said), starts, own, rows)

    def rows_of(self, words: str) -> list[int] | str:
        """Return the rows that have these words, or why none has."""
        wanted = fold(words)
        places = _places(self.words, wanted)
        found = [self._at(place, place + len(wanted)) for place in places] or [self._in_the_text(wanted)]
        whole = [places for places in found if self._is_all_of(places, wanted)]
        if not any(found):
            return "Its words are no longer in the document. Quote it as it is now, or take the correction out."
        if len(found) > 1 and not whole and len({tuple(places) for places in found}) > 1:
            return f"Its words stand in the document {len(found)} times. Quote more of the passage."
        return sorted({self.rows[place] for places in whole or found for place in places})

    def _at(self, start: int, end: int) -> list[int]:
        """Return the places of the passages that the words at ``[start, end)`` are mostly of, or that are mostly of them."""
        first, last = bisect_right(self.starts, start) - 1, bisect_left(self.starts, end)
        lengths = {n: (self.starts[n], self.starts[n + 1] - 1) for n in range(first, min(last, len(self.rows)))}
        return [
            n
            for n, (low, high) in lengths.items()
            if _is_most(min(end, high) - max(start, low), end - start, high - low)
        ]

    def _in_the_text(self, wanted: str) -> list[int]:
        edges = (r"\b" if edge.isalnum() else "" for edge in (wanted[0], wanted[-1]))
        found = re.search(r"\s+".join(map(re.escape, wanted.split())).join(edges), self.text)
        if not found:
            return []
        shared = [
            sum(max(0, min(found.end(), span.end) - max(found.start(), span.start)) for span in passage.spans)
            for passage in self.passages
        ]
        sizes = [sum(span.end - span.start for span in passage.spans) for passage in self.passages]
        return [n for n, size in enumerate(sizes) if _is_most(shared[n], found.end() - found.start(), size)]

    def _is_all_of(self, places: Sequence[int], wanted: str) -> bool:
        return len(places) == 1 and self.starts[places[0] + 1] - 1 - self.starts[places[0]] == len(wanted)


def _places(text: str, wanted: str) -> Iterator[int]:
    """Yield where ``wanted`` stands in a text, without cutting a word in two."""
    place = text.find(wanted)
    while place >= 0:
        around = text[max(place - 1, 0) : place + 1], text[place + len(wanted) - 1 : place + len(wanted) + 1]
        if not any(len(pair) == len("ab") and pair.isalnum() for pair in around):
            yield place
        place = text.find(wanted, place + 1)


def _is_most(shared: int, quoted: int, passage: int) -> bool:
    return shared > 0 and (shared >= _MOST * quoted or shared >= _MOST * passage)
