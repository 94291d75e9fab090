"""From lines to blocks: which lines are one heading, one paragraph or one item of a list."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.reading.mending import is_unfinished
from assistant.reading.pdf.lines import Line
from assistant.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.reading.pdf.grids import Grid
    from assistant.reading.pdf.pages import Part

_SPACED = 1.3
"""Lines of one paragraph stand closer than this many times the usual distance of lines in their size."""
_INDENT = 0.8
_FULL = 0.75
"""How much of its column a line takes up at least that goes on with a paragraph after the end of a sentence."""
_WITHIN = 12
"""The last lines of a paragraph, which tell how wide it is set."""
_LARGER = 1.12
"""How much larger than the body's a heading's type is; bold type needs less."""
_LARGER_BOLD = 1.04
_HEADING_LINES = 4
_HEADING_WORDS = 30
_BOLD_WORDS = 14
_SENTENCE_WORDS = 8
_LETTERS = 5
"""The letters of a heading in capitals, at least: shorter ones are abbreviations."""
_MARKER = re.compile(
    r"\s*(?:[-*+•◦▪‣●–·∙■□◆◇○►▶➢➤✓✔❖⁃∗\uf000-\uf0ff]|\(?\d{1,3}(?:\.\d{1,3}){0,3}[.)]|\(?[a-zA-Z][.)]"
    r"|\((?:i{1,3}|iv|vi{0,3}|ix|x)\)|o(?=\s))(?:\s+|\Z)"
)
_BULLET = re.compile(r"\s*[•◦▪‣●∙■□◆◇○►▶➢➤✓✔❖⁃∗\uf000-\uf0ff](?:\s|\Z)")
_LEADER = re.compile(r"(?:\s?[.·…]){4,}\s*(?=[\divxlc]{1,7}\Z)")
_NUMBERED = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3})*|[A-Z]|[IVX]{1,5})[.)]?\s+[^\W\d_]")
_CAPTION = re.compile(
    r"(?:table|figure|fig\.|box|chart|exhibit|map)\s+[\dA-Z]+(?:\.\d+)*\s*[:.–—-]\s*\S", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. ``rank`` orders headings: the larger, the further out."""

    kind: BlockKind
    lines: tuple[Line, ...]
    rank: tuple[float, bool] = (0.0, False)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a document is set: the size of its body's type, and the usual distance of lines for each size."""

    body: float
    leading: dict[float, float]

    def distance(self, line: Line) -> float:
        """Return the usual distance of a line of this size to the next."""
        return self.leading.get(_rounded(line.size), line.size * 1.25)


def manner(parts: Iterable[Part]) -> Manner:
    """Return how a document is set."""
    sizes: Counter[float] = Counter()
    gaps: defaultdict[float, Counter[float]] = defaultdict(Counter)
    lines = [part if isinstance(part, Line) else None for part in parts]
    for line in filter(None, lines):
        sizes[_rounded(line.size)] += len(line.text)
    for above, below in pairwise(lines):
        if above and below and _is_below(above, below) and _rounded(above.size) == _rounded(below.size):
            gaps[_rounded(above.size)][_rounded(above.base - below.base)] += 1
    leading = {size: _usual(found) for size, found in gaps.items()}
    return Manner(max(sizes, key=lambda size: sizes[size], default=10.0), leading)


def _usual(gaps: Counter[float]) -> float:
    """Return the smallest distance that is not rare."""
    few = sum(gaps.values()) * 0.15
    return min(gap for gap, count in gaps.items() if count >= few or count == max(gaps.values()))


def _rounded(points: float) -> float:
    return round(points * 2) / 2


def _is_below(above: Line, below: Line) -> bool:
    return (above.page, above.column) == (below.page, below.column) and 0 < above.base - below.base < above.size * 3


def blocks(parts: Sequence[Part], set_in: Manner) -> Iterator[Block | Grid]:
    """Yield the parts of a document gathered into blocks."""
    group: list[Line] = []
    for part in parts:
        if group and not (isinstance(part, Line) and _goes_on(group, part, set_in)):
            yield _block(group, set_in)
            group = []
        if isinstance(part, Line):
            group.append(part)
        else:
            yield part
    if group:
        yield _block(group, set_in)


def _block(lines: Sequence[Line], set_in: Manner) -> Block:
    first = lines[0]
    if _is_heading(lines, set_in):
        return Block(BlockKind.HEADING, tuple(lines), (_rounded(first.size), first.bold))
    marker = None if is_entry(first) else _marker(first)
    if marker:
        return Block(BlockKind.LIST_ITEM, (_without(marker, first), *lines[1:]))
    return Block(BlockKind.PARAGRAPH, tuple(lines))


def _is_heading(lines: Sequence[Line], set_in: Manner) -> bool:
    text = " ".join(line.text for line in lines)
    words = len(text.split())
    if is_entry(lines[0]) or not any(map(str.isalpha, text)) or _BULLET.match(text):
        return False
    if is_caption(text):
        return True
    if _is_larger(lines[0], set_in):
        return (
            words <= _HEADING_WORDS
            and len(lines) <= _HEADING_LINES
            and not (text.endswith(".") and words > _SENTENCE_WORDS)
        )
    bold = (all(line.bold for line in lines) or _is_shouted(text)) and lines[0].size > set_in.body * 0.9
    listed = _marker(lines[0]) and not _NUMBERED.match(text)
    return bold and not listed and words <= _BOLD_WORDS and not text.endswith((".", ",", ";", ":"))


