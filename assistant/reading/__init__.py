"""From a file to a Document. One module a format; ``read`` chooses by the file's name."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.errors import ReadingError
from assistant.markup import plain
from assistant.reading.decoding import decode
from assistant.reading.layouts import Layout
from assistant.reading.markdown import read_markdown
from assistant.reading.outline import outline
from assistant.reading.text import read_text
from assistant.spans import quote
from assistant.types import BlockKind, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.types import Block


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
    text = decode(content, name)
    return Layout(text, read_markdown(text))


READERS: dict[str, Reader] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _text,
    ".text": _text,
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus: its id (path below the corpus folder), where it is, and the SHA-256 of its bytes.

    What cannot be opened, or is a link to no file, has an empty SHA-256; reading it says why.
    """

    id: str
    path: Path
    sha256: str


def sources(corpus: Path, index: Path | None = None) -> Iterator[Source]:
    """Yield the files of the corpus that are meant to be read, by name.

    Hidden files are passed over, and so are the folder's own README, its settings (``.toml``, ``.jsonl``) and the folder of
    the index where that lies inside.
    """
    corpus, index = corpus.absolute(), index.absolute() if index else None
    for path in sorted(corpus.rglob("*")):
        relative = path.relative_to(corpus)
        if index is not None and path.is_relative_to(index):
            continue
        if (path.is_file() or path.is_symlink()) and _is_document(relative):
            yield Source(_clean(relative.as_posix()), path, _sha256(path))


def read(path: Path, identifier: str | None = None) -> Document:
    """Read one file.

    Raises:
        ReadingError: the format is not known, or the bytes are not text.
    """
    _check_file(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise ReadingError(f'"{path.name}" is a format that Casewise cannot read. Save it as one of {known}.')
    layout = reader(_content(path), path.name)
    blocks = outline(layout.text, layout.pieces)
    if not blocks:
        raise ReadingError(f'"{path.name}" holds no text. Remove it, or replace it with a file that has some.')
    title = layout.title or _title(layout.text, blocks, path)
    return Document(identifier or path.name, title, layout.text, tuple(blocks), layout.metadata, layout.pages)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadingError(f'"{path.name}" cannot be opened ({error.strerror}). Check its permissions.') from error


def _check_file(path: Path) -> None:
    name = _clean(path.name)
    if name != path.name:
        raise ReadingError(f'"{name}" has a name that is not UTF-8, or has a line end in it. Rename it.')
    if not path.exists():
        raise ReadingError(
            f'"{name}" is not there, or is a link to something that is not. Remove it, or mend the link.'
        )
    if not path.is_file():
        raise ReadingError(f'"{name}" is a link to a folder or a device. Put the documents themselves into the corpus.')


def _clean(name: str) -> str:
    """Return a file's name as text that can be written; bytes of it that are no UTF-8 are replaced."""
    return name.encode("utf-8", "replace").decode().replace("\n", " ")


def _sha256(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""


def _is_document(relative: Path) -> bool:
    hidden = any(part.startswith((".", "~")) for part in relative.parts)
    settings = relative.suffix.lower() in {".toml", ".jsonl"}
    return not hidden and not settings and relative.name.lower() != "readme.md"


def _title(text: str, blocks: Iterable[Block], path: Path) -> str:
    first = next(iter(blocks))
    if first.kind is BlockKind.HEADING:
        return plain(quote(text, first.spans))
    return path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
