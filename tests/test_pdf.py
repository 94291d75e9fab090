from __future__ import annotations

import re
import subprocess
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from assistant.passages import passages
from assistant.reading import read
from assistant.settings import Settings
from assistant.spans import pages_of, quote
from assistant.tagging import tagged
from assistant.taxonomy import load_taxonomy
from tests.conftest import CORPUS, SUMMARY
from tests.pdfs import ONE_COLUMN, SMALL_PAGES, TWO_COLUMNS, page_of, pdf_of

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.types import Document
    from tests.pdfs import Setting

IDENTICAL = 0.98
SETTINGS = {"one column": ONE_COLUMN, "two columns": TWO_COLUMNS, "small pages": SMALL_PAGES}
setting = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)


@cache
def bytes_of(setting: Setting) -> bytes:
    return pdf_of(read(SUMMARY), setting)


def document_of(content: bytes, folder: Path) -> Document:
    path = folder / "summary.pdf"
    path.write_bytes(content)
    return read(path)


def sentences(document: Document) -> Counter[str]:
    longest = Settings().passage_characters
    return Counter(" ".join(one.text.split()) for passage in passages(document, longest) for one in passage.sentences)


def tags(document: Document) -> Counter[tuple[str, tuple[str, ...]]]:
    taxonomy = load_taxonomy(CORPUS)
    found = (tagged(one, document.title, taxonomy) for one in passages(document, Settings().passage_characters))
    return Counter((one.text, tuple(f"{tag.facet}={tag.value}" for tag in one.tags)) for one in found)


def share(found: Counter, wanted: Counter) -> float:
    return (found & wanted).total() / max(found.total(), wanted.total())


@setting
def test_the_summary_as_a_pdf_has_the_sentences_and_tags_of_the_text(
    setting: Setting, summary: Document, tmp_path: Path
) -> None:
    document = document_of(bytes_of(setting), tmp_path)
    assert share(sentences(document), sentences(summary)) >= IDENTICAL
    assert share(tags(document), tags(summary)) >= IDENTICAL


@setting
def test_the_words_of_a_pdf_are_known_to_stand_on_their_page(setting: Setting, tmp_path: Path) -> None:
    content = bytes_of(setting)
    document = document_of(content, tmp_path)
    with pypdfium2.PdfDocument(content) as pdf:
        printed = ["".join(filter(str.isalnum, page.get_textpage().get_text_range())) for page in pdf]
    for block in document.blocks:
        words = re.sub(r"\[\^[^\]]+\]:?", " ", quote(document.text, block.spans))
        on = "".join(printed[page - 1] for page in pages_of(document.pages, block.spans))
        assert [word for word in re.findall(r"\w{3,}", words) if word not in on] == []


@pytest.mark.slow
def test_the_summary_as_a_browser_prints_it_has_the_sentences_of_the_text(summary: Document, tmp_path: Path) -> None:
    page, printed = tmp_path / "page.html", tmp_path / "summary.pdf"
    page.write_text(page_of(summary), encoding="utf-8")
    command = [
        "/usr/bin/chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--print-to-pdf={printed}",
        str(page),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    document = read(printed)
    assert share(sentences(document), sentences(summary)) >= IDENTICAL
    assert share(tags(document), tags(summary)) >= IDENTICAL