def _is_shouted(text: str) -> bool:
    """Tell whether words are in capitals throughout, as some headings are."""
    return text.isupper() and sum(map(str.isalpha, text)) >= _LETTERS


def is_caption(text: str) -> bool:
    """Tell whether words are the short title of a table or a figure."""
    return bool(_CAPTION.match(text)) and len(text.split()) <= _BOLD_WORDS and not text.endswith((".", ",", ";", ":"))


def is_entry(line: Line) -> bool:
    """Tell whether a line is an entry of a table of contents: words, a leader or a gap, and a page's number."""
    text = line.text
    return bool(_LEADER.search(text)) or (line.tabbed and bool(re.search(r"[^\W\d].*\s\d{1,4}\Z", text)))


def without_leader(text: str) -> str:
    """Return an entry of a table of contents with its dots folded."""
    return _LEADER.sub(" … ", text)


def _is_larger(line: Line, set_in: Manner) -> bool:
    return line.size >= set_in.body * (_LARGER_BOLD if line.bold else _LARGER)


def _marker(line: Line) -> re.Match[str] | None:
    """Return the bullet or number that a list's item begins with; an "o" is one if a gap follows it."""
    found = _MARKER.match("".join(run.text for run in line.runs))
    if found and found[0].strip() == "o" and line.hang - line.left < line.size:
        return None
    return found


def _without(marker: re.Match[str], line: Line) -> Line:
    """Return a line without the marker that it begins with."""
    runs, length = [], marker.end()
    for run in line.runs:
        gone = min(length, len(run.text))
        length -= gone
        if run.text[gone:]:
            runs.append(replace(run, text=run.text[gone:]))
    return replace(line, runs=tuple(runs))


def _goes_on(group: Sequence[Line], line: Line, set_in: Manner) -> bool:
    """Tell whether a line belongs to the block that ends with the line before it."""
    last = group[-1]
    if is_entry(last) or is_entry(line) or abs(last.size - line.size) > 0.08 * max(last.size, line.size):
        return False
    larger = _is_larger(line, set_in)
    if larger != _is_larger(last, set_in) or (larger and last.bold != line.bold):
        return False
    if (last.page, last.column) != (line.page, line.column) or line.base > last.base + line.size:
        return not larger and _goes_on_overleaf(group, line)
    if last.base - line.base > _SPACED * set_in.distance(line):
        return False
    if larger:
        return True
    return not (
        _begins_item(group, line) or _is_indented_anew(group, line) or _is_ended(group, line) or _is_head(group, line)
    )


def _is_head(group: Sequence[Line], line: Line) -> bool:
    """Tell whether bold lines above a line that is not bold are a heading of their own."""
    last = group[-1]
    if all(one.bold for one in group) and not line.bold:
        return _has_room(last, line, last.edge) and not last.text.endswith((",", "-"))
    return line.bold and not last.bold and _has_room(last, line, last.edge) and not is_unfinished(last.text)


def _goes_on_overleaf(group: Sequence[Line], line: Line) -> bool:
    """Tell whether a block goes on in the next column or on the next page."""
    last = group[-1]
    if _begins_item(group, line) or (all(one.bold for one in group) != line.bold and not is_unfinished(last.text)):
        return False
    if line.text[:1].islower() or is_unfinished(last.text, certain=True):
        return True
    if all(one.bold for one in group) and len(group) == 1:
        return False
    offset = line.left - line.margin
    expected = group[0].hang - group[0].margin if _marker(group[0]) else group[-1].left - group[-1].margin
    if is_unfinished(last.text):
        return offset < max(expected, 0.0) + line.size * 2 and not is_caption(last.text)
    full = line.right - line.margin > _FULL * (line.edge - line.margin)
    return full and abs(offset - expected) <= line.size * _INDENT and not _has_room(last, line, last.edge)


def _begins_item(group: Sequence[Line], line: Line) -> bool:
    """Tell whether a line begins an item; a dash or a number may also stand in the middle of a sentence."""
    if not _marker(line):
        return False
    if _BULLET.match(line.text):
        return True
    last = group[-1]
    return not is_unfinished(last.text) or bool(_marker(group[0])) or _has_room(last, line, last.edge)


def _is_indented_anew(group: Sequence[Line], line: Line) -> bool:
    """Tell whether a line's indentation begins a paragraph, or leaves that of a list's item."""
    first, last, indent = group[0], group[-1], line.size * _INDENT
    if _marker(first):
        hangs = first.hang if len(group) == 1 else last.left
        wrapped = (
            abs(line.left - first.left) <= indent and is_unfinished(last.text) and not _has_room(last, line, last.edge)
        )
        return line.left < hangs - indent and not wrapped
    if line.left > last.left + indent:
        return len(group) > 1 or _is_ended(group, line)
    return line.left < last.left - indent and len(group) > 1


def _is_ended(group: Sequence[Line], line: Line) -> bool:
    """Tell whether the last line was left short on purpose: the next word would have found room on it."""
    last = group[-1]
    if last.text.endswith("-"):
        return False
    edge = max(one.right for one in (*group[-_WITHIN:-1], line)) if len(group) > 1 else last.edge
    if not _has_room(last, line, min(edge, last.edge)):
        return False
    far = last.edge - last.right > (last.edge - last.margin) * 0.25
    return not is_unfinished(last.text) or (far and not line.text[:1].islower())


def _has_room(last: Line, line: Line, edge: float) -> bool:
    return last.right + line.size * 0.3 + line.lead < edge - line.size * 0.3
