"""The words of a Word paragraph: what is deleted or hidden left out, bold kept, notes and text boxes found on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reading.fragments import LINE_END
from assistant.reading.inline import literal
from assistant.reading.word.package import W
from assistant.reading.word.styles import is_on, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from assistant.reading.inline import Run
    from assistant.reading.word.styles import Styles

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WRAPPERS = {f"{W}{tag}" for tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink")} | {
    f"{W}{tag}" for tag in ("fldSimple", "bdo", "dir", "ruby", "rubyBase")
}
_DELETED = {f"{W}{tag}" for tag in ("del", "moveFrom", "rt")}
_BREAKING = ("page", "column")
_PRIVATE = range(0xE000, 0xF900)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LETTERS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": LINE_END, f"{W}noBreakHyphen": "-"}


class Notes:
    """Footnotes and endnotes by their ids, and the marks they were given in the order in which the words refer to them."""

    def __init__(self, footnotes: Element | None, endnotes: Element | None) -> None:
        self._notes = {("footnote", key): note for key, note in _notes(footnotes)}
        self._notes |= {("endnote", key): note for key, note in _notes(endnotes)}
        self.marks: dict[tuple[str, str], str] = {}

    def mark(self, kind: str, identifier: str) -> str | None:
        """Return the mark of a note, ``None`` where there is no such note."""
        key = (kind, identifier)
        if key not in self._notes:
            return None
        numbered = sum(1 for other, _ in self.marks if other == kind)
        both = kind == "endnote" and any(other == "footnote" for other, _ in self._notes)
        return self.marks.setdefault(key, f"{'e' if both else ''}{numbered + 1}")

    def note(self, key: tuple[str, str]) -> Element:
        """Return the note of a mark that was given."""
        return self._notes[key]


def unwrapped(element: Element) -> Iterator[Element]:
    """Yield what stands below an element, without what wraps it: content controls, links, insertions.

    Deletions are left out, and so are tables of contents and the prompts of controls that nobody filled in.
    """
    path = [iter(element)]
    while path:
        child = next(path[-1], None)
        if child is None:
            path.pop()
        elif child.tag == f"{_MC}AlternateContent":
            path.append(iter(next(iter(child), ())))  # the others say the same for older programs
        elif child.tag in _WRAPPERS:
            path.append(iter(child if not _is_prompt(child) else ()))
        elif child.tag not in _DELETED:
            yield child


def runs(paragraph: Element, styles: Styles, notes: Notes, boxes: list[Element]) -> list[Run]:
    """Return the words of a paragraph, in bold or not. Text boxes that are anchored in it are added to ``boxes``."""
    found: list[Run] = []
    for child in unwrapped(paragraph):
        if child.tag == f"{W}r":
            if not styles.has(child, "vanish"):
                found.extend(_run(child, styles, notes, boxes))
        elif child.tag != f"{W}pPr":
            found.extend((literal(node.text or ""), False) for node in child.iter(_MATH_TEXT))
    return found


def _run(run: Element, styles: Styles, notes: Notes, boxes: list[Element]) -> Iterator[Run]:
    bold = styles.has(run, "b")
    raised = value(run.find(f"{W}rPr"), "vertAlign") == "superscript"
    for child in unwrapped(run):
        if child.tag == f"{W}t":
            words = child.text or ""
            yield literal(words.translate(_RAISED) if raised and words.strip().isdecimal() else words), bold
        elif child.tag == f"{W}br":
            yield " " if child.get(f"{W}type") in _BREAKING else LINE_END, False
        elif child.tag in _LETTERS:
            yield _LETTERS[child.tag], bold
        elif child.tag == f"{W}sym":
            yield _symbol(child.get(f"{W}char", "")), bold
        elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = child.tag.removeprefix(W).removesuffix("Reference")
            mark = notes.mark(kind, child.get(f"{W}id", ""))
            yield f"[^{mark}]" if mark else "", bold
        else:
            boxes.extend(_boxes(child))


def _boxes(element: Element) -> Iterator[Element]:
    """Yield the outermost text boxes below an element, each once: older Word finds them drawn a second time."""
    path = [iter([element])]
    while path:
        child = next(path[-1], None)
        if child is None:
            path.pop()
        elif child.tag == f"{W}txbxContent":
            yield child
        elif child.tag != f"{_MC}Fallback":
            path.append(iter(child))


def _symbol(code: str) -> str:
    """Return a symbol by its number; those of symbol fonts alone have none that means anything elsewhere."""
    try:
        number = int(code[:6], 16)
    except ValueError:
        return ""
    usual = number < 0x110000 and number not in _PRIVATE and not 0xD800 <= number < 0xE000
    return literal(chr(number)) if usual else ""


def _is_prompt(control: Element) -> bool:
    """Tell whether a content control holds a table of contents, or a prompt to fill it in."""
    properties = control.find(f"{W}sdtPr")
    if properties is None:
        return False
    prompt, part = properties.find(f"{W}showingPlcHdr"), properties.find(f"{W}docPartObj")
    return (prompt is not None and is_on(prompt)) or value(part, "docPartGallery") == "Table of Contents"


def _notes(root: Element | None) -> Iterator[tuple[str, Element]]:
    for note in root if root is not None else ():
        if note.get(f"{W}type", "normal") == "normal":
            yield note.get(f"{W}id", ""), note
