"""From words to lines: fragments of a line first, then, once columns and tables are known, whole lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.reading.pieces import LIST_MARKER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.reading.pdf.glyphs import Word

_GAP = 1.0
"""The gap, in type sizes, from which on words may stand in two columns; what turns out to be one line is joined again."""
_MARKER_GAP = 4.0
"""The same after a bullet or the number of a list's item."""
_RAISED = 0.85
"""How large type is at most, against the line's, for a mark above its baseline."""
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_MARK = re.compile(r"\d{1,3}(?:,\d{1,3})*|[*∗†‡§]{1,3}")
_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words that stand side by side on one baseline."""

    words: tuple[Word, ...]
    left: float
    right: float
    base: float
    size: float

    @property
    def top(self) -> float:
        """How high its letters reach."""
        return self.base + self.size * 0.8

    @property
    def bottom(self) -> float:
        """How low its letters reach."""
        return self.base - self.size * 0.2

    @property
    def text(self) -> str:
        """The words, separated by spaces."""
        return "".join(word.text if word.glued else f" {word.text}" for word in self.words).strip()


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a line in one style; a ``raised`` run is the mark of a footnote or an exponent."""

    text: str
    bold: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column: where it stands, and what it takes to tell whether a paragraph ends with it.

    ``margin`` and ``edge`` are the column's left and right. ``lead`` is how wide its first word is, ``hang`` where its second
    word begins: a list's items hang there. ``tabbed`` lines have a wide gap in them.
    """

    page: int
    column: int
    runs: tuple[Run, ...]
    left: float
    right: float
    base: float
    size: float
    margin: float = 0.0
    edge: float = 0.0
    lead: float = 0.0
    hang: float = 0.0
    tabbed: bool = False

    @property
    def text(self) -> str:
        """The line's words, raised marks left out."""
        return "".join(run.text for run in self.runs if not run.raised).strip()

    @property
    def bold(self) -> bool:
        """Whether all of its words are bold."""
        letters = [run for run in self.runs if not run.raised and any(map(str.isalnum, run.text))]
        return bool(letters) and all(run.bold for run in letters)


def fragments(words: Iterable[Word]) -> list[Fragment]:
    """Return words, in the order in which they were set, gathered into fragments."""
    found: list[list[Word]] = []
    for word in words:
        if found and _goes_on(found[-1], word):
            found[-1].append(word)
        else:
            found.append([word])
    return [fragment(group) for group in found]


def fragment(words: Sequence[Word]) -> Fragment:
    """Return words of one baseline as a fragment; its size and baseline are those of most of its letters."""
    weights = Counter[tuple[float, float]]()
    for word in words:
        weights[word.size, word.base] += len(word.text) * (2 if word.size >= words[0].size else 1)
    size, base = max(weights, key=lambda style: weights[style])
    left, right = min(word.left for word in words), max(word.right for word in words)
    return Fragment(tuple(words), left, right, base, size)


def _goes_on(words: Sequence[Word], word: Word) -> bool:
    last = words[-1]
    main = max(words[-3:], key=lambda one: one.size)
    size = max(main.size, word.size)
    reach = 0.6 if min(main.size, word.size) < size * _RAISED else 0.25
    if abs(word.base - main.base) > reach * size:
        return False
    marker = len(words) == 1 and LIST_MARKER.match(f"{last.text} -")
    if -0.5 * size < word.left - last.right < (_MARKER_GAP if marker else _GAP) * size:
        return True
    backwards = _RTL.search(word.text) or _RTL.search(last.text)
    return bool(backwards) and -0.5 * size < last.left - word.right < _GAP * size


def rows(parts: Iterable[Fragment]) -> list[list[Fragment]]:
    """Return fragments as rows from top to bottom, each from left to right, or from right to left where it is written so."""
    found: list[list[Fragment]] = []
    for part in sorted(parts, key=lambda one: -one.base):
        if found and _shares_row(found[-1], part):
            found[-1].append(part)
        else:
            found.append([part])
    return [
        sorted(row, key=_place) if not _is_backwards(row) else sorted(row, key=_place, reverse=True) for row in found
    ]


def _place(part: Fragment) -> float:
    return part.left


def _is_backwards(row: Sequence[Fragment]) -> bool:
    text = "".join(part.text for part in row)
    return len(_RTL.findall(text)) * 2 > len(text)


def _shares_row(row: Sequence[Fragment], part: Fragment) -> bool:
    """Tell whether a fragment stands on a row: on its baseline, or, as a small mark, a little above or below it."""
    main = max(row, key=lambda one: (one.size, len(one.words)))
    size = max(main.size, part.size)
    mark = min(main.size, part.size) < size * _RAISED and min(len(main.words), len(part.words)) == 1
    return abs(part.base - main.base) <= size * (0.5 if mark else 0.3)


def line(parts: Sequence[Fragment], page: int, column: int = 0) -> Line:
    """Return the fragments of a row as one line."""
    words = [
        word
        if i or n == 0
        else replace(word, glued=False)
        if part.left - parts[n - 1].right > part.size * 0.15
        else word
        for n, part in enumerate(parts)
        for i, word in enumerate(part.words)
    ]
    whole = fragment(words)
    second = next((word for word in words[1:] if not word.glued), words[0])
    tabbed = any(after.left - before.right > _GAP * whole.size for before, after in pairwise(parts))
    return Line(
        page, column, tuple(_runs(words, whole)), whole.left, whole.right, whole.base, whole.size,
        whole.left, whole.right, words[0].right - words[0].left, second.left, tabbed,
    )  # fmt: skip


def _runs(words: Sequence[Word], whole: Fragment) -> Iterator[Run]:
    text, style = "", (False, False)
    for word in words:
        raised = _is_raised(word, whole)
        now = (word.bold and not raised, raised)
        if text and now != style:
            yield Run(text, *style)
            text = ""
        text, style = text + ("" if word.glued else " ") + word.text, now
    if text:
        yield Run(text, *style)


def _is_raised(word: Word, whole: Fragment) -> bool:
    """Tell whether a word is a footnote's mark or an exponent: small figures above the line's baseline."""
    small, above = word.size <= whole.size * _RAISED, word.base - whole.base
    return small and above > whole.size * 0.15 and bool(_MARK.fullmatch(word.text))


def unraised(words: Iterable[Word]) -> list[Word]:
    """Return words without the raised marks among them, which are no words of the text."""
    return [word for part in fragments(words) for word in part.words if not _is_raised(word, part)]


def superscript(figures: str) -> str:
    """Return figures as raised characters."""
    return figures.translate(_DIGITS)
