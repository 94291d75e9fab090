"""Web pages: the main content with its headings, lists, tables and footnotes, and what the page says of itself."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from assistant.markup import plain
from assistant.reading.decoding import decode
from assistant.reading.fragments import Kind, compose
from assistant.reading.html.content import is_unseen, main_content
from assistant.reading.html.dom import Tree
from assistant.reading.html.flow import fragments
from assistant.reading.html.notes import notes
from assistant.reading.layouts import Composer, Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.reading.fragments import Fragment

_CHARSET = re.compile(
    rb"<meta\b[^<>]*\bcharset\s*=\s*[\"']?\s*([\w:.-]{1,40})|\A\s*<\?xml\b[^<>]*\bencoding\s*=\s*[\"']([\w:.-]{1,40})",
    re.I,
)
_CHARSETS = re.compile(r"(iso-?8859|windows|cp125|koi8|gb|big5|shift|sjis|euc|mac|tis|x-)[\w-]*", re.I)
"""The families of encodings that pages are declared in; Python knows others that are no encodings of text."""
_LATIN = re.compile(r"(?:iso-?8859-?1|latin-?1|(?:us-)?ascii)", re.I)
"""Browsers read these as Windows-1252, whatever is declared."""
_HEAD_BYTES = 4096
_IS_XML = re.compile(r"\ufeff?\s*<\?xml\b|\ufeff?\s*<!DOCTYPE\s[^<>]*XHTML", re.I)
_SITE = re.compile(r"\s+[|–—·»:-]\s+")

_DATES = (
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "dc.date.issued",
    "date",
    "article:published_time",
    "dcterms.created",
)
_DATES_OF_CHANGE = ("dcterms.modified", "article:modified_time")
_META = {
    "author": ("author", "dcterms.creator", "dc.creator", "article:author"),
    "date": (*_DATES, *_DATES_OF_CHANGE),
    "source": ("dcterms.source", "dc.source", "source", "og:site_name", "dcterms.publisher"),
    "case": ("case",),
}
"""What a page says of itself, and the names it may say it under, the best first."""


def read_html(content: bytes, name: str) -> Layout:
    """Return the main content of a web page.

    Raises:
        ReadingError: the bytes are no text, or no page can be made of them.
    """
    markup = _decoded(content, name)
    is_xml = name.lower().endswith((".xhtml", ".xht")) or _IS_XML.match(markup) is not None
    tree = Tree(markup, name, is_xml=is_xml)
    found_notes = notes(tree)
    found = main_content(tree, frozenset(found_notes.bodies))
    blocks = fragments(found.root, found.skip, found_notes)
    if not blocks:
        blocks = fragments(tree.body, is_unseen, found_notes)
    composer = Composer()
    compose(blocks, composer)
    return composer.layout(_title(tree, blocks), _metadata(tree))


def _decoded(content: bytes, name: str) -> str:
    """Return the text of a page: in UTF-16 where its first bytes say so, else as it declares, else as any text is read."""
    declared = _CHARSET.search(content, 0, _HEAD_BYTES)
    if declared and not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        label = (declared[1] or declared[2]).decode("ascii", "replace")
        encoding = "cp1252" if _LATIN.fullmatch(label) else label if _CHARSETS.fullmatch(label) else "utf-8"
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            return decode(content, name)
        if "\0" not in text:
            return text
    return decode(content, name)


def _metadata(tree: Tree) -> dict[str, str]:
    """Return what a page's ``meta`` elements say, under the names that documents have for it."""
    said: dict[str, str] = {}
    for node in tree.all("meta[content]"):
        key = (node.attributes.get("name") or node.attributes.get("property") or "").strip().lower()
        words = " ".join((node.attributes.get("content") or "").split())
        if key and words:
            said.setdefault(key, words)
    found = {ours: next((said[name] for name in names if name in said), None) for ours, names in _META.items()}
    return {key: words for key, words in found.items() if words}


def _title(tree: Tree, blocks: Sequence[Fragment]) -> str | None:
    """Return a page's title: its one heading of the first level, else the title of its window without the site's name."""
    first = [plain(each.words) for each in blocks if each.kind is Kind.HEADING and each.level == 1]
    if len(first) == 1:
        return first[0]
    window = next((" ".join(node.text().split()) for node in tree.all("head > title")), "")
    parts = _SITE.split(window)
    heading = next((plain(each.words) for each in blocks if each.kind is Kind.HEADING), "")
    return heading if heading and heading in (window, parts[0]) else parts[0] or None
