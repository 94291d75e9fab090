"""Puts headings in order and gives every block its section path.

Markdown says how deep a heading is. Bare headings do not, so their depth is inferred: numbers tell (2.1 stands under 2); a
heading that recurs ("Challenges" in every chapter) or that follows another directly is a subheading; any other opens a
chapter. The first heading, where the text begins with it, is the title and belongs to no section path; nor does a page that
repeats it open one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.markup import SUPERSCRIPTS, UNITS
from assistant.types import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.reading.pieces import Piece
    from assistant.types import Span

LONGEST_HEADING = 1_000
"""The most characters of a heading; it is said again with every passage below it."""

_CAPTION = re.compile(r"(table|figure|box|chart|exhibit|map)\s+[\dA-Z]+(?:\.\d+)*\s*[:.–—-]\s*\S", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s+\S")
_DEEPEST = 6
_MARK = re.compile(rf"[{SUPERSCRIPTS}]+|\[\^[^\[\]\s]+\]|\[\d{{1,3}}\]")
_REFERENCE = re.compile(rf"(?<=\S){UNITS}[{SUPERSCRIPTS}]+|(?<!\A)(?:\[\^[^\[\]\s]+\](?!:)|\[\d{{1,3}}\](?![(:]))")

Path = tuple[tuple[int, str], ...]


def outline(text: str, pieces: Sequence[Piece], title: str | None = None) -> list[Block]:
    """Return ``pieces`` as blocks that know their section.

    Where a person has given the document a ``title``, a first heading that is no part of it, nor it of the heading, heads a
    section.
    """
    blocks = list(_blocks(text, _captioned(text, [_long_heading_is_text(text, piece) for piece in pieces]), title))
    places = _marked_places(text, blocks)
    return [
        _at_its_mark(text, i, blocks, places) if block.kind is BlockKind.FOOTNOTE else block
        for i, block in enumerate(blocks)
    ]


def _long_heading_is_text(text: str, piece: Piece) -> Piece:
    if piece.kind is not BlockKind.HEADING or len(piece.display(text)) <= LONGEST_HEADING:
        return piece
    return replace(piece, kind=BlockKind.PARAGRAPH, level=None)


def _captioned(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Make a paragraph that reads as a caption, right above a table, the heading that it is."""
    following = [*pieces[1:], None][: len(pieces)]
    return [
        replace(piece, kind=BlockKind.HEADING)
        if piece.kind is BlockKind.PARAGRAPH
        and after is not None
        and after.kind is BlockKind.TABLE_ROW
        and piece.end - piece.start <= LONGEST_HEADING
        and _CAPTION.match(piece.display(text))
        else piece
        for piece, after in zip(pieces, following, strict=True)
    ]


def _blocks(text: str, pieces: Sequence[Piece], given: str | None) -> Iterator[Block]:
    headings = _chapters(text, pieces)
    recurring = {title for title, count in Counter(headings).items() if count > 1}
    path: Path = ()
    caption: str | None = None
    title = pieces[0].display(text).casefold() if pieces and pieces[0].kind is BlockKind.HEADING else None
    if title is not None and given is not None and title not in given.casefold() and given.casefold() not in title:
        title = None
    bare = True  # nothing but headings since the last heading
    for piece in pieces:
        if piece.kind is BlockKind.HEADING:
            words = piece.display(text)
            caption = words if _CAPTION.match(words) else None
            if caption is None and words.casefold() != title:
                path = _descend(
                    path, words, _level(piece, words, path, bare=bare, recurs=words.casefold() in recurring)
                )
                bare = True
            yield Block(piece.kind, piece.spans, _titles(path))
            continue
        bare = False
        caption = caption if piece.kind is BlockKind.TABLE_ROW else None
        extra = (caption,) if caption else ()
        yield Block(piece.kind, piece.spans, (*_titles(path), *extra, *piece.heads), piece.cells)


def _chapters(text: str, pieces: Sequence[Piece]) -> list[str]:
    """Return the headings that head something: running titles, repeated with nothing between, are counted once."""
    seen: set[str] = set()
    found: list[str] = []
    for i, piece in enumerate(pieces):
        if piece.kind is not BlockKind.HEADING:
            seen.clear()
            continue
        words = piece.display(text).casefold()
        if i > 0 and words not in seen:
            found.append(words)
        seen.add(words)
    return found


def _level(piece: Piece, words: str, path: Path, *, bare: bool, recurs: bool) -> int:
    if piece.level is not None:
        return piece.level
    numbered = _NUMBERED.match(words)
    if numbered:
        return min(numbered[1].count(".") + 1, _DEEPEST)
    if recurs:
        return 2
    return min(path[-1][0] + 1, _DEEPEST) if bare and path else 1


def _descend(path: Path, words: str, level: int) -> Path:
    """Return the path to a new heading; one that repeats a heading already open, as a running title does, opens nothing."""
    if any(words == title for _, title in path[-1:]):
        return path
    return (*(step for step in path if step[0] < level), (level, words))


def _titles(path: Path) -> tuple[str, ...]:
    return tuple(title for _, title in path)


def _marked_places(text: str, blocks: Sequence[Block]) -> dict[str, list[int]]:
    """Return for the mark of every footnote the places of the blocks whose words carry it, in order."""
    notes = (_MARK.match(text, block.spans[0].start) for block in blocks if block.kind is BlockKind.FOOTNOTE)
    places: dict[str, list[int]] = {note[0]: [] for note in notes if note}
    marks: dict[Span, set[str]] = {}  # the head of a column stands in every row below it
    for i, block in enumerate(blocks if places else ()):
        for span in block.spans:
            if span not in marks:
                marks[span] = places.keys() & set(_REFERENCE.findall(text[span.start : span.end]))
            for mark in marks[span]:
                places[mark].append(i)
    return places


def _at_its_mark(text: str, i: int, blocks: Sequence[Block], places: Mapping[str, Sequence[int]]) -> Block:
    """Return a footnote with the section of the words it is a note to, wherever the page put it."""
    note = blocks[i]
    mark = _MARK.match(text, note.spans[0].start)
    marked = places.get(mark[0], ()) if mark else ()
    before, after = bisect_left(marked, i), bisect_right(marked, i)
    nearest = (*marked[max(before - 1, 0) : before], *marked[after : after + 1])
    return replace(note, section=blocks[nearest[0]].section) if nearest else note
