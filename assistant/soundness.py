"""Whether an index is whole and true to its documents: every file, every span, every vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant import storage
from assistant.errors import IndexFault
from assistant.generations import current, damages, sealed_manifest
from assistant.markup import plain
from assistant.segments import Segment
from assistant.spans import quote
from assistant.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.manifest import SegmentRecord
    from assistant.types import Span

_REMEDY = 'Remove the index folder and run "casewise index".'
_UNIT = 1e-3
"""How far the length of a unit vector may be off."""


def faults(index: Path, tell: Callable[[str, int, int], None]) -> Iterator[str]:
    """Yield everything that is wrong with the index in a folder, each fault with the file it is in.

    All files are held against their checksums first. Where those are as they were built, what they hold is checked: that spans
    lie in their documents and give the sentences, and that there is a vector of the right length for everything.
    """
    try:
        folder = current(index)
        manifest = sealed_manifest(folder)
    except IndexFault as fault:
        yield str(fault)
        return
    damaged = list(damages(folder, manifest))
    yield from damaged
    for number, record in enumerate(() if damaged else manifest.segments, 1):
        yield from _of_segment(folder / record.folder, record)
        tell("Checking", number, len(manifest.segments))


def _of_segment(folder: Path, record: SegmentRecord) -> Iterator[str]:
    try:
        segment = Segment.open(folder)
    except IndexFault as fault:
        yield str(fault)
        return
    sizes = (segment.documents.num_rows, segment.passages.num_rows, segment.sentences.num_rows)
    rows = (segment.tags.num_rows, len(segment.vectors), len(segment.sentence_vectors))
    if sizes != (len(record.documents), record.passages, record.sentences) or rows != (*sizes[1:2], *sizes[1:]):
        yield f'The files in "{folder}" are not of one index. {_REMEDY}'
        return
    yield from _of_vectors(folder, segment)
    yield from _of_spans(folder, segment, [one.id for one in record.documents])


def _of_vectors(folder: Path, segment: Segment) -> Iterator[str]:
    """Yield the stores whose vectors are not what they must be: those of passages are unit vectors, all others finite."""
    lengths = np.linalg.norm(_all(segment.vectors.rows, len(segment.vectors)), axis=1)
    if not np.allclose(lengths, 1, atol=_UNIT):
        yield f'"{folder / "passages.faiss"}" holds vectors that are no unit vectors. {_REMEDY}'
    if not np.isfinite(_all(segment.sentence_vectors.rows, len(segment.sentence_vectors))).all():
        yield f'"{folder / "sentences.npy"}" holds vectors that are no numbers. {_REMEDY}'


def _all(rows: Callable[[NDArray[np.int64]], NDArray[np.float32]], count: int) -> NDArray[np.float32]:
    return rows(np.arange(count, dtype=np.int64))


def _of_spans(folder: Path, segment: Segment, names: Sequence[str]) -> Iterator[str]:
    """Yield the documents that a passage points out of, or that do not say what a sentence of it says."""
    texts = list(storage.texts(segment.documents))
    sentences = storage.each(segment.sentences)
    for passage, owner, count in zip(
        segment.passages_of(names), segment.owners.tolist(), segment.sentence_counts.tolist(), strict=True
    ):
        text = texts[owner]
        said = [next(sentences) for _ in range(count)]
        spans = [storage.spans_of(one["spans"]) for one in said]
        if not all(_lies_within(one, text) for one in (passage.spans, *spans)):
            yield f'"{folder / "passages.arrow"}": {passage.id} points out of its document. {_REMEDY}'
        elif passage.kind is not BlockKind.TABLE_ROW:
            for one, where in zip(said, spans, strict=True):
                if plain(quote(text, where)) != one["text"]:
                    yield f'"{folder / "sentences.arrow"}": a sentence of {passage.id} is not what stands there. {_REMEDY}'


def _lies_within(spans: Sequence[Span], text: str) -> bool:
    return bool(spans) and all(0 <= span.start < span.end <= len(text) for span in spans)
