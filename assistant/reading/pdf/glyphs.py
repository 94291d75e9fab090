"""From a page of a PDF to its words: what each says, where it stands, how large it is and whether it is bold."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FOLDED = {
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
    **dict.fromkeys(
        (0x2, 0xAD, 0x2010, 0x2011, 0xFFFE), "-"
    ),  # pdfium writes 2 and U+FFFE for a hyphen at a line's end
    **dict.fromkeys((*range(0x3, 0x9), *range(0xE, 0x20), 0x0, 0x1, 0x7F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), ""),
}
_BLANK = frozenset(map(ord, filter(str.isspace, map(chr, range(0x3001))))) - {0x85}
_BOLD_NAME = re.compile(
    r"bold|black|heavy|demi(?!cn)|cmbx|cmssbx|sfbx|ecbx|-bx|(?:lm|ec|sf)\w*bx\d|nimbus\w*-medi|-b(?:i|it)?\Z",
    re.IGNORECASE,
)
_FORCE_BOLD = 1 << 18
_APART = 0.15
"""The gap, in type sizes, from which on two characters belong to two words even where no space is written."""
_SAME = 0.02
"""How much, in type sizes, the heights of two characters differ at most in one style."""
_LARGEST = 400.0
_FARTHEST = 1e6
_LAST = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Word:
    """Characters in one style on one baseline. Places are in points, ``base`` growing upwards.

    A ``glued`` word stands right at the one before it, without a space between.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    bold: bool
    turn: int
    base: float


Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""


def turned(box: Box, turn: int) -> Box:
    """Return a box on a page that was turned by ``turn`` quarters, so that its text runs from left to right."""
    if not turn:
        return box
    left, bottom, right, top = box
    return ((bottom, -right, top, -left), (-right, -top, -left, -bottom), (-top, left, -bottom, right))[turn - 1]


def words_of_page(page: pdfium.FPDF_PAGE) -> tuple[list[Word], int]:
    """Return the words of a page in the order in which they were set, and the quarters by which the page is turned.

    Words that stand outside the page, or at an angle to the others, are left out.
    """
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return [], 0
    try:
        found = list(_words(text_page))
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    turns = Counter[int]()
    for turn, _, word in found:
        turns[turn] += len(word.text)
    main = max(turns, key=lambda turn: turns[turn], default=0)
    bounds = _bounds(page)
    return [word for turn, box, word in found if turn == main and _is_inside(box, bounds) and _is_placed(word)], main


def _bounds(page: pdfium.FPDF_PAGE) -> Box:
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, rectangle):
        return (-1e9, -1e9, 1e9, 1e9)
    return (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)


