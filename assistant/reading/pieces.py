"""What a reader makes of a text before its headings are put in order: pieces, and the lines they are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.markup import SUPERSCRIPTS, plain
from assistant.spans import quote, trim
from assistant.types import BlockKind, Cell, Span

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Piece:
    """A block that does not know its section yet.

    ``level`` is a heading's depth where its format tells (1 is the outermost). ``heads`` are headings that the piece brings
    along itself: the heads of the row and column that a table's cell stands in. ``whole`` words, such as a block of code, are
    never joined to others.
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    level: int | None = None
    cells: tuple[Cell, ...] = ()
    heads: tuple[str, ...] = ()
    whole: bool = False

    @property
    def start(self) -> int:
        """Where the piece begins in the text."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where the piece ends in the text."""
        return self.spans[-1].end

    def display(self, text: str) -> str:
        """Return the piece's words as display text."""
        return plain(quote(text, self.spans))


BYTE_ORDER_MARK = "\ufeff"
LIST_MARKER = re.compile(
    r"[ \t]*(?:[-*+•◦▪‣●–·§\uf0a7\uf0b7]|o(?=\t)|\(?\d{1,3}(?:\.\d{1,3}){0,3}[.)]|\(?[a-zA-Z][.)]|\((?:i{1,3}|iv|vi{0,3}|ix|x)\))"
    r"[ \t]+(?=\S)"
)
FOOTNOTE_MARKER = re.compile(rf"[ \t]*(?:([{SUPERSCRIPTS}]+)|\[\^([^\[\]\s]+)\]:|\[(\d{{1,3}})\])[ \t]*(?=\S)")
PAGE_NUMBER = re.compile(r"\s*+(?:[Pp]age\s++)?(?:[-–]\s*+)?\d{1,4}\s*+(?:[-–]\s*+)?(?:of\s++\d{1,4}\s*+)?\Z")


def lines(text: str, within: Span | None = None) -> Iterator[Span]:
    """Yield the lines of ``text`` without their line ends; a form feed ends a line too."""
    low, high = (within.start, within.end) if within else (0, len(text))
    start = low
    for match in re.compile(r"\r\n|[\n\r\f\v]").finditer(text, low, high):
        yield Span(start, match.start())
        start = match.end()
    if start < high:
        yield Span(start, high)


def after(text: str, marker: re.Pattern[str], span: Span) -> Span:
    """Return ``span`` trimmed, without the marker it begins with, if it begins with one."""
    found = marker.match(text, span.start, span.end)
    return trim(text, Span(found.end(), span.end) if found else span)


def last_headings_are_text(pieces: list[Piece]) -> list[Piece]:
    """Make headings at the very end paragraphs: a heading heads something, and nothing may vanish.

    The title stays a heading, unless it is all there is.
    """
    titles = 1 if len(pieces) > 1 else 0
    body = max((i for i, piece in enumerate(pieces) if piece.kind is not BlockKind.HEADING), default=-1)
    return [
        Piece(BlockKind.PARAGRAPH, piece.spans) if i > body and i >= titles else piece for i, piece in enumerate(pieces)
    ]
