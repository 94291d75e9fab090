"""A conversation as Markdown, its citations as footnotes. Pure.

What people asked and what documents say is escaped: none of it becomes a link, an image, a formula, a list or HTML. In a
viewer that knows no footnotes, and as plain text, they read as numbered notes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.exports.pieces import About, Note, Piece, PieceKind, pieces, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.exchanges import Exchange

_ALWAYS = r"[\\`*\[\]<~$^{}@]"
_EMPHASIS = r"(?<![^\W_])_|_(?![^\W_])"
_ENTITY = r"&(?=#?\w+;)"
_HEADING = r"(?<!\S)#|#(?!\S)"
_ADDRESS = r":(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):"
_SPECIAL = re.compile("|".join((_ALWAYS, _EMPHASIS, _ENTITY, _HEADING, _ADDRESS)), re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_FIRST = re.compile(r"\A(?:[-+=>|:%]|\d{1,9}(?=([.)])))")
_OPENINGS = {
    PieceKind.TITLE: "# ",
    PieceKind.HEADING: "## ",
    PieceKind.PARAGRAPH: "",
    PieceKind.LIST_ITEM: "- ",
    PieceKind.ASIDE: "",
}


def markdown_export(about: About, exported: Sequence[Exchange], titles: Mapping[str, str]) -> str:
    """Return a conversation as Markdown; ``titles`` are those of the documents by id. Equal footnotes are one."""
    numbers: dict[Note, int] = {}
    parts: list[str] = []
    before: PieceKind | None = None
    for piece in pieces(about, exported, titles):
        line = _line(piece, numbers)
        in_list = before is piece.kind is PieceKind.LIST_ITEM
        parts.append(f"\n{line}" if in_list or before is None else f"\n\n{line}")
        before = piece.kind
    body = "".join(parts).strip("\n")
    return "\n\n".join([body, *_footnotes(numbers)]) + "\n"


def shown(text: str) -> str:
    """Return text that any Markdown viewer shows as it is, in a line of its own or within one."""
    return _FIRST.sub(_at_the_start, _inline(text).strip())


def _inline(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _SPACE.sub(" ", writable(text)))


def _at_the_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[1] else f"\\{found[0]}"


def _line(piece: Piece, numbers: dict[Note, int]) -> str:
    label = f"**{shown(piece.label)}**" if piece.label else ""
    words = shown(piece.words)
    said = " ".join(filter(None, [label, f"*{words}*" if piece.kind is PieceKind.ASIDE else words]))
    marks = "".join(f"[^{numbers.setdefault(note, len(numbers) + 1)}]" for note in piece.notes)
    return f"{_OPENINGS[piece.kind]}{said}{marks}"


def _footnotes(numbers: Mapping[Note, int]) -> Iterator[str]:
    for note, number in numbers.items():
        place = f"*{_inline(note.title).strip()}*{_inline(note.place)}"
        # without the words before it, a place alone could be read as the address of a link
        yield f"[^{number}]: " + (
            f"{place}: “{_inline(note.quote).strip()}”" if note.quote else f"It stands in {place}."
        )
