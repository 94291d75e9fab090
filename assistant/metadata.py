"""What a document says of itself: the keys that its front matter and its sidecar may have, and the names they hold. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.types import Facet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEYS = ("title", "case", "theme", "aspect", "date", "source", "author")
"""Every key that means something. Those of a facet may also be written in the plural, and hold several names."""

_PLURALS = {f"{facet.value}s": facet.value for facet in Facet}
_BETWEEN_NAMES = ";"


def key(written: str) -> str | None:
    """Return the key that is meant, in any case, singular or plural; ``None`` for one that means nothing here."""
    lowered = written.strip().lower()
    meant = _PLURALS.get(lowered, lowered)
    return meant if meant in KEYS else None


def joined(values: Iterable[str]) -> str:
    """Return several values as one, as metadata keeps them; white space becomes single spaces."""
    return f"{_BETWEEN_NAMES} ".join(value for value in (" ".join(value.split()) for value in values) if value)


def names(metadata: Mapping[str, str], facet: Facet) -> list[str]:
    """Return the themes, aspects or cases that a whole document is given, as it spells them, each once."""
    written = metadata.get(facet.value, "").split(_BETWEEN_NAMES)
    return list(dict.fromkeys(name for name in (" ".join(one.split()) for one in written) if name))
