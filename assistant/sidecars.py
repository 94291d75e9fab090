"""Sidecars: small TOML files beside a document that say what it is, for formats that cannot say it themselves.

``report.pdf`` may have ``report.pdf.toml`` or ``report.toml``. What a sidecar says outranks what the file says of itself.
"""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING

from assistant.errors import ReadingError
from assistant.metadata import KEYS, joined, key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


SUFFIX = ".toml"
_OF_THE_LIBRARY = frozenset({"taxonomy.toml", "tags.toml"})
"""Files of the library itself, which are no document's sidecar whatever the document is called."""
_LARGEST = 64_000


def possible_sidecars(path: Path) -> list[Path]:
    """Return where the sidecar of the document at ``path`` may lie."""
    possible = dict.fromkeys((path.with_name(path.name + SUFFIX), path.with_suffix(SUFFIX)))
    return [one for one in possible if one.name.lower() not in _OF_THE_LIBRARY]


def sidecar_of(path: Path) -> Path | None:
    """Return the sidecar of the document at ``path``, or ``None`` where it has none.

    Raises:
        ReadingError: it has two.
    """
    found = [one for one in possible_sidecars(path) if _is_file(one)]
    if len(found) > 1:
        raise ReadingError(
            f'"{path.name}" has two sidecars, "{found[0].name}" and "{found[1].name}". Keep one of them.'
        )
    return found[0] if found else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the system
        return False


def metadata_of(path: Path) -> Mapping[str, str]:
    """Return what the sidecar of the document at ``path`` says, under the keys of ``metadata.KEYS``; nothing without one.

    Raises:
        ReadingError: there are two, it cannot be read, it is no TOML, or it has a key or a value that means nothing.
    """
    sidecar = sidecar_of(path)
    if sidecar is None:
        return {}
    if sidecar.is_symlink():  # it may lead out of the corpus
        raise ReadingError(f'"{sidecar.name}" is a link. Put the file itself beside "{path.name}".')
    said: dict[str, str] = {}
    for written, value in _table(sidecar).items():
        meant = key(written)
        if meant is None:
            raise ReadingError(
                f'"{sidecar.name}" has a "{written}" that means nothing. It may be a misspelling; there are {", ".join(KEYS)}.'
            )
        if meant in said:
            raise ReadingError(f'"{sidecar.name}" gives the {meant} twice. Keep one.')
        said[meant] = joined(_texts(value, written, sidecar.name))
    return {meant: value for meant, value in said.items() if value}


def _table(sidecar: Path) -> Mapping[str, object]:
    try:
        if sidecar.stat().st_size > _LARGEST:
            raise ReadingError(f'"{sidecar.name}" is too large for a sidecar. Keep it below {_LARGEST:,} bytes.')
        return tomllib.loads(sidecar.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReadingError(f'"{sidecar.name}" cannot be opened ({error.strerror}). Check its permissions.') from error
    except (ValueError, RecursionError) as error:
        raise ReadingError(f'"{sidecar.name}" is not TOML: {error}. Mend that line.') from error


def _texts(value: object, written: str, name: str) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, bool) or not isinstance(item, str | int | date):
            raise ReadingError(f'"{name}": {written} must be a text or a list of texts.')
        yield str(item)
