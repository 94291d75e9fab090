"""The library's page: documents looked through, read, added, replaced and removed, while questions go on being answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import opened_at
from tests.web.laid_out import a_library
from tests.web.test_ask import DESK, PHONE, ask, violations
from tests.word_files import p, word_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

    from assistant import Assistant

expect.set_options(timeout=60_000)
TRAMS = b"""# Case study: York Tram Trust
## Structures
### Enablers
The York Tram Trust borrowed nineteen drivers from the museum. The York Tram Trust kept a shared rota.
The York Tram Trust was run by volunteers.
"""
TRAMS_ASKED = "How many drivers did the York Tram Trust borrow from the museum?"
_COMMON = ["river", "rota", "ferry", "nurse", "bridge", "budget", "street", "meeting", "winter", "paper", "garden"]
HOSTILE = "<img src=x onerror=alert(1)> ![a](https://example.org/x.png) $x^2$ [b](javascript:alert(1)).md"
HOSTILE_TEXT = (
    "# <script>alert(1)</script> ![a](https://example.org/y.png)\n\n"
    "&lt;img src=https://example.org/z.png onerror=alert(1)&gt; says [click](javascript:alert(1)) and $\\frac{1}{2}$ here.\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


@pytest.fixture
def page(
    browser: Browser,
    library: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    editing = request.node.get_closest_marker("usefixtures") is None
    with a_library(library, tmp_path, monkeypatch, editing=editing) as url, opened_at(browser, url) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.goto("/library")
        expect(rows(page)).not_to_have_count(0)
        yield page


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Documents").locator("tbody").get_by_role("row")


def choose(page: Page, files: dict[str, bytes]) -> None:
    if not page.locator("input[type=file]").first.is_visible() and not page.get_by_text("Choose files").is_visible():
        page.get_by_text("Add documents", exact=True).first.click()
    page.locator("input[type=file]").first.set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files.items()]
    )


def report(page: Page) -> Locator:
    """Return the report of a build, once it is done."""
    found = page.locator(".st-key-report")
    expect(found).to_be_visible(timeout=180_000)
    return found


def close_report(page: Page) -> None:
    page.get_by_role("button", name="Close report").click()
    expect(page.locator(".st-key-report")).to_have_count(0)


def in_every_look(page: Page) -> None:
    """Make sure that the page as it is breaks no rule at either width, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            page.wait_for_timeout(300)
            assert violations(page) == [], (scheme, size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


@pytest.mark.slow
def test_every_document_is_listed_with_its_tags_and_where_it_stands(page: Page, corpus: Path) -> None:
    expect(rows(page)).to_have_count(3)
    summary = rows(page).filter(has_text="collaboration-executive-summary.txt")
    expect(summary).to_contain_text("Structures 13")
    expect(summary).to_contain_text("In use")
    broken = rows(page).filter(has_text="broken.pdf")
    expect(broken).to_contain_text("Could not be read")
    expect(broken).to_contain_text("is damaged")
    in_every_look(page)
    page.get_by_label("Search titles, names and cases").fill("ferries")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Word")
    page.get_by_label("Search titles, names and cases").fill("")
    page.get_by_role("button", name="State").press("Enter")
    expect(rows(page).first).to_contain_text("Could not be read")
    expect(page.get_by_role("columnheader", name="State")).to_have_attribute("aria-sort", "ascending")
    (corpus / "ferries.docx").write_bytes(word_file(p("The ferries were sold to another harbour.")))
    (corpus / "late.txt").write_text("A late report on trams and their drivers.")
    page.reload()
    expect(rows(page).filter(has_text="ferries.docx")).to_contain_text("Changed since")
    expect(rows(page).filter(has_text="late.txt")).to_contain_text("Not read yet")
    expect(page.get_by_text("1 file to add, 1 file to read again.")).to_be_visible()
    page.get_by_role("button", name="Bring up to date").click()
    expect(report(page)).to_contain_text("Added (1)")
    expect(report(page)).to_contain_text("Read again (1)")
    expect(rows(page).filter(has_text="late.txt")).to_contain_text("In use")
    expect(page.get_by_role("button", name="Bring up to date")).to_have_count(0)


def test_a_document_is_added_and_answers_a_question_without_a_reload(page: Page, corpus: Path) -> None:
    choose(page, {"trams.md": TRAMS})
    expect(page.get_by_text("Looks like a new case")).to_be_visible()
    assert not (corpus / "trams.md").exists()
    in_every_look(page)
    page.get_by_text("Add York Tram Trust to the cases").click()
    page.get_by_label("Date").fill("2026-05")
    page.get_by_label("Date").press("Tab")
    page.get_by_role("button", name="Add 1 document").click()
    expect(report(page)).to_contain_text("trams.md")
    expect(report(page)).to_be_in_viewport()
    in_every_look(page)
    trams = rows(page).filter(has_text="trams.md")
    expect(trams).to_contain_text("York Tram Trust")
    expect(trams).to_contain_text("2026-05")
    assert b"York Tram Trust" in (corpus / "taxonomy.toml").read_bytes()
    close_report(page)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(ask(page, TRAMS_ASKED)).to_contain_text("nineteen drivers")


@pytest.mark.slow
def test_wrong_files_are_told_by_name_and_nothing_else_is_lost(page: Page, corpus: Path) -> None:
    before = {path.name for path in corpus.iterdir()}
    wrong = {"photo.pdf": b"\x89PNG\r\n\x1a\n" + bytes(64), "empty.txt": b"", "taxonomy.toml": b"themes = []"}
    choose(page, {**wrong, "trams.md": TRAMS})
    alerts = page.get_by_role("alert")
    expect(alerts.filter(has_text="photo.pdf")).to_contain_text("is a picture, whatever its name says")
    expect(alerts.filter(has_text="empty.txt")).to_contain_text("holds no text")
    expect(alerts.filter(has_text="taxonomy.toml")).to_contain_text("keeps for files of its own")
    in_every_look(page)
    assert {path.name for path in corpus.iterdir()} == before
    page.get_by_role("button", name="Add 1 document").click()
    expect(report(page)).to_contain_text("Added (1)")
    assert {path.name for path in corpus.iterdir()} == {*before, "trams.md"}


@pytest.mark.slow
def test_a_name_that_is_taken_is_replaced_only_when_ticked(page: Page, corpus: Path) -> None:
    choose(
        page,
        {
            "FERRIES.docx": word_file(p("The ferry of the harbour carried ninety-one nurses to the island.")),
            "trams.md": TRAMS,
        },
    )
    expect(page.get_by_text("There is a ferries.docx in the library already.")).to_be_visible()
    expect(page.get_by_role("button", name="Add 1 document")).to_be_visible()
    page.get_by_text("Replace ferries.docx with this file").click()
    page.get_by_role("button", name="Add 2 documents").click()
    expect(report(page)).to_contain_text("Read again (1)")
    expect(report(page)).to_contain_text("Added (1)")
    assert sorted(path.name for path in corpus.glob("*.docx")) == ["ferries.docx"]
    close_report(page)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(ask(page, "How many nurses did the ferry carry to the island?")).to_contain_text("ninety-one")


@pytest.mark.slow
def test_a_document_is_replaced_then_removed_and_is_gone_from_the_next_answer(page: Page, corpus: Path) -> None:
    question = "How many nurses did the ferry carry to the island?"
    page.get_by_role("link", name="Harbour ferries").click()
    page.get_by_text("Replace or remove this document").click()
    page.locator("input[type=file]").set_input_files(
        [
            {
                "name": "new.docx",
                "mimeType": "",
                "buffer": word_file(p("The ferry carried seventy nurses to the island.")),
            }
        ]
    )
    page.get_by_role("button", name="Replace the document").click()
    expect(report(page)).to_contain_text("ferries.docx")
    expect(page.get_by_text("The ferry carried seventy nurses")).to_be_visible()
    close_report(page)
    expect(page.get_by_role("button", name="Remove the document")).to_be_disabled()
    expect(page.get_by_text("Removing ferries.docx deletes the file")).to_contain_text("1 passage")
    in_every_look(page)
    page.get_by_text("Yes, remove this document").click()
    page.get_by_role("button", name="Remove the document").click()
    expect(report(page)).to_contain_text("Removed (1)")
    expect(rows(page).filter(has_text="ferries.docx")).to_have_count(0)
    assert not (corpus / "ferries.docx").exists()
    close_report(page)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(ask(page, question)).not_to_contain_text("seventy")


@pytest.mark.slow
def test_a_document_is_read_with_its_outline_and_where_every_tag_came_from(page: Page) -> None:
    page.get_by_role("link", name="Collaboration Executive Summary").press("Enter")
    text = page.get_by_role("region", name="Text of Collaboration Executive Summary")
    expect(text.get_by_role("heading", name="Methodology")).to_be_visible()
    in_every_look(page)
    outline = page.get_by_role("navigation", name="Outline")
    outline.get_by_role("link", name="Structures").press("Enter")
    expect(text.get_by_role("heading", name="Structures")).to_be_in_viewport()
    assert "Structures heading" in text.locator(".tags").filter(has_text="Structures").first.inner_text()
    link = text.get_by_role("link", name=re.compile("Link to the passage")).nth(5)
    href = link.get_attribute("href") or ""
    link.press("Enter")
    expect(page.locator("mark").first).to_be_in_viewport()
    expect(page).to_have_url(re.compile(re.escape(href.partition("spans=")[2])))
    words = page.locator("mark").all_inner_texts()
    page.reload()
    expect(page.locator("mark").first).to_be_in_viewport()
    assert page.locator("mark").all_inner_texts() == words
    shown = page.get_by_role("combobox", name="Show")
    shown.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)  # a list closes while the page scrolls
    shown.click()
    page.get_by_role("option", name=re.compile("No theme or aspect")).click()
    expect(text.locator(".tags.none").first).to_be_visible()
    expect(text.locator(".tags:not(.none)")).to_have_count(0)
    page.get_by_role("button", name="All documents").press("Enter")
    expect(rows(page)).to_have_count(3)
    page.goto("/library?document=gone.txt")
    expect(page.get_by_text("no document gone.txt")).to_be_visible()


