"""What a generation needs beside its segments: the vocabulary, the taxonomy, and the tags that only a whole library gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant import storage
from assistant.catalogue import OVERLAY
from assistant.generations import carry
from assistant.inference import definition_texts
from assistant.overlay import overlay
from assistant.segments import Segment
from assistant.taxonomy import FILENAME, parse_taxonomy
from assistant.vectors.faiss import FaissVectors
from assistant.vocabulary import FILES, Forms, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.corrections import Correction
    from assistant.growing import Growth, Old
    from assistant.manifest import Manifest
    from assistant.taxonomy import Taxonomy
    from assistant.types import Facet

DEFINITIONS = "definitions.faiss"


def finished(growth: Growth, old: Old | None, manifest: Manifest, corrections: Sequence[Correction]) -> Manifest:
    """Write what is left of a generation into its folder; return its manifest with what that came to."""
    (growth.folder / FILENAME).write_bytes(growth.taxonomy.source)
    dimensions = _write_vocabulary(growth, old)
    segments = [(record, Segment.open(growth.folder / record.folder)) for record in growth.segments]
    laid = overlay(segments, corrections, lambda: _definitions(growth, old), growth.settings.enough_confidence)
    storage.write_table(growth.folder / OVERLAY, storage.overlay_table(laid.tags, laid.settled))
    return replace(manifest, dimensions=dimensions, strays=laid.strays)


def _write_vocabulary(growth: Growth, old: Old | None) -> int:
    """Write the words of the library and their vectors; return how long these are."""
    words = Forms.joined([*growth.forms, Forms.of(_names(growth.taxonomy))]).words()
    known = Vocabulary.open(old.folder) if old else None
    if known and old and known.words == words:
        for name in filter(lambda one: (old.folder / one).exists(), FILES):
            carry(old.folder / name, growth.folder / name)
        return known.dimensions
    vectors = growth.vectoriser.of_words(words, known)
    Vocabulary.save(growth.folder, words, vectors)
    return int(vectors.shape[1])


def _names(taxonomy: Taxonomy) -> list[str]:
    return [name for entries in taxonomy.entries.values() for entry in entries for name in entry.names]


def _definitions(growth: Growth, old: Old | None) -> Mapping[tuple[Facet, str], NDArray[np.float32]]:
    """Return the vectors of the taxonomy's definitions, and keep them in the generation."""
    texts, path = definition_texts(growth.taxonomy), growth.folder / DEFINITIONS
    if old and (old.folder / DEFINITIONS).exists() and definition_texts(_taxonomy_of(old.folder)) == texts:
        carry(old.folder / DEFINITIONS, path)
        vectors = FaissVectors.open(path).rows(np.arange(len(texts)))
    else:
        vectors = growth.vectoriser.of_texts(list(texts.values()))
        FaissVectors.of(vectors).save(path)
    return dict(zip(texts, vectors, strict=True))


def _taxonomy_of(folder: Path) -> Taxonomy:
    return parse_taxonomy((folder / FILENAME).read_bytes())
