"""From bytes to text, without changing a character on the way."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from assistant.errors import ReadingError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_STRAY_CONTROLS = 0.01
"""The share of control characters that pasting leaves in a text at most; binary files hold many more."""

_SAMPLE = 4096
_EVERY_OTHER = 0.7
"""The share of a text's UTF-16 units whose upper byte is nothing, in languages that are written in Latin letters."""

_LETTER_AND_QUOTE = re.compile(rb"[\xc4-\xdf][\x84\x85\x91-\x97\xbb]")
"""An accented letter before a quotation mark or a dash in Windows-1252, which is a rare letter in UTF-8."""


def decode(content: bytes, name: str) -> str:
    """Return the text of a file called ``name``, line ends and all.

    UTF-8 is tried first, then UTF-16 where the file says so or every other byte is nothing. What is left is read line by line:
    as UTF-8 where it is that, else as Windows-1252, which most other text in English is.

    Raises:
        ReadingError: the bytes are no text.
    """
    text = _decoded(content)
    if text is None or _is_binary(text):
        raise ReadingError(f'"{name}" is not text, whatever its name says. Save it as UTF-8 text, or remove it.')
    return text


def _decoded(content: bytes) -> str | None:
    with suppress(UnicodeDecodeError):
        return content.decode(_encoding(content))
    with suppress(UnicodeDecodeError):
        return _mixed(content)
    return None


def _encoding(content: bytes) -> str:
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    if marked or len(content) % 2:
        return marked or "utf-8"
    even, odd = content[:_SAMPLE:2], content[1:_SAMPLE:2]
    enough = _EVERY_OTHER * len(even)
    if odd.count(0) > enough and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > enough and not odd.count(0) else "utf-8"


def _mixed(content: bytes) -> str:
    """Return lines of UTF-8 and lines of Windows-1252, as somebody may have put them into one file."""
    return "".join(map(_line, content.splitlines(keepends=True)))


def _line(line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252")
    return text if line.isascii() or not _LETTER_AND_QUOTE.sub(b"", line).isascii() else line.decode("cp1252")


def _is_binary(text: str) -> bool:
    """Tell whether there is more control in a text than pasting leaves behind."""
    return "\0" in text or len(_CONTROL.findall(text)) > len(text) * _STRAY_CONTROLS
