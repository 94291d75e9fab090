from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from assistant import drawing
from assistant.drawing import draw_page
from assistant.errors import ReadingError
from assistant.manifest import Record
from assistant.settings import Settings
from tests.pdfs import column, pages_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PDF = pages_with(column(70, 700, ["The ferry sailed every morning."]), column(70, 400, ["It came back at night."]))


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[bytes], tuple[Record, Settings]]:
    """Return a function that puts a file into a corpus, and gives the record that an index would have of it."""

    def kept(content: bytes) -> tuple[Record, Settings]:
        (tmp_path / "ferry.pdf").write_bytes(content)
        return Record("ferry.pdf", sha256(content).hexdigest(), "", "pdf"), Settings(corpus=tmp_path)

    return kept


def test_a_page_comes_with_the_number_of_pages_and_the_place_of_the_words(
    keep: Callable[[bytes], tuple[Record, Settings]],
) -> None:
    view = draw_page(*keep(PDF), 2, "It came back at night.", 400)
    assert Image.open(BytesIO(view.picture)).width == 400
    assert view.pages == 2
    assert view.top == pytest.approx(1 - 410 / 842, abs=0.01)
    assert view.left == pytest.approx(70 / 595, abs=0.01)
    assert draw_page(*keep(PDF), 1, "", 400).top is None


def test_a_file_that_is_not_what_was_indexed_is_not_shown(keep: Callable[[bytes], tuple[Record, Settings]]) -> None:
    record, settings = keep(PDF)
    (settings.corpus / "ferry.pdf").write_bytes(PDF + b"\n")
    with pytest.raises(ReadingError, match=r"ferry\.pdf.* has changed .*Rebuild"):
        draw_page(record, settings, 1, "", 400)
    (settings.corpus / "ferry.pdf").unlink()
    with pytest.raises(ReadingError, match="is not there"):
        draw_page(record, settings, 1, "", 400)


@pytest.mark.parametrize(("content", "page"), [(PDF[:500], 1), (b"words", 1), (PDF, 3)])
def test_what_cannot_be_drawn_is_told_in_a_sentence(
    keep: Callable[[bytes], tuple[Record, Settings]], content: bytes, page: int
) -> None:
    with pytest.raises(ReadingError, match="PDF"):
        draw_page(*keep(content), page, "", 400)


def test_a_page_that_brings_its_process_down_costs_a_sentence(
    keep: Callable[[bytes], tuple[Record, Settings]], monkeypatch: pytest.MonkeyPatch
) -> None:
    record, settings = keep(PDF)
    with pytest.raises(ReadingError, match=r"cannot be drawn.*damaged"):
        draw_page(record, settings.model_copy(update={"reading_memory": 30_000_000}), 1, "", 400)
    monkeypatch.setattr(drawing, "SECONDS", 0.01)
    with pytest.raises(ReadingError, match="takes longer than"):
        draw_page(record, settings, 1, "", 400)
