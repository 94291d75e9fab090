"""Which passages of an index are worth a person's look, with what their missing tags might be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.doubts import doubtful
from assistant.finishing import DEFINITIONS
from assistant.inference import definition_texts
from assistant.overlay import guessed_tags
from assistant.vectors.faiss import FaissVectors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.doubts import Doubt
    from assistant.index import PassageIndex
    from assistant.settings import Settings
    from assistant.types import Tag


def review(index: PassageIndex, settings: Settings) -> list[Doubt]:
    """Return the passages without a tag, or with one that is not sure, the most worthwhile to look at first."""
    passages = [index.passage(row) for row in range(index.manifest.passages)]
    settled = index.catalogue.settled
    return doubtful(passages, index.taxonomy, settings.sure_confidence, _guesses(index), settled)


def _guesses(index: PassageIndex) -> Mapping[int, tuple[Tag, ...]]:
    """Return what meaning suggests for rows without a tag, however unsure; nothing where there is too little to learn from."""
    if DEFINITIONS not in index.manifest.files:
        return {}
    texts = definition_texts(index.taxonomy)
    vectors = FaissVectors.open(index.folder / DEFINITIONS).rows(np.arange(len(texts)))
    catalogue = index.catalogue
    segments = list(zip(index.manifest.segments, catalogue.segments, strict=True))
    found = guessed_tags(segments, dict(zip(texts, vectors, strict=True)), catalogue.overlay, catalogue.settled, 0.0)
    return {row: tags for row, (_, tags) in found.items()}
