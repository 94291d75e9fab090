from __future__ import annotations

import gzip
from io import BytesIO
from zipfile import ZipFile, ZipInfo

import pytest

from assistant.errors import ReadingError
from assistant.reading.formats import SUFFIXES, VERSIONS, Format, recognised

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*names: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(ZipInfo(name), "x")  # without the time: tests go by what they are given
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"%PDF-1.7\n", Format.PDF),
        (b"\xef\xbb\xbfjunk of a mail server\r\n%PDF-1.4\n...startxref\n9\n%%EOF", Format.PDF),
        (zipped("[Content_Types].xml", "word/document.xml"), Format.WORD),
        (zipped("word/document2.xml"), Format.WORD),
        (b"<!DOCTYPE html><p>It opened.", Format.HTML),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- made -- by hand -->\n<HTML lang="en">', Format.HTML),
        ("<head><title>x</title>".encode("utf-16"), Format.HTML),
        (b"<body>", Format.HTML),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a.pdf", "a.html", "a", "a.xyz"])
def test_what_a_file_holds_goes_before_what_it_is_called(content: bytes, form: Format, name: str) -> None:
    assert recognised(content, name) is form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", Format.TEXT),
        ("a.TEXT", Format.TEXT),
        ("a.md", Format.MARKDOWN),
        ("a.markdown", Format.MARKDOWN),
        ("a.htm", Format.HTML),
        ("a", Format.TEXT),
        ("a.", Format.TEXT),
        ("a.2024", Format.TEXT),
        ("Minutes v. 3", Format.TEXT),
        ("a.pdf", Format.TEXT),
        ("a.docx", Format.TEXT),
    ],
)
@pytest.mark.parametrize("content", [b"It opened.", b"", b"<p>It opened.</p>", b"The %PDF-1.7 header opens a file."])
def test_a_name_chooses_where_there_is_only_text(content: bytes, name: str, form: Format) -> None:
    assert recognised(content, name) is form


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{\\rtf1\\ansi", "is rich text.*Save it as"),
        (b"\x89PNG\r\n\x1a\n", "is a picture.*OCR"),
        (b"\xff\xd8\xff\xe0", "is a picture.*OCR"),
        (gzip.compress(b"x", mtime=0), "is an archive.*Unpack it"),
        (zipped("a.txt"), "is an archive.*Unpack it"),
        (zipped(), "is an archive.*Unpack it"),
        (zipped("xl/workbook.xml"), "is an Excel workbook.*Save it as"),
        (zipped("ppt/presentation.xml"), "is a PowerPoint presentation"),
        (zipped("mimetype", "content.xml"), "is an OpenDocument file"),
        (zipped("META-INF/container.xml"), "is an electronic book"),
        (zipped("word/document.xml")[:60], "is a damaged Word document or another archive.*Save it again"),
        (OLE + "WordDocument".encode("utf-16-le"), r"is a Word document of before 2007.*\.docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is an Office document with a password.*without"),
        (OLE, "is a file of an old Office program"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a.md"])
def test_other_formats_are_refused_by_what_they_are_with_the_remedy(content: bytes, said: str, name: str) -> None:
    with pytest.raises(ReadingError, match=rf'"{name}" {said}'):
        recognised(content, name)


def test_every_format_has_a_version_and_a_suffix() -> None:
    assert set(VERSIONS) == set(Format) == set(SUFFIXES.values())
