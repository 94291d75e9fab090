"""Joins the paragraphs that page breaks and footnotes broke apart.

A paragraph or list item is torn when it ends without a full stop and a later paragraph goes on in lower case, or when it
breaks off in mid-sentence ("…which could deliver the"), or when nothing but footnotes, a page break or the running title
stands between it and a paragraph that is no heading. The halves become one piece with two spans; no word moves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.markup import SUPERSCRIPTS
from assistant.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.reading.pieces import Piece
    from assistant.types import Span

TORN_WORDS = 8
"""A paragraph of fewer words that ends without a full stop is a caption or a label rather than torn."""

_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
_FINISHED = re.compile(rf"[.!?:;…][\"'”’)\]]*[{SUPERSCRIPTS}]*\Z")
_MIDDLE = re.compile(
    r"(?:,|\b(?:(?-i:a|may|who)|an|the|this|that|these|those|its|their|our|your|his|her|my|and|or|but|nor|of|in|on|at|to"
    r"|for|from|with|by|into|as|than|between|through|during|about|is|are|was|were|be|been|has|have|had|having|will|would|can|could"
    r"|should|might|must|which|whose|where|while|because|if|not))\Z",
    re.IGNORECASE,
)
"""Plan A, in May and the WHO can end a heading; a, may and who cannot."""


_LONGEST_MIDDLE = 12
"""More characters than the longest of these words has, with the one before it; no more of a text need be looked at."""


def is_unfinished(words: str, *, certain: bool = False) -> bool:
    """Tell whether display text breaks off before its full stop; ``certain`` asks that its last word cannot end a sentence."""
    return bool(_MIDDLE.search(words[-_LONGEST_MIDDLE:])) if certain else not _FINISHED.search(words)


@dataclass(slots=True)
class _Torn:
    """A paragraph or list item that may go on: its words so far, and whether anything but prose came after it."""

    piece: Piece
    place: int
    spans: list[Span]
    tail: str
    words: int
    interrupted: bool = False


def mend(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Return ``pieces`` with torn paragraphs and list items made whole."""
    mended: list[Piece] = []
    torn: _Torn | None = None
    title = next((piece.display(text).casefold() for piece in pieces if piece.kind is BlockKind.HEADING), None)
    for piece in pieces:
        words = piece.display(text)
        prose = piece.kind in _PROSE and not piece.whole
        if torn and prose and piece.kind is BlockKind.PARAGRAPH and _continues(text, torn, piece, words):
            torn.spans.extend(piece.spans)
            torn.tail, torn.words, torn.interrupted = words, torn.words + len(words.split()), False
            continue
        if prose:
            _close(torn, mended)
            torn = _Torn(piece, len(mended), list(piece.spans), words, len(words.split()))
        elif piece.kind is BlockKind.FOOTNOTE or (piece.kind is BlockKind.HEADING and words.casefold() == title):
            if torn:
                torn.interrupted = True
        else:
            _close(torn, mended)
            torn = None
        mended.append(piece)
    _close(torn, mended)
    return mended


def _close(torn: _Torn | None, mended: list[Piece]) -> None:
    """Put the halves together in the place of the first."""
    if torn and len(torn.spans) > len(torn.piece.spans):
        mended[torn.place] = replace(torn.piece, spans=tuple(torn.spans))


def _continues(text: str, torn: _Torn, piece: Piece, words: str) -> bool:
    if not is_unfinished(torn.tail):
        return False
    interrupted = torn.interrupted or "\f" in text[torn.spans[-1].end : piece.start]
    long = torn.piece.kind is BlockKind.PARAGRAPH and torn.words >= TORN_WORDS
    return words[:1].islower() or is_unfinished(torn.tail, certain=True) or (interrupted and long)
