"""Casewise as a contestant, three ways, all through its own modules and its own ranking by meaning and words.

- ``Passages`` does what the peers do, and words for BM25: a vector a text. It has no vectors of sentences.
- ``Segments`` makes of the texts what a build makes of documents: passages and sentences with their vectors and words.
- ``Build`` is ``assistant.building.build`` on a folder of files, to the last file of a generation: reading, tags, the vocabulary.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_SEVERAL = 4
"""How many times as many passages as documents are asked for, since a document may have several among the best."""


class NoSentences:
    """What ``assistant.retrieval`` needs to know of sentences where there are none."""

    def __init__(self, vectors: Any, lexical: Any) -> None:
        self.vectors, self.lexical = vectors, lexical
        self.sentence_vectors, self.sentence_words = vectors, lexical

    def sentences_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.zeros_like(rows), np.zeros_like(rows)


class OneSegment:
    """A segment, searched alone."""

    def __init__(self, segment: Any) -> None:
        from assistant.lexical import LexicalIndex
        from assistant.vectors.segmented import SegmentedVectors

        self.vectors = SegmentedVectors([segment.vectors])
        self.sentence_vectors = SegmentedVectors([segment.sentence_vectors])
        self.lexical = LexicalIndex([segment.words])
        self.sentence_words = LexicalIndex([segment.sentence_words])
        self.owners, self._counts = segment.owners, segment.sentence_counts
        self._first = np.cumsum(self._counts) - self._counts

    def sentences_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return self._first[rows], self._counts[rows]


class Embedding:
    """What the first two share: the packaged model, through what a build embeds with."""

    def load(self, model: str, *, many: bool) -> None:
        from assistant.embeddings import SentenceTransformerEmbedder
        from assistant.settings import Settings
        from assistant.vectorising import Vectoriser

        self._settings = Settings()
        self._embedder = SentenceTransformerEmbedder(model)
        loaded(self._embedder, many=many)
        self._vectoriser = Vectoriser(self._embedder, lambda *_: None)

    def _ranked(self, searched: Any, query: str) -> NDArray[np.int64]:
        from assistant.questions import understand
        from assistant.retrieval import rank
        from assistant.taxonomy import parse_taxonomy

        text = understand(query, parse_taxonomy(b"")).searched_text
        return rank(searched, text, self._embedder.embed([query])[0], self._settings).rows


class Passages(Embedding):
    def index(self, texts: Sequence[str]) -> None:
        from assistant.postings import Postings
        from assistant.vectors.faiss import FaissVectors

        self._vectors = FaissVectors.of(self._vectoriser.of_texts(texts))
        self._words = Postings.of(texts)
        self._serve()

    def save(self, folder: Path) -> None:
        self._vectors.save(folder / "passages.faiss")
        self._words.save(folder / "words")

    def open(self, folder: Path) -> None:
        from assistant.postings import Postings
        from assistant.vectors.faiss import FaissVectors

        self._vectors, self._words = FaissVectors.open(folder / "passages.faiss"), Postings.open(folder / "words")
        self._serve()

    def _serve(self) -> None:
        from assistant.lexical import LexicalIndex
        from assistant.vectors.segmented import SegmentedVectors

        self._searched = NoSentences(SegmentedVectors([self._vectors]), LexicalIndex([self._words]))

    def search(self, query: str, k: int) -> list[int]:
        return self._ranked(self._searched, query)[:k].tolist()


class Segments(Embedding):
    def index(self, texts: Sequence[str]) -> None:
        from assistant.passages import passages
        from assistant.reading import read_content
        from assistant.segments import Segment

        documents = [read_content(text.encode(), Path(f"{number}.txt")) for number, text in enumerate(texts)]
        found = [passages(document, self._settings.passage_characters) for document in documents]
        every = [passage for some in found for passage in some]
        self._segment = Segment.of(list(zip(documents, found, strict=True)), *self._vectoriser.of_passages(every))
        self._searched = OneSegment(self._segment)

    def save(self, folder: Path) -> None:
        self._segment.save(folder / "segment")

    def open(self, folder: Path) -> None:
        from assistant.segments import Segment

        self._searched = OneSegment(Segment.open(folder / "segment"))

    def search(self, query: str, k: int) -> list[int]:
        owners = self._searched.owners[self._ranked(self._searched, query)]
        return first_of_each(owners.tolist(), k)


class Build:
    """The build itself, into a folder of its own; its index is on disk when it ends, so that ``save`` moves it."""

    def load(self, model: str, *, many: bool) -> None:
        from assistant.embeddings import SentenceTransformerEmbedder

        self._embedder = SentenceTransformerEmbedder(model)
        loaded(self._embedder, many=many)

    def index(self, texts: Sequence[str]) -> None:
        from tempfile import mkdtemp

        from assistant.building import build

        self._home = Path(mkdtemp(prefix="casewise-build-"))
        settings = self._settings(self._home)
        settings.corpus.mkdir()
        (settings.corpus / "taxonomy.toml").write_text("", encoding="utf-8")
        for number, text in enumerate(texts):
            (settings.corpus / f"{number}.txt").write_text(text, encoding="utf-8")
        build(settings, self._embedder)
        self._open(settings)

    def save(self, folder: Path) -> None:
        from shutil import copytree, rmtree

        copytree(self._home, folder, dirs_exist_ok=True)
        rmtree(self._home)
        self._open(self._settings(folder))

    def open(self, folder: Path) -> None:
        self._open(self._settings(folder))

    def _settings(self, folder: Path) -> Any:
        from assistant.settings import Settings

        return Settings(corpus=folder / "corpus", index=folder / "index")

    def _open(self, settings: Any) -> None:
        from assistant.conversation import Assistant

        self._library = Assistant.open(settings=settings, embedder=self._embedder)

    def search(self, query: str, k: int) -> list[int]:
        hits = self._library.search(query, _SEVERAL * k)
        return first_of_each((int(Path(hit.passage.document).stem) for hit in hits), k)


def loaded(embedder: Any, *, many: bool) -> None:
    """Load what a question needs, or what many texts need: PyTorch, and the model in it."""
    embedder.embed([f"Casewise {number} " * 100 for number in range(8)] if many else ["Casewise"])


def first_of_each(numbers: Iterable[int], k: int) -> list[int]:
    """Return different numbers in the order they come, at most ``k``."""
    return list(dict.fromkeys(numbers))[:k]
