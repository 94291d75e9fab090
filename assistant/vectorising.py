"""The vectors of an index: those of passages, of sentences with what stands before them, and of words."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder
    from assistant.types import Passage
    from assistant.vocabulary import Vocabulary, Word

_BATCH = 64
_BETWEEN_RELEASES = 16
"""After how many batches memory that is free goes back to the system."""
_SHARE_OF_THE_ONE_BEFORE = 0.4
"""How much of a sentence's vector is that of the sentence together with the one before it: half said is often said there."""


class Vectoriser:
    """Embeds what a build comes upon, and tells how far it has come."""

    def __init__(self, embedder: Embedder, tell: Callable[[str, int, int], None]) -> None:
        self._embedder, self._tell = embedder, tell
        self._is_loaded = False
        self._done = self._total = 0

    def of_passages(self, found: Sequence[Passage]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the vectors of passages and of their sentences, ``(n, dim)`` and ``(m, dim) float32``.

        Those of passages are unit vectors.
        """
        whole = [passage.embedded_text for passage in found]
        alone = [sentence.text for passage in found for sentence in passage.sentences]
        after = list(_after_the_one_before(found))
        vectors = self._embed([*whole, *alone, *filter(None, after)])
        passages, sentences, later = np.split(vectors, np.cumsum([len(whole), len(alone)]))
        follows = np.asarray([bool(text) for text in after], np.bool_)
        sentences[follows] *= 1 - _SHARE_OF_THE_ONE_BEFORE
        later *= _SHARE_OF_THE_ONE_BEFORE
        sentences[follows] += later
        return passages, sentences

    def of_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a unit vector a text, ``(n, dim) float32``."""
        return self._embed(texts)

    def of_words(self, words: Sequence[Word], known: Vocabulary | None) -> NDArray[np.float32]:
        """Return a unit vector a word, ``(n, dim) float32``; those in the vocabulary ``known`` are taken from there."""
        rows = [known.row_of_form(word.form) if known else None for word in words]
        new = self._embed([word.form for word, row in zip(words, rows, strict=True) if row is None])
        if known is None:
            return new
        vectors = np.empty((len(words), known.dimensions), np.float32)
        is_new = np.asarray([row is None for row in rows], np.bool_)
        vectors[~is_new] = known.rows([row for row in rows if row is not None])
        vectors[is_new] = new if len(new) else vectors[is_new]
        return vectors

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector a text, ``(n, dim) float32``; texts of like length together, which takes half the time."""
        if not texts:
            return np.empty((0, 0), np.float32)
        self._load(texts[0])
        self._total += len(texts)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        vectors = np.empty((0, 0), np.float32)
        for start in range(0, len(texts), _BATCH):
            rows = order[start : start + _BATCH]
            some = self._embedder.embed([texts[row] for row in rows])
            if not start:
                vectors = np.empty(
                    (len(texts), some.shape[1]), np.float32
                )  # filled as it comes: a large corpus is held once
            vectors[rows] = some
            self._done += len(rows)
            self._tell("Embedding", self._done, self._total)
            if start // _BATCH % _BETWEEN_RELEASES == 0:
                _release_memory()
        return vectors

    def _load(self, text: str) -> None:
        if not self._is_loaded:
            self._tell("Loading the model", 0, 1)
            self._embedder.embed([text])
            self._tell("Loading the model", 1, 1)
            self._is_loaded = True


def _release_memory() -> None:
    """Give memory that is free back to the system: texts of ever other lengths leave holes of ever other sizes (glibc only)."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _after_the_one_before(found: Sequence[Passage]) -> Iterator[str]:
    """Yield every sentence together with the one before it in its passage, nothing for the first."""
    for passage in found:
        if passage.sentences:
            yield ""
        yield from (f"{one.text} {other.text}" for one, other in pairwise(passage.sentences))
