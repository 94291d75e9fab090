"""The parts of a Word file: a zip archive of XML, opened within limits of number, size and depth."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from assistant.errors import ReadingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

MOST_ENTRIES = 10_000
"""A document of 2,000 pages with a picture on each has fewer."""
LARGEST_PART = 48 * 2**20
"""The bytes of one part, inflated: a document of 2,000 pages has about 20 MB of XML."""
LARGEST_WHOLE = 2**30
"""The bytes of all parts, as the archive declares them; pictures count, though they are not read."""
HIGHEST_RATIO = 200
"""How much larger than the file its parts may be, once they are more than a part may be; XML is deflated to a twentieth."""

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = {"workbook": "a spreadsheet", "presentation": "a presentation", "document": "a drawing"}
_TRANSITIONAL = "http://schemas.openxmlformats.org"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", f"{_TRANSITIONAL}/wordprocessingml/2006/main".encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        f"{_TRANSITIONAL}/officeDocument/2006/relationships".encode(),
    ),
)
W = f"{{{_TRANSITIONAL}/wordprocessingml/2006/main}}"
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError)


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file that hold words, each the root of a tree; the main one is always there."""

    document: Element
    parts: dict[str, Element] = field(default_factory=dict)

    def part(self, kind: str) -> Element | None:
        """Return a part by the last word of its relationship's type, such as ``footnotes``."""
        return self.parts.get(kind)


def open_package(content: bytes, name: str) -> Package:
    """Return the parts of a Word file.

    Raises:
        ReadingError: it is no Word file, is encrypted or damaged, or would take too much memory.
    """
    if content.startswith(_OLE2):
        raise _refused(name, *_older(content))
    if not content.startswith(b"PK"):
        raise _refused(name, "is not a Word file, whatever its name says")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _opened(archive, name, len(content))
    except NotImplementedError as error:  # a way of packing that zipfile does not know
        raise _refused(name, f"is packed in a way that cannot be read ({error})") from error
    except _BROKEN as error:
        raise _refused(name, "is a damaged archive", "Open it in Word to repair it, and save it again") from error


def _opened(archive: zipfile.ZipFile, name: str, size: int) -> Package:
    _check_sizes(archive, name, size)
    read = _reader(archive, name)
    start, kinds = "word/document.xml", _related(read("_rels/.rels"), "")
    main = kinds.get("officeDocument", start)
    document = read(main)
    if document is None:
        raise _refused(name, "is an archive that holds no Word document")
    if document.tag != f"{W}document":
        kind = _OFFICE.get(posixpath.basename(main).partition(".")[0], "an archive")
        raise _refused(name, f"is {kind}, whatever its name says")
    folder, base = posixpath.split(main)
    parts = _related(read(f"{folder}/_rels/{base}.rels"), folder)
    wanted: dict[str, str] = {
        kind: parts[kind] for kind in ("styles", "numbering", "footnotes", "endnotes") if kind in parts
    }
    wanted |= {kind: kinds[kind] for kind in ("core-properties", "custom-properties") if kind in kinds}
    found: dict[str, Element] = {kind: root for kind, path in wanted.items() if (root := read(path)) is not None}
    return Package(document, found)


def _check_sizes(archive: zipfile.ZipFile, name: str, size: int) -> None:
    """Refuse an archive that declares too much before anything of it is inflated."""
    entries = archive.infolist()
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise _refused(name, f"holds {len(entries):,} files, more than a Word file has")
    if declared > LARGEST_WHOLE or (declared > LARGEST_PART and declared > HIGHEST_RATIO * size):
        raise _refused(name, f"would take {declared / 2**20:,.0f} MB once unpacked", "Save it again in Word, in parts")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused(name, "is encrypted", "Save it without a password")


def _reader(archive: zipfile.ZipFile, name: str) -> Callable[[str], Element | None]:
    """Return a function that gives the tree of a part, or ``None`` for one that is not there."""
    paths = {entry.filename.lower(): entry for entry in archive.infolist()}

    def read(path: str) -> Element | None:
        entry = paths.get(path.lower())
        if entry is None:
            return None
        with archive.open(entry) as part:
            inflated = part.read(LARGEST_PART + 1)
        if len(inflated) > LARGEST_PART:
            raise _refused(name, f'has more than {LARGEST_PART // 2**20} MB in "{path}"', "Save it again in parts")
        return _parsed(inflated, path, name)

    return read


def _parsed(inflated: bytes, path: str, name: str) -> Element:
    for strict, transitional in _STRICT:
        inflated = inflated.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(inflated, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused(
            name, f'is damaged in "{path}" ({error})', "Open it in Word to repair it, and save it again"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(name, f'declares entities in "{path}", which no Word file does')
    return root


def _related(relations: Element | None, folder: str) -> dict[str, str]:
    """Return the paths of the parts that one refers to, by the last word of the relation's type."""
    found: dict[str, str] = {}
    for relation in relations if relations is not None else ():
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        path = target if target.startswith("/") else posixpath.join(folder, target)
        if relation.get("TargetMode") != "External":
            found.setdefault(kind.rpartition("/")[2], posixpath.normpath(path).lstrip("/"))
    return found


def _older(content: bytes) -> tuple[str, str]:
    """Return what a file in Microsoft's older container is, and what to do about it."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "is encrypted", "Save it without a password"
    if "WordDocument".encode("utf-16-le") in content:
        return "is a Word file of before 2007", "Save it as .docx"
    return "is a file of an older Office program, and no .docx", "Save it as .docx"


def _refused(name: str, reason: str, remedy: str = "Save it as .docx, or remove it") -> ReadingError:
    return ReadingError(f'"{name}" {reason}. {remedy}.')
