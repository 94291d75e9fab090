"""Plain text, as it comes out of PDFs and e-mails: bare headings, dashes for lists, tabs for tables, footnotes in the way."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.markup import plain
from assistant.reading.mending import is_unfinished, mend
from assistant.reading.pieces import BYTE_ORDER_MARK, FOOTNOTE_MARKER, LIST_MARKER, PAGE_NUMBER, Piece, after, lines
from assistant.reading.tables import split_row, table
from assistant.spans import is_blank, trim
from assistant.types import BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADING_WORDS = 14
"""The most words a bare heading has."""

_CLOSED = (".", "!", "?", ";", ":", ",")


def read_text(text: str) -> list[Piece]:
    """Return the pieces of a plain text, mended where page breaks and footnotes tore them."""
    pieces = [piece for run in _runs(text) for piece in _pieces(text, run)]
    return mend(text, _last_headings_are_text(pieces))


def _runs(text: str) -> Iterator[list[Span]]:
    """Yield the runs of lines that stand between blank lines, page numbers left out."""
    run: list[Span] = []
    for line in lines(text, Span(len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0, len(text))):
        if not (is_blank(text, line) or _is_at_page_break(text, line)):
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_at_page_break(text: str, line: Span) -> bool:
    """Tell whether a line is a page number right before or after a form feed."""
    around = (
        text[line.end : line.end + 3].lstrip("\r\n")[:1],
        text[max(line.start - 3, 0) : line.start].rstrip("\r\n")[-1:],
    )
    return "\f" in around and PAGE_NUMBER.match(text, line.start, line.end) is not None


def _pieces(text: str, run: Sequence[Span]) -> Iterator[Piece]:
    if len(run) == 1 and PAGE_NUMBER.match(text, run[0].start, run[0].end):
        return
    if len(run) == 1 and _is_heading(text, run[0]):
        yield Piece(BlockKind.HEADING, (trim(text, run[0]),))
        return
    for is_table, part in _parts(text, run):
        if is_table:
            yield from table(text, [split_row(text, line, r"\t") for line in part])
        else:
            yield _prose(text, Span(part[0].start, part[-1].end))


def _parts(text: str, run: Sequence[Span]) -> Iterator[tuple[bool, list[Span]]]:
    """Split a run of lines where a table, a list item or a footnote begins or ends."""
    part: list[Span] = []
    in_table = False
    for line, is_row in zip(run, _table_rows(text, run), strict=True):
        if part and (is_row != in_table or (not is_row and _begins_piece(text, line))):
            yield in_table, part
            part = []
        in_table = is_row
        part.append(line)
    if part:
        yield in_table, part


def _table_rows(text: str, run: Sequence[Span]) -> list[bool]:
    """Tell which lines are rows of a table: several with tabs, one at least between words rather than to indent them."""
    rows: list[bool] = []
    for is_tabbed, group in groupby(run, lambda line: _is_tabbed(text, line)):
        together = [text[line.start : line.end].strip() for line in group]
        is_table = is_tabbed and len(together) > 1 and any("\t" in words for words in together)
        rows.extend([is_table] * len(together))
    return rows


def _is_tabbed(text: str, line: Span) -> bool:
    return "\t" in text[line.start : line.end] and not _begins_piece(text, line)


def _begins_piece(text: str, line: Span) -> bool:
    return any(marker.match(text, line.start, line.end) for marker in (LIST_MARKER, FOOTNOTE_MARKER))


def _prose(text: str, span: Span) -> Piece:
    if FOOTNOTE_MARKER.match(text, span.start, span.end):
        return Piece(BlockKind.FOOTNOTE, (trim(text, span),))
    if LIST_MARKER.match(text, span.start, span.end):
        return Piece(BlockKind.LIST_ITEM, (after(text, LIST_MARKER, span),))
    return Piece(BlockKind.PARAGRAPH, (trim(text, span),))


def _is_heading(text: str, line: Span) -> bool:
    """Tell whether a line that stands alone is a heading: short, capitalised, and not a sentence or a piece of one."""
    words = plain(text[line.start : line.end])
    if _begins_piece(text, line) and not re.match(r"\d+(?:\.\d+)*[.)]?\s", words):
        return False
    opens = words[:1].isupper() or words[:1].isdigit()
    short = len(words.split()) <= HEADING_WORDS
    return opens and short and not words.endswith(_CLOSED) and is_unfinished(words) and not _is_torn(words)


def _is_torn(words: str) -> bool:
    return is_unfinished(words, certain=True)


def _last_headings_are_text(pieces: list[Piece]) -> list[Piece]:
    """Make bare lines at the very end paragraphs: a heading heads something, and nothing may vanish.

    The title stays a heading, unless it is all there is.
    """
    titles = 1 if len(pieces) > 1 else 0
    body = max((i for i, piece in enumerate(pieces) if piece.kind is not BlockKind.HEADING), default=-1)
    return [
        Piece(BlockKind.PARAGRAPH, piece.spans) if i > body and i >= titles else piece for i, piece in enumerate(pieces)
    ]
