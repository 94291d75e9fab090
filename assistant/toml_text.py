"""Writing TOML by adding to what a person wrote: comments, order and line ends stay as they are. Pure."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    Value = str | date | Iterable[str]


def line(key: str, value: Value) -> str:
    """Return ``key = value`` as TOML has it; a list of texts stands on one line."""
    if isinstance(value, str):
        return f"{key} = {quoted(value)}"
    if isinstance(value, date):
        return f"{key} = {value.isoformat()}"
    return f"{key} = [{', '.join(map(quoted, value))}]"


def quoted(text: str) -> str:
    """Return a text as a TOML basic string: JSON's escapes are TOML's, but for the control character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def appended(content: bytes, header: str, lines: Iterable[str]) -> bytes:
    """Return a TOML file with a table added at its end, in the file's own line ends."""
    end = "\r\n" if b"\r\n" in content else "\n"
    text = content.decode("utf-8-sig").rstrip("\r\n \t")
    mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    before = f"{mark}{text}{end}{end}" if text else mark
    return (before + end.join([f"[[{header}]]", *lines]) + end).encode()
