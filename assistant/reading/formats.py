"""Which format a file is in: told by what it holds, and by its name only where text could be one of several.

Every format that is not read is refused by what it is, with what to do about it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from assistant.errors import ReadingError


class Format(StrEnum):
    """A format that documents come in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    WORD = "word"
    PDF = "pdf"


SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".docm": Format.WORD,
    ".docx": Format.WORD,
    ".pdf": Format.PDF,
}
VERSIONS = {Format.TEXT: 1, Format.MARKDOWN: 1, Format.HTML: 1, Format.WORD: 1, Format.PDF: 1}
"""Rises with every change to how a format is read, so that what was read before is read again."""

_NONE, _NONE_VERSION = "none", 1
"""Stands for the reader of a file that has none; rises when more formats are told apart."""

_MISNAMED = {".pdf", ".docx", ".docm", ".doc", ".rtf", ".odt"}
"""Where a file of such a name holds nothing but text, it is read as text."""

_PDF = re.compile(rb"%PDF-\d")
_PDF_HEAD = 1024
_PDF_ENDS = (b"%%EOF", b"startxref")
_HTML = re.compile(
    r"\ufeff?\s*+(?>(?:<\?xml\b[^>]*+>\s*+|<!--(?>(?:[^-]|-(?!->))*)-->\s*+)*)<(?:!doctype\s++html|html|head|body)\b",
    re.IGNORECASE,
)
_HTML_HEAD = 16_384
_NO_SUFFIX = re.compile(r"\.\d*|.*\s.*", re.DOTALL)
"""What comes after the last full stop of "Notes of 2.12.2024" or "Minutes v. 3" is no suffix."""

_SAVE = "Save it as a Word document, a PDF or text."
_OCR = "Turn it into text first (OCR), or remove it."
_UNPACK = "Unpack it into the corpus folder, or remove it."
_REMOVE = "Remove it, or replace it with a document."
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "rich text", _SAVE),
    (b"%!PS", "PostScript", "Save it as a PDF."),
    (b"\x89PNG", "a picture", _OCR),
    (b"\xff\xd8\xff", "a picture", _OCR),
    (b"GIF8", "a picture", _OCR),
    (b"II*\0", "a picture", _OCR),
    (b"MM\0*", "a picture", _OCR),
    (b"\x1f\x8b", "an archive", _UNPACK),
    (b"BZh9", "an archive", _UNPACK),
    (b"\xfd7zXZ", "an archive", _UNPACK),
    (b"7z\xbc\xaf", "an archive", _UNPACK),
    (b"Rar!\x1a", "an archive", _UNPACK),
    (b"RIFF", "a recording or a picture", _REMOVE),
    (b"OggS", "a recording", _REMOVE),
    (b"\x7fELF", "a program", _REMOVE),
    (b"SQLite format 3\0", "a database", _REMOVE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "an Office document with a password", "Save it without a password."),
    ("WordDocument", "a Word document of before 2007", "Save it as .docx."),
    ("Workbook", "an Excel workbook", _SAVE),
    ("PowerPoint Document", "a PowerPoint presentation", _SAVE),
    ("__substg1.0", "an Outlook message", _SAVE),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_PARTS = (
    ("xl/workbook", "an Excel workbook", _SAVE),
    ("ppt/presentation", "a PowerPoint presentation", _SAVE),
    ("content.xml", "an OpenDocument file", _SAVE),
    ("META-INF/container.xml", "an electronic book", _SAVE),
)
_WORD_PART = re.compile(r"word/document\d*\.xml")


def recognised(content: bytes, name: str) -> Format:
    """Return the format of the bytes of a file called ``name``. Whether they are whole and sound is for its reader to tell.

    Raises:
        ReadingError: it is none that documents come in; the message names the file, what it is and the remedy.
    """
    if _is_pdf(content):
        return Format.PDF
    if content.startswith(_ZIP):
        return _zipped(content, name)
    if content.startswith(_OLE):
        raise _ole(content, name)
    for beginning, kind, remedy in _BEGINNINGS:
        if content.startswith(beginning):
            raise refused(name, kind, remedy)
    if _is_html(content):
        return Format.HTML
    return _by_name(name)


def reader_of(content: bytes, name: str) -> str:
    """Return by which reader, and which version of it, the bytes of a file are read: "text/1", say."""
    try:
        form = recognised(content, name)
    except ReadingError:
        return f"{_NONE}/{_NONE_VERSION}"
    return f"{form}/{VERSIONS[form]}"


def is_current(reader: str) -> bool:
    """Tell whether what ``reader_of`` gave once still holds: such a file would be read alike today."""
    current = {_NONE: _NONE_VERSION, **{str(form): version for form, version in VERSIONS.items()}}
    name, _, version = reader.partition("/")
    return version == str(current.get(name))


def refused(name: str, kind: str, remedy: str) -> ReadingError:
    """Return the error that says what a file is instead of a document."""
    return ReadingError(f'"{name}" is {kind}, whatever its name says. {remedy}')


def _is_pdf(content: bytes) -> bool:
    """Tell whether a PDF begins in the first kilobyte; one that is only spoken of there does not end as one."""
    found = _PDF.search(content, 0, _PDF_HEAD)
    return found is not None and (found.start() == 0 or any(end in content for end in _PDF_ENDS))


def _is_html(content: bytes) -> bool:
    head = content[:_HTML_HEAD]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return _HTML.match(head.decode(encoding, "replace")) is not None


_BAD_ARCHIVE = (BadZipFile, ValueError, OSError, EOFError, NotImplementedError)
"""What zipfile raises for a damaged archive, and for one packed in a way that it does not know."""


def _zipped(content: bytes, name: str) -> Format:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.namelist()
    except _BAD_ARCHIVE as error:
        kind = "a damaged Word document or another archive"
        raise refused(name, kind, "Save it again where it came from, or remove it.") from error
    if any(map(_WORD_PART.fullmatch, parts)):
        return Format.WORD
    for part, kind, remedy in _ZIP_PARTS:
        if any(one.startswith(part) for one in parts):
            raise refused(name, kind, remedy)
    raise refused(name, "an archive", _UNPACK)


def _ole(content: bytes, name: str) -> ReadingError:
    for stream, kind, remedy in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return refused(name, kind, remedy)
    return refused(name, "a file of an old Office program", _SAVE)


def _by_name(name: str) -> Format:
    """Return the format that the name of a file says, which is nothing but text as far as its beginning tells."""
    suffix = PurePath(name).suffix.lower()
    if suffix in _MISNAMED or _NO_SUFFIX.fullmatch(suffix) or not suffix:
        return Format.TEXT
    if suffix not in SUFFIXES:
        raise ReadingError(f'"{name}" is a format that Casewise cannot read. Save it as one of {_known()}.')
    return SUFFIXES[suffix]


def _known() -> str:
    return ", ".join(sorted(SUFFIXES))
