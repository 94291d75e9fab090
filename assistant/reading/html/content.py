"""Which part of a web page is its content: not the menus, banners, forms and hidden parts around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reading.html.dom import TEXT, steps, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from selectolax.lexbor import LexborNode

    from assistant.reading.html.dom import Tree

_UNSEEN = tags(
    "script style noscript template svg iframe object embed canvas audio video select option datalist input textarea"
    " head title meta link base map area progress meter del rp rt noframes"
)
_HEADINGS = tags("h1 h2 h3 h4 h5 h6")
_SECTIONS = tags("main article section blockquote td details")
_LISTS = tags("ul ol dl div table section p menu")
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HIDDEN_NAMES = re.compile(
    r"(?:[\w-]*visually-?hidden|sr-only|screen-reader-text|headerlink|mw-editsection|skip-?(?:to-)?(?:link|content|nav|main)s?)"
)
_COOKIES = re.compile(r"cookies?|consent|gdpr|onetrust|ccpa")
_TRAIL = re.compile(r"breadcrumbs?|pagination|pager|skiplinks?|toc|contents|tableofcontents")
_PAGER = re.compile(r"navheader|navfooter|docnav|navbar|sphinxsidebar|prevnext")
_MENUS = re.compile(r"nav|navigation|menu|sidebar|related|footer|header|masthead|social|share|topbar|links")
_ROLES = tags("navigation search banner contentinfo dialog alertdialog menu menubar toolbar")

_BULK = 0.5
"""The main part of a page holds at least this share of the words that are no menu."""
_SMALL = 0.25
"""A form or a banner with more than this share of the page's words is content."""
_LINKED = 0.9
_PARTLY_LINKED = 0.5
_FEW_LINKS = 3
_LABEL = 24
"""The characters of a link in a menu, on average, at most; links to what a page tells about are longer."""


@dataclass(slots=True)
class Mass:
    """How much text an element holds, in characters without white space, and how much of it is in links."""

    characters: int = 0
    linked: int = 0
    links: int = 0
    inner: int = 0

    def is_linked(self, share: float) -> bool:
        """Tell whether links hold at least a share of the text."""
        return self.links > 0 and self.linked >= share * self.characters


@dataclass(frozen=True, slots=True)
class Content:
    """The element that holds a page's content, and what to pass over in it."""

    root: LexborNode
    skip: Callable[[LexborNode], bool]


def is_unseen(node: LexborNode) -> bool:
    """Tell whether a reader of the page does not see an element: scripts, styles, form fields, hidden parts."""
    tag = node.tag
    if tag == TEXT:
        return False
    if tag is None or tag in _UNSEEN or not tag[0].isalpha():
        return True
    said = node.attributes
    if not said:
        return (tag == "button" and not _in_heading(node)) or tag == "dialog"
    if tag == "button" and not _in_heading(node):
        return True
    hidden = said.get("hidden", "") if "hidden" in said else "until-found"
    return (
        (hidden or "").lower() != "until-found"
        or (said.get("aria-hidden") or "").strip().lower() == "true"
        or bool(_HIDING.search(said.get("style") or ""))
        or any(_HIDDEN_NAMES.fullmatch(word) for word in (said.get("class") or "").lower().split())
        or (tag == "dialog" and "open" not in said)
    )


def main_content(tree: Tree, kept: frozenset[int] = frozenset()) -> Content:
    """Return a page's content: its main part where that holds the bulk of the words, else the body without what surrounds it.

    ``kept`` are elements, by ``mem_id``, that are content wherever they stand, and so is what holds them. A page of nothing
    but menus is read with them.
    """
    masses = survey(tree.body)
    total = masses[tree.body.mem_id].characters if tree.body.mem_id in masses else 0
    around = _Surroundings(masses, total, kept, strict=True)
    rest = survey(tree.body, around.skip)
    words = rest[tree.body.mem_id].characters if tree.body.mem_id in rest else 0
    inside = _Surroundings(masses, total, kept, strict=False)
    for query in ("main, [role=main]", "article, [role=article]"):
        found = [node for node in tree.all(query) if node.mem_id in masses]
        if len(found) > 1 and query.startswith("article"):  # several are a list of articles, all of them content
            break
        best = max(found, key=lambda node: masses[node.mem_id].characters, default=None)
        if best is not None and masses[best.mem_id].characters >= max(_BULK * words, 1):
            return Content(best, inside.skip)
    return Content(tree.body, around.skip) if words else Content(tree.body, is_unseen)


