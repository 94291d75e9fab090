"""Footnotes of a web page: the marks in its words, the notes they refer to, and the links back, which are no words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.reading.html.content import is_unseen
from assistant.reading.html.dom import TEXT, steps, tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

    from assistant.reading.html.dom import Tree

    Reference = tuple[LexborNode, str, tuple[LexborNode, ...]]
    """A link, the mark it shows, and the elements that hold the note."""

_NAMED = re.compile(r"fn|ftn|edn|note|footnote|endnote|noteref|fnref|sdfootnote|sdendnote|cite", re.IGNORECASE)
_MARK = re.compile(r"[\[(]?\s*(?:(?:foot|end)?note\s+)?([0-9]{1,4}|[a-zA-Z]|[ivxlc]{1,6}|[*†‡§¶#]{1,4})\s*[\])]?\.?")
_LEADING_MARK = re.compile(
    r"\s*(?:[\[(]?\s*(?:[0-9]{1,4}|[a-zA-Z]|[*†‡§¶#]{1,4})\s*[\])]\.?|[0-9]{1,4}\.?(?=\s|\Z)|[*†‡§¶↑^⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*"
)
_BLOCKS = tags("p li div dd dt td tr aside section blockquote article table")
_NOT_NOTES = tags("h1 h2 h3 h4 h5 h6 body html main article section")
_LONGEST = 5000
"""The characters of a note at most; what is longer is a section that links lead to."""
_MOST = 10_000
"""The marks of notes on one page at most."""


@dataclass(slots=True)
class Notes:
    """Marks by the ``mem_id`` of the link that is one, and of the elements that hold a note; and links that lead back."""

    references: dict[int, str] = field(default_factory=dict)
    bodies: dict[int, str] = field(default_factory=dict)
    elements: dict[str, tuple[LexborNode, ...]] = field(default_factory=dict)
    back: set[int] = field(default_factory=set)


def notes(tree: Tree) -> Notes:
    """Return the footnotes of a page.

    A link is a mark where it says so (the role ``doc-noteref``), or is a number, letter or sign that leads to a block which
    links back to it, which is named as notes are, or which begins with the same mark where that is raised or in brackets.
    """
    places = {name: node for node in tree.all("[id]") if (name := node.attributes.get("id"))}
    for node in tree.all("a[name]"):
        places.setdefault(node.attributes.get("name") or "", node)
    found: list[Reference] = []
    held: set[int] = set()  # links in the notes found so far
    for link in tree.all('a[href^="#"]'):
        target = places.get((link.attributes.get("href") or "")[1:])
        mark = _MARK.fullmatch(_words(link))
        if mark is None or target is None or target.mem_id == link.mem_id or link.mem_id in held:
            continue
        body = _body(target)
        inner = {each.mem_id for node in body for each in node.css("a")}
        if body and link.mem_id not in inner and _is_reference(link, target, body):
            found.append((link, mark[1], body))
            held |= inner
        if len(found) == _MOST:
            break
    return _numbered(found)


def _numbered(found: Sequence[Reference]) -> Notes:
    """Give every note a mark of its own: the one it has on the page, or its number where several share theirs."""
    first: dict[int, str] = {}
    for _, mark, body in found:
        first.setdefault(body[0].mem_id, mark)
    shared = max(Counter(first.values()).values(), default=0) > 1
    marks = {key: str(number) if shared else mark for number, (key, mark) in enumerate(first.items(), 1)}
    result = Notes()
    for link, _, body in found:
        mark = marks[body[0].mem_id]
        result.references[link.mem_id] = mark
        result.elements[mark] = body
        result.bodies.update((node.mem_id, mark) for node in body)
    for body in result.elements.values():
        result.back.update(link.mem_id for node in body for link in node.css("a") if _leads_back(link))
    return result


def _is_reference(link: LexborNode, target: LexborNode, body: Sequence[LexborNode]) -> bool:
    said = link.attributes
    if said.get("role") in ("doc-noteref", "doc-backlink"):
        return said.get("role") == "doc-noteref"
    own = {name for name in _names_around(link) if name}
    back = {(a.attributes.get("href") or "")[1:] for node in body for a in node.css('a[href^="#"]')}
    back |= {(node.attributes.get("href") or "")[1:] for node in (target,) if node.tag == "a"}
    named = f"{said.get('class') or ''} {said.get('href') or ''}"
    return (
        bool(own & back)
        or _begins_alike(link, body)
        or any(_NAMED.fullmatch(part) for part in re.split(r"[^a-zA-Z]+", named))
    )


def _begins_alike(link: LexborNode, body: Sequence[LexborNode]) -> bool:
    """Tell whether a note begins with the mark that a link shows, raised or in brackets."""
    shown, note = _words(link), _LEADING_MARK.match(_words(body[0]))
    raised = (
        shown.startswith(("[", "(")) or link.css_first("sup") is not None or (link.parent and link.parent.tag == "sup")
    )
    return bool(raised and note and note[0].strip(" []().") == shown.strip(" []()."))


def _names_around(link: LexborNode) -> Iterator[str | None]:
    """Yield the names by which a link can be led back to: its own, and those of the elements right around it."""
    node: LexborNode | None = link
    for _ in range(3):
        if node is None or node.tag in _BLOCKS:
            return
        yield node.attributes.get("id")
        yield node.attributes.get("name")
        node = node.parent


def _body(target: LexborNode) -> tuple[LexborNode, ...]:
    """Return the elements that hold the note a link leads to, or none where it leads to no note."""
    node: LexborNode | None = target
    while node is not None and node.tag not in _BLOCKS and node.tag not in _NOT_NOTES:
        node = node.parent
    role = node.attributes.get("role") if node is not None else None
    if node is None or (node.tag in _NOT_NOTES and role not in ("doc-footnote", "doc-endnote")):
        return ()
    if node.tag == "td" and node.parent is not None:
        node = node.parent
    if node.tag != "dt":
        return (node,) if 0 < len(_words(node)) <= _LONGEST else ()
    after = node.next
    while after is not None and after.tag == TEXT:
        after = after.next
    return (node, after) if after is not None and after.tag == "dd" else ()


def _leads_back(link: LexborNode) -> bool:
    said, words = link.attributes, _words(link)
    named = f"{said.get('class') or ''} {said.get('role') or ''}".lower()
    inner = (said.get("href") or "").startswith("#")
    return "back" in named or (inner and (not any(map(str.isalnum, words)) or _MARK.fullmatch(words) is not None))


def without_mark(words: str) -> str:
    """Return a note's words without the mark they begin with."""
    found = _LEADING_MARK.match(words)
    return words[found.end() :] if found else words.strip()


def _words(node: LexborNode) -> str:
    found = (each.text_content or "" for each, entering in steps(node, is_unseen) if entering and each.tag == TEXT)
    return " ".join("".join(found).split())
