"""What a generation of an index was built from and consists of, as its manifest has it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = 6
"""Rises whenever an index built before can no longer be read, or would read differently."""


@dataclass(frozen=True, slots=True)
class Record:
    """A document: its path below the corpus, the SHA-256 of its bytes and of what stands beside it, and how it was read.

    ``sidecar`` is empty where nothing stands beside it. ``reader`` names the format and the version of its reader.
    ``proposal`` is the new case that the document looks to be about, if any.
    """

    id: str
    sha256: str
    sidecar: str
    reader: str
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """A segment: its number, its documents in order, and how many passages and sentences they came to.

    No two segments of a generation and the one before have the same number, unless they are the same.
    """

    number: int
    documents: tuple[Record, ...]
    passages: int
    sentences: int

    @property
    def folder(self) -> str:
        """The name of the segment's folder."""
        return f"segment-{self.number}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be read: as a ``Record``, why, and within which limits."""

    sha256: str
    reason: str
    sidecar: str = ""
    reader: str = ""
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file that was left out because it says what another one says: as a ``Record``, and which one."""

    sha256: str
    of: str
    sidecar: str = ""
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and consists of.

    ``strays`` are the corrections that no passage answers to; ``files`` gives the SHA-256 of every file.
    """

    model: str
    model_sha256: str
    dimensions: int
    taxonomy_sha256: str
    passage_characters: int
    segments: tuple[SegmentRecord, ...] = ()
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    duplicates: Mapping[str, Duplicate] = field(default_factory=dict)
    corrections_sha256: str = ""
    strays: tuple[str, ...] = ()
    built_at: str = ""
    format: int = FORMAT
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def records(self) -> dict[str, Record]:
        """The documents by id, in the order of their names."""
        found = [record for segment in self.segments for record in segment.documents]
        return {record.id: record for record in sorted(found, key=lambda record: record.id)}

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return sum(segment.passages for segment in self.segments)

    @property
    def sentences(self) -> int:
        """How many sentences there are."""
        return sum(segment.sentences for segment in self.segments)


def manifest_of(table: Mapping[str, Any]) -> Manifest:
    """Return the manifest that a JSON object holds.

    Raises:
        KeyError, TypeError, AttributeError: it holds none.
    """
    parts = {
        "segments": tuple(_segment(one) for one in table["segments"]),
        "refused": {name: Refusal(**one) for name, one in table["refused"].items()},
        "duplicates": {name: Duplicate(**one) for name, one in table["duplicates"].items()},
        "strays": tuple(table["strays"]),
    }
    return Manifest(**{**table, **parts})


def _segment(table: Mapping[str, Any]) -> SegmentRecord:
    return SegmentRecord(**{**table, "documents": tuple(Record(**one) for one in table["documents"])})
