"""From the tree of a web page to blocks of words, in the order of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.reading.fragments import LINE_END, Fragment, Kind, cell_words, prose
from assistant.reading.grids import GridCell, grid
from assistant.reading.html.dom import TEXT, steps, tags
from assistant.reading.html.notes import Notes, without_mark
from assistant.reading.html.tables import children, data_rows, head_rows, span
from assistant.reading.inline import is_all_bold, joined, literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborNode

    from assistant.reading.inline import Run

_BLOCKS = tags(
    "p div section article main header footer aside nav ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre figure figcaption"
    " table caption thead tbody tfoot tr td th form fieldset legend address hr details summary center body html menu dir"
    " hgroup search dialog noscript"
)
_BOLD = frozenset(("b", "strong"))
_HEADING = re.compile(r"h([1-6])")
_PARAGRAPH_BREAK = re.compile(rf"{LINE_END}\s*{LINE_END}[\s{LINE_END}]*")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_HEADING = 400
"""A heading of more characters is an element that was never closed."""
_LONG_LISTING = 2000
"""Verbatim words of more characters are parted at blank lines."""
_CLOSED = (".", "!", "?", ":", ";", ",")


def fragments(root: LexborNode, skip: Callable[[LexborNode], bool], notes: Notes) -> list[Fragment]:
    """Return the blocks below an element, without what ``skip`` says; notes that the words refer to stand where they are.

    Notes that stand elsewhere on the page come last.
    """
    flow = _Flow(skip, notes)
    flow.run(root)
    for mark in flow.referred:
        if mark not in flow.noted:
            flow.note(mark)
    return flow.found


class _Flow:
    """Walks over a page and gathers its words, block by block."""

    def __init__(self, skip: Callable[[LexborNode], bool], notes: Notes) -> None:
        self.found: list[Fragment] = []
        self.referred: dict[str, None] = {}
        self.noted: set[str] = set()
        self._skip, self._notes = skip, notes
        self._done: set[int] = set()
        self._runs: list[Run] = []
        self._bold = self._items = self._verbatim = self._raised = 0
        self._heading: tuple[int, int | None] | None = None
        self._term: list[str] = []
        self._in_term = False

    def run(self, root: LexborNode) -> None:
        for node, entering in steps(root, self._skip, self._done):
            tag = node.tag or ""
            if tag == TEXT:
                if entering:
                    self._say(node.text_content or "")
            elif entering:
                self._enter(node, tag)
            else:
                self._leave(node, tag)
        self._flush()

    def _say(self, words: str) -> None:
        if self._raised and words.strip().isdecimal():
            words = words.strip().translate(_RAISED)
        words = literal(words) if self._verbatim else literal(" ".join(f"|{words}|".split())[1:-1])
        self._runs.append((words, self._bold > 0 and not self._verbatim))

    def _enter(self, node: LexborNode, tag: str) -> None:
        if node.mem_id in self._notes.bodies:
            self._flush()
            self._done.add(node.mem_id)
            self.note(self._notes.bodies[node.mem_id])
        elif node.mem_id in self._notes.references:
            self._done.add(node.mem_id)
            mark = self._notes.references[node.mem_id]
            self.referred[mark] = None
            self._runs.append((f"[^{mark}]", self._bold > 0))
        elif node.mem_id in self._notes.back:
            self._done.add(node.mem_id)
        elif tag == "table" and (rows := data_rows(node, self._skip)):
            self._flush()
            self._done.add(node.mem_id)
            self._table(node, rows)
        elif _is_block(tag):
            self._open(node, tag)
        else:
            self._style(tag, 1)

    def _leave(self, node: LexborNode, tag: str) -> None:
        if node.mem_id in self._done:
            return
        if _is_block(tag):
            self._close(node, tag)
        else:
            self._style(tag, -1)

    def _style(self, tag: str, step: int) -> None:
        if tag in _BOLD:
            self._bold += step
        elif tag == "sup":
            self._raised += step
        elif tag == "q":
            self._runs.append(('"', self._bold > 0))
        elif tag == "br" and step > 0:
            self._runs.append(("\n" if self._verbatim else LINE_END, False))

    def _open(self, node: LexborNode, tag: str) -> None:
        if self._heading:
            self._runs.append((" ", False))
            return
        self._flush()
        level = _level(node, tag)
        if level and len(node.text(strip=True)) <= _LONGEST_HEADING:
            self._heading = (node.mem_id, level)
        elif tag == "pre":
            self._verbatim += 1
        elif tag in ("li", "dd"):
            self._items += 1
        elif tag == "dt":
            self._in_term = True

    def _close(self, node: LexborNode, tag: str) -> None:
        if self._heading:
            if self._heading[0] == node.mem_id:
                self._flush()
                self._heading = None
            else:
                self._runs.append((" ", False))
            return
        self._flush()
        if tag == "pre":
            self._verbatim -= 1
        elif tag in ("li", "dd"):
            self._items -= 1
        elif tag == "dt":
            self._in_term = False
        elif tag == "dl":
            self._tell_term()

    def _flush(self) -> None:
        """Write down the words gathered so far."""
        runs, self._runs = self._runs, []
        if self._verbatim:
            self._list("".join(words for words, _ in runs))
        elif self._heading:
            words = joined((words.replace(LINE_END, " "), False) for words, _ in runs)
            self.found.extend([Fragment(Kind.HEADING, words, self._heading[1])] if words.strip() else [])
        else:
            words = joined(runs)
            for part in _PARAGRAPH_BREAK.split(words):
                if part.replace(LINE_END, " ").replace("*", "").strip():
                    self._tell(part.strip(f" {LINE_END}"), bold=is_all_bold(runs))

    def _tell(self, words: str, *, bold: bool) -> None:
        if self._in_term:
            self._term.append(words)
            return
        if self._term:
            term, self._term = ", ".join(self._term), []
            words = f"{term} {words}" if term.endswith(_CLOSED) else f"{term}: {words}"
        self.found.extend(prose(Kind.ITEM if self._items else Kind.PARAGRAPH, words, bold=bold))

    def _tell_term(self) -> None:
        """Write down terms that nothing defines."""
        terms, self._term = self._term, []
        self.found.extend(Fragment(Kind.ITEM, term) for term in terms)

    def _list(self, words: str) -> None:
        parts = re.split(r"\n[ \t]*\n", words) if len(words) > _LONG_LISTING else [words]
        self.found.extend(Fragment(Kind.VERBATIM, part) for part in parts if part.strip())

    def note(self, mark: str) -> None:
        """Write down a note, without its mark and the links back."""
        if mark in self.noted:
            return
        self.noted.add(mark)
        inner = _Flow(self._skip, Notes(self._notes.references, back=self._notes.back))
        for node in self._notes.elements[mark]:
            inner.run(node)
            inner._tell_term()
        words = " ".join(each.words for each in inner.found if each.kind is not Kind.TABLE)
        self.found.append(Fragment(Kind.NOTE, without_mark(words), mark=mark))

    def _table(self, node: LexborNode, rows: list[list[LexborNode]]) -> None:
        caption = next((child for child in children(node, self._skip) if child.tag == "caption"), None)
        if caption is not None:
            self.run(caption)
        laid = grid([[self._cell(cell) for cell in row] for row in rows], head_rows(rows))
        if any(cell for row in laid.rows for cell in row):
            self.found.append(Fragment(Kind.TABLE, table=laid))

    def _cell(self, node: LexborNode) -> GridCell:
        inner = _Flow(self._skip, self._notes)
        inner.run(node)
        inner._tell_term()
        self.referred.update(inner.referred)
        said = [each for each in inner.found if each.kind is not Kind.NOTE]
        bold = bool(said) and all(each.bold for each in said)
        words = cell_words(said)
        plain_words = words.strip("*") if bold and isinstance(words, str) else words
        return GridCell(plain_words, span(node, "colspan"), span(node, "rowspan"), node.tag == "th", bold)


def _is_block(tag: str) -> bool:
    return tag in _BLOCKS or "-" in tag


def _level(node: LexborNode, tag: str) -> int | None:
    """Return how deep a heading is, or ``None`` where an element is none."""
    if found := _HEADING.fullmatch(tag):
        return int(found[1])
    said = node.attributes
    if said.get("role") != "heading":
        return None
    level = said.get("aria-level") or "2"
    return min(int(level), 6) if level in tuple("123456789") else 2
