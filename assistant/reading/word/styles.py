"""What the styles of a Word file say of its paragraphs: which are headings and how deep, which are list items, what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reading.word.package import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_OFF = ("0", "false", "off", "none")
_BODY_LEVEL = 9
_FIRST_ROW = 0x0020
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|titulo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|cím|zaglavlje|заголовок|başlık"
    r"|标题|標題|見出し|제목)\s*([1-9])\b.*",
    re.IGNORECASE,
)
"""The names of heading styles in the languages of Word; its own files have them in English, those of others may not."""
_TITLES = ("title", "titel", "titre", "título", "titolo")
_CONTENTS = re.compile(r"(?:toc|table of (?:figures|authorities)|contents|index)(?: ?(?:\d|heading))?", re.IGNORECASE)
_LIST = re.compile(r"list (?:bullet|number)(?: ?\d)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs or characters, and the one it is based on."""

    name: str
    base: str | None
    paragraph: Element | None
    characters: Element | None
    first_row: Element | None


class Styles:
    """The styles of a file by their ids, asked with all they are based on."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        for node in root.iterfind(f"{W}style") if root is not None else ():
            self._styles.setdefault(
                node.get(f"{W}styleId", ""),
                Style(
                    value(node, "name") or "",
                    value(node, "basedOn"),
                    node.find(f"{W}pPr"),
                    node.find(f"{W}rPr"),
                    node.find(f"{W}tblStylePr[@{W}type='firstRow']"),
                ),
            )

    def level(self, paragraph: Element) -> int | None:
        """Return how deep a heading is, 1 the outermost, or ``None`` for a paragraph that is none."""
        own = _outline(paragraph.find(f"{W}pPr"))
        if own is not None:
            return own or None
        for style in self._chain(_style_of(paragraph)):
            if found := _HEADING.fullmatch(style.name):
                return int(found[1])
            if style.name.lower() in _TITLES:
                return 1
            level = _outline(style.paragraph)
            if level is not None:
                return level or None
        return None

    def is_title(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is the title of the document."""
        return any(style.name.lower() in _TITLES for style in self._chain(_style_of(paragraph)))

    def is_contents(self, paragraph: Element) -> bool:
        """Tell whether a paragraph belongs to a table of contents or an index."""
        return any(_CONTENTS.fullmatch(style.name) for style in self._chain(_style_of(paragraph)))

    def is_item(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is an item of a list: numbered or bulleted itself or by its style."""
        own = _numbered(paragraph.find(f"{W}pPr"))
        if own is not None:
            return own
        for style in self._chain(_style_of(paragraph)):
            numbered = _numbered(style.paragraph)
            if numbered is not None:
                return numbered
            if _LIST.fullmatch(style.name):
                return True
        return False

    def has(self, run: Element, *properties: str) -> bool:
        """Tell whether a run of characters has one of some properties, such as ``b``, itself or by its style."""
        own = run.find(f"{W}rPr")
        said = _toggled(own, properties)
        if said is not None or own is None:
            return bool(said)
        return self._styled(value(own, "rStyle"), properties)

    def paragraph_has(self, paragraph: Element, *properties: str) -> bool:
        """Tell whether a paragraph's style gives its characters a property."""
        return self._styled(_style_of(paragraph), properties)

    def heads_first_row(self, table: Element) -> bool:
        """Tell whether a table's style sets its first row apart."""
        properties = table.find(f"{W}tblPr")
        look = properties.find(f"{W}tblLook") if properties is not None else None
        if look is None or (look.get(f"{W}firstRow") or _bit(look.get(f"{W}val"))) in _OFF:
            return False
        return any(style.first_row is not None for style in self._chain(value(properties, "tblStyle")))

    def _styled(self, identifier: str | None, properties: tuple[str, ...]) -> bool:
        said = (_toggled(style.characters, properties) for style in self._chain(identifier))
        return next((each for each in said if each is not None), False)

    def _chain(self, identifier: str | None) -> Iterator[Style]:
        seen: set[str] = set()
        while identifier is not None and identifier not in seen and identifier in self._styles:
            seen.add(identifier)
            yield self._styles[identifier]
            identifier = self._styles[identifier].base


def value(node: Element | None, name: str) -> str | None:
    """Return the value of an element's child, such as ``<w:name w:val="…"/>``."""
    child = node.find(f"{W}{name}") if node is not None else None
    return child.get(f"{W}val") if child is not None else None


def number(node: Element | None, name: str) -> int | None:
    """Return the value of an element's child where it is a whole number."""
    said = value(node, name) or ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def is_on(node: Element) -> bool:
    """Tell whether a property that is there is switched on."""
    return (node.get(f"{W}val") or "true").lower() not in _OFF


def _bit(said: str | None) -> str:
    """Return whether older Word, in a number of flags, says that the first row is set apart."""
    try:
        return "1" if int(said or "0", 16) & _FIRST_ROW else "0"
    except ValueError:
        return "0"


def _style_of(paragraph: Element) -> str | None:
    return value(paragraph.find(f"{W}pPr"), "pStyle")


def _outline(properties: Element | None) -> int | None:
    """Return the outline level that properties give: 0 for text, ``None`` where they say nothing."""
    level = number(properties, "outlineLvl")
    if level is None:
        return None
    return level + 1 if level < _BODY_LEVEL else 0


def _numbered(properties: Element | None) -> bool | None:
    """Tell whether properties number a paragraph; ``None`` where they say nothing."""
    numbering = properties.find(f"{W}numPr") if properties is not None else None
    if numbering is None:
        return None
    return (value(numbering, "numId") or "0") != "0"


def _toggled(properties: Element | None, names: tuple[str, ...]) -> bool | None:
    found = [child for name in names if properties is not None and (child := properties.find(f"{W}{name}")) is not None]
    return any(map(is_on, found)) if found else None
