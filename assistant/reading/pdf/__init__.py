"""PDF: lines and columns found again from where the letters stand, pages kept for citations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdfium2

from assistant.errors import ReadingError
from assistant.reading.pdf.pages import parts_of_page
from assistant.reading.pdf.structure import compose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.reading.layouts import Layout
    from assistant.reading.pdf.pages import Part

_DATE = re.compile(r"(?:D:)?(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|untitled.*|document\d*"
    r"|(?:title|slide|presentation)\s?\d*|about:blank|.*\.[a-z]{2,5}|[\W\d_]*",
    re.IGNORECASE,
)
_PASSWORD = 4
"""What pdfium answers where a password is asked for (FPDF_ERR_PASSWORD)."""
_ENCRYPTED = b"/Encrypt"
"""Stands in the trailer of every encrypted PDF, which is never encrypted itself."""


def read_pdf(content: bytes, name: str) -> Layout:
    """Return the text of a PDF in reading order, and the pieces it was laid out in.

    Raises:
        ReadingError: the file is damaged, asks for a password, or has no text in it.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = [_parts(document, number) for number in range(len(document))]
            metadata = _metadata(document)
    except pypdfium2.PdfiumError as error:
        raise ReadingError(_refusal(name, content, error)) from error
    if not any(pages):
        raise ReadingError(_no_text(name, len(pages)))
    return compose(pages).layout(_title(metadata, name), _described(metadata))


def _parts(document: pypdfium2.PdfDocument, number: int) -> list[Part]:
    """Return what stands on a page; one that pdfium cannot read has nothing on it."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return []
    try:
        return parts_of_page(page.raw, number + 1)
    finally:
        page.close()


def _metadata(document: pypdfium2.PdfDocument) -> dict[str, str]:
    try:
        return {key: _line(value) for key, value in document.get_metadata_dict().items()}
    except UnicodeDecodeError:
        return {}


def _refusal(name: str, content: bytes, error: pypdfium2.PdfiumError) -> str:
    """Return why a PDF cannot be opened. For one without pages, pdfium gives the error of the file that it opened before."""
    if getattr(error, "err_code", None) == _PASSWORD and _ENCRYPTED in content:
        return f'"{name}" is encrypted and asks for a password. Save it without one, and add that.'
    return (
        f'"{name}" is damaged, or no PDF, whatever its name says. Save it again from where it was made, or remove it.'
    )


def _no_text(name: str, pages: int) -> str:
    if not pages:
        return f'"{name}" has no pages that can be read. Save it again from where it was made, or remove it.'
    return f'"{name}" is a scan: its pages are pictures without text. Run it through OCR, e.g. ocrmypdf, and add the result.'


def _line(value: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in value).split())


def _title(metadata: Mapping[str, str], name: str) -> str | None:
    """Return the title that a PDF gives itself, unless a program put the name of a file or of itself there."""
    title = metadata.get("Title", "")
    stem = name.rpartition(".")[0].casefold()
    return None if _NO_TITLE.fullmatch(title) or title.casefold() == stem else title


def _described(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return author and date, as far as the PDF names them."""
    found = {"author": metadata.get("Author", "")}
    date = _DATE.match(metadata.get("CreationDate", "") or metadata.get("ModDate", ""))
    found["date"] = "-".join(date.groups()) if date else ""
    return {key: value for key, value in found.items() if value}
