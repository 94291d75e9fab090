"""How an index grows: new documents become segments, those that stay are carried over, those that go are cut out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from shutil import rmtree
from typing import TYPE_CHECKING, Self

import numpy as np

from assistant import storage
from assistant.generations import carry
from assistant.manifest import Duplicate, Manifest, Record, Refusal, SegmentRecord
from assistant.passages import passages
from assistant.proposals import proposal, unknown
from assistant.reading.apart import limits_of, reading_apart
from assistant.segments import Segment, joined, retagged
from assistant.tagging import tagged
from assistant.twins import Twins, said_in
from assistant.vocabulary import Forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from assistant.changes import Plan
    from assistant.reading.apart import Read
    from assistant.settings import Settings
    from assistant.taxonomy import Taxonomy
    from assistant.types import Document, Facet, Passage
    from assistant.vectorising import Vectoriser

MERGED = 10
"""So many small segments become one, as in the tiers of Lucene's merging."""


@dataclass(frozen=True, slots=True)
class Old:
    """The generation that a build starts from: its folder, its manifest and its segments, opened."""

    folder: Path
    manifest: Manifest
    segments: Sequence[Segment]

    @classmethod
    def open(cls, folder: Path, manifest: Manifest) -> Self:
        """Open a generation that has been verified.

        Raises:
            IndexDamaged: a file cannot be read.
        """
        return cls(folder, manifest, [Segment.open(folder / one.folder) for one in manifest.segments])


