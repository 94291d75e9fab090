"""Plain text, as it comes out of PDFs and e-mails: bare headings, dashes for lists, tabs for tables, footnotes in the way."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.markup import plain
from assistant.reading.mending import is_unfinished, mend
from assistant.reading.pieces import (
    BYTE_ORDER_MARK,
    FOOTNOTE_MARKER,
    LIST_MARKER,
    PAGE_NUMBER,
    Piece,
    after,
    last_headings_are_text,
    lines,
)
from assistant.reading.tables import split_row, table
from assistant.spans import is_blank, trim
from assistant.types import BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADING_WORDS = 14
"""The most words a bare heading has."""

_HEADING_CHARACTERS = 2_000
"""A longer line is no heading, whatever its markup comes to; it is not looked at."""

_CLOSED = (".", "!", "?", ";", ":", ",")
_NUMBERED = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]?\s+[A-Z]")
_YEAR_DIGITS = 4
_NUMBER_BEFORE = re.compile(r"(?>(?:\d{1,4} ++)?)")
_NUMBER_AFTER = re.compile(r"(?>(?: ++\d{1,4})?)")


def read_text(text: str) -> list[Piece]:
    """Return the pieces of a plain text, mended where page breaks and footnotes tore them."""
    pieces = [piece for run in _runs(text) for piece in _pieces(text, run)]
    return mend(text, last_headings_are_text(pieces))


def _runs(text: str) -> Iterator[list[Span]]:
    """Yield the runs of lines that stand between blank lines; what a page repeats counts as blank."""
    begin = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    found = list(lines(text, Span(begin, len(text))))
    title = next((text[line.start : line.end].strip() for line in found if not is_blank(text, line)), "")
    page_numbers = _page_numbers(text, found)
    run: list[Span] = []
    for line in found:
        if not (is_blank(text, line) or line in page_numbers or _is_running_title(text, line, title)):
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_running_title(text: str, line: Span, title: str) -> bool:
    """Tell whether a line is the title of the document with the number of a page before or after it."""
    words = text[line.start : line.end].strip()
    if not title or len(words) <= len(title):
        return False
    before, found, after_it = words.partition(title)
    numbered = _NUMBER_BEFORE.fullmatch(before) and _NUMBER_AFTER.fullmatch(after_it)
    return bool(found and numbered)


def _page_numbers(text: str, found: Sequence[Span]) -> set[Span]:
    """Return the lines that number a page.

    A number alone on a line does if it is written as one ("Page 3", "- 3 -", "3 of 9"), stands at a form feed, stands in
    the middle of a sentence, or is one of several that count on. Years and figures on lines of their own are text.
    """
    numbers = {
        line: text[line.start : line.end].strip() for line in found if PAGE_NUMBER.match(text, line.start, line.end)
    }
    values = {int(words) for words in numbers.values() if words.isdecimal()}
    return {
        line
        for line, words in numbers.items()
        if not words.isdecimal()
        or _is_at_page_break(text, line)
        or (len(words) < 4 and (not values.isdisjoint({int(words) - 1, int(words) + 1}) or _is_in_sentence(text, line)))
    }


def _is_at_page_break(text: str, line: Span) -> bool:
    around = (
        text[line.end : line.end + 3].lstrip("\r\n")[:1],
        text[max(line.start - 3, 0) : line.start].rstrip("\r\n")[-1:],
    )
    return "\f" in around


def _is_in_sentence(text: str, line: Span) -> bool:
    before = text[max(line.start - 200, 0) : line.start].rstrip()
    goes_on = text[line.end : line.end + 200].lstrip()[:1].islower() or is_unfinished(before, certain=True)
    return bool(before) and is_unfinished(before) and goes_on


def _pieces(text: str, run: Sequence[Span]) -> Iterator[Piece]:
    heads_list = len(run) > 1 and LIST_MARKER.match(text, run[1].start, run[1].end)
    if (len(run) == 1 or heads_list) and _is_heading(text, run[0]):
        yield Piece(BlockKind.HEADING, (trim(text, run[0]),))
        run = run[1:]
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
    item = after(text, LIST_MARKER, span)
    if LIST_MARKER.match(text, span.start, span.end) and item.start < item.end:
        return Piece(BlockKind.LIST_ITEM, (item,))
    return Piece(BlockKind.PARAGRAPH, (trim(text, span),))


def _is_heading(text: str, line: Span) -> bool:
    """Tell whether a line that stands alone is a heading: short, capitalised, and not a sentence or a piece of one."""
    if line.end - line.start > _HEADING_CHARACTERS:
        return False
    words = plain(text[line.start : line.end])
    if _NUMBERED.match(words):
        return _is_short(words) and not words.endswith(_CLOSED)
    if _begins_piece(text, line) or words.isdecimal():
        return len(words) == _YEAR_DIGITS and words.isdecimal()
    torn = is_unfinished(words, certain=True)
    return (words[:1].isupper() or words[:1].isdigit()) and _is_short(words) and is_unfinished(words) and not torn


def _is_short(words: str) -> bool:
    return len(words.split()) <= HEADING_WORDS
