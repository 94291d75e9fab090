"""What stands in an exported conversation, piece by piece, whatever format it is written in. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.answering.choosing import GENERATIVE
from assistant.rendering import on_pages, understood_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from assistant.exchanges import Exchange
    from assistant.types import Answer, Citation, Document, Hit, Statement

CAVEAT = (
    "Casewise quotes its sources; check them. Every sentence of an answer has a footnote with the words it rests on."
)

_NEAREST, _BEGINNING, _LONGEST_HEADING = 3, 300, 300
"""How many passages a refusal points at, how many characters of each it shows, and how many of an unread question."""

_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE = re.compile("[\x0b\x0c\x85\u2028\u2029]|\r\n?")


@dataclass(frozen=True, slots=True)
class About:
    """What an export is called, the library that was asked, where it has a name, and when the export was made."""

    title: str
    library: str | None
    made: datetime


class PieceKind(StrEnum):
    """What a piece is on the page."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: where words stand, and the words; none where it only says where a passage is."""

    title: str
    document: str
    section: tuple[str, ...]
    pages: tuple[int, ...]
    quote: str = ""

    @property
    def place(self) -> str:
        """Where in the document the words stand, and its file: what follows the title."""
        file = f" ({self.document})" if self.document != self.title else ""
        return file + "".join(f", {part}" for part in (" › ".join(self.section), on_pages(self.pages)) if part)


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, paragraph or item of a list: a label in bold, its words, and its footnotes at their end."""

    kind: PieceKind
    words: str
    label: str = ""
    notes: tuple[Note, ...] = ()


def pieces(about: About, exported: Sequence[Exchange], titles: Mapping[str, str]) -> Iterator[Piece]:
    """Yield what stands in an export, in order; ``titles`` are those of the documents by id."""
    yield Piece(PieceKind.TITLE, about.title)
    library = f"From the library “{about.library}”, " if about.library else "Exported on "
    yield Piece(PieceKind.ASIDE, f"{library}{day(about.made)}. {CAVEAT}")
    for one in exported:
        yield from _exchange(one, titles)


def titles_of(exported: Sequence[Exchange], documents: Mapping[str, Document]) -> dict[str, str]:
    """Return the titles of the documents that an export points at, by id, of those that the library still holds."""
    answers = [one.answer for one in exported if one.answer]
    pointed = {citation.document for answer in answers for citation in answer.citations}
    pointed |= {hit.passage.document for answer in answers for hit in answer.passages[:_NEAREST]}
    return {identifier: documents[identifier].title for identifier in sorted(pointed) if identifier in documents}


def library_name(documents: Mapping[str, Document]) -> str | None:
    """Return what a library of a single document is called: as that is; others have no name."""
    return next(iter(documents.values())).title if len(documents) == 1 else None


def day(moment: datetime) -> str:
    """Return a date in words: "5 March 2026"."""
    return f"{moment.day} {moment:%B %Y}"


def writable(text: str) -> str:
    """Return text without what no document may hold: control characters and halves of characters; every line ends alike."""
    return _UNWRITABLE.sub("\ufffd", _LINE.sub("\n", text))


def beginning(text: str, characters: int) -> str:
    """Return how a text begins: whole words, at most ``characters`` of it, and an ellipsis where it goes on."""
    text = " ".join(text.split())
    return text if len(text) <= characters else f"{text[:characters].rsplit(' ', 1)[0]} …"


def _exchange(one: Exchange, titles: Mapping[str, str]) -> Iterator[Piece]:
    question = one.question if one.answer else beginning(one.question, _LONGEST_HEADING)
    yield Piece(PieceKind.HEADING, question if question.strip() else "(nothing)")
    how = " · ".join(_how_it_was_read(one))
    if how:
        yield Piece(PieceKind.ASIDE, how)
    if one.answer is None:
        yield Piece(PieceKind.PARAGRAPH, one.message)
    elif one.answer.answered:
        yield from _answer(one.answer, titles)
    else:
        yield from _refusal(one.answer, titles)


def _how_it_was_read(one: Exchange) -> Iterator[str]:
    if one.asked:
        yield f"Asked on {day(one.asked)} at {one.asked:%H:%M}"
    if one.answer and one.answer.answered and one.answer.answerer == GENERATIVE:
        yield "Written by a language model, every sentence checked against its sources"
    understood = understood_as(one.answer) if one.answer else None
    if understood:
        yield f"Understood as: {understood}"
    held = ", ".join(f"{facet.value}: {value}" for facet, value in one.filters.items())
    if held:
        yield f"Filtered by {held}"


def _answer(answer: Answer, titles: Mapping[str, str]) -> Iterator[Piece]:
    kind = PieceKind.LIST_ITEM if answer.is_list else PieceKind.PARAGRAPH
    cited = {citation.marker: _cited(citation, titles) for citation in answer.citations}
    for statement in answer.statements:
        yield _sentence(statement, kind, cited)
    for name in answer.missing:
        yield Piece(kind, "no evidence found.", f"{name}:")


def _sentence(statement: Statement, kind: PieceKind, cited: Mapping[int, Note]) -> Piece:
    label = f"{statement.heading}:" if statement.heading else ""
    return Piece(kind, statement.text, label, tuple(cited[marker] for marker in statement.markers))


def _refusal(answer: Answer, titles: Mapping[str, str]) -> Iterator[Piece]:
    yield Piece(PieceKind.PARAGRAPH, "", answer.reason or "The library does not answer this.")
    if answer.passages:
        yield Piece(PieceKind.PARAGRAPH, "The nearest passages to look at:")
    for hit in answer.passages[:_NEAREST]:
        yield Piece(PieceKind.LIST_ITEM, beginning(hit.passage.text, _BEGINNING), notes=(_found(hit, titles),))


def _cited(citation: Citation, titles: Mapping[str, str]) -> Note:
    title = titles.get(citation.document, citation.document)
    return Note(title, citation.document, citation.section, citation.pages, citation.quote)


def _found(hit: Hit, titles: Mapping[str, str]) -> Note:
    passage = hit.passage
    return Note(titles.get(passage.document, passage.document), passage.document, passage.section, ())
