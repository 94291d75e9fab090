"""The lines that a page draws: the borders of tables, as drawn, or as the edges of filled boxes."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from assistant.reading.pdf.glyphs import Word, turned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.reading.pdf.glyphs import Box

_MOST_OBJECTS = 5000
"""Of a drawing with more objects than this the rest is not looked at: it is a picture."""
_MOST_SEGMENTS = 64
"""Of a shape; browsers draw a dot in about fifty."""
_MOST_RULES = 1500
_MOST_DOTS = 150
_DOT = (1.5, 7.0)
"""How wide a dot is that may be a bullet, in points."""
_THICKEST = 3.0
_SHORTEST = 8.0
_TOUCH = 3.0
_FARTHEST = 1e6


@dataclass(frozen=True, slots=True)
class Ruling:
    """Lines that touch each other, in points: the heights of those across, from the top, and the places of those down."""

    across: tuple[float, ...]
    down: tuple[float, ...]
    box: Box


def drawn(page: pdfium.FPDF_PAGE, turn: int) -> tuple[list[Ruling], list[Box]]:
    """Return the ruled figures of a page that may be tables, and the dots on it that may be bullets."""
    shapes = list(_shapes(page, turn))
    rules = [edge for box in shapes for edge in _lines_of(box)]
    return [_ruling(group) for group in _touching(rules)], [box for box in shapes if _is_dot(box)]


def _shapes(page: pdfium.FPDF_PAGE, turn: int) -> Iterator[Box]:
    """Yield the boxes around what is drawn simply: lines, rectangles and dots."""
    edges = [ctypes.c_float() for _ in range(4)]
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if pdfium.FPDFPath_CountSegments(item) <= _MOST_SEGMENTS and pdfium.FPDFPageObj_GetBounds(item, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            if all(abs(edge.value) < _FARTHEST for edge in edges):
                yield turned((left, bottom, right, top), turn)


def _is_dot(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return _DOT[0] <= width <= _DOT[1] and abs(width - height) < 0.3 * width


def with_bullets(words: Sequence[Word], dots: Sequence[Box]) -> list[Word]:
    """Return the words with a bullet before each that begins a line right of a dot, as browsers draw them."""
    if not dots or len(dots) > _MOST_DOTS:
        return list(words)
    found: list[Word] = []
    for word in words:
        dot = next((dot for dot in dots if _is_before(dot, word)), None)
        if dot and not any(_is_between(other, dot, word) for other in words):
            found.append(Word("•", dot[0], dot[2], word.base, word.size, bold=False, glued=False))
        found.append(word)
    return found


def _is_before(dot: Box, word: Word) -> bool:
    middle = (dot[1] + dot[3]) / 2
    return word.base <= middle <= word.base + word.size and 0 < word.left - dot[2] < word.size * 1.5


def _is_between(other: Word, dot: Box, word: Word) -> bool:
    level = abs(other.base - word.base) < word.size * 0.5
    return level and other is not word and other.left < word.left and other.right > dot[0] - word.size * 0.5


def _lines_of(box: Box) -> Iterator[Box]:
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    if min(width, height) <= _THICKEST:
        if max(width, height) >= _SHORTEST:
            yield box
    elif min(width, height) >= _SHORTEST:
        yield from ((left, bottom, right, bottom), (left, top, right, top))
        yield from ((left, bottom, left, top), (right, bottom, right, top))


def _touching(rules: list[Box]) -> Iterator[list[Box]]:
    """Yield lines in groups that hang together (a sweep from the top, groups merged as lines turn out to touch both)."""
    groups: list[list[Box]] = []
    reaches: list[Box] = []
    for rule in sorted(rules, key=lambda box: -box[3])[:_MOST_RULES]:
        near = [
            i
            for i, reach in enumerate(reaches)
            if _touches(reach, rule) and any(_touches(one, rule) for one in groups[i])
        ]
        merged = [rule, *(one for i in near for one in groups[i])]
        groups = [*(group for i, group in enumerate(groups) if i not in near), merged]
        reaches = [*(reach for i, reach in enumerate(reaches) if i not in near), _around(merged)]
    yield from (group for group in groups if len(group) > 2)


def _touches(one: Box, other: Box) -> bool:
    return (
        one[0] - _TOUCH <= other[2]
        and other[0] - _TOUCH <= one[2]
        and one[1] - _TOUCH <= other[3]
        and other[1] - _TOUCH <= one[3]
    )


def _around(boxes: Iterable[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return (min(lefts), min(bottoms), max(rights), max(tops))


def _ruling(group: list[Box]) -> Ruling:
    across = [(box[1] + box[3]) / 2 for box in group if box[2] - box[0] > box[3] - box[1]]
    down = [(box[0] + box[2]) / 2 for box in group if box[2] - box[0] <= box[3] - box[1]]
    return Ruling(tuple(reversed(_apart(across))), tuple(_apart(down)), _around(group))


def _apart(places: Iterable[float]) -> list[float]:
    """Return places in order, those that are hardly apart counted once."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _TOUCH:
            found.append(place)
    return found
