"""The vectors of an index: those of passages, of sentences as they stand in their passage, and of words."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from assistant.embeddings import embed_with_parts
from assistant.vocabulary import is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder, Part
    from assistant.types import Passage
    from assistant.vocabulary import Vocabulary, Word

_BATCH, _CHARACTERS = 64, 8_000
"""How many texts, and characters, are handed over at once at least: single words fill a pass by the hundred only."""
_BETWEEN_RELEASES = 16
"""After how many batches memory that is free goes back to the system."""


@runtime_checkable
class Spreading(Protocol):
    """An embedder that would rather have many texts at once than a few at a time: it spreads them over others."""

    fewest: int
    """How many texts are worth it."""

    def embed_each(
        self, texts: Sequence[str], parts: Sequence[Sequence[Part]]
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Yield what ``embed_with_parts`` returns, for some of the texts at a time, in order."""
        ...


class Vectoriser:
    """Embeds what a build comes upon, and tells how far it has come."""

    def __init__(self, embedder: Embedder, tell: Callable[[str, int, int], None]) -> None:
        self._embedder, self._tell = embedder, tell
        self._is_loaded = False
        self._done = self._total = self._dimensions = 0

    def of_passages(self, found: Sequence[Passage]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the vectors of passages and of their sentences, ``(n, dim)`` and ``(m, dim) float32``.

        A sentence is read where it stands: half said is often said before.
        """
        texts = [passage.embedded_text for passage in found]
        return self._embed(texts, [_parts(passage) for passage in found])

    def of_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a unit vector a text, ``(n, dim) float32``."""
        return self._embed(texts)[0]

    def of_words(self, words: Sequence[Word], known: Vocabulary | None) -> NDArray[np.float32]:
        """Return a unit vector a word, zeros for a number: ``(n, dim) float32``; what ``known`` holds is taken from there."""
        rows = [known.row_of_form(word.form) if known else None for word in words]
        is_known = np.asarray([row is not None for row in rows], np.bool_)
        is_new = ~is_known & ~np.asarray([is_number(word.form) for word in words], np.bool_)
        new, _ = self._embed([words[number].form for number in np.flatnonzero(is_new).tolist()])
        vectors = np.zeros((len(words), known.dimensions if known else self._dimensions), np.float32)
        if known and is_known.any():
            vectors[is_known] = known.rows([row for row in rows if row is not None])
        if len(new):
            vectors[is_new] = new
        return vectors

    def _embed(
        self, texts: Sequence[str], parts: Sequence[Sequence[Part]] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return a vector a text, ``(n, dim) float32``, and one a part, text by text; texts of like length are read together."""
        if not texts:
            return np.empty((0, 0), np.float32), np.empty((0, 0), np.float32)
        self._load(texts[0])
        self._total += len(texts)
        parts = parts or [()] * len(texts)
        firsts = np.cumsum([0, *map(len, parts)])
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        vectors, own = np.empty((0, 0), np.float32), np.empty((0, 0), np.float32)
        done = 0
        for number, (some, theirs) in enumerate(
            self._each([texts[row] for row in order], [parts[row] for row in order])
        ):
            rows = order[done : done + len(some)]
            if not done:  # filled as it comes: a large corpus is held once
                vectors = np.empty((len(texts), some.shape[1]), np.float32)
                own = np.empty((firsts[-1], some.shape[1]), np.float32)
                self._dimensions = some.shape[1]
            vectors[rows] = some
            own[np.concatenate([np.arange(firsts[row], firsts[row + 1]) for row in rows])] = theirs
            done += len(rows)
            self._done += len(rows)
            self._tell("Embedding", self._done, self._total)
            if number % _BETWEEN_RELEASES == 0:
                _release_memory()
        return vectors, own

    def _each(
        self, texts: Sequence[str], parts: Sequence[Sequence[Part]]
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Yield the vectors of texts and of their parts, some texts at a time, in order; many are spread where that can be."""
        if isinstance(self._embedder, Spreading) and len(texts) >= self._embedder.fewest:
            yield from self._embedder.embed_each(texts, parts)
            return
        for start, end in pairwise(_cuts(texts)):
            yield embed_with_parts(self._embedder, texts[start:end], parts[start:end])

    def _load(self, text: str) -> None:
        if not self._is_loaded:
            self._tell("Loading the model", 0, 1)
            self._embedder.embed([text])
            self._tell("Loading the model", 1, 1)
            self._is_loaded = True


def _cuts(texts: Sequence[str]) -> list[int]:
    """Return where a batch of texts ends and the next begins, from 0 to their number."""
    so_far = np.cumsum([0, *map(len, texts)])
    cuts = [0]
    while cuts[-1] < len(texts):
        enough = int(np.searchsorted(so_far, so_far[cuts[-1]] + _CHARACTERS))
        cuts.append(min(len(texts), max(cuts[-1] + _BATCH, enough)))
    return cuts


def _release_memory() -> None:
    """Give memory that is free back to the system: texts of ever other lengths leave holes of ever other sizes (glibc only)."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _parts(passage: Passage) -> list[Part]:
    """Return where the sentences of a passage stand in what is embedded of it."""
    ends = np.cumsum(
        [len(sentence.text) + 1 for sentence in passage.sentences], dtype=int
    ).tolist()  # a space between them
    first = len(passage.embedded_text) - len(passage.text)
    return [(first + start, first + end - 1) for start, end in zip([0, *ends], ends, strict=False)]
