"""The PassageIndex: opened and verified, asked for passages, vectors and words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.catalogue import Catalogue
from assistant.descriptors import allow_many_files
from assistant.errors import IndexDamaged, IndexMismatch, UnknownName
from assistant.generations import current, hold, verify
from assistant.lexical import LexicalIndex
from assistant.postings import is_among
from assistant.segments import Segment
from assistant.taxonomy import FILENAME, Taxonomy, parse_taxonomy
from assistant.vectors import Selection
from assistant.vectors.segmented import SegmentedRows, SegmentedVectors
from assistant.vocabulary import Vocabulary
from assistant.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder
    from assistant.locks import Hold
    from assistant.manifest import Manifest
    from assistant.types import Document, Facet, Filters, Passage
    from assistant.vectors import VectorStore
    from assistant.vectors.cluster import Cluster
    from assistant.vectors.halves import HalfVectors


_OF_A_PLACE = ("n", "an", "ian", "er", "ers", "ese")
_SHORTEST_ROOT = 4
_READ_THROUGH = 1_000_000
"""The longest texts, in bytes, that are read through for a word, which takes some 30 ms."""
_TRIES = 20


@dataclass(frozen=True)
class PassageIndex:
    """An open index. Passages and sentences are known by their row number.

    Its generation stays as long as the index is open, whatever is built meanwhile.
    """

    folder: Path
    manifest: Manifest
    taxonomy: Taxonomy
    vectors: VectorStore
    sentence_vectors: SegmentedRows[HalfVectors]
    lexical: LexicalIndex
    vocabulary: Vocabulary
    sentence_words: LexicalIndex
    catalogue: Catalogue = field(repr=False)
    _hold: Hold = field(repr=False)

    @classmethod
    def open(cls, index: Path, embedder: Embedder, cluster: Cluster | None = None) -> PassageIndex:
        """Open the generation in use, every file checked against its manifest. A ``cluster`` searches its passages, if given.

        Raises:
            IndexMissing: there is no index.
            IndexDamaged: a file is missing, truncated or altered.
            IndexMismatch: it was built with another format or another model, or was never sent to a cluster.
        """
        folder = current(index)
        for _ in range(_TRIES):
            try:
                return cls._open(folder, embedder, cluster)
            except IndexDamaged:
                newer = current(index)  # a build may have overtaken this reader, and removed what it was about to open
                if newer == folder:
                    raise
                folder = newer
        return cls._open(folder, embedder, cluster)

    @classmethod
    def _open(cls, folder: Path, embedder: Embedder, cluster: Cluster | None) -> PassageIndex:
        held = hold(folder)
        manifest = verify(folder)
        check_model(manifest, embedder)
        allow_many_files()
        segments = [Segment.open(folder / record.folder) for record in manifest.segments]
        vectors, lexical = _searched(folder, segments, cluster)
        return cls(
            folder,
            manifest,
            parse_taxonomy(_content(folder / FILENAME)),
            vectors,
            SegmentedRows([segment.sentence_vectors for segment in segments]),
            lexical,
            Vocabulary.open(folder),
            LexicalIndex([segment.sentence_words for segment in segments]),
            Catalogue.open(folder, manifest, segments),
            held,
        )

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by id, in the order of their names; each is read when it is asked for."""
        return self.catalogue.documents

    @property
    def texts(self) -> Mapping[str, Document]:
        """The same without their blocks, which is sooner read: what citations are held against."""
        return self.catalogue.texts

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
        """Tell whether a word, its plural or singular, or the place it is of ("Londoner"), stands in the library.

        What stands in no passage, a title say, is looked up too, where the library is not so large that this would take long.
        """
        one = word.removesuffix("s")
        roots = {one.removesuffix(ending) for ending in _OF_A_PLACE}
        known = {one, *(root for root in roots if len(root) >= _SHORTEST_ROOT)}
        if any(self.lexical.frequency(stem(form)) for form in known):
            return True
        if self.catalogue.documents.size > _READ_THROUGH:
            return False
        forms = "|".join(map(re.escape, sorted(known)))
        pattern = re.compile(rf"(?<!\w)(?:{forms})s?(?!\w)", re.IGNORECASE)
        return any(map(pattern.search, self.catalogue.documents.texts()))

    def passage(self, row: int) -> Passage:
        """Return the passage of a row."""
        return self._passage(row)

    def rows_of(self, document: str) -> range:
        """Return the rows of a document's passages; none for a document that the library does not hold."""
        return self.catalogue.rows_of(document)

    def table_of(self, passage: Passage) -> list[Passage]:
        """Return the rows of the table that a row stands in: its neighbours in the same section of the same document.

        A cell that is a passage of its own stands below its heads in the section of its table.
        """
        row = self.catalogue.row_of(passage)
        below = takewhile(lambda one: _is_next(one, passage), map(self.passage, range(row + 1, self.manifest.passages)))
        above = takewhile(lambda one: _is_next(one, passage), map(self.passage, range(row - 1, -1, -1)))
        return [*reversed(list(above)), passage, *below]

    def vectors_of_sentences(self, passage: Passage) -> NDArray[np.float32]:
        """Return the unit vectors of a passage's sentences, ``(n, dim) float32``."""
        row = self.catalogue.row_of(passage)
        first, count = (int(value[0]) for value in self.sentences_of(np.asarray([row])))
        return self.sentence_vectors.rows(np.arange(first, first + count, dtype=np.int64))

    def sentences_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of the first sentence of each row, and how many it has: two ``(len(rows),)``."""
        return self.catalogue.first_sentences[rows], self.catalogue.sentence_counts[rows]

    def allowed(self, filters: Filters) -> Selection | None:
        """Return which rows the filters let through; ``None`` where no filter is set."""
        return self.selection([{(facet, value)} for facet, value in filters.items()])

    def selection(self, groups: Iterable[Set[tuple[Facet, str | None]]]) -> Selection | None:
        """Return the rows that carry a tag of every group, or, for the value ``None``, no tag of its facet.

        Where there are no groups that is ``None``: all rows.
        """
        asked = tuple(frozenset(group) for group in groups)
        mask = np.ones(self.manifest.passages, np.bool_)
        for group in asked:
            mask &= np.logical_or.reduce([self._carries(facet, value) for facet, value in group])
        return Selection(asked, mask) if asked else None

    def _carries(self, facet: Facet, value: str | None) -> NDArray[np.bool_]:
        """Return which rows carry a tag, or none of its facet, ``(n,)``."""
        mask = np.zeros(self.manifest.passages, np.bool_)
        names = [value] if value is not None else [entry.name for entry in self.taxonomy.entries[facet]]
        for name in names:
            mask[self.catalogue.tagged(facet, name)] = True
        return ~mask if value is None else mask

    def carrying(self, topics: Iterable[tuple[Facet, str]], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return which share of ``topics`` each of ``rows`` is tagged with, ``(len(rows),)`` in [0, 1]; no topics give zeros."""
        asked = list(topics)
        share = np.zeros(len(rows), np.float32)
        for topic in asked:
            share += np.float32(1 / len(asked)) * is_among(rows, self.catalogue.tagged(*topic))
        return share

    def count(self, facet: Facet, value: str) -> int:
        """Return how many passages carry a tag."""
        return len(self.catalogue.tagged(facet, value))

    @cached_property
    def _passage(self) -> _PassageOfRow:
        return lru_cache(maxsize=4096)(self.catalogue.passage)


def _searched(folder: Path, segments: Sequence[Segment], cluster: Cluster | None) -> tuple[VectorStore, LexicalIndex]:
    """Return the vectors and words of a generation's passages, as they are searched here or by a cluster."""
    vectors, words = SegmentedVectors([one.vectors for one in segments]), [one.words for one in segments]
    if cluster is None:
        return vectors, LexicalIndex(words)
    from assistant.clustered import clustered  # only where there is one

    return clustered(folder, cluster, vectors, words)


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


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexDamaged(
            f'"{path}" cannot be read ({error.strerror}). Run "casewise index" to rebuild it.'
        ) from error


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
