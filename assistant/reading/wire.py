"""A document as one line of JSON, and back: how it comes from the process that read it.

Section paths are given once and numbered, since a heading of a thousand paragraphs is told a thousand times otherwise.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from assistant.types import Block, BlockKind, Cell, Document, PageStart, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KINDS = tuple(BlockKind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


def encoded(message: Mapping[str, Any]) -> bytes:
    """Return a message as a line of UTF-8. Half surrogates, which are no characters, become question marks."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def decoded(line: bytes) -> dict[str, Any]:
    """Return the message of a line.

    Raises:
        ValueError: it is none, or not whole.
    """
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message


def packed(document: Document) -> dict[str, Any]:
    """Return a document as a message."""
    sections: dict[tuple[str, ...], int] = {}
    blocks = [
        (
            _NUMBERS[block.kind],
            sections.setdefault(block.section, len(sections)),
            _numbers(block.spans),
            [_numbers((cell.head, cell.body) if cell.head else (cell.body,)) for cell in block.cells],
        )
        for block in document.blocks
    ]
    return {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "metadata": dict(document.metadata),
        "pages": [(page.start, page.page) for page in document.pages],
        "sections": list(sections),
        "blocks": blocks,
    }


def unpacked(message: Mapping[str, Any]) -> Document:
    """Return the document of a message.

    Raises:
        KeyError, IndexError, TypeError, ValueError: it is not one.
    """
    sections = [tuple(section) for section in message["sections"]]
    return Document(
        message["id"],
        message["title"],
        message["text"],
        tuple(
            Block(_KINDS[kind], _spans(numbers), sections[section], tuple(map(_cell, cells)))
            for kind, section, numbers, cells in message["blocks"]
        ),
        message["metadata"],
        tuple(PageStart(start, page) for start, page in message["pages"]),
    )


def _numbers(spans: Iterable[Span]) -> list[int]:
    return [number for span in spans for number in (span.start, span.end)]


def _spans(numbers: list[int]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in list(pairwise(numbers))[::2])


def _cell(numbers: list[int]) -> Cell:
    *head, body = _spans(numbers)
    return Cell(head[0] if head else None, body)
