"""What documents, passages and sentences are known by. Pure."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from assistant.types import BlockKind
from assistant.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.types import Document, Span


def passage_id(document: str, spans: Sequence[Span]) -> str:
    """Return what a passage is known by: its document, and where it begins and ends there."""
    return f"{document}:{spans[0].start}-{spans[-1].end}"


def guessed_title(document: str) -> str:
    """Return the title of a document that has none, from its name. It is shown, and never embedded or searched."""
    return PurePosixPath(document).stem.replace("-", " ").replace("_", " ").strip().capitalize()


def has_guessed_title(document: Document) -> bool:
    """Tell whether a document is called by its file's name, for want of a heading to begin with or a title it gives itself."""
    begins_with_heading = bool(document.blocks) and document.blocks[0].kind is BlockKind.HEADING
    is_given = begins_with_heading or "title" in document.metadata
    return not is_given and document.title == guessed_title(document.id)


def fingerprint(sentence: str) -> int:
    """Return a number of 64 bits for the words of a sentence, whatever their case and what stands between them."""
    said = " ".join(words(sentence)).casefold()
    return int.from_bytes(blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
