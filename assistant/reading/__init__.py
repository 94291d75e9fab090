"""From a file to a Document. One module a format; what a file holds chooses, and its name where that leaves a choice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.errors import ReadingError
from assistant.identity import guessed_title
from assistant.markup import plain
from assistant.reading.decoding import decode
from assistant.reading.files import NO_LIMITS, Limits, Source, contents, sources
from assistant.reading.formats import Format, recognised
from assistant.reading.layouts import Layout
from assistant.reading.outline import LONGEST_HEADING, outline
from assistant.reading.text import read_text
from assistant.sidecars import metadata_of
from assistant.spans import quote
from assistant.types import BlockKind, Document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.types import Block

__all__ = ["READERS", "Limits", "Reader", "Source", "contents", "read", "read_content", "sources"]


class Reader(Protocol):
    """Takes a file apart into a text and the pieces it was laid out in."""

    def __call__(self, content: bytes, name: str) -> Layout:
        """Return what the bytes of the file called ``name`` hold.

        Raises:
            ReadingError: they cannot be read; the message names the file and the remedy.
        """
        ...


def _text(content: bytes, name: str) -> Layout:
    text = decode(content, name)
    return Layout(text, read_text(text))


def _markdown(content: bytes, name: str) -> Layout:
    from assistant.reading.front_matter import front_matter  # what formats of their own need loads slowly
    from assistant.reading.markdown import read_markdown

    text = decode(content, name)
    said = front_matter(text, name)
    return Layout(text, read_markdown(text), said.get("title"), said)


def _pdf(content: bytes, name: str) -> Layout:
    from assistant.reading.pdf import read_pdf

    return read_pdf(content, name)


def _html(content: bytes, name: str) -> Layout:
    from assistant.reading.html import read_html

    return read_html(content, name)


def _word(content: bytes, name: str) -> Layout:
    from assistant.reading.word import read_word

    return read_word(content, name)


READERS: dict[Format, Reader] = {
    Format.TEXT: _text,
    Format.MARKDOWN: _markdown,
    Format.HTML: _html,
    Format.WORD: _word,
    Format.PDF: _pdf,
}


def read(path: Path, identifier: str | None = None) -> Document:
    """Read one file in this process, whatever time and memory that takes.

    Raises:
        ReadingError: the format is not known, or the bytes are not text.
    """
    return read_content(contents(path), path, identifier)


def read_content(content: bytes, path: Path, identifier: str | None = None, limits: Limits = NO_LIMITS) -> Document:
    """Return the document that the bytes of the file at ``path`` hold.

    Raises:
        ReadingError: the format is not known, the bytes are not sound, or there is more in them than the limits allow.
    """
    form = recognised(content, path.name)
    reader = READERS.get(form)
    if reader is None:
        raise ReadingError(
            f'"{path.name}" is a format that Casewise cannot read ({form}). Save it as text or Markdown.'
        )
    if form in _WITH_TEXT:  # their bytes are their text
        _check_length(decode(content, path.name), path.name, limits)
    layout = reader(content, path.name)
    _check_length(layout.text, path.name, limits)
    if len(layout.pieces) > limits.blocks:
        raise ReadingError(
            f'"{path.name}" has more than {limits.blocks:,} headings, paragraphs, list items and rows. '
            "Split it, or raise CASEWISE_LARGEST_OUTLINE."
        )
    said = {**layout.metadata, **metadata_of(path)}
    blocks = outline(layout.text, layout.pieces, said.get("title"))
    if not blocks:
        raise ReadingError(f'"{path.name}" holds no text. Remove it, or replace it with a file that has some.')
    given = said.get("title") or layout.title
    named = given if given and len(given) <= LONGEST_HEADING else None
    identifier = identifier or path.name
    title = named or _title(layout.text, blocks, identifier)
    said |= {"title": named} if named else {}
    return Document(identifier, title, layout.text, tuple(blocks), said, layout.pages)


_WITH_TEXT = (Format.TEXT, Format.MARKDOWN)


def _check_length(text: str, name: str, limits: Limits) -> None:
    if len(text) > limits.characters:
        raise ReadingError(
            f'"{name}" holds more than {limits.characters:,} characters of text. Split it, or raise CASEWISE_LARGEST_TEXT.'
        )


def _title(text: str, blocks: Iterable[Block], identifier: str) -> str:
    first = next(iter(blocks))
    return plain(quote(text, first.spans)) if first.kind is BlockKind.HEADING else guessed_title(identifier)
