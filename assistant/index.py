"""The PassageIndex: opened and verified, asked for passages, vectors and words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant import storage
from assistant.errors import IndexDamaged, IndexMismatch, UnknownName
from assistant.generations import Manifest, current, verify
from assistant.lexical import LexicalIndex
from assistant.taxonomy import FILENAME, Taxonomy, parse_taxonomy
from assistant.types import Document, Facet, Filters, Passage
from assistant.vectors.faiss import FaissVectors
from assistant.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder
    from assistant.vectors import VectorStore


_OF_A_PLACE = ("n", "an", "ian", "er", "ers", "ese")
_SHORTEST_ROOT = 4


@dataclass(frozen=True)
class PassageIndex:
    """An open index. Passages and sentences are known by their row number."""

    folder: Path
    manifest: Manifest
    taxonomy: Taxonomy
    vectors: VectorStore
    sentence_vectors: FaissVectors
    lexical: LexicalIndex
    vocabulary: Vocabulary
    sentence_words: LexicalIndex
    _tables: _Tables = field(repr=False)

    @classmethod
    def open(cls, index: Path, embedder: Embedder) -> PassageIndex:
        """Open the generation in use, every file checked against its manifest.

        Raises:
            IndexMissing: there is no index.
            IndexDamaged: a file is missing, truncated or altered.
            IndexMismatch: it was built with another format or another model.
        """
        folder = current(index)
        try:
            return cls._open(folder, embedder)
        except IndexDamaged:
            newer = current(index)  # builds may have overtaken this reader, and removed what it was about to open
            if newer == folder:
                raise
            return cls._open(newer, embedder)

    @classmethod
    def _open(cls, folder: Path, embedder: Embedder) -> PassageIndex:
        manifest = verify(folder)
        check_model(manifest, embedder)
        return cls(
            folder,
            manifest,
            parse_taxonomy((folder / FILENAME).read_bytes()),
            FaissVectors.open(folder / "passages.faiss"),
            FaissVectors.open(folder / "sentences.faiss"),
            LexicalIndex.open(folder / "lexical", manifest.passages),
            Vocabulary.open(folder),
            LexicalIndex.open(folder / "sentence_words", manifest.sentences),
            _Tables.open(folder),
        )

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents by id, in the order of their names."""
        rows = self._tables.documents.to_pylist()
        return {row["id"]: storage.document_of(row) for row in rows}

    def document(self, identifier: str) -> Document:
        """Return a document by its id, or by an unambiguous part of it.

        Raises:
            UnknownName: there is no such document, or several.
        """
        if identifier in self.documents:
            return self.documents[identifier]
        fitting = [name for name in self.documents if identifier and identifier.casefold() in name.casefold()]
        if len(fitting) == 1:
            return self.documents[fitting[0]]
        if fitting:
            raise UnknownName(
                f'The document "{identifier}" could be several: {"; ".join(fitting)}. Give more of the name.'
            )
        raise UnknownName(f'The library has no document "{identifier}". It has: {"; ".join(self.documents)}.')

    def mentions(self, word: str) -> bool:
        """Tell whether a word, its plural or singular, or the place it is of ("Londoner"), stands in the library."""
        one = word.removesuffix("s")
        roots = {one.removesuffix(ending) for ending in _OF_A_PLACE}
        known = {one, *(root for root in roots if len(root) >= _SHORTEST_ROOT)}
        forms = "|".join(map(re.escape, sorted(known)))
        pattern = re.compile(rf"(?<!\w)(?:{forms})s?(?!\w)", re.IGNORECASE)
        return any(pattern.search(document.text) for document in self.documents.values())

    def passage(self, row: int) -> Passage:
        """Return the passage of a row."""
        return self._passage(row)

    def table_of(self, passage: Passage) -> list[Passage]:
        """Return the rows of the table that a row stands in: its neighbours in the same section of the same document.

        A cell that is a passage of its own stands below its heads in the section of its table.
        """
        row = self._row_of[passage.id]
        below = takewhile(lambda one: _is_next(one, passage), map(self.passage, range(row + 1, self.manifest.passages)))
        above = takewhile(lambda one: _is_next(one, passage), map(self.passage, range(row - 1, -1, -1)))
        return [*reversed(list(above)), passage, *below]

    def vectors_of_sentences(self, passage: Passage) -> NDArray[np.float32]:
        """Return the unit vectors of a passage's sentences, ``(n, dim) float32``."""
        row = self._row_of[passage.id]
        first = int(self._first_sentences[row])
        numbers = np.arange(first, first + int(self._sentence_counts[row]), dtype=np.int64)
        return self.sentence_vectors.rows(numbers)

    def sentences_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of the first sentence of each row, and how many it has: two ``(len(rows),)``."""
        return self._first_sentences[rows], self._sentence_counts[rows]

    def allowed(self, filters: Filters) -> NDArray[np.bool_] | None:
        """Return which rows the filters let through, ``(n,)``; ``None`` where no filter is set."""
        mask: NDArray[np.bool_] | None = None
        for facet, value in filters.items():
            rows = self._tagged_rows.get((facet, value), np.empty(0, np.int64))
            chosen = np.zeros(self.manifest.passages, np.bool_)
            chosen[rows] = True
            mask = chosen if mask is None else mask & chosen
        return mask

    def carrying(self, topics: Iterable[tuple[Facet, str]]) -> NDArray[np.float32]:
        """Return which share of ``topics`` each row is tagged with, ``(n,)`` in [0, 1]; no topics give zeros."""
        asked = list(topics)
        share = np.zeros(self.manifest.passages, np.float32)
        for topic in asked:
            share[self._tagged_rows.get(topic, np.empty(0, np.int64))] += 1 / len(asked)
        return share

    def count(self, facet: Facet, value: str) -> int:
        """Return how many passages carry a tag."""
        return len(self._tagged_rows.get((facet, value), ()))

    @cached_property
    def _passage(self) -> _PassageOfRow:
        return lru_cache(maxsize=4096)(self._tables.passage)

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {identifier: row for row, identifier in enumerate(self._tables.passages["id"].to_pylist())}

    @cached_property
    def _first_sentences(self) -> NDArray[np.int64]:
        return np.asarray(self._tables.passages["first_sentence"].to_numpy())

    @cached_property
    def _sentence_counts(self) -> NDArray[np.int64]:
        return np.asarray(self._tables.passages["sentence_count"].to_numpy())

    @cached_property
    def _tagged_rows(self) -> dict[tuple[Facet, str], NDArray[np.int64]]:
        rows: dict[tuple[Facet, str], list[int]] = {}
        for number, tags in enumerate(self._tables.passages["tags"].to_pylist()):
            for tag in tags:
                rows.setdefault((Facet(tag["facet"]), tag["value"]), []).append(number)
        return {key: np.asarray(numbers, np.int64) for key, numbers in rows.items()}


def _is_next(one: Passage, row: Passage) -> bool:
    return (one.document, one.kind, _table_section(one)) == (row.document, row.kind, _table_section(row))


def _table_section(row: Passage) -> tuple[str, ...]:
    """Return the section of a row's table: the row's own, less the heads that it opens with."""
    heads = row.text.partition(": ")[0].split(" – ")
    section = row.section
    while section and section[-1] in heads:
        section = section[:-1]
    return section


class _PassageOfRow(Protocol):
    def __call__(self, row: int, /) -> Passage: ...


@dataclass(frozen=True, slots=True)
class _Tables:
    documents: storage.Table
    passages: storage.Table
    sentences: storage.Table

    @classmethod
    def open(cls, folder: Path) -> _Tables:
        return cls(
            storage.open_table(folder / "documents.arrow", storage.DOCUMENTS),
            storage.open_table(folder / "passages.arrow", storage.PASSAGES),
            storage.open_table(folder / "sentences.arrow", storage.SENTENCES),
        )

    def passage(self, row: int) -> Passage:
        return storage.passage_of(storage.row(self.passages, row), self.sentences)


def check_model(manifest: Manifest, embedder: Embedder) -> None:
    """Make sure that an index and an embedder speak of the same vectors.

    Raises:
        IndexMismatch: the index was built with another model.
    """
    wanted = embedder.identity
    if (manifest.model, manifest.model_sha256) == (wanted.name, wanted.sha256):
        return
    built = f"{manifest.model} ({manifest.model_sha256[:8]}, {manifest.dimensions} dimensions)"
    raise IndexMismatch(
        f"The index was built with {built}, the setting asks for {wanted.name} ({wanted.sha256[:8]}). "
        'Run "casewise index" to rebuild it.'
    )
