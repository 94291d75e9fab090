"""Documents, passages and sentences as Arrow tables on disk: immutable, memory-mapped, read a row at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import ipc

from assistant.errors import IndexDamaged
from assistant.types import Block, BlockKind, Cell, Document, Facet, Origin, PageStart, Passage, Sentence, Span, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Row = dict[str, Any]
Table = pa.Table

_SPAN = pa.struct([("start", pa.int64()), ("end", pa.int64())])
_SPANS = pa.list_(_SPAN)
_TEXTS = pa.list_(pa.string())
_CELL = pa.struct([("head", _SPAN), ("body", _SPAN)])
_BLOCK = pa.struct([("kind", pa.string()), ("spans", _SPANS), ("section", _TEXTS), ("cells", pa.list_(_CELL))])
_TAG = pa.struct(
    [("facet", pa.string()), ("value", pa.string()), ("origin", pa.string()), ("confidence", pa.float64())]
)

DOCUMENTS = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("blocks", pa.list_(_BLOCK)),
        ("metadata", pa.map_(pa.string(), pa.string())),
        ("pages", pa.list_(pa.struct([("start", pa.int64()), ("page", pa.int64())]))),
    ]
)
PASSAGES = pa.schema(
    [
        ("id", pa.string()),
        ("document", pa.string()),
        ("kind", pa.string()),
        ("section", _TEXTS),
        ("spans", _SPANS),
        ("text", pa.large_string()),
        ("context", pa.string()),
        ("first_sentence", pa.int64()),
        ("sentence_count", pa.int64()),
        ("tags", pa.list_(_TAG)),
    ]
)
SENTENCES = pa.schema([("spans", _SPANS), ("text", pa.large_string()), ("stressed", pa.bool_())])
VOCABULARY = pa.schema([("stem", pa.string()), ("form", pa.string()), ("is_name", pa.bool_())])


def write_table(path: Path, schema: pa.Schema, rows: Iterable[Row]) -> None:
    """Write ``rows`` as one Arrow file."""
    table = pa.Table.from_pylist(list(rows), schema=schema)
    with pa.OSFile(str(path), "wb") as sink, ipc.new_file(sink, schema) as writer:
        writer.write_table(table)


def open_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Memory-map an Arrow file.

    Raises:
        IndexDamaged: the file is no Arrow file, or not of this schema.
    """
    try:
        table = ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise IndexDamaged(f'"{path}" cannot be read. Run "casewise index" to rebuild it.') from error
    if not table.schema.equals(schema):
        raise IndexDamaged(f'"{path}" has columns of another version. Run "casewise index" to rebuild it.')
    return table


def row(table: pa.Table, number: int) -> Row:
    """Return one row of a table."""
    found: Row = table.slice(number, 1).to_pylist()[0]
    return found


def document_row(document: Document) -> Row:
    """Return a document as a row of ``DOCUMENTS``."""
    return {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "blocks": [_block_row(block) for block in document.blocks],
        "metadata": list(document.metadata.items()),
        "pages": [{"start": one.start, "page": one.page} for one in document.pages],
    }


def document_of(found: Row) -> Document:
    """Return the document that a row of ``DOCUMENTS`` holds."""
    blocks = tuple(_block_of(block) for block in found["blocks"])
    pages = tuple(PageStart(**one) for one in found["pages"])
    return Document(found["id"], found["title"], found["text"], blocks, dict(found["metadata"]), pages)


def passage_row(passage: Passage, first_sentence: int) -> Row:
    """Return a passage as a row of ``PASSAGES``; its sentences stand in their own table, from ``first_sentence`` on."""
    return {
        "id": passage.id,
        "document": passage.document,
        "kind": passage.kind.value,
        "section": list(passage.section),
        "spans": _span_rows(passage.spans),
        "text": passage.text,
        "context": passage.context,
        "first_sentence": first_sentence,
        "sentence_count": len(passage.sentences),
        "tags": [
            {"facet": tag.facet.value, "value": tag.value, "origin": tag.origin.value, "confidence": tag.confidence}
            for tag in passage.tags
        ],
    }


def passage_of(found: Row, sentences: pa.Table) -> Passage:
    """Return the passage that a row of ``PASSAGES`` holds, with its sentences from theirs."""
    rows = sentences.slice(found["first_sentence"], found["sentence_count"]).to_pylist()
    return Passage(
        id=found["id"],
        document=found["document"],
        kind=BlockKind(found["kind"]),
        section=tuple(found["section"]),
        spans=_spans_of(found["spans"]),
        text=found["text"],
        context=found["context"],
        sentences=tuple(Sentence(_spans_of(row["spans"]), row["text"], row["stressed"]) for row in rows),
        tags=tuple(
            Tag(Facet(tag["facet"]), tag["value"], Origin(tag["origin"]), tag["confidence"]) for tag in found["tags"]
        ),
    )


def sentence_row(sentence: Sentence) -> Row:
    """Return a sentence as a row of ``SENTENCES``."""
    return {"spans": _span_rows(sentence.spans), "text": sentence.text, "stressed": sentence.stressed}


def _block_row(block: Block) -> Row:
    cells = [
        {"head": _span_row(cell.head) if cell.head else None, "body": _span_row(cell.body)} for cell in block.cells
    ]
    return {"kind": block.kind.value, "spans": _span_rows(block.spans), "section": list(block.section), "cells": cells}


def _block_of(found: Row) -> Block:
    cells = tuple(Cell(Span(**cell["head"]) if cell["head"] else None, Span(**cell["body"])) for cell in found["cells"])
    return Block(BlockKind(found["kind"]), _spans_of(found["spans"]), tuple(found["section"]), cells)


def _span_row(span: Span) -> Row:
    return {"start": span.start, "end": span.end}


def _span_rows(spans: Iterable[Span]) -> list[Row]:
    return [_span_row(span) for span in spans]


def _spans_of(found: Iterable[Row]) -> tuple[Span, ...]:
    return tuple(Span(span["start"], span["end"]) for span in found)
