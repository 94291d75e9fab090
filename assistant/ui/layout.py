"""A document laid out for reading, with the words of a citation marked. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from assistant.markup import legible
from assistant.reading.pieces import lines
from assistant.reading.tables import split_row
from assistant.spans import merge
from assistant.types import BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.types import Block, Document

_BOLD = re.compile(r"(?<!\\)\*\*(?=\S)(?:[^*]|\*(?!\*))+?(?<=\S)\*\*")
_NOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
_OWN_NOTE = re.compile(r"\[\^([^\[\]\s]+)\]:?")
_BOLD_ON, _BOLD_OFF, _RAISED_ON, _RAISED_OFF = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
"""Stand for where bold and raised words begin and end while other markup is taken out; no text may use these code points."""
_SIGNS = re.compile(f"([{_BOLD_ON}-{_RAISED_OFF}])")

_Sign = tuple[Span, str]
"""Where a mark of bold or raised words stands in the text, and what stands for it."""


@dataclass(frozen=True, slots=True)
class Marking:
    """What is marked of a document: the words that were chosen, and those that stand beside them in an answer."""

    chosen: tuple[Span, ...]
    beside: tuple[Span, ...] = ()


class Run(TypedDict):
    """Words that are marked or not, and their style: "bold", "raised" as the mark of a footnote is, or neither.

    ``beside`` words are those of the other citations of the same answer: marked too, and less.
    """

    words: str
    marked: bool
    beside: bool
    style: str


class Line(TypedDict):
    """A block as it is shown: its kind, how deep its heading stands, and its cells (one, but for a table's row)."""

    kind: str
    depth: int
    cells: list[list[Run]]


@dataclass(frozen=True, slots=True)
class Extract:
    """Lines of a document that stand together, and how many more there are before and after them."""

    lines: list[Line]
    before: int
    after: int


def extract(document: Document, marks: Sequence[Span], around: int, beside: Sequence[Span] = ()) -> Extract:
    """Return the line with the longest of ``marks`` (else the first line), and at most ``around`` lines before and after it.

    The words at ``beside`` are marked less, where they are not among those at ``marks``.
    """
    marked = merge(marks)
    marking = Marking(marked, merge(beside))
    stretches = stretches_of(document)
    longest = max(marked, key=lambda mark: mark.end - mark.start, default=Span(0, 0))
    place = bisect_right(stretches, longest.start, key=lambda stretch: stretch[0].start) - 1
    low, high = max(place - around, 0), min(max(place, 0) + around + 1, len(stretches))
    shown = [line_of(document.text, block, stretch, marking) for stretch, block in stretches[low:high]]
    return Extract(shown, low, len(stretches) - high)


def stretches_of(document: Document) -> list[tuple[Span, Block]]:
    """Return every stretch of the page once: a torn block's halves apart, a table line by line."""
    rows = list(lines(document.text)) if any(block.kind is BlockKind.TABLE_ROW for block in document.blocks) else []
    row_starts = [row.start for row in rows]
    stretches: dict[Span, Block] = {}
    for block in document.blocks:
        for span in block.spans:
            is_row = block.kind is BlockKind.TABLE_ROW
            stretches.setdefault(rows[bisect_right(row_starts, span.start) - 1] if is_row else span, block)
    return sorted(stretches.items(), key=lambda item: item[0])


def line_of(text: str, block: Block, stretch: Span, marks: Marking) -> Line:
    """Return a stretch of a block as it is shown; what is marked is in order."""
    cells = _cells(text, stretch) if block.kind is BlockKind.TABLE_ROW else [stretch]
    runs = [list(_runs(text, cell, marks, block.kind)) for cell in cells]
    return {"kind": block.kind.value, "depth": len(block.section), "cells": runs}


def _cells(text: str, row: Span) -> list[Span]:
    """Return the cells of a row: between upright lines where it begins with one or has no tab, else between tabs."""
    words = text[row.start : row.end]
    if "\t" in words and not words.lstrip().startswith("|"):
        return list(split_row(text, row, r"\t"))
    return [cell for cell in split_row(text, row, r"(?<!\\)\|") if cell.start < cell.end]


def _runs(text: str, stretch: Span, marks: Marking, kind: BlockKind) -> Iterator[Run]:
    """Yield the words of a stretch, cut where a mark begins or ends and where they are set in another way."""
    signs = _signs(text, stretch, kind)
    bold = raised = False
    for span, marked, beside in _parts(stretch, marks):
        for words in _SIGNS.split(legible(_signed(text, span, signs))):
            if words in {_BOLD_ON, _BOLD_OFF}:
                bold = words == _BOLD_ON
            elif words in {_RAISED_ON, _RAISED_OFF}:
                raised = words == _RAISED_ON
            elif words.strip() or (words and not (marked or beside)):  # the space between two marks belongs to neither
                style = "raised" if raised else "bold" if bold else ""
                yield {"words": words, "marked": marked, "beside": beside, "style": style}


def _parts(stretch: Span, marks: Marking) -> Iterator[tuple[Span, bool, bool]]:
    """Yield the parts of a stretch in order, and whether each is marked, and how."""
    for span, marked in _cut(stretch, marks.chosen):
        if marked:
            yield span, True, False
        else:
            yield from ((part, False, beside) for part, beside in _cut(span, marks.beside))


def _cut(stretch: Span, marks: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """Yield the parts of a stretch in order, and whether each is within one of the marks."""
    position = stretch.start
    for mark in marks:
        start, end = max(mark.start, stretch.start), min(mark.end, stretch.end)
        if start < end:
            yield Span(position, start), False
            yield Span(start, end), True
            position = end
    yield Span(position, stretch.end), False


def _signs(text: str, stretch: Span, kind: BlockKind) -> list[_Sign]:
    """Return where words of a stretch turn bold or are raised, in order. A footnote's own mark ends with a colon."""
    found: list[_Sign] = []
    for match in _BOLD.finditer(text, stretch.start, stretch.end):
        found.append((Span(match.start(), match.start() + 2), _BOLD_ON))
        found.append((Span(match.end() - 2, match.end()), _BOLD_OFF))
    own = _OWN_NOTE.match(text, stretch.start, stretch.end) if kind is BlockKind.FOOTNOTE else None
    rest = own.end() if own else stretch.start
    for match in [*([own] if own else []), *_NOTE.finditer(text, rest, stretch.end)]:
        found.append((Span(match.start(), match.start(1)), _RAISED_ON))
        found.append((Span(match.end(1), match.end()), _RAISED_OFF))
    return sorted(found)


def _signed(text: str, span: Span, signs: Sequence[_Sign]) -> str:
    """Return the words at ``span``, signs in the place of the marks that begin there."""
    words, position = "", span.start
    for mark, sign in signs:
        if mark.start < span.end and mark.end > span.start:
            words += _SIGNS.sub("", text[position : max(mark.start, position)])
            words += sign if mark.start >= span.start else ""
            position = min(mark.end, span.end)
    return words + _SIGNS.sub("", text[position : span.end])
