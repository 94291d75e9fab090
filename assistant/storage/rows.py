"""Documents, passages, sentences and tags as rows of tables, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.identity import fingerprint, guessed_title, has_guessed_title, passage_id
from assistant.storage.tables import OVERLAY, Row, Table, each, table_of, values
from assistant.types import (
    Block,
    BlockKind,
    Cell,
    Document,
    Facet,
    Origin,
    PageStart,
    Passage,
    Sentence,
    Span,
    Tag,
    embedded_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray


def prints(sentences: Table) -> NDArray[np.uint64]:
    """Return the fingerprints of the sentences of a table of ``SENTENCES``, ``(n,)``."""
    return values(sentences["fingerprint"], np.dtype(np.uint64))


def texts(documents: Table) -> Iterator[str]:
    """Yield the text of every document of a table of ``DOCUMENTS``."""
    for text in documents["text"]:
        yield text.as_py()


def size_of_texts(documents: Table) -> int:
    """Return how many bytes the texts of a table of ``DOCUMENTS`` have."""
    return int(documents["text"].nbytes)


def document_row(document: Document) -> Row:
    """Return a document as a row of ``DOCUMENTS``; a title that was guessed from its name is left out."""
    return {
        "title": None if has_guessed_title(document) else document.title,
        "text": document.text,
        "blocks": [_block_row(block) for block in document.blocks],
        "metadata": list(document.metadata.items()),
        "pages": [{"start": one.start, "page": one.page} for one in document.pages],
    }


def document_of(found: Row, identifier: str) -> Document:
    """Return the document that a row of ``DOCUMENTS`` holds, by the name it goes by now; without blocks, if the row has none."""
    said = said_of(found, identifier)
    return Document(
        id=identifier,
        title=said.title,
        text=found["text"],
        blocks=tuple(_block_of(block) for block in found.get("blocks", ())),
        metadata=said.metadata,
        pages=tuple(PageStart(**one) for one in found["pages"]),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says of itself."""

    title: str
    metadata: Mapping[str, str]


def said_of(found: Row, identifier: str) -> Said:
    """Return what a document says of itself that a row of ``DOCUMENTS`` holds."""
    return Said(found["title"] or guessed_title(identifier), dict(found["metadata"]))


def passage_row(passage: Passage, document: int) -> Row:
    """Return a passage as a row of ``PASSAGES``, by the number of its document; its sentences follow in their own table."""
    return {
        "document": document,
        "kind": passage.kind.value,
        "section": list(passage.section),
        "spans": _span_rows(passage.spans),
        "text": passage.text,
        "context": passage.context,
        "sentence_count": len(passage.sentences),
    }


def passage_of(found: Row, document: str, sentences: Sequence[Row], tags: Sequence[Tag]) -> Passage:
    """Return the passage that a row of ``PASSAGES`` holds, with its sentences and tags from theirs."""
    spans = spans_of(found["spans"])
    return Passage(
        id=passage_id(document, spans),
        document=document,
        kind=BlockKind(found["kind"]),
        section=tuple(found["section"]),
        spans=spans,
        text=found["text"],
        context=found["context"],
        sentences=tuple(Sentence(spans_of(row["spans"]), row["text"], row["stressed"]) for row in sentences),
        tags=tuple(tags),
    )


def embedded_texts(passages: Table) -> list[str]:
    """Return what is embedded of the passages of a table of ``PASSAGES``."""
    columns = (passages[name].to_pylist() for name in ("context", "text"))
    return [embedded_text(context, text) for context, text in zip(*columns, strict=True)]


def sentence_row(sentence: Sentence) -> Row:
    """Return a sentence as a row of ``SENTENCES``."""
    return {
        "spans": _span_rows(sentence.spans),
        "text": sentence.text,
        "stressed": sentence.stressed,
        "fingerprint": fingerprint(sentence.text),
    }


def tags_row(tags: Iterable[Tag]) -> Row:
    """Return the tags of a passage as a row of ``TAGS``."""
    names = ("facet", "value", "origin", "confidence")
    return {
        "tags": [dict(zip(names, (t.facet.value, t.value, t.origin.value, t.confidence), strict=True)) for t in tags]
    }


