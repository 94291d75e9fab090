"""From bytes to text, without changing a character on the way."""

from __future__ import annotations

import codecs

from assistant.errors import ReadingError

_FORMATS = {b"%PDF-": "a PDF", b"{\\rtf": "rich text", b"PK\x03\x04": "a Word document or another archive"}
_STRAY_CONTROLS = 0.01
"""The share of control characters that pasting leaves in a text at most; binary files hold many more."""


def decode(content: bytes, name: str) -> str:
    """Return the text of a file called ``name``, line ends and all.

    UTF-8 is tried first, then UTF-16 where the file says so, then Windows-1252, which most other text in English is.

    Raises:
        ReadingError: the bytes are no text.
    """
    for mark, kind in _FORMATS.items():
        if content.startswith(mark):
            raise ReadingError(f'"{name}" is {kind}, whatever its name says. Save it as UTF-8 text, or remove it.')
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    for attempt in (encoding, "cp1252"):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if not _is_binary(text):
            return text
    raise ReadingError(f'"{name}" is not text, whatever its name says. Save it as UTF-8 text, or remove it.')


def _is_binary(text: str) -> bool:
    """Tell whether there is more control in a text than pasting leaves behind."""
    controls = sum(1 for character in text if character < " " and character not in "\t\n\r\f\v")
    return "\0" in text or controls > len(text) * _STRAY_CONTROLS
