"""From a passage to its tags: from the headings above it, from what the document says of itself, from what it mentions. Pure."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from assistant.metadata import names
from assistant.types import Facet, Origin, Passage, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assistant.taxonomy import Taxonomy

_NOTHING: Mapping[str, str] = MappingProxyType({})


def tagged(passage: Passage, title: str, taxonomy: Taxonomy, metadata: Mapping[str, str] = _NOTHING) -> Passage:
    """Return the passage with its tags.

    The innermost heading that names anything of a facet decides that facet: below "Summary of challenges and enablers", a
    column headed "Enablers" makes an enabler. Where no heading of a section does, what the document's ``metadata`` says of the
    whole of it does, and last its title.

    The cases that the metadata names are those of every passage; beside them stand those that a heading names, and those
    that the passage's own words mention. A name that the taxonomy does not know gives no tag.
    """
    return replace(passage, tags=tuple(_tags(passage, title, taxonomy, metadata)))


def _tags(passage: Passage, title: str, taxonomy: Taxonomy, metadata: Mapping[str, str]) -> Iterator[Tag]:
    for facet in Facet:
        given = list(filter(None, (taxonomy.known(facet, name) for name in names(metadata, facet))))
        by_section = _innermost(facet, passage.section, taxonomy)
        by_heading = by_section if by_section or given else taxonomy.mentioned(facet, title)
        if facet is Facet.CASE:
            yield from _cases(given, by_heading, taxonomy.mentioned(facet, passage.text))
        elif by_heading:
            yield from (Tag(facet, name, Origin.HEADING) for name in by_heading)
        else:
            yield from (Tag(facet, name, Origin.PERSON) for name in dict.fromkeys(given))


def _cases(given: Iterable[str], by_heading: Iterable[str], mentioned: Iterable[str]) -> Iterator[Tag]:
    """Yield every case once, under the best of its origins."""
    seen: set[str] = set()
    for found, origin in ((given, Origin.PERSON), (by_heading, Origin.HEADING), (mentioned, Origin.MENTION)):
        for name in found:
            if name not in seen:
                seen.add(name)
                yield Tag(Facet.CASE, name, origin)


def _innermost(facet: Facet, headings: tuple[str, ...], taxonomy: Taxonomy) -> list[str]:
    named = (taxonomy.mentioned(facet, heading) for heading in reversed(headings))
    return next(filter(None, named), [])
