"""What readers of web pages and of Word files find in common: blocks of words, and how they are written down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.markup import BULLETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.reading.grids import Grid
    from assistant.reading.layouts import Composer

_CAPTION = re.compile(r"(?:table|figure|box|chart|exhibit|map)\s+[\dA-Z]+(?:\.\d+)*\s*[:.–—-]\s*\S", re.IGNORECASE)
_CAPTION_WORDS = 14
_TYPED_BULLET = re.compile(rf"\s*[{BULLETS}]\s+(?=\S)")
_CELL_LIST = 2

LINE_END = "\x0b"
"""Stands in words for a line end that the author set."""


class Kind(StrEnum):
    """What a fragment is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    VERBATIM = "verbatim"
    NOTE = "note"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words of a page, ready to be written. ``mark`` is a note's; ``bold`` tells that all words are."""

    kind: Kind
    words: str = ""
    level: int | None = None
    mark: str = ""
    table: Grid | None = None
    bold: bool = False


def prose(kind: Kind, words: str, *, bold: bool = False) -> list[Fragment]:
    """Return a paragraph or list item; lines in it that begin with a typed bullet are items of their own.

    A short caption ("Figure 1: Partners") is a heading, as it is in a plain text.
    """
    lines = words.split(LINE_END)
    if not any(_TYPED_BULLET.match(line) for line in lines):
        is_caption = kind is Kind.PARAGRAPH and _CAPTION.match(words) and len(words.split()) <= _CAPTION_WORDS
        if is_caption and not words.rstrip().endswith((".", ";", ",")):
            return [Fragment(Kind.HEADING, words.replace("**", ""))]
        return [Fragment(kind, words, bold=bold)]
    found: list[Fragment] = []
    for line in lines:
        bullet = _TYPED_BULLET.match(line)
        if bullet or not found:
            found.append(Fragment(Kind.ITEM if bullet else kind, line[bullet.end() :] if bullet else line))
        else:
            found[-1] = Fragment(found[-1].kind, f"{found[-1].words} {line}")
    return found


def cell_words(fragments: Sequence[Fragment]) -> str | tuple[str, ...]:
    """Return what a cell of a table says: a line, or the items of its list."""
    said = [" ".join(each.words.split()) for each in fragments]
    items = [each for each in fragments if each.kind is Kind.ITEM and each.words.strip()]
    return tuple(filter(None, said)) if len(items) >= _CELL_LIST else " ".join(filter(None, said))


def compose(fragments: Iterable[Fragment], composer: Composer) -> None:
    """Write fragments down in their order."""
    for each in fragments:
        match each.kind:
            case Kind.HEADING:
                composer.heading(each.words, each.level)
            case Kind.PARAGRAPH:
                composer.paragraph(each.words)
            case Kind.ITEM:
                composer.item(each.words)
            case Kind.VERBATIM:
                composer.verbatim(each.words)
            case Kind.NOTE:
                composer.footnote(each.mark, each.words)
            case Kind.TABLE if each.table:
                for caption in each.table.captions:
                    composer.paragraph(caption)
                composer.table(each.table.rows, headed=each.table.headed)
