from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from assistant.errors import ReadingError
from assistant.pictures import page_view
from tests.pdfs import column, pages_with

LINES = [
    "The ferry sailed every mor-",
    "ning from the **old harbour**,^1^ and came",
    "back every evening with letters.",
]
CONTENT = pages_with(column(70, 700, LINES), column(70, 700, ["Nothing of it stands on this page."]))


def marked(content: bytes, page: int, words: str, turn: int = 0) -> list[tuple[int, int]]:
    """Return the height of each marked line from the top of the page, in points, and how wide the mark is."""
    picture = Image.open(BytesIO(page_view(content, page, words, 595 if turn % 180 == 0 else 842).picture))
    assert picture.width == (595 if turn % 180 == 0 else 842)
    upright = np.asarray(picture.rotate(turn, expand=True).convert("RGB"))
    widths = (upright == (255, 235, 120)).all(axis=2).sum(axis=1)
    return [(y, int(width)) for y, width in enumerate(widths) if width]


def test_a_page_shows_where_the_quoted_words_stand() -> None:
    whole = marked(CONTENT, 1, "The ferry sailed every morning from the **old harbour**,[^1] and came")
    heights = [842 - y for y, _ in whole]
    assert min(heights) > 680
    assert max(heights) < 712
    assert marked(CONTENT, 1, "back every evening with letters.") != whole


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_words_are_marked_on_a_page_that_lies_on_its_side(turn: int) -> None:
    content = pages_with(column(70, 700, LINES), turn=turn)
    heights = [842 - y for y, _ in marked(content, 1, "back every evening with letters.", turn)]
    assert heights
    assert min(heights) > 670
    assert max(heights) < 690


def test_the_part_of_a_quote_on_another_page_is_not_looked_for_here() -> None:
    quote = "and came back every evening with letters. Nothing of it stands on this page."
    assert marked(CONTENT, 1, quote)
    assert marked(CONTENT, 2, quote)


@pytest.mark.parametrize("words", ["", "The harbour was closed.", "** [^1]"])
def test_nothing_is_marked_where_the_words_are_not_found(words: str) -> None:
    assert marked(CONTENT, 1, words) == []


@pytest.mark.parametrize(("content", "page"), [(CONTENT, 3), (CONTENT, 0), (b"%PDF-1.4", 1), (b"", 1)])
def test_what_cannot_be_shown_is_an_error_with_a_remedy(content: bytes, page: int) -> None:
    with pytest.raises(ReadingError, match=r"Rebuild|rebuild"):
        page_view(content, page, "ferry", 600)