def survey(root: LexborNode, skip: Callable[[LexborNode], bool] = is_unseen) -> Mapping[int, Mass]:
    """Return how much text every element holds, by ``mem_id``, without what is skipped."""
    masses: dict[int, Mass] = {}
    path: list[Mass] = []
    for node, entering in steps(root, skip):
        if node.tag == TEXT:
            if entering and path:
                path[-1].characters += len("".join((node.text_content or "").split()))
        elif entering:
            path.append(masses.setdefault(node.mem_id, Mass()))
        else:
            mass = path.pop()
            if node.tag == "a" and "href" in node.attributes:
                mass.linked, mass.links = mass.characters, 1
                mass.inner = int((node.attributes["href"] or "").startswith("#"))
            if path:
                _add(path[-1], mass)
    return masses


def _add(whole: Mass, part: Mass) -> None:
    whole.characters += part.characters
    whole.linked += part.linked
    whole.links += part.links
    whole.inner += part.inner


class _Surroundings:
    """Tells what of a page surrounds its content; ``strict`` where no element says which part that is."""

    def __init__(self, masses: Mapping[int, Mass], total: int, kept: frozenset[int], *, strict: bool) -> None:
        self._masses, self._total, self._kept, self._strict = masses, total, kept, strict
        self._known: dict[int, bool] = {}

    def skip(self, node: LexborNode) -> bool:
        """Tell whether an element is passed over."""
        if node.tag == TEXT or node.tag in ("body", "html") or node.mem_id in self._kept:
            return False
        if node.mem_id not in self._masses:
            return True  # it was not seen
        if node.mem_id not in self._known:
            self._known[node.mem_id] = self._surrounds(node, self._masses[node.mem_id])
        return self._known[node.mem_id]

    def _surrounds(self, node: LexborNode, mass: Mass) -> bool:
        tag, said = node.tag, node.attributes
        role = (said.get("role") or "").lower()
        if role.startswith("doc-") and role != "doc-toc":
            return False
        if tag == "nav" or role in _ROLES or role == "doc-toc":
            return True
        if tag in ("header", "footer"):
            return self._frames(node, mass)
        if tag == "form" or role == "form":
            return mass.characters <= _SMALL * self._total
        if tag == "a":
            return mass.inner == 1 and mass.characters <= 1 and _in_heading(node) and not _says(node)
        names = _names(said)
        if names and self._is_named_so(names, mass):
            return True
        if tag not in _LISTS and tag != "aside":
            return False
        return self._is_list_of_links(tag or "", mass)

    def _frames(self, node: LexborNode, mass: Mass) -> bool:
        """Tell whether a header or footer is the page's rather than a section's; one that only holds the title is content."""
        if _is_in(node, _SECTIONS):
            return mass.is_linked(_PARTLY_LINKED)
        return not (node.tag == "header" and mass.links == 0 and node.css_first("h1") is not None)

    def _is_named_so(self, names: list[str], mass: Mass) -> bool:
        small = mass.characters <= _SMALL * self._total
        parts = {part for name in names for part in re.split(r"[-_]+|(?<=[a-z])(?=[A-Z])", name)}
        lower = {part.lower() for part in parts} | {name.lower() for name in names}
        if small and any(_COOKIES.fullmatch(part) or (mass.links and _PAGER.fullmatch(part)) for part in lower):
            return True
        if any(_TRAIL.fullmatch(part) for part in lower) and mass.is_linked(_PARTLY_LINKED):
            return True
        menu = self._strict and any(_MENUS.fullmatch(part) for part in lower)
        return menu and small and mass.is_linked(_PARTLY_LINKED)

    def _is_list_of_links(self, tag: str, mass: Mass) -> bool:
        if tag == "aside" and self._strict:
            return True
        if mass.links < _FEW_LINKS or not mass.is_linked(_LINKED):
            return False
        return mass.inner == mass.links or (self._strict and mass.linked <= _LABEL * mass.links)


def _names(said: Mapping[str, str | None]) -> list[str]:
    return f"{said.get('id') or ''} {said.get('class') or ''}".split()[:20]


def _says(node: LexborNode) -> bool:
    return any(map(str.isalnum, node.text()))


def _in_heading(node: LexborNode) -> bool:
    return _is_in(node, _HEADINGS)


def _is_in(node: LexborNode, tags: frozenset[str]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False
