"""Passages whose tags are worth a person's look: those that lack one, and those that a model gave without being sure. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from assistant.types import BlockKind, Facet, Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assistant.taxonomy import Taxonomy
    from assistant.types import Passage, Tag

_ASIDES = (BlockKind.FOOTNOTE, BlockKind.TABLE_ROW)
_SHOWN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Doubt:
    """A passage to look at, by its row, and why.

    ``unsure`` are its tags that a model gave with too little confidence, ``lacking`` the facets it has no tag of, and
    ``guesses`` what these might be.
    """

    row: int
    passage: Passage
    unsure: tuple[Tag, ...]
    lacking: tuple[Facet, ...]
    guesses: tuple[Tag, ...] = ()

    @property
    def reason(self) -> str:
        """Why it is worth a look, in a sentence or two."""
        said = [f"Its {tag.facet.value} {_told(tag)} comes from meaning alone." for tag in self.unsure]
        if self.lacking:
            said.append(f"It has no {' and no '.join(facet.value for facet in self.lacking)}.")
        if self.guesses:
            said.append(f"Perhaps {' and '.join(map(_told, self.guesses))}.")
        return " ".join(said)


def doubtful(
    passages: Sequence[Passage],
    taxonomy: Taxonomy,
    sure: float,
    guesses: Mapping[int, tuple[Tag, ...]] | None = None,
    settled: Collection[tuple[int, Facet]] = (),
) -> list[Doubt]:
    """Return the passages worth looking at, the most worthwhile first.

    First come tags that may be wrong, as they are already used, the least sure first. Then passages without a tag, those with
    the likeliest guess first, as they take one look; those that only lack a case come after. Footnotes and rows of
    tables are last of all.

    Args:
        passages: With all their tags.
        taxonomy: A facet that it has no entries of is not missed.
        sure: ``Settings.sure_confidence``.
        guesses: By row, what ``inference.inferred`` gives with ``least`` 0.
        settled: Facets of rows that a person has decided, from ``corrections.Corrected``.
    """
    facets, decided = [facet for facet in Facet if taxonomy.entries[facet]], frozenset(settled)
    found = []
    for row, passage in enumerate(passages):
        unsure = tuple(tag for tag in passage.tags if tag.origin is Origin.MODEL and tag.confidence < sure)
        lacking = tuple(f for f in facets if not passage.values(f) and (row, f) not in decided)
        if unsure or lacking:
            possible = tuple(tag for tag in (guesses or {}).get(row, ()) if tag.facet in lacking)
            found.append(Doubt(row, passage, unsure, lacking, possible))
    return sorted(found, key=_place)


def listed(doubts: Sequence[Doubt], most: int = 20) -> str:
    """Return the first doubts as plain text: how many there are, then each passage with where it stands and why."""
    if not doubts:
        return "Every passage has its tags, and none is in doubt."
    unsure = sum(1 for doubt in doubts if doubt.unsure)
    lines = [f"{_counted(len(doubts))} worth a look: {unsure} with a doubtful tag, {len(doubts) - unsure} lacking one."]
    for doubt in doubts[:most]:
        where = " > ".join((doubt.passage.document, *doubt.passage.section))
        words = shorten(doubt.passage.text, _SHOWN_CHARACTERS, placeholder=" …")
        lines += ["", where, f"  “{words}”", f"  {doubt.reason}"]
    if len(doubts) > most:
        lines += ["", f"… and {len(doubts) - most} more."]
    return "\n".join(lines)


def _place(doubt: Doubt) -> tuple[bool, bool, bool, float, int]:
    only_a_case = doubt.lacking == (Facet.CASE,) and not doubt.unsure
    least_sure = min((tag.confidence for tag in doubt.unsure), default=0.0)
    likeliest = max((tag.confidence for tag in doubt.guesses), default=0.0)
    weight = least_sure if doubt.unsure else -likeliest
    return doubt.passage.kind in _ASIDES, only_a_case, not doubt.unsure, weight, doubt.row


def _told(tag: Tag) -> str:
    return f'"{tag.value}" ({tag.confidence:.2f})'


def _counted(number: int) -> str:
    return "1 passage" if number == 1 else f"{number} passages"
