"""A web page as a tree, and a walk over it that no depth of nesting can overturn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from assistant.errors import ReadingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Set

    from selectolax.lexbor import LexborNode

DEEPEST = 512
"""How deep elements may nest, as in browsers; deeper ones are read as though their tags were not there."""
_DEEPEST_STYLES = 12
"""How deep bold, fonts and links may nest: HTML reopens each of them in every paragraph that follows."""


def tags(names: str) -> frozenset[str]:
    """Return the names of elements that stand in a line."""
    return frozenset(names.split())


_VOID = tags("area base br col embed hr img input link meta source track wbr")
_UNCLOSED = tags("p li td tr th dt dd tbody thead tfoot option optgroup colgroup html head body rp rt")
_STYLES = tags("a b big code em font i nobr s small strike strong tt u")
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<(/?)([a-zA-Z][^\s/>]*)[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_SELF_CLOSED = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>")

TEXT = "-text"


class Tree:
    """A parsed page. It keeps the parser, without which its nodes are gone."""

    def __init__(self, markup: str, name: str, *, is_xml: bool = False) -> None:
        """Parse a page.

        Raises:
            ReadingError: the parser gave up on it.
        """
        markup = _SELF_CLOSED.sub(_closed, markup) if is_xml else markup
        try:
            self._parser = LexborHTMLParser(_flattened(markup), scripting=True)
        except (SelectolaxError, RuntimeError, ValueError, MemoryError) as error:
            raise ReadingError(
                f'"{name}" cannot be read as a web page ({error}). Save the page again, or save it as text.'
            ) from error
        root = self._parser.root
        if root is None:
            raise ReadingError(f'"{name}" holds no page. Save the page again, or save it as text.')
        self.root: LexborNode = root

    @property
    def body(self) -> LexborNode:
        """The page's body, or all of it where it has none."""
        return self._parser.body or self.root

    def all(self, query: str) -> list[LexborNode]:
        """Return the elements that a CSS selector finds, in the order of the page."""
        return self._parser.css(query)


def steps(
    root: LexborNode, skip: Callable[[LexborNode], bool], done: Set[int] = frozenset()
) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node below ``root``, itself too, on entering (true) and on leaving (false).

    What ``skip`` says is passed over with all below it. The children of nodes in ``done``, by their ``mem_id``, are passed
    over too; it is looked at after a node was entered.
    """
    node: LexborNode | None = None if skip(root) else root
    while node is not None:
        yield node, True
        child = None if node.mem_id in done else _first(node.first_child, skip)
        while child is None and node is not None:
            yield node, False
            if node.mem_id == root.mem_id:
                return
            child = _first(node.next, skip)
            node = node.parent
        node = child


def _first(node: LexborNode | None, skip: Callable[[LexborNode], bool]) -> LexborNode | None:
    """Return a node, or the first of those after it that is not skipped."""
    while node is not None and skip(node):
        node = node.next
    return node


def _closed(match: re.Match[str]) -> str:
    """Return an element that XML closes in its own tag as HTML writes it."""
    tag, attributes = match.groups()
    return match[0] if tag.lower() in _VOID else f"<{tag}{attributes}></{tag}>"


def _flattened(markup: str) -> str:
    """Return a page without the tags that nest deeper than browsers allow.

    The parser looks through all open elements at every tag: without a limit, 100,000 nested elements take minutes.
    """
    depth = styles = 0
    for tag in _TAG.finditer(markup):
        step = _step(tag)
        depth = max(depth + step, 0)
        styles = max(styles + (step if (tag[2] or "").lower() in _STYLES else 0), 0)
        if depth > DEEPEST or styles > _DEEPEST_STYLES:
            return _Flattener().flattened(markup)
    return markup


class _Flattener:
    """Takes out tags beyond the limits, closing ones with their opening ones."""

    def __init__(self) -> None:
        self._depth = {True: 0, False: 0}

    def flattened(self, markup: str) -> str:
        return _TAG.sub(self._kept, markup)

    def _kept(self, tag: re.Match[str]) -> str:
        step, is_style = _step(tag), (tag[2] or "").lower() in _STYLES
        limit = _DEEPEST_STYLES if is_style else DEEPEST
        before = self._depth[is_style]
        self._depth[is_style] = max(before + step, 0)
        return " " if step and max(before, self._depth[is_style]) > limit else tag[0]


def _step(tag: re.Match[str]) -> int:
    """Return by how much a tag changes the depth of nesting: 1, -1 or 0."""
    name = (tag[2] or "").lower()
    if not name or name in _VOID or name in _UNCLOSED:
        return 0
    return -1 if tag[1] else 1
