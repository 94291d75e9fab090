"""A page of a PDF as a picture, with the place of the words that are cited marked on it."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

from assistant.errors import ReadingError
from assistant.markup import SUPERSCRIPTS
from assistant.reading.pdf.glyphs import turned, words_of_page
from assistant.reading.pdf.lines import unraised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.reading.pdf.glyphs import Box, Word

_MARKER = (255, 235, 120)
_NOT_ON_PAGE = re.compile(rf"\[\^[^\[\]\s]+\]:?|[{SUPERSCRIPTS}•]")
_SHORTEST = 12
_FEWEST = 3
"""The letters, and the words, that a part of a quote has at least to be marked on its own."""
_MOST_PIXELS = 20_000_000


@dataclass(frozen=True, slots=True)
class PageView:
    """A page as a PNG, how many pages there are, and where the first marked words begin, as shares of its height and width."""

    picture: bytes
    pages: int
    top: float | None = None
    left: float | None = None


def page_view(content: bytes, page: int, words: str, width: int) -> PageView:
    """Return a page, counted from 1, ``width`` pixels wide, with ``words`` marked where they stand on it.

    White space, hyphens, bold marks and footnote marks make no difference to where words are found. Parts of them that
    stand on another page are passed over; where none is found, nothing is marked.

    Raises:
        ReadingError: the PDF cannot be read, or has no such page.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            if not 1 <= page <= len(document):
                raise ReadingError(f"The PDF has {len(document)} pages, and no page {page}. Rebuild the index.")
            return _view(document[page - 1], words, width, len(document))
    except pypdfium2.PdfiumError as error:
        raise ReadingError(
            "The PDF cannot be shown: it is damaged or encrypted. Save it again, and rebuild."
        ) from error


def _view(page: pypdfium2.PdfPage, words: str, width: int, pages: int) -> PageView:
    across, down = page.get_size()
    scale = min((width - 0.01) / max(across, 1.0), (_MOST_PIXELS / max(across * down, 1.0)) ** 0.5)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    marks = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(marks)
    boxes = [_on_picture(page, box, picture.size) for box in _places(page, words)]
    for box in boxes:
        pen.rectangle(box, fill=_MARKER)
    written = BytesIO()
    ImageChops.multiply(picture, marks).save(written, "PNG")
    if not boxes:
        return PageView(written.getvalue(), pages)
    left, top = min(boxes, key=lambda box: (box[1], box[0]))[:2]
    return PageView(written.getvalue(), pages, top / picture.height, left / picture.width)


def _places(page: pypdfium2.PdfPage, words: str) -> Iterator[Box]:
    """Yield the boxes, on the page as it lies, of the words that are looked for."""
    found, turn = words_of_page(page.raw)
    shown = unraised(found)
    folded = [_folded(word.text) for word in shown]
    ends = list(accumulate(map(len, folded)))
    text = "".join(folded)
    for start, end in _matches(text, [part for part in map(_folded, _NOT_ON_PAGE.sub(" ", words).split()) if part]):
        for word, last, length in zip(shown, ends, map(len, folded), strict=True):
            if length and last - length < end and last > start:
                yield turned(_box(word), -turn % 4)


def _folded(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()


def _matches(text: str, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where ``parts``, one after the other, stand in ``text``, as many together as stand together there."""
    first = 0
    while first < len(parts):
        last, place = _longest(text, parts, first)
        length = sum(map(len, parts[first:last]))
        is_long = length >= _SHORTEST and last - first >= _FEWEST
        if place >= 0 and (is_long or (first == 0 and last == len(parts))):
            yield place, place + length
            first = last
        else:
            first += 1


def _longest(text: str, parts: Sequence[str], first: int) -> tuple[int, int]:
    """Return after which part the longest match from ``first`` on ends, and where in the text it begins."""
    last, place, joined = first, -1, ""
    for number in range(first, len(parts)):
        joined += parts[number]
        found = text.find(joined, max(place, 0))
        if found < 0:
            break
        last, place = number + 1, found
    return last, place


def _box(word: Word) -> Box:
    return (word.left, word.base - word.size * 0.25, word.right, word.base + word.size * 0.85)


def _on_picture(page: pypdfium2.PdfPage, box: Box, size: tuple[int, int]) -> Box:
    """Return a box in pixels, from the top left corner."""
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (left, top), (right, bottom) = corners
    return (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
