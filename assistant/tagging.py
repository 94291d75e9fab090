"""From a passage to its tags: themes and aspects from the headings above it, cases from what it mentions. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.types import Facet, Origin, Passage, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.taxonomy import Taxonomy


def tagged(passage: Passage, title: str, taxonomy: Taxonomy) -> Passage:
    """Return the passage with its tags.

    The innermost heading that names anything of a facet decides that facet: below "Summary of challenges and enablers", a
    column headed "Enablers" makes an enabler. Cases that no heading names are those that the passage's own words mention.
    """
    return replace(passage, tags=tuple(_tags(passage, (title, *passage.section), taxonomy)))


def _tags(passage: Passage, headings: tuple[str, ...], taxonomy: Taxonomy) -> Iterator[Tag]:
    for facet in Facet:
        by_heading = _innermost(facet, headings, taxonomy)
        yield from (Tag(facet, name, Origin.HEADING) for name in by_heading)
        if facet is Facet.CASE:
            mentioned = taxonomy.mentioned(facet, passage.text)
            yield from (Tag(facet, name, Origin.MENTION) for name in mentioned if name not in by_heading)


def _innermost(facet: Facet, headings: tuple[str, ...], taxonomy: Taxonomy) -> list[str]:
    named = (taxonomy.mentioned(facet, heading) for heading in reversed(headings))
    return next(filter(None, named), [])
