"""What a page carries besides its text: running headers, running footers and page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reading.pdf.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.reading.pdf.pages import Part

_OUTERMOST = 3
"""The rows at the top and at the foot of a page that may be furniture."""
_SEVERAL = 3
"""The pages that carry the same line at the same height, at least."""
_SAME_HEIGHT = 3.0
_GAP = 1.5
"""How far, in type sizes, furniture stands from the text at least."""
_MOST = 0.3
"""The share of the pages that have a repeated line at a height where two of the same are enough."""
_NUMBER_AT_END = re.compile(r"(?:\A|(?<=\s)(?=\d+\Z))\d{1,4}(?=\s|\Z)")
_FIGURES = re.compile(r"\d+|\b[ivxlc]{1,7}\Z|\A[ivxlc]{1,7}\b")
_PLAIN_NUMBER = re.compile(
    r"(?:page\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}|[-–—]\s*\d{1,4}\s*[-–—])", re.IGNORECASE
)


def without_furniture(pages: Sequence[Sequence[Part]]) -> list[list[Part]]:
    """Return the pages without the lines that several of them repeat at the same height, figures aside, and page numbers.

    A document of one or two pages loses nothing but what is plainly the number of a page.
    """
    edges = [(_outermost(page, -1), _outermost(page, 1)) for page in pages]
    outer = [[*head[:_OUTERMOST], *foot[:_OUTERMOST]] for head, foot in edges]
    known = _Furniture(_repeated(outer), _numbered(outer))
    gone = {id(line) for edge in edges for rows in edge for line in _furniture(rows, known)}
    return [[part for part in page if id(part) not in gone] for page in pages]


def _furniture(rows: Sequence[Sequence[Line]], known: _Furniture) -> list[Line]:
    """Return what is furniture at one end of a page: known rows from the edge on, as far as a gap parts them from the text."""
    found: list[Line] = []
    pending: list[Line] = []
    for row, inner in zip(rows[:_OUTERMOST], [*rows[1:], None], strict=False):
        numbered = any(known.is_numbered(line) for line in row)
        pending.extend(line for line in row if numbered or known.holds(line))
        if inner is None or abs(row[0].base - inner[0].base) > _GAP * max(row[0].size, inner[0].size):
            found, pending = [*found, *pending], []
        if not numbered and not all(known.holds(line) for line in row):
            break
    return found


def _outermost(page: Sequence[Part], inwards: int) -> list[list[Line]]:
    """Return the rows from one edge of a page, from the top (-1) or from the foot (1), as far as a table."""
    lines = sorted((part for part in page if isinstance(part, Line)), key=lambda line: inwards * line.base)
    tables = [part for part in page if not isinstance(part, Line)]
    reach = min((inwards * (one.bottom if inwards > 0 else one.top) for one in tables), default=1e9)
    return _rows(line for line in lines if inwards * line.base < reach)


def _rows(lines: Iterable[Line]) -> list[list[Line]]:
    found: list[list[Line]] = []
    for line in lines:
        if found and abs(found[-1][0].base - line.base) < _SAME_HEIGHT:
            found[-1].append(line)
        else:
            found.append([line])
    return found


Key = tuple[str, int]


def _keys(line: Line) -> Iterator[Key]:
    """Yield what a line says, figures folded, with its height; twice, so that rounding parts nothing."""
    words = " ".join(_FIGURES.sub("0", line.text.strip()).split()).casefold()
    height = line.base / (2 * _SAME_HEIGHT)
    yield words, round(height)
    yield words, round(height + 0.5) * 1000


def _repeated(outer: Sequence[Iterable[Sequence[Line]]]) -> set[Key]:
    """Return the lines that several pages carry; two are enough at a height at which several pages have such a line."""
    counts: Counter[Key] = Counter()
    for rows in outer:
        counts.update({key for row in rows for line in row for key in _keys(line)})
    twice = Counter(height for (_, height), count in counts.items() if count > 1 for _ in range(count))
    enough = _SEVERAL if len(outer) >= _SEVERAL else len(outer) + 1
    return {
        key
        for key, count in counts.items()
        if count >= enough or (count > 1 and twice[key[1]] >= len(outer) * _MOST and len(outer) >= _SEVERAL)
    }


def _numbered(outer: Iterable[Iterable[Sequence[Line]]]) -> set[tuple[int, int]]:
    """Return the heights, rounded, at which several pages carry a number, and by how much it differs from the page's."""
    found: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for rows in outer:
        for line in (line for row in rows for line in row):
            for place in _offsets(line):
                found[place].add(line.page)
    return {place for place, on in found.items() if len(on) >= _SEVERAL}


def _offsets(line: Line) -> Iterator[tuple[int, int]]:
    """Yield a line's height, rounded, with the difference between the number it begins or ends with and that of its page."""
    for number in _NUMBER_AT_END.findall(line.text.strip()):
        yield round(line.base / (2 * _SAME_HEIGHT)), int(number) - line.page


@dataclass(frozen=True, slots=True)
class _Furniture:
    """What a document repeats: lines with their heights, and where its pages are numbered."""

    repeated: set[Key]
    numbered: set[tuple[int, int]]

    def holds(self, line: Line) -> bool:
        """Tell whether a line is furniture."""
        words = line.text.strip()
        if _PLAIN_NUMBER.fullmatch(words) or any(key in self.repeated for key in _keys(line)):
            return True
        return words.isdecimal() and int(words) == line.page

    def is_numbered(self, line: Line) -> bool:
        """Tell whether a line carries the number of its page, where others carry theirs."""
        return any(place in self.numbered for place in _offsets(line))
