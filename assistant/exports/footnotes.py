"""The footnotes of a Word file, which python-docx does not write itself: their part, and the references to them.

The parts are those of ISO/IEC 29500-1, section 17.11: two separators that Word asks for, then a footnote each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml

from assistant.exports.pieces import writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph

    from assistant.exports.pieces import Note

REFERENCE, TEXT = "FootnoteReference", "FootnoteText"
"""The styles of a footnote's number and of its words."""

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}


def add_footnotes(file: WordDocument, notes: Sequence[Note]) -> None:
    """Give a file its footnotes, numbered from 1 in their order."""
    root = parse_xml(f"<w:footnotes {nsdecls('w')}/>")
    for number, name in _SEPARATORS.items():
        root.append(_separator(number, name))
    for number, note in enumerate(notes, 1):
        root.append(_footnote(number, note))
    part = XmlPart(PackURI("/word/footnotes.xml"), _TYPE, root, file.part.package)
    file.part.relate_to(part, _RELATION)
    _declare_separators(file)


def refer(paragraph: Paragraph, number: int, *, after_another: bool) -> None:
    """End a paragraph with the number of a footnote; a comma parts it from another."""
    if after_another:
        paragraph._p.append(_run(_text(", "), style=REFERENCE))
    paragraph._p.append(_run(_element("w:footnoteReference", id=number), style=REFERENCE))


def _footnote(number: int, note: Note) -> BaseOxmlElement:
    paragraph = _element("w:p")
    properties = _element("w:pPr")
    properties.append(_element("w:pStyle", val=TEXT))
    paragraph.append(properties)
    paragraph.append(_run(_element("w:footnoteRef"), style=REFERENCE))
    quote = f": “{note.quote}”" if note.quote else "."
    for words, italic in ((" ", False), (note.title, True), (note.place + quote, False)):
        paragraph.append(_run(*_words(words), italic=italic))
    return _holding("w:footnote", paragraph, id=number)


def _separator(number: int, name: str) -> BaseOxmlElement:
    paragraph = _element("w:p")
    properties = _element("w:pPr")
    properties.append(_element("w:spacing", after=0, line=240, lineRule="auto"))
    paragraph.append(properties)
    paragraph.append(_run(_element(f"w:{name}")))
    return _holding("w:footnote", paragraph, type=name, id=number)


def _declare_separators(file: WordDocument) -> None:
    declared = _element("w:footnotePr")
    for number in _SEPARATORS:
        declared.append(_element("w:footnote", id=number))
    compatibility = file.settings.element.find(qn("w:compat"))
    if compatibility is None:  # what comes after footnotes in the schema's order; python-docx's template has it
        file.settings.element.append(declared)
    else:
        compatibility.addprevious(declared)


def _words(words: str) -> Iterator[BaseOxmlElement]:
    """Yield words as they stand in a source. Word shows the end of a line of the source as a space, and keeps it."""
    for position, part in enumerate(writable(words).split("\t")):
        if position:
            yield _element("w:tab")
        if part:
            yield _text(part)


def _text(words: str) -> BaseOxmlElement:
    element = _element("w:t")
    element.text = words
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def _run(*content: BaseOxmlElement, style: str = "", italic: bool = False) -> BaseOxmlElement:
    properties = _element("w:rPr")
    if style:
        properties.append(_element("w:rStyle", val=style))
    if italic:
        properties.append(_element("w:i"))
        properties.append(_element("w:iCs"))
    return _holding("w:r", *([properties] if len(properties) else []), *content)


def _holding(tag: str, *content: BaseOxmlElement, **attributes: object) -> BaseOxmlElement:
    element = _element(tag, **attributes)
    for one in content:
        element.append(one)
    return element


def _element(tag: str, **attributes: object) -> BaseOxmlElement:
    return OxmlElement(tag, {qn(f"w:{name}"): str(value) for name, value in attributes.items()})
