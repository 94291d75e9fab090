"""Arithmetic of spans: reading the words at them, and cutting smaller spans out of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from assistant.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.types import PageStart

JOINT = " "
"""What stands between two halves of a quote."""


def quote(text: str, spans: Sequence[Span]) -> str:
    """Return the words of ``text`` at ``spans``, word for word, the pieces joined by one space."""
    return JOINT.join(text[span.start : span.end] for span in spans)


def cut(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the spans of the part ``[start, end)`` of the quote that ``spans`` make.

    ``quote(text, cut(spans, start, end))`` equals ``quote(text, spans)[start:end]`` unless the part begins or ends on a
    joint, which belongs to no span.
    """
    return tuple(_pieces(spans, start, end))


def trim(text: str, span: Span) -> Span:
    """Return ``span`` without the white space at its ends; an empty span where there is nothing else."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip(_BLANK))
    return Span(start, max(start, span.start + len(words.rstrip(_BLANK))))


def merge(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return ``spans`` in the document's order, those that touch or overlap made one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def is_blank(text: str, span: Span) -> bool:
    """Tell whether there is nothing but white space at ``span``."""
    return not text[span.start : span.end].strip(_BLANK)


def pages_of(pages: Sequence[PageStart], spans: Sequence[Span]) -> tuple[int, ...]:
    """Return the pages that spans stand on, in order; none for a document without pages."""
    starts = [page.start for page in pages]
    on = {
        pages[number].page
        for span in spans
        for number in range(max(bisect_right(starts, span.start) - 1, 0), bisect_left(starts, span.end))
    }
    return tuple(sorted(on))


_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\ufeff"  # a byte order mark is no word


def _pieces(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    offset = 0
    for span in spans:
        length = span.end - span.start
        low, high = max(start - offset, 0), min(end - offset, length)
        if low < high:
            yield Span(span.start + low, span.start + high)
        offset += length + len(JOINT)