@dataclass(slots=True)
class Batch:
    """Documents that were read and are not written yet, with their tagged passages."""

    documents: list[tuple[Document, list[Passage]]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many passages there are."""
        return sum(len(found) for _, found in self.documents)


@dataclass(slots=True)
class Growth:
    """A generation in the making: what is written so far, and what became of the files that were read."""

    folder: Path
    settings: Settings
    taxonomy: Taxonomy
    vectoriser: Vectoriser
    tell: Callable[[str, int, int], None]
    segments: list[SegmentRecord] = field(default_factory=list)
    forms: list[Forms] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)
    duplicates: dict[str, Duplicate] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    strange: dict[str, list[tuple[Facet, str]]] = field(default_factory=dict)
    by_content: dict[str, str] = field(default_factory=dict)
    number: int = 1
    is_read_otherwise: bool = False

    def grow(self, plan: Plan, old: Old | None) -> None:
        """Write the segments of a generation that holds what a plan keeps of an old one, and what it reads."""
        self.number = 1 + max((one.number for one in old.manifest.segments), default=0) if old else 1
        self.is_read_otherwise = old is not None and old.manifest.taxonomy_sha256 != self.taxonomy.sha256
        self.refused |= plan.refused
        self.duplicates |= plan.duplicates
        twins = Twins(self.settings.same_document)
        staying = list(_staying(plan, old)) if old else []
        batch = Batch()
        with reading_apart(plan.to_read, self.settings) as reading:
            for segment, records in staying if plan.to_read else ():  # while the first file is being read
                twins.add_segment(segment, [record.id if record else None for record in records])
            for document, record, found in self._read(reading, len(plan.to_read), twins):
                if batch.documents and batch.size + len(found) > self.settings.segment_passages:
                    self._write(self._embedded(batch), batch.records)
                    batch = Batch()
                batch.documents.append((document, found))
                batch.records.append(record)
        self._settle(staying, batch, old)
        self._merge()

    def _read(
        self, reading: Iterator[Read], total: int, twins: Twins
    ) -> Iterator[tuple[Document, Record, list[Passage]]]:
        """Yield the new documents with their records and passages; note those that cannot be read or say nothing new."""
        for number, read in enumerate(reading, 1):
            yield from self._taken_in(read, twins)
            self.tell("Reading", number, total)

    def _taken_in(self, read: Read, twins: Twins) -> Iterator[tuple[Document, Record, list[Passage]]]:
        source, document = read.source, read.document
        self.seconds[source.id] = read.seconds
        if document is None:
            limits = limits_of(self.settings)
            self.refused[source.id] = Refusal(read.sha256, read.reason or "", source.sidecar, read.reader, limits)
            return
        found = list(self._passages(document))
        said = said_in(found)
        twin = self.by_content.get(read.sha256) or twins.of(said)
        if twin is not None:
            self.duplicates[source.id] = Duplicate(read.sha256, twin, source.sidecar, read.reader)
            return
        twins.add(source.id, said)
        self.by_content[read.sha256] = source.id
        self.sizes[source.id] = len(found)
        self.strange[source.id] = unknown(document.metadata, self.taxonomy)
        yield document, Record(source.id, read.sha256, source.sidecar, read.reader, self._proposal(document)), found

    def _proposal(self, document: Document) -> str | None:
        return proposal(document, self.taxonomy)

    def _passages(self, document: Document) -> Iterator[Passage]:
        for passage in passages(document, self.settings.passage_characters):
            yield tagged(passage, document.title, self.taxonomy, document.metadata)

    def _embedded(self, batch: Batch) -> Segment:
        found = [passage for _, some in batch.documents for passage in some]
        return Segment.of(batch.documents, *self.vectoriser.of_passages(found))

    def _settle(self, staying: Sequence[tuple[Segment, list[Record | None]]], batch: Batch, old: Old | None) -> None:
        """Write what stays: whole segments are carried, others cut down; the last new documents join the smallest if they fit."""
        host = self._host(staying, batch)
        for number, (before, records) in enumerate(staying):
            mask = np.asarray([record is not None for record in records], np.bool_)
            segment, left = self._tagged_anew(before, records, number, old), [record for record in records if record]
            if number == host:
                whole = np.ones(len(batch.documents), np.bool_)
                self._write(joined([(segment, mask), (self._embedded(batch), whole)]), [*left, *batch.records])
            elif left and not mask.all():
                self._write(joined([(segment, mask)]), left)
            elif left and old:
                self._carry(segment, left, old, number, is_tagged_anew=segment is not before)
        if host is None and batch.documents:
            self._write(self._embedded(batch), batch.records)

    def _merge(self) -> None:
        """Make one segment of every ten that are not full or just full, so that there are never many to open and to search."""
        while len(small := [one for one in self.segments if one.passages <= self.settings.segment_passages]) >= MERGED:
            merged = small[:MERGED]
            parts = [Segment.open(self.folder / one.folder) for one in merged]
            for one in merged:
                place = self.segments.index(one)
                del self.segments[place], self.forms[place]
            whole = joined([(part, np.ones(part.documents.num_rows, np.bool_)) for part in parts])
            self._write(whole, [record for one in merged for record in one.documents])
            del parts, whole
            for one in merged:
                rmtree(self.folder / one.folder)

    def _host(self, staying: Sequence[tuple[Segment, list[Record | None]]], batch: Batch) -> int | None:
        """Return which of the segments that stay takes the last new documents in: the smallest, if there is room."""
        if not batch.documents or not staying:
            return None
        sizes = [segment.passages.num_rows for segment, _ in staying]
        smallest = int(np.argmin(sizes))
        return smallest if sizes[smallest] + batch.size <= self.settings.segment_passages else None

    def _tagged_anew(self, segment: Segment, records: Sequence[Record | None], number: int, old: Old | None) -> Segment:
        """Return a segment that stays with today's tags: by another taxonomy, or where a new name makes another title."""
        if old is None:
            return segment
        before = old.manifest.segments[number].documents
        again = np.asarray(
            [
                now is not None and (self.is_read_otherwise or now.id != one.id)
                for one, now in zip(before, records, strict=True)
            ],
            np.bool_,
        )
        names = [(now or one).id for one, now in zip(before, records, strict=True)]
        return retagged(segment, names, self.taxonomy, again) if again.any() else segment

    def _carry(
        self, segment: Segment, records: Sequence[Record], old: Old, number: int, *, is_tagged_anew: bool
    ) -> None:
        before = old.manifest.segments[number]
        carry(old.folder / before.folder, self.folder / before.folder)
        if is_tagged_anew:
            segment.replace_tags(self.folder / before.folder)
        self._note(replace(before, documents=tuple(records)), segment)

    def _write(self, segment: Segment, records: Sequence[Record]) -> None:
        sizes = segment.passages.num_rows, segment.sentences.num_rows
        record = SegmentRecord(self.number, tuple(records), *sizes)
        self.number += 1
        segment.save(self.folder / record.folder)
        self._note(record, segment)

    def _note(self, record: SegmentRecord, segment: Segment) -> None:
        if self.is_read_otherwise:
            rows = zip(storage.each(segment.documents), record.documents, strict=True)
            proposed = (replace(one, proposal=self._proposal(storage.document_of(row, one.id))) for row, one in rows)
            record = replace(record, documents=tuple(proposed))
        self.segments.append(record)
        self.forms.append(Forms.read(segment.forms))


def _staying(plan: Plan, old: Old) -> Iterator[tuple[Segment, list[Record | None]]]:
    """Yield the old segments, each with its documents as they are recorded now; ``None`` for one that goes."""
    for segment, record in zip(old.segments, old.manifest.segments, strict=True):
        yield segment, [plan.kept.get(one.id) for one in record.documents]
