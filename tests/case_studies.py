"""Five case studies whose headings name themes and aspects: the library's own document, and four written as test data.

Hiding the headings of one, and inferring what they say from the others, measures tags from meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.inference import FACETS, Library, definition_texts, inferred, own_words
from assistant.passages import passages
from assistant.reading import read
from assistant.tagging import tagged
from assistant.taxonomy import load_taxonomy
from assistant.types import BlockKind
from tests.conftest import CORPUS, ROOT, SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder
    from assistant.types import Facet, Passage

FILES = (SUMMARY, *sorted((ROOT / "tests" / "data" / "case_studies").glob("*.md")))
_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The paragraphs and list items of all case studies, with the tags of their headings, and their vectors."""

    passages: list[Passage]
    documents: NDArray[np.int64]
    vectors: NDArray[np.float32]
    definitions: Mapping[tuple[Facet, str], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A tag that was given to a paragraph without headings, and whether its heading gives the same."""

    facet: Facet
    confidence: float
    is_right: bool


def shelf(embedder: Embedder) -> Shelf:
    taxonomy, found, documents = load_taxonomy(CORPUS), [], []
    for number, path in enumerate(FILES):
        document = read(path)
        own = [one for one in passages(document, 900) if one.kind in _PROSE]
        found += [tagged(one, document.title, taxonomy, document.metadata) for one in own]
        documents += [number] * len(own)
    sentences = embedder.embed([sentence.text for one in found for sentence in one.sentences])
    texts = definition_texts(taxonomy)
    definitions = dict(zip(texts, embedder.embed(list(texts.values())), strict=True))
    vectors = own_words(sentences, [len(one.sentences) for one in found])
    return Shelf(found, np.asarray(documents), vectors, definitions)


def judged(full: Shelf, hidden: Iterable[int], least: float = 0.0) -> Iterator[Judged]:
    """Yield the tags that the documents ``hidden`` are given by what the headings of the others teach."""
    out = np.isin(full.documents, list(hidden))
    tags = [() if out[row] else one.tags for row, one in enumerate(full.passages)]
    given = inferred(Library(full.vectors, tags, full.documents), full.definitions, least)
    for row in np.flatnonzero(out).tolist():
        for tag in given.get(row, ()):
            yield Judged(tag.facet, tag.confidence, full.passages[row].values(tag.facet) == (tag.value,))


def tagged_by_headings(full: Shelf) -> int:
    return sum(len(one.values(facet)) for one in full.passages for facet in FACETS)
