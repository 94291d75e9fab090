"""A person's corrections of tags: ``tags.toml`` in the corpus folder, by hand or by the app. Pure but for loading it.

A correction holds on to words, not to places: it names a document and quotes a passage, and is looked up again at every build.
So it survives a rebuild, another splitting into passages, and edits elsewhere in the document. One whose words are no longer
there is a ``Stray`` with a reason, and is kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from assistant.errors import CorrectionError, UnknownName
from assistant.types import Facet

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.taxonomy import Taxonomy

FILENAME = "tags.toml"
SECTION = "corrections"
KEYS: Mapping[Facet, str] = {Facet.THEME: "themes", Facet.ASPECT: "aspects", Facet.CASE: "cases"}
_WORDS = ("document", "quote")
_KNOWN = {*KEYS.values(), *_WORDS, "by", "at"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of a passage: its tags of each facet in ``tags``, none where that is empty; other facets stay.

    ``quote`` is words of the passage as the document has them, but for white space. ``document`` is the document's id.
    """

    document: str
    quote: str
    tags: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    by: str | None = None
    at: date | None = None


def load_corrections(corpus: Path, taxonomy: Taxonomy) -> list[Correction]:
    """Read ``tags.toml`` of a corpus folder; a library needs none.

    Raises:
        CorrectionError: it cannot be read, is not TOML, or an entry is wrong.
    """
    path = corpus / FILENAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CorrectionError(f'"{path}" cannot be read ({error.strerror}). Check its permissions.') from error
    return parse_corrections(content, taxonomy, str(path))


def corrections_sha256(corpus: Path) -> str:
    """Return the SHA-256 of ``tags.toml``; empty where there is none that can be read."""
    try:
        return sha256((corpus / FILENAME).read_bytes()).hexdigest()
    except OSError:
        return ""


def parse_corrections(content: bytes, taxonomy: Taxonomy, origin: str = FILENAME) -> list[Correction]:
    """Return the corrections that a TOML text holds, in its order; ``origin`` names the file in errors.

    Raises:
        CorrectionError: as ``load_corrections``; the message names the entry by its number and document.
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CorrectionError(f'"{origin}" is not TOML: {error}. Mend that line.') from error
    unknown = sorted(set(table) - {SECTION})
    if unknown:
        raise CorrectionError(f'"{origin}" has a "{unknown[0]}" that means nothing. It may hold [[{SECTION}]] only.')
    entries = table.get(SECTION, [])
    if not isinstance(entries, list):
        raise CorrectionError(f'"{origin}": {SECTION} must be tables, each headed [[{SECTION}]].')
    return [_correction(entry, taxonomy, f'"{origin}", correction {n}') for n, entry in enumerate(entries, 1)]


def _correction(entry: object, taxonomy: Taxonomy, place: str) -> Correction:
    if not isinstance(entry, Mapping):
        raise CorrectionError(f"{place}: corrections must be tables, each headed [[{SECTION}]].")
    for key in _WORDS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise CorrectionError(f'{place} needs a {key} = "…".')
    place = f'{place} (of "{entry["document"]}")'
    unknown = sorted(set(entry) - _KNOWN)
    if unknown:
        raise CorrectionError(f'{place} has a "{unknown[0]}" that means nothing. It may be a misspelling: mend it.')
    tags = {facet: _names(entry[key], facet, taxonomy, place) for facet, key in KEYS.items() if key in entry}
    if not tags:
        raise CorrectionError(f"{place} corrects nothing. Give it {', '.join(KEYS.values())} or several of these.")
    by, at = entry.get("by"), entry.get("at")
    if by is not None and not isinstance(by, str):
        raise CorrectionError(f"{place}: by must be a text.")
    if at is not None and not isinstance(at, date):
        raise CorrectionError(f"{place}: at must be a date or a time, such as 2026-11-23T10:15:00Z, without quotes.")
    return Correction(entry["document"], entry["quote"], tags, by, at)


def _names(written: object, facet: Facet, taxonomy: Taxonomy, place: str) -> tuple[str, ...]:
    if not isinstance(written, Sequence) or isinstance(written, str) or not all(isinstance(n, str) for n in written):
        raise CorrectionError(f"{place}: {KEYS[facet]} must be a list of names; [] takes them away.")
    try:
        return tuple(dict.fromkeys(taxonomy.resolve(facet, name) for name in written))
    except UnknownName as error:
        raise CorrectionError(f"{place}: {error} Mend the name, or add it to the taxonomy.") from error
