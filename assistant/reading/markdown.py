"""Markdown: headings, paragraphs, lists and tables, by the CommonMark rules of markdown-it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from assistant.markup import BULLETS, plain
from assistant.reading.front_matter import FRONT_MATTER
from assistant.reading.mending import mend
from assistant.reading.pieces import BYTE_ORDER_MARK, FOOTNOTE_MARKER, Piece, after, last_headings_are_text, lines
from assistant.reading.tables import split_row, table
from assistant.spans import quote, trim
from assistant.types import BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token


_CONTAINER_MARKS = re.compile(r"(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*")
_QUOTE_MARKS = re.compile(r"(?:[ \t]*>)+[ \t]*")
_BULLET = re.compile(rf"[{BULLETS}][ \t]+(?=\S)")
_CELL_EDGE = r"(?<!\\)\|"
_VERBATIM = ("fence", "code_block", "html_block")
_NO_LINK = "\ue000"
"""Hides the bracket of a footnote from the parser, which would take ``[^1]: word`` for the address of a link."""

_PARSER = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable(["inline", "text_join"])


def read_markdown(text: str) -> list[Piece]:
    """Return the pieces of a Markdown text. Front matter is not part of it."""
    return mend(text, last_headings_are_text(list(_pieces(text))))


def _pieces(text: str) -> Iterator[Piece]:
    front = FRONT_MATTER.match(text)
    begin = front.end() if front else text.startswith(BYTE_ORDER_MARK) * len(BYTE_ORDER_MARK)
    starts = _line_starts(text, begin)
    tokens = _PARSER.parse(re.sub(r"\r\n?|\f|\v", "\n", text[begin:]).replace("[^", f"{_NO_LINK}^"))
    depth = {"list_item": 0, "blockquote": 0, "table": 0}
    level: int | None = None
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if name in depth:
            depth[name] += token.nesting
        if token.type in {"heading_open", "paragraph_open"}:
            level = int(token.tag[1]) if name == "heading" else None
        elif token.type == "table_open":
            yield from table(text, _rows(text, starts, token, in_quote=depth["blockquote"] > 0))
        elif token.type in _VERBATIM or (token.type == "inline" and not depth["table"]):
            found = _lines_of(text, starts, token)
            if level and token.type == "inline":
                yield from _piece(text, BlockKind.HEADING, found, level)
            else:
                pieces = _prose(text, found, in_list=depth["list_item"] > 0)
                yield from (replace(piece, whole=token.type in _VERBATIM) for piece in pieces)


def _line_starts(text: str, begin: int) -> list[int]:
    """Return where each line begins, as markdown-it counts lines, and where the last one ends (twice, as a sentinel)."""
    spans = list(lines(text, Span(begin, len(text))))
    return [*(span.start for span in spans), len(text), len(text)]


def _lines_of(text: str, starts: Sequence[int], token: Token) -> list[Span]:
    """Return where the lines of a token's content stand in the text, without the marks of quotes and lists before them."""
    first = (token.map or [0])[0] + (token.type == "fence")
    found = []
    for number, line in enumerate(token.content.replace(_NO_LINK, "[").split("\n"), first):
        words = line.strip()
        if words:
            whole = Span(starts[number], starts[number + 1])
            place = text.rfind(words, whole.start, whole.end)
            found.append(trim(text, whole) if place < 0 else Span(place, place + len(words)))
    return found


def _rows(text: str, starts: Sequence[int], token: Token, *, in_quote: bool) -> list[tuple[Span, ...]]:
    """Return the cells of a table's rows; its second line only draws the border."""
    first, last = token.map or [0, 0]
    rows = []
    for number in (first, *range(first + 2, last)):
        line = trim(text, Span(starts[number], starts[number + 1]))
        if number == first and token.level:
            line = after(text, _CONTAINER_MARKS, line)
        elif in_quote:
            line = after(text, _QUOTE_MARKS, line)
        if line.start < line.end:
            rows.append(_row(text, line))
    return rows


def _row(text: str, line: Span) -> tuple[Span, ...]:
    start = line.start + (text[line.start] == "|")
    end = line.end - (line.end - 1 > start and text[line.end - 1] == "|" and text[line.end - 2] != "\\")
    return split_row(text, Span(start, end), _CELL_EDGE)


def _prose(text: str, found: Sequence[Span], *, in_list: bool) -> Iterator[Piece]:
    """Yield a paragraph, and the footnotes and bulleted lines it holds; each of them begins on a line of its own."""
    kind, part = BlockKind.LIST_ITEM if in_list else BlockKind.PARAGRAPH, list[Span]()
    for line in found:
        is_note = FOOTNOTE_MARKER.match(text, line.start, line.end)
        bullet = _BULLET.match(text, line.start, line.end)
        if is_note or bullet:
            yield from _piece(text, kind, part)
            kind, part = BlockKind.FOOTNOTE if is_note else BlockKind.LIST_ITEM, []
        part.append(Span(bullet.end(), line.end) if bullet else line)
    yield from _piece(text, kind, part)


def _piece(text: str, kind: BlockKind, found: Sequence[Span], level: int | None = None) -> Iterator[Piece]:
    """Yield a piece of lines, those with nothing but white space between them made one span, unless nothing is displayed."""
    spans: list[Span] = []
    for line in found:
        if spans and text[spans[-1].end : line.start].isspace():
            spans[-1] = Span(spans[-1].start, line.end)
        else:
            spans.append(line)
    if plain(quote(text, spans)):
        yield Piece(kind, tuple(spans), level=level)
