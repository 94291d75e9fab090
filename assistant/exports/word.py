"""A conversation as a Word file, its citations as real footnotes. Pure.

What stands in the file comes from ``pieces``; ``footnotes`` makes the part that python-docx has no words for.
"""

from __future__ import annotations

from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING

import docx
from docx.opc.constants import RELATIONSHIP_TYPE

from assistant.exports.footnotes import add_footnotes, refer
from assistant.exports.looks import dress
from assistant.exports.pieces import About, Note, Piece, PieceKind, pieces, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

    from assistant.exchanges import Exchange

_STYLES = {
    PieceKind.TITLE: "Title",
    PieceKind.HEADING: "Heading 1",
    PieceKind.PARAGRAPH: "Normal",
    PieceKind.LIST_ITEM: "List Bullet",
    PieceKind.ASIDE: "Subtitle",
}
_LONGEST_PROPERTY = 255
"""How many characters a property of a file may have: python-docx refuses more."""


def word_export(about: About, exported: Sequence[Exchange], titles: Mapping[str, str]) -> bytes:
    """Return a conversation as a ``.docx``; ``titles`` are those of the documents by id."""
    file = docx.Document()
    dress(file)
    _describe(file, about)
    notes: list[Note] = []
    numbers = count(1)
    for piece in pieces(about, exported, titles):
        _add(file, piece, numbers)
        notes += piece.notes
    add_footnotes(file, notes)
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def _describe(file: WordDocument, about: About) -> None:
    said = file.core_properties
    said.title = writable(about.title)[:_LONGEST_PROPERTY]
    said.subject = writable(about.library or "")[:_LONGEST_PROPERTY]
    said.author = said.last_modified_by = "Casewise"
    said.comments, said.language = "", "en-GB"
    said.created = said.modified = about.made
    for identifier, relation in [*file.part.package.rels.items()]:
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # a picture of python-docx's empty template
            file.part.package.rels.pop(identifier)


def _add(file: WordDocument, piece: Piece, numbers: Iterator[int]) -> None:
    paragraph = file.add_paragraph(style=_STYLES[piece.kind])
    if piece.label:
        _write(paragraph, f"{piece.label} " if piece.words else piece.label, bold=True)
    _write(paragraph, " ".join(piece.words.split()))
    for position, note_number in enumerate(next(numbers) for _ in piece.notes):
        refer(paragraph, note_number, after_another=position > 0)


def _write(paragraph: Paragraph, words: str, *, bold: bool = False) -> None:
    if words:
        paragraph.add_run(writable(words)).bold = bold or None
