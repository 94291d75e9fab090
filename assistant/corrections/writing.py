"""Writing a correction down: the TOML of ``tags.toml`` with one more, and what it replaces taken out. Pure.

What a person wrote by hand stays as it was, comments and all. An earlier correction of the same words is taken out only where
the new one says all that it said, and where that is sure to change nothing else; the last one counts in any case.
"""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from assistant.corrections.applying import fold
from assistant.corrections.parsing import FILENAME, KEYS, SECTION
from assistant.errors import CorrectionError
from assistant.toml_text import appended, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.corrections.parsing import Correction

_HEADER = re.compile(rf"^[ \t]*\[\[[ \t]*{SECTION}[ \t]*\]\]", re.MULTILINE)


def with_correction(content: bytes, correction: Correction) -> bytes:
    """Return the TOML of ``tags.toml`` with a correction at its end, in place of earlier ones that say no more.

    Raises:
        CorrectionError: the text is not TOML.
    """
    text, entries = _read(content)
    before, *parts = _split(text)
    if [_entry(part) for part in parts] == entries:  # else a header stands inside a text: nothing can be cut out safely
        text = before + "".join(_comments(part) if _is_replaced(_entry(part), correction) else part for part in parts)
    written = appended(text.encode(), SECTION, _lines(correction))
    _read(written)
    return written


def _read(content: bytes) -> tuple[str, object]:
    try:
        text = content.decode("utf-8-sig")
        return text, tomllib.loads(text).get(SECTION, [])
    except (ValueError, RecursionError) as error:
        raise CorrectionError(f'"{FILENAME}" cannot take another correction: {error}. Mend that line.') from error


def _split(text: str) -> list[str]:
    bounds = [0, *(match.start() for match in _HEADER.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


def _entry(part: str) -> Mapping[str, Any] | None:
    try:
        (entry,) = tomllib.loads(part)[SECTION]
    except (ValueError, KeyError):
        return None
    return dict(entry)


def _is_replaced(entry: Mapping[str, Any] | None, correction: Correction) -> bool:
    if entry is None or not isinstance(entry.get("quote"), str):
        return False
    same = entry.get("document") == correction.document and fold(entry["quote"]) == fold(correction.quote)
    said = {key for key in KEYS.values() if key in entry}
    return same and said <= {KEYS[facet] for facet in correction.tags}


def _comments(part: str) -> str:
    """Return the comments at the end of a part, which belong to what comes next."""
    kept: list[str] = []
    for one in reversed(part.splitlines(keepends=True)):
        if one.strip() and not one.lstrip().startswith("#"):
            break
        kept.insert(0, one)
    return "".join(kept).lstrip("\r\n")


def _lines(correction: Correction) -> Iterator[str]:
    yield line("document", correction.document)
    yield line("quote", fold(correction.quote))
    yield from (line(KEYS[facet], names) for facet, names in correction.tags.items())
    if correction.by is not None:
        yield line("by", correction.by)
    if correction.at is not None:
        yield line("at", correction.at)