def _is_inside(box: Box, bounds: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return bounds[0] <= x <= bounds[2] and bounds[1] <= y <= bounds[3]


def _is_placed(word: Word) -> bool:
    """Tell whether a word has a place that can be reckoned with; damaged files have letters at infinity."""
    return all(abs(place) < _FARTHEST for place in (word.left, word.right, word.base))


def _words(text_page: pdfium.FPDF_TEXTPAGE) -> Iterator[tuple[int, Box, Word]]:
    """Yield every word with its turn and its box on the page as it lies.

    A letter after a letter is taken to belong to the same word: pdfium writes a space wherever there is a gap.
    """
    reader = _Characters(text_page)
    characters: list[str] = []
    first = (0.0, 0.0, 0.0, 0.0)
    style: _Style | None = None
    last, glued, after_letter = 0, False, False
    for number, character in reader.characters():
        letter = character.isalpha()
        if style and letter and after_letter:
            characters.append(character)
            last = number
            continue
        after_letter = letter
        box = reader.box(number) if character else None
        if style:
            end = reader.box(last) or first
            if box and reader.goes_on(end, box, style) and reader.keeps(number, character, style):
                characters.append(character)
                last = number
                continue
            yield _word(characters, first, end, style, glued=glued)
            glued, style = box is not None and reader.touches(end, box, style), None
        elif not character:
            glued = False
        if box:
            characters, first, last, style = [character], box, number, reader.style(number, box)
    if style:
        yield _word(characters, first, reader.box(last) or first, style, glued=glued)


def _word(characters: Sequence[str], first: Box, end: Box, style: _Style, *, glued: bool) -> tuple[int, Box, Word]:
    whole = (min(first[0], end[0]), min(first[1], end[1]), max(first[2], end[2]), max(first[3], end[3]))
    left, _, right, _ = turned(whole, style.turn)
    word = Word("".join(characters), left, right, style.base, style.size, style.bold, glued)
    return style.turn, whole, word


class _Characters:
    """The characters of a page, one after the other; what pdfium is asked for goes through the same few buffers."""

    def __init__(self, text_page: pdfium.FPDF_TEXTPAGE) -> None:
        self._page = text_page
        self._box = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._to_box, self._to_x, self._to_y = map(ctypes.byref, (self._box, self._x, self._y))
        self._looks: dict[int, tuple[float, bool, int]] = {}

    def characters(self) -> Iterator[tuple[int, str]]:
        """Yield the number of each character, and the character itself; white space has an empty string."""
        for number, code in enumerate(self._codes()):
            if code in _BLANK:
                yield number, ""
            elif code in _FOLDED:
                if _FOLDED[code]:
                    yield number, _FOLDED[code]
            elif code <= _LAST and not 0xD800 <= code < 0xE000:
                yield number, chr(code)

    def _codes(self) -> list[int]:
        """Return the Unicode of every character: all at once where pdfium gives as many as it counts, else one by one."""
        page, count = self._page, max(pdfium.FPDFText_CountChars(self._page), 0)
        buffer = (ctypes.c_ushort * (2 * count + 2))()  # twice as much: characters beyond U+FFFF take two
        written = pdfium.FPDFText_GetText(page, 0, count, buffer) - 1
        codes: list[int] = buffer[:count]
        if written == count and not any(0xD800 <= code < 0xE000 for code in codes):
            return codes
        return [pdfium.FPDFText_GetUnicode(page, number) for number in range(count)]

    def box(self, number: int) -> Box | None:
        """Return the box around a character, its whole width and the height of its font."""
        box = self._box
        found = pdfium.FPDFText_GetLooseCharBox(self._page, number, self._to_box)
        return (box.left, box.bottom, box.right, box.top) if found else None

    def style(self, number: int, box: Box) -> _Style:
        """Return the size, weight and direction of a character, and the height of its baseline."""
        pdfium.FPDFText_GetCharOrigin(self._page, number, self._to_x, self._to_y)
        size, bold, turn = self._look(number)
        if not 1.0 < size < _LARGEST:
            _, bottom, _, top = turned(box, turn)
            size = min(max(top - bottom, 1.0), _LARGEST)
        x, y = self._x.value, self._y.value
        return _Style(size, bold, turn, turned((x, y, x, y), turn)[1])

    def _look(self, number: int) -> tuple[float, bool, int]:
        """Return the size, weight and direction of a character, which are those of all that the file shows in one go."""
        shown = pdfium.FPDFText_GetTextObject(self._page, number)
        key = ctypes.addressof(shown.contents) if shown else None
        if key is not None and key in self._looks:
            return self._looks[key]
        pdfium.FPDFText_GetMatrix(self._page, number, self._matrix)
        a, b, c, d = self._matrix.a, self._matrix.b, self._matrix.c, self._matrix.d
        size = pdfium.FPDFText_GetFontSize(self._page, number) * hypot(c, d)
        look = size, self._is_bold(number), _turn(a, b)
        if key is not None:
            self._looks[key] = look
        return look

    def _is_bold(self, number: int) -> bool:
        pdfium.FPDFText_GetFontInfo(self._page, number, self._name, 128, self._flags)
        name = self._name.value
        weight = 0 if name else pdfium.FPDFText_GetFontWeight(self._page, number)
        return is_bold(name, self._flags.value, weight)

    def goes_on(self, before: Box, box: Box, style: _Style) -> bool:
        """Tell whether a character belongs to the word that ends with the one before it: same height, and no gap."""
        if style.turn:
            before, box = turned(before, style.turn), turned(box, style.turn)
        size = style.size
        slack, near = size * _SAME, size * _APART
        return (
            -slack <= box[1] - before[1] <= slack
            and -slack <= box[3] - before[3] <= slack
            and (-size < box[0] - before[2] <= near or -near <= before[0] - box[2] <= near)
        )

    def keeps(self, number: int, character: str, style: _Style) -> bool:
        """Tell whether a character keeps to the weight; bold words often end before the comma that touches them."""
        return not style.bold or character.isalnum() or self._is_bold(number)

    def touches(self, before: Box, box: Box, style: _Style) -> bool:
        """Tell whether a character stands right at the one before it, raised or in another style perhaps."""
        if style.turn:
            before, box = turned(before, style.turn), turned(box, style.turn)
        near = style.size * _APART
        beside = -style.size < box[0] - before[2] <= near or -near <= before[0] - box[2] <= near
        return beside and box[1] < before[3] and box[3] > before[1]


@lru_cache(maxsize=4096)
def is_bold(name: bytes, flags: int, weight: int) -> bool:
    """Tell whether a font is bold, by its name or what it says of itself."""
    known = name.decode("latin-1").rpartition("+")[2]
    return bool(_BOLD_NAME.search(known)) or bool(flags & _FORCE_BOLD) or (not known and weight >= 700)


def _turn(a: float, b: float) -> int:
    """Return the direction of writing in quarters of a turn against the clock."""
    if abs(b) <= abs(a):
        return 0 if a >= 0 else 2
    return 1 if b > 0 else 3