@pytest.mark.slow
def test_hostile_names_and_texts_are_words_and_nothing_else(page: Page, corpus: Path) -> None:
    choose(page, {HOSTILE: HOSTILE_TEXT.encode()})
    expect(page.get_by_text("alert(1)").first).to_be_visible()
    expect(page.get_by_test_id("stMain").locator("img, script, a[href^='javascript'], .katex")).to_have_count(0)
    page.get_by_role("button", name="Add 1 document").click()
    expect(report(page)).to_contain_text("Added (1)")
    rows(page).filter(has_text="x.png").get_by_role("link").click()
    expect(page.get_by_role("region")).to_contain_text("onerror=alert(1)")
    expect(page.get_by_test_id("stMain").locator("img, script, a[href^='javascript'], .katex")).to_have_count(0)
    assert all(path.parent == corpus for path in corpus.rglob("*onerror*"))


@pytest.mark.slow
@pytest.mark.usefixtures("monkeypatch")  # served without editing
def test_who_is_no_editor_sees_the_library_and_no_controls(page: Page, corpus: Path) -> None:
    (corpus / "late.txt").write_text("A late report.")
    page.reload()
    expect(rows(page)).to_have_count(4)
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_text(re.compile("Add documents|Bring up to date"))).to_have_count(0)
    in_every_look(page)
    page.get_by_role("link", name="Harbour ferries").click()
    expect(page.get_by_text("eighty-two nurses")).to_be_visible()
    expect(page.get_by_text(re.compile("Replace|Remove"))).to_have_count(0)


@pytest.mark.slow
def test_questions_are_answered_while_a_build_runs_in_sight_of_all(page: Page, browser: Browser, corpus: Path) -> None:
    drawn = np.random.default_rng(0)
    for number in range(24):
        words = " ".join(drawn.choice(_COMMON, 1_500))
        (corpus / f"long{number}.txt").write_text(f"{words}.\n")
    with opened_at(browser, page.url.partition("/library")[0]) as other:
        other.goto("/")
        ask(other, "How many leaders took part in East Ayrshire?")
        page.reload()
        page.get_by_role("button", name="Bring up to date").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        assert violations(page) == []
        expect(ask(other, "How many leaders took part in Northumbria?")).to_contain_text("leaders: 7")
        assert page.get_by_role("progressbar").is_visible()
        page.get_by_role("link", name="Ask", exact=True).click()
        page.get_by_role("link", name="Library", exact=True).click()
        expect(report(page)).to_contain_text("Added (24)", timeout=240_000)
