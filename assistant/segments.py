"""Segments: what some documents of a library come to in an index. Written once and never changed.

A build writes the documents that are new into a segment of their own, or joins them to a small one, and carries all others over
as they are; so its time depends on what is new, not on what there is. Apache Lucene calls them that too (Busch et al. 2012,
"Earlybird").

::

    segment-00f3/
      documents.arrow  passages.arrow  tags.arrow  sentences.arrow  forms.arrow
      passages.faiss   sentences.npy                    a vector for every passage, and for every sentence
      passages.cells                                    what many vectors are searched by, where there are many
      words/  sentence_words/  tagged/                  postings of the passages, of the sentences, and of the tags
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from shutil import rmtree
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np

from assistant import storage
from assistant.postings import Postings
from assistant.tagging import tagged
from assistant.vectors.halves import HalfVectors
from assistant.vectors.stores import open_store, store_of
from assistant.vocabulary import Forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.taxonomy import Taxonomy
    from assistant.types import Document, Passage
    from assistant.vectors.stores import Store

_TAGS, _TAGGED = "tags.arrow", "tagged"
_VECTORS, _SENTENCE_VECTORS = "passages.faiss", "sentences.npy"
Number = TypeVar("Number", np.float16, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Documents, their passages and sentences in order, with their vectors and words. Rows and numbers count from 0 in each.

    ``forms`` count the words of all passages as they are written; see ``Forms.read``.
    """

    documents: storage.Table
    passages: storage.Table
    tags: storage.Table
    sentences: storage.Table
    forms: storage.Table
    vectors: Store
    sentence_vectors: HalfVectors
    words: Postings
    sentence_words: Postings
    tagged: Postings

    @classmethod
    def of(
        cls,
        documents: Sequence[tuple[Document, Sequence[Passage]]],
        vectors: NDArray[np.float32],
        sentence_vectors: NDArray[np.float32],
    ) -> Self:
        """Return a segment of documents and their tagged passages, with a vector for each passage, and for each sentence."""
        passages = [passage for _, found in documents for passage in found]
        sentences = [sentence for passage in passages for sentence in passage.sentences]
        owners = [number for number, (_, found) in enumerate(documents) for _ in found]
        rows = map(storage.passage_row, passages, owners)
        tags = storage.table_of(storage.TAGS, (storage.tags_row(passage.tags) for passage in passages))
        return cls(
            storage.table_of(storage.DOCUMENTS, (storage.document_row(document) for document, _ in documents)),
            storage.table_of(storage.PASSAGES, rows),
            tags,
            storage.table_of(storage.SENTENCES, map(storage.sentence_row, sentences)),
            Forms.of(passage.embedded_text for passage in passages).table(),
            store_of(vectors),
            HalfVectors.of(sentence_vectors),
            Postings.of([passage.embedded_text for passage in passages]),
            Postings.of([sentence.text for sentence in sentences]),
            Postings.of_terms(storage.tag_terms(tags)),
        )

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a saved segment, memory-mapped where that can be.

        Raises:
            IndexDamaged: a file of it cannot be read.
        """
        return cls(
            storage.open_table(folder / "documents.arrow", storage.DOCUMENTS),
            storage.open_table(folder / "passages.arrow", storage.PASSAGES),
            storage.open_table(folder / _TAGS, storage.TAGS),
            storage.open_table(folder / "sentences.arrow", storage.SENTENCES),
            storage.open_table(folder / "forms.arrow", storage.FORMS),
            open_store(folder / _VECTORS),
            HalfVectors.open(folder / _SENTENCE_VECTORS),
            Postings.open(folder / "words"),
            Postings.open(folder / "sentence_words"),
            Postings.open(folder / _TAGGED),
        )

    def save(self, folder: Path) -> None:
        """Write the segment into a folder of its own."""
        folder.mkdir()
        storage.write_table(folder / "documents.arrow", self.documents)
        storage.write_table(folder / "passages.arrow", self.passages)
        self._save_tags(folder)
        storage.write_table(folder / "sentences.arrow", self.sentences)
        storage.write_table(folder / "forms.arrow", self.forms)
        self.vectors.save(folder / _VECTORS)
        self.sentence_vectors.save(folder / _SENTENCE_VECTORS)
        self.words.save(folder / "words")
        self.sentence_words.save(folder / "sentence_words")

    @property
    def owners(self) -> NDArray[np.int64]:
        """The number of the document of each passage, ``(n,)``."""
        return storage.numbers(self.passages, "document")

    @property
    def sentence_counts(self) -> NDArray[np.int64]:
        """How many sentences each passage has, ``(n,)``."""
        return storage.numbers(self.passages, "sentence_count")

    def replace_tags(self, folder: Path) -> None:
        """Write the tags alone into a folder that this segment, with other tags, was carried into."""
        (folder / _TAGS).unlink()
        rmtree(folder / _TAGGED)
        self._save_tags(folder)

    def _save_tags(self, folder: Path) -> None:
        storage.write_table(folder / _TAGS, self.tags)
        self.tagged.save(folder / _TAGGED)

    def passages_of(self, names: Sequence[str], rows: NDArray[np.bool_] | None = None) -> Iterator[Passage]:
        """Yield the passages without their sentences, all or some; ``names`` are what the documents are called."""
        tables = (
            (self.passages, self.tags)
            if rows is None
            else (storage.kept(one, rows) for one in (self.passages, self.tags))
        )
        for found, tags in zip(*map(storage.each, tables), strict=True):
            yield storage.passage_of(found, names[found["document"]], (), storage.tags_of(tags))


def joined(parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> Segment:
    """Return several segments as one, with those of their documents that each mask ``(documents,)`` lets through."""
    cut = [_Cut(segment, kept) for segment, kept in parts]
    before = np.cumsum([0, *(int(kept.sum()) for _, kept in parts)])
    passages = [
        storage.with_numbers(one.passages, "document", one.owners + first)
        for one, first in zip(cut, before[:-1].tolist(), strict=True)
    ]
    return Segment(
        storage.joined([storage.kept(one.segment.documents, one.kept) for one in cut]),
        storage.joined(passages),
        storage.joined([storage.kept(one.segment.tags, one.rows) for one in cut]),
        storage.joined([storage.kept(one.segment.sentences, one.numbers) for one in cut]),
        Forms.joined(one.forms for one in cut).table(),
        store_of(_stacked([one.segment.vectors.rows(np.flatnonzero(one.rows)) for one in cut])),
        HalfVectors.of(_stacked([one.segment.sentence_vectors.halves(np.flatnonzero(one.numbers)) for one in cut])),
        Postings.joined([(one.segment.words, one.rows) for one in cut]),
        Postings.joined([(one.segment.sentence_words, one.numbers) for one in cut]),
        Postings.joined([(one.segment.tagged, one.rows) for one in cut]),
    )


def retagged(segment: Segment, names: Sequence[str], taxonomy: Taxonomy, which: NDArray[np.bool_]) -> Segment:
    """Return a segment whose documents go by other names, or by another taxonomy; only those in ``which`` are tagged again."""
    rows = which[segment.owners]
    said_columns = segment.documents.select(["title", "metadata"])
    said = [storage.said_of(row, name) for row, name in zip(storage.each(said_columns), names, strict=True)]
    passages = zip(segment.passages_of(names, rows), segment.owners[rows].tolist(), strict=True)
    tags = [tagged(passage, said[owner].title, taxonomy, said[owner].metadata).tags for passage, owner in passages]
    anew = storage.table_of(storage.TAGS, map(storage.tags_row, tags))
    whole = storage.replaced(segment.tags, rows, anew)
    return replace(segment, tags=whole, tagged=Postings.of_terms(storage.tag_terms(whole)))


def _stacked(parts: Sequence[NDArray[Number]]) -> NDArray[Number]:
    """Return vectors one below the other; where there are none, there are no dimensions that would have to fit."""
    return np.concatenate([some for some in parts if len(some)] or parts[:1])


class _Cut:
    """A segment cut down to some of its documents: which of them, which rows, and which numbers of sentences are kept."""

    def __init__(self, segment: Segment, kept: NDArray[np.bool_]) -> None:
        self.segment, self.kept = segment, kept
        self.rows = kept[segment.owners]
        self.numbers = np.repeat(self.rows, segment.sentence_counts)

    @property
    def passages(self) -> storage.Table:
        return storage.kept(self.segment.passages, self.rows)

    @property
    def owners(self) -> NDArray[np.int64]:
        return (np.cumsum(self.kept) - 1)[self.segment.owners[self.rows]]

    @property
    def forms(self) -> Forms:
        """The counts of what is kept: those of the whole, less those of what is not."""
        gone = storage.kept(self.segment.passages, ~self.rows)
        return Forms.read(self.segment.forms).less(Forms.of(storage.embedded_texts(gone)))
