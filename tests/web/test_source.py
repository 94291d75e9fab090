"""Documents of several formats, opened at the words of a citation: as text, and as the page of a PDF."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from assistant.building import build
from assistant.settings import Settings
from tests.conftest import TAXONOMY
from tests.pdfs import column, pages_with
from tests.web.conftest import opened_at, served
from tests.web.test_ask import DESK, PHONE, ask, marked, violations
from tests.word_files import p, table, word_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, ViewportSize

    from assistant import Assistant
    from assistant.embeddings import Embedder

FERRY = "The ferry of Harbour City carried forty nurses to the island every morning."
HARBOUR = pages_with(
    [(70, 760, "Harbour City ferries", 20.0), *column(70, 700, ["This report tells how a harbour was run."])],
    [
        (70, 760, "Structures", 16.0),
        (70, 730, "Enablers", 13.0),
        *column(70, 700, ["The timetable was agreed with the hospital before anything else."]),
        (70, 400, FERRY),
    ],
    [(70, 760, "Motivations", 16.0), *column(70, 700, ["Nobody wanted the island to be left without a clinic."])],
)
LEEDS = """<html><body><main><h1>Leeds Digital Hub</h1><h2>Structures</h2><h3>Enablers</h3>
<p>The hub had a <b>shared budget</b> of under &lt;5 million pounds a year<sup>
<a href="#n1" id="r1">1</a></sup>, kept by the council.</p>
<ul><li>Librarians ran the front desk.</li><li>Students mended the laptops.</li></ul>
<p id="n1"><a href="#r1">1</a> Annual accounts of the hub.</p></main></body></html>"""
WORD = word_file(
    p("York trams", "Title")
    + p("Structures", "berschrift1")
    + p("Trams in York were driven by volunteers from the museum.")
    + table("Line|Drivers", "Racecourse line|12", "Minster line|9")
)
QUESTION = "How many nurses did the ferry carry to the island?"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library of several formats, as it is served."""

    settings: Settings
    embedder: Embedder
    address: str

    def build(self) -> None:
        build(self.settings, self.embedder)

    @contextmanager
    def without(self, name: str) -> Iterator[Path]:
        """Take a file out of the corpus, and put it back; the index is not rebuilt."""
        path, aside = self.settings.corpus / name, self.settings.corpus.parent / name
        shutil.move(path, aside)
        try:
            yield path
        finally:
            shutil.move(aside, path)


