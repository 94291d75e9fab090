"""Word files: headings, lists, tables and notes by the file's own styles, and what it says of itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.errors import ReadingError
from assistant.reading.fragments import compose
from assistant.reading.layouts import Composer, Layout
from assistant.reading.word.flow import Flow
from assistant.reading.word.package import W, open_package
from assistant.reading.word.runs import Notes
from assistant.reading.word.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from assistant.reading.word.package import Package

_NO_TITLE = re.compile(
    r"microsoft word\b.*|.*\.(?:docx?|docm|dotx?|rtf|odt)|(?:document|untitled|template)\s*\d*|\[.*\]|[\W\d_]*",
    re.IGNORECASE,
)
"""What programs write where a title should be."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_OWN = ("case", "source", "author", "date")


def read_word(content: bytes, name: str) -> Layout:
    """Return what a Word file (.docx, .docm) holds, without headers, footers, comments, deletions and hidden text.

    Raises:
        ReadingError: it is no Word file, is encrypted or damaged, or would take too much memory.
    """
    package = open_package(content, name)
    body = package.document.find(f"{W}body")
    composer = Composer()
    try:
        if body is not None:
            notes = Notes(package.part("footnotes"), package.part("endnotes"))
            compose(Flow(Styles(package.part("styles")), notes).document(body), composer)
    except RecursionError as error:
        raise ReadingError(f'"{name}" nests its tables too deeply. Save it as text, or remove it.') from error
    return composer.layout(_title(package, name), dict(_metadata(package)))


def _title(package: Package, name: str) -> str | None:
    title = _core(package).get("title", "")
    is_name = title.casefold() == name.rpartition(".")[0].casefold()
    return None if is_name or _NO_TITLE.fullmatch(title) else title


def _metadata(package: Package) -> Iterator[tuple[str, str]]:
    """Yield what a file says of itself; its own properties, which a person named, come before those that Word fills in."""
    core, own = _core(package), _own(package)
    date = _DATE.match(core.get("created") or core.get("modified") or "")
    said = {"author": core.get("creator", ""), "date": date[0] if date else "", "subject": core.get("subject", "")}
    yield from ((key, words) for key, words in (said | own).items() if words)


def _core(package: Package) -> dict[str, str]:
    root = package.part("core-properties")
    found: dict[str, str] = {}
    for child in root if root is not None else ():
        found.setdefault(_local(child), " ".join((child.text or "").split()))
    return found


def _own(package: Package) -> dict[str, str]:
    root = package.part("custom-properties")
    properties = root if root is not None else ()
    named = {child.get("name", "").lower(): " ".join("".join(child.itertext()).split()) for child in properties}
    return {key: named[key] for key in _OWN if named.get(key)}


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