def tags_of(found: Row) -> tuple[Tag, ...]:
    """Return the tags that a row of ``TAGS`` holds."""
    return tuple(_tag(tag["facet"], tag["value"], tag["origin"], tag["confidence"]) for tag in found["tags"])


@lru_cache(maxsize=4_096)
def _tag(facet: str, value: str, origin: str, confidence: float) -> Tag:
    return Tag(Facet(facet), value, Origin(origin), confidence)


def overlay_table(tags: Mapping[int, Sequence[Tag]], settled: Iterable[tuple[int, Facet]]) -> Table:
    """Return a table of ``OVERLAY``: the tags of some rows, and the facets of rows that a person has decided."""
    decided: dict[int, list[str]] = {}
    for number, facet in sorted(settled):
        decided.setdefault(number, []).append(facet.value)
    return table_of(
        OVERLAY, ({"row": one, **tags_row(tags[one]), "settled": decided.get(one, [])} for one in sorted(tags))
    )


def overlay_of(table: Table) -> tuple[dict[int, tuple[Tag, ...]], frozenset[tuple[int, Facet]]]:
    """Return what a table of ``OVERLAY`` holds."""
    found = list(each(table))
    settled = frozenset((one["row"], Facet(facet)) for one in found for facet in one["settled"])
    return {one["row"]: tags_of(one) for one in found}, settled


def tag_terms(table: Table) -> Iterator[list[str]]:
    """Yield the tags of every row of a table of ``TAGS``, as ``Postings`` know them."""
    for found in each(table):
        yield [tag_term(tag["facet"], tag["value"]) for tag in found["tags"]]


def tag_term(facet: str, value: str) -> str:
    """Return what a tag is called among the postings of tags."""
    return f"{facet}\0{value}"


def places(passages: Table) -> NDArray[np.int64]:
    """Return where each passage of a table of ``PASSAGES`` begins in its document, ``(n,)``.

    A table's row begins after the heads that it is quoted with, which come first.
    """
    columns = (passages[name].to_pylist() for name in ("kind", "spans"))
    rows = zip(*columns, strict=True)
    return np.asarray([spans[-(kind == BlockKind.TABLE_ROW.value)]["start"] for kind, spans in rows], np.int64)


def extents(passages: Table) -> NDArray[np.int64]:
    """Return where the first span of each passage of a table of ``PASSAGES`` begins and its last one ends, ``(n, 2)``."""
    import pyarrow.compute as pc  # takes longer to import than a question may; only builds for a cluster come here

    spans = passages["spans"].combine_chunks()
    flat, counts = pc.list_flatten(spans), np.asarray(pc.list_value_length(spans), np.int64)
    ends = np.cumsum(counts)
    starts, stops = (np.asarray(pc.struct_field(flat, name), np.int64) for name in ("start", "end"))
    return np.stack([starts[ends - counts], stops[ends - 1]], axis=1)


def passage_ids(passages: Table, document: str) -> list[str]:
    """Return what the passages of a table of ``PASSAGES`` are known by, all of one document."""
    return [passage_id(document, spans_of(spans)) for spans in passages["spans"].to_pylist()]


def _block_row(block: Block) -> Row:
    cells = [
        {"head": _span_row(cell.head) if cell.head else None, "body": _span_row(cell.body)} for cell in block.cells
    ]
    return {"kind": block.kind.value, "spans": _span_rows(block.spans), "section": list(block.section), "cells": cells}


def _block_of(found: Row) -> Block:
    cells = tuple(Cell(Span(**cell["head"]) if cell["head"] else None, Span(**cell["body"])) for cell in found["cells"])
    return Block(BlockKind(found["kind"]), spans_of(found["spans"]), tuple(found["section"]), cells)


def _span_row(span: Span) -> Row:
    return {"start": span.start, "end": span.end}


def _span_rows(spans: Iterable[Span]) -> list[Row]:
    return [_span_row(span) for span in spans]


def spans_of(found: Iterable[Row]) -> tuple[Span, ...]:
    """Return the spans that a column of them holds in one row."""
    return tuple(Span(span["start"], span["end"]) for span in found)
