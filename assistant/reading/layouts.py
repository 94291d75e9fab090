"""What a reader makes of a file: a text, the pieces it was laid out in, and what the file says of itself.

A text or Markdown file has its text already. For any other format a ``Composer`` writes one, piece by piece; that is the text
which spans count in, and which ``casewise read`` prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING

from assistant.reading.pieces import Piece, last_headings_are_text
from assistant.reading.tables import Row, table
from assistant.types import BlockKind, PageStart, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BULLET = "• "


@dataclass(frozen=True, slots=True)
class Layout:
    """A text and its pieces. ``title`` is the file's own name for itself; ``metadata`` has keys such as ``case`` and ``date``."""

    text: str
    pieces: Sequence[Piece]
    title: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[PageStart, ...] = ()


class Composer:
    """Writes the text of a document that has none of its own, and notes where each piece stands in it.

    White space in words becomes single spaces. Words that come to nothing are left out.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pieces: list[Piece] = []
        self._pages: list[PageStart] = []

    def heading(self, words: str, level: int | None = None, page: int | None = None) -> None:
        """Add a heading; ``level`` 1 is the outermost, ``None`` leaves its depth to be inferred."""
        self._add(BlockKind.HEADING, words, pages=_from_the_start(page), level=level)

    def paragraph(self, words: str, pages: Iterable[PageStart] = ()) -> None:
        """Add a paragraph; ``pages`` says from which of its characters on it stands on which page."""
        self._add(BlockKind.PARAGRAPH, words, pages=pages)

    def item(self, words: str, pages: Iterable[PageStart] = ()) -> None:
        """Add a list item, without its marker."""
        self._add(BlockKind.LIST_ITEM, words, "- ", pages)

    def footnote(self, mark: str, words: str, page: int | None = None) -> None:
        """Add a footnote; where the text refers to it, it says ``[^mark]``."""
        begin = self._length
        self._add(BlockKind.FOOTNOTE, f"[^{mark}]: {words}", pages=_from_the_start(page))
        if not words.split():
            self._withdraw(begin)

    def verbatim(self, words: str) -> None:
        """Add words whose line ends stand, such as code; they are never joined to others."""
        if words.strip():
            span = self._write(words.strip("\n"))
            self._pieces.append(Piece(BlockKind.PARAGRAPH, (span,), whole=True))

    def table(
        self,
        rows: Iterable[Sequence[str | Sequence[str]]],
        page: int | Sequence[int | None] | None = None,
        *,
        headed: bool = True,
    ) -> None:
        """Add a table, the first row the heads of its columns where it is ``headed``; a cell of several items is a list.

        ``page`` is that of the whole table, or one for each row.
        """
        each = iter(page) if isinstance(page, Sequence) else repeat(page)
        cells = [self._row(row, on) for row, on in zip(rows, each, strict=False)]
        written = [row for row in cells if any(cell.start < cell.end for cell in row)]
        heads = [tuple(Span(cell.start, cell.start) for cell in row) for row in written[: not headed]]
        self._pieces.extend(table("".join(self._parts), [*heads, *written]))
        self._write("", ending="\n")

    def layout(self, title: str | None = None, metadata: Mapping[str, str] | None = None) -> Layout:
        """Return what was written."""
        text = "".join(self._parts)
        return Layout(text, last_headings_are_text(self._pieces), title, metadata or {}, tuple(self._pages))

    def _add(
        self, kind: BlockKind, words: str, marker: str = "", pages: Iterable[PageStart] = (), level: int | None = None
    ) -> None:
        starts, words = _at_words(list(pages), words)
        if words:
            whole = self._write(marker + words)
            span = Span(whole.start + len(marker), whole.end)
            self._turn_to(PageStart(span.start + one.start, one.page) for one in starts)
            self._pieces.append(Piece(kind, (span,), level=level))

    def _row(self, row: Sequence[str | Sequence[str]], page: int | None) -> Row:
        cells: list[Span] = []
        self._turn_to(PageStart(self._length + one.start, one.page) for one in _from_the_start(page))
        for number, cell in enumerate(row, 1):
            cells.append(self._write(_cell(cell), ending="\n" if number == len(row) else "\t"))
        return tuple(cells)

    def _write(self, words: str, ending: str = "\n\n") -> Span:
        span = Span(self._length, self._length + len(words))
        self._parts.append(words + ending)
        self._length = span.end + len(ending)
        return span

    def _withdraw(self, begin: int) -> None:
        """Take back the last piece."""
        while self._length > begin:
            self._length -= len(self._parts.pop())
        self._pieces.pop()

    def _turn_to(self, pages: Iterable[PageStart]) -> None:
        for one in pages:
            if not self._pages or self._pages[-1].page != one.page:
                self._pages.append(one)


def _from_the_start(page: int | None) -> list[PageStart]:
    return [] if page is None else [PageStart(0, page)]


def _at_words(pages: Sequence[PageStart], words: str) -> tuple[list[PageStart], str]:
    """Return words with single spaces, and page starts moved to where they stand then."""
    if not pages:
        return [], " ".join(words.split())
    bounds = [*(page.start for page in pages), len(words)]
    written, starts = " ".join(words[: bounds[0]].split()), []
    for page, end in zip(pages, bounds[1:], strict=True):
        part = " ".join(words[page.start : end].split())
        apart = bool(written) and (
            words[page.start - 1 : page.start].isspace() or words[page.start : page.start + 1].isspace()
        )
        written += " " if apart and part else ""
        starts.append(PageStart(len(written), page.page))
        written += part
    return starts, written


def _cell(cell: str | Sequence[str]) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split())
    items = [" ".join(item.split()) for item in cell]
    return " ".join(f"{_BULLET}{item}" for item in items if item)