@pytest.fixture(scope="module")
def shelf(library: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("shelf")
    corpus = folder / "corpus"
    corpus.mkdir()
    files: dict[str, bytes] = {
        "taxonomy.toml": TAXONOMY.encode(),
        "harbour.pdf": HARBOUR,
        "leeds.html": LEEDS.encode(),
        "york.docx": WORD,
        "broken.pdf": b"%PDF-1.4 broken",
        "empty.txt": b"",
    }
    for name, content in files.items():
        (corpus / name).write_bytes(content)
    settings = Settings(corpus=corpus, index=folder / "index")
    build(settings, library.embedder)
    with served(corpus, settings.index) as address:
        yield Shelf(settings, library.embedder, address)


@pytest.fixture
def page(browser: Browser, shelf: Shelf) -> Iterator[Page]:
    with opened_at(browser, shelf.address) as page:
        page.goto("/")
        yield page


def open_source(page: Page, question: str = QUESTION) -> None:
    ask(page, question).get_by_role("link", name="Source 1").click()
    expect(page.get_by_role("button", name="Close source")).to_be_visible()


def show(page: Page, what: str) -> None:
    page.get_by_role("radio", name=what).click()


def picture(page: Page, number: int) -> Locator:
    return page.get_by_role("img", name=f"Page {number} of Harbour City ferries")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_citation_of_a_pdf_shows_its_page_with_the_words_marked(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    open_source(page)
    assert marked(page) == FERRY
    expect(page.get_by_text("harbour.pdf · page 2")).to_be_visible()
    expect(page.get_by_role("link", name="Source 1")).to_have_attribute(
        "aria-label", re.compile("Enablers · page 2: “The ferry")
    )
    show(page, "Page")
    expect(picture(page, 2)).to_have_attribute("alt", re.compile(re.escape(f"“{FERRY}”")))
    expect(page.get_by_text("Page 2 of 3", exact=True)).to_be_visible()
    assert share_of_yellow(page) > 0
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert violations(page) == []


def share_of_yellow(page: Page) -> float:
    """Return how much of what can be seen of the picture is marked."""
    frame = page.get_by_role("region", name="Page of the source")
    expect(frame).to_be_in_viewport()
    page.wait_for_timeout(300)
    seen = np.asarray(Image.open(BytesIO(frame.screenshot())).convert("RGB")).astype(int)
    return float(((seen[..., 0] > 240) & (seen[..., 1] > 200) & (seen[..., 2] < 160)).mean())


def test_pages_are_turned_and_the_words_are_marked_on_their_own_page_only(page: Page) -> None:
    open_source(page)
    show(page, "Page")
    expect(picture(page, 2)).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(picture(page, 3)).to_have_attribute("alt", "Page 3 of Harbour City ferries")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    assert share_of_yellow(page) == 0
    assert violations(page) == []
    for _ in range(2):
        page.get_by_role("button", name="Previous").click()
        expect(page.get_by_text(re.compile(r"Page [12] of 3"))).to_be_visible()
    expect(picture(page, 1)).to_be_visible()
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()


def test_how_the_source_is_shown_is_remembered_and_a_source_without_pages_has_no_choice(page: Page) -> None:
    open_source(page)
    show(page, "Page")
    expect(picture(page, 2)).to_be_visible()
    expect(page.get_by_role("radio", name="Page")).to_be_focused()
    open_source(page, "Who kept the shared budget of the hub in Leeds?")
    expect(page.get_by_role("radio", name="Page")).to_have_count(0)
    page.get_by_role("button", name="Close source").click()
    page.get_by_role("link", name="Source 1").first.click()
    expect(picture(page, 2)).to_be_visible()
    expect(page.get_by_role("region", name="Page of the source")).to_be_focused()


def test_a_page_is_not_shown_where_the_file_is_no_longer_the_one_that_was_indexed(page: Page, shelf: Shelf) -> None:
    open_source(page)
    with shelf.without("harbour.pdf") as path:
        show(page, "Page")
        expect(page.get_by_text('"harbour.pdf" is not there')).to_be_visible()
        assert marked(page) == FERRY
        path.write_bytes(pages_with(column(70, 700, ["Another report."])))
        show(page, "Text")
        show(page, "Page")
        expect(page.get_by_text('"harbour.pdf" has changed since it was indexed')).to_be_visible()
        path.unlink()
    show(page, "Text")
    show(page, "Page")
    expect(picture(page, 2)).to_be_visible()


def test_a_web_page_is_shown_as_it_is_set(page: Page) -> None:
    open_source(page, "Who kept the shared budget of the hub in Leeds?")
    text = page.get_by_role("region", name="Text of Leeds Digital Hub")
    expect(text).to_contain_text("under <5 million pounds a year1, kept by the council.")
    expect(text.locator("mark strong")).to_have_text("shared budget")
    expect(text.locator("sup")).to_have_text(["1", "1"])
    expect(text.get_by_role("heading")).to_have_text(["Leeds Digital Hub", "Structures", "Enablers"])
    expect(text.locator(".item")).to_have_text(["Librarians ran the front desk.", "Students mended the laptops."])
    assert violations(page) == []


def test_a_word_file_s_table_keeps_its_rows_and_columns(page: Page) -> None:
    open_source(page, "How many drivers does the Racecourse line have?")
    rows = page.get_by_role("region", name="Text of York trams").locator("tr")
    expect(rows).to_have_text(["LineDrivers", "Racecourse line12", "Minster line9"])
    assert "Racecourse line" in marked(page)
    assert violations(page) == []


def test_the_library_says_what_it_holds_and_what_could_not_be_read(page: Page) -> None:
    expect(page.get_by_text("The library holds 3 documents.")).to_be_visible()
    reasons = page.get_by_text('"empty.txt" holds no text.')
    expect(reasons).not_to_be_visible()
    page.get_by_text("2 files could not be read").click()
    expect(reasons).to_be_visible()
    assert violations(page) == []


def test_an_open_page_goes_on_to_what_is_built_meanwhile(page: Page, shelf: Shelf) -> None:
    open_source(page)
    (shelf.settings.corpus / "bath.txt").write_text(
        "Bath Baths\n\nStructures\n\nLifeguards in Bath kept bees on the roof.\n"
    )
    with shelf.without("harbour.pdf"):
        shelf.build()
        expect(ask(page, "What did lifeguards in Bath keep on the roof?")).to_contain_text("kept bees")
        expect(page.get_by_role("alert")).to_contain_text("no longer holds the document harbour.pdf")
        (shelf.settings.corpus / "wells.txt").write_text("Wells\n\nStructures\n\nThe bishop of Wells lent a boat.\n")
        shelf.build()
        ask(page, "What did the bishop of Wells lend?")
        expect(page.get_by_text("The library holds 4 documents.")).to_be_visible()
    for name in ("bath.txt", "wells.txt"):
        (shelf.settings.corpus / name).unlink()
    shelf.build()
