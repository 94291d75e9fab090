from __future__ import annotations

from pathlib import Path

import pytest

from assistant.reading import READERS, Source
from assistant.reading.apart import Read
from assistant.reading.formats import Format, recognised
from assistant.types import Block, BlockKind, Document, PageStart, Span
from tests.fuzz.run import faults, is_death_of_pdfium, run
from tests.fuzz.seeds import seeds

SOURCE = Source("a.txt", Path("a.txt"), "")


def became(text: str, *spans: Span, pages: tuple[PageStart, ...] = ()) -> Read:
    document = Document("a.txt", "A", text, (Block(BlockKind.PARAGRAPH, spans),), pages=pages)
    return Read(SOURCE, document, None, 0.1, "")


def test_made_up_files_bring_no_reader_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = run(60, 7, tmp_path / "kept")
    assert counts["read"] + counts["refused"] == 60
    assert counts["read"] > 20
    assert not counts["faulty"], capsys.readouterr().out
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("form", READERS)
def test_every_format_has_sound_files_to_begin_with(form: Format) -> None:
    assert seeds(form)
    for content in seeds(form):
        assert recognised(content, f"a.{form}" if form not in (Format.TEXT, Format.MARKDOWN) else "a.txt")
        assert READERS[form](content, "a").pieces


def test_a_span_that_does_not_hold_is_a_fault() -> None:
    assert faults(became("It opened.", Span(0, 10))) == []
    assert any("spans of a block" in fault for fault in faults(became("It opened.", Span(0, 99))))
    assert any("out of order" in fault for fault in faults(became("It opened.", Span(3, 10), Span(0, 2))))
    assert any("pages" in fault for fault in faults(became("It opened.", Span(0, 10), pages=(PageStart(0, 0),))))


def test_a_refusal_is_no_fault_but_a_reader_brought_down_is() -> None:
    assert faults(Read(SOURCE, None, '"a.txt" holds no text.', 0.1, "")) == []
    assert faults(Read(SOURCE, None, '"a.txt" brought its reader down (SIGSEGV).', 0.1, "")) != []


def test_only_the_library_of_pdfs_may_end_its_process() -> None:
    died, failed = '"a" brought its reader down (SIGSEGV).', '"a" brought its reader down (KeyError in a.py, line 1).'
    assert is_death_of_pdfium(Read(SOURCE, None, died, 0.1, "", "pdf/1"))
    assert faults(Read(SOURCE, None, died, 0.1, "", "pdf/1")) == []
    assert faults(Read(SOURCE, None, failed, 0.1, "", "pdf/1")) != []
    assert faults(Read(SOURCE, None, died, 0.1, "", "word/1")) != []
