"""The evidence grid in a real browser: asked, looked over, followed to its sources, corrected, taken away as a workbook."""

from __future__ import annotations

import re
import shutil
import tomllib
from typing import TYPE_CHECKING
from urllib.parse import quote

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from assistant.building import build
from assistant.settings import Settings
from tests.conftest import CORPUS
from tests.web.conftest import opened_at, served
from tests.web.test_ask import DESK, PHONE, marked, violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, ViewportSize

    from assistant import Assistant

QUESTION = "How was trust built with the community?"
CASE = "Vibrant Communities, East Ayrshire"
TRUST = "build the necessary buy-in, trust and relationships with local people"
HOSTILE = "<img src=x onerror=alert(1)> ![a](https://example.org/x.png) **bold** $x$ [l](javascript:alert(1))"


def ask(page: Page, question: str) -> Locator:
    """Type a question and return the grid, once it is there."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    grid = page.get_by_role("table", name=f"Evidence on: {question}")
    expect(grid).to_be_visible()
    settled(page)
    return grid


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def row(grid: Locator, head: str) -> Locator:
    return grid.get_by_role("row").filter(has=grid.page.get_by_role("rowheader", name=head, exact=True))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_gives_a_row_for_every_case_and_a_number_opens_the_words(
    page: Page, library: Assistant, size: ViewportSize, scheme: str
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/grid")
    expect(page.get_by_label("Your question")).to_be_visible()
    assert violations(page) == []
    grid = ask(page, QUESTION)
    heads = grid.get_by_role("rowheader").all_inner_texts()
    cases = [one.name for one in library.grid(QUESTION).shown_rows if one.name]
    assert heads[: len(cases)] == cases
    expect(page.get_by_role("status").filter(has_text="Evidence grid ready")).to_have_count(1)
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    row(grid, CASE).get_by_role("link", name="Source").first.click()
    assert TRUST in marked(page)
    expect(page.locator("mark").last).to_be_in_viewport()
    expect(page.locator("mark:focus")).to_have_count(1)
    assert violations(page) == []


def test_a_phone_reads_every_row_as_a_card(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/grid")
    grid = ask(page, QUESTION)
    cells = row(grid, CASE).get_by_role("cell")
    boxes = [cell.bounding_box() for cell in cells.all()]
    assert all(box and box["width"] > 300 for box in boxes)
    expect(cells.nth(0)).to_contain_text("Motivations")


def test_the_keyboard_alone_will_do(page: Page) -> None:
    page.goto("/grid")
    page.get_by_label("Your question").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    link = row(page.get_by_role("table"), CASE).get_by_role("link").first
    expect(link).to_be_visible()
    settled(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("mark:focus")).to_have_count(1)
    close = page.get_by_role("button", name="Close source")
    close.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_count(0)
    expect(link).to_be_focused()


def test_the_address_opens_the_same_grid(page: Page) -> None:
    page.goto("/grid")
    ask(page, QUESTION)
    page.get_by_role("radio", name="Documents").or_(page.get_by_role("button", name="Documents")).first.click()
    expect(page.get_by_role("rowheader", name="Collaboration Executive Summary")).to_be_visible()
    page.goto(page.url)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.get_by_role("rowheader", name="Collaboration Executive Summary")).to_be_visible()


def test_several_questions_have_a_column_each(page: Page) -> None:
    questions = f"{QUESTION}\nHow were people leaving prison housed?"
    page.goto(f"/grid?columns={quote('My own questions')}&questions={quote(questions)}")
    expect(page.get_by_role("columnheader")).to_have_text(["Case", *questions.split("\n")])
    assert violations(page) == []


def test_what_cannot_be_asked_is_said(page: Page) -> None:
    page.goto("/grid")
    ask(page, "What did the Cardiff case find?")
    expect(page.get_by_role("alert")).to_contain_text("never mentions")
    page.get_by_label("Your question").fill("?!")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="no words")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(1)
    assert violations(page) == []


def test_the_workbook_holds_the_quotes(page: Page, tmp_path: Path) -> None:
    page.goto("/grid")
    ask(page, QUESTION)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download for Excel").click()
    path = tmp_path / "grid.xlsx"
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    assert book["Grid"]["A1"].value == QUESTION
    quotes = [str(words) for (words,) in book["Quotes"].iter_rows(min_row=2, min_col=4, max_col=4, values_only=True)]
    assert any(TRUST in words for words in quotes)


def test_who_may_not_edit_is_offered_no_corrections(page: Page) -> None:
    page.goto("/grid")
    grid = ask(page, QUESTION)
    expect(grid.get_by_role("button")).to_have_count(0)


@pytest.fixture
def editor(
    browser: Browser, library: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Page, Path]]:
    """Give the page of a library of one's own that may be edited, and its corpus folder; one case has a hostile name."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(CORPUS, corpus)
    taxonomy = corpus / "taxonomy.toml"
    taxonomy.write_text(f"{taxonomy.read_text(encoding='utf-8')}\n[[cases]]\nname = '{HOSTILE}'\n", encoding="utf-8")
    build(Settings(corpus=corpus, index=index), library.embedder)
    monkeypatch.setenv("CASEWISE_EDITING", "1")
    with served(corpus, index) as address, opened_at(browser, address) as page:
        yield page, corpus


def test_a_tag_is_corrected_in_place_and_the_grid_follows(editor: tuple[Page, Path]) -> None:
    page, corpus = editor
    page.goto("/grid")
    grid = ask(page, QUESTION)
    cell = row(grid, CASE).get_by_role("cell").filter(has_text=TRUST)
    expect(cell).to_contain_text("enabler")
    cell.get_by_role("button", name=re.compile("Correct the tags")).first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Now enabler, from a heading above it.")
    assert violations(page) == []
    dialog.get_by_text("enabler", exact=True).click()
    dialog.get_by_text("challenge", exact=True).click()
    dialog.get_by_role("button", name="Save correction").click()
    expect(page.get_by_text("Recorded.")).to_be_visible()
    expect(cell).to_contain_text("challenge")
    expect(cell).not_to_contain_text("enabler")
    recorded = tomllib.loads((corpus / "tags.toml").read_text(encoding="utf-8"))["corrections"]
    assert [(one["aspects"], one["by"]) for one in recorded] == [(["challenge"], "local")]
    assert TRUST in recorded[0]["quote"]
    assert violations(page) == []


def test_broken_corrections_are_an_error_and_stay_as_they_are(editor: tuple[Page, Path]) -> None:
    page, corpus = editor
    page.goto("/grid")
    grid = ask(page, QUESTION)
    (corpus / "tags.toml").write_text("[[corrections]\n")
    grid.get_by_role("button", name=re.compile("Correct the tags")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Structures", exact=True).click()
    dialog.get_by_role("button", name="Save correction").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Mend that line.")
    assert (corpus / "tags.toml").read_text() == "[[corrections]\n"


def test_hostile_questions_and_names_are_only_ever_text(editor: tuple[Page, Path]) -> None:
    page, _ = editor
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    page.goto("/grid")
    grid = ask(page, f"How was trust built? {HOSTILE}")
    expect(row(grid, HOSTILE)).to_have_count(1)
    expect(grid.locator("img, script, strong")).to_have_count(0)
    expect(page.locator('.stApp a[href^="javascript"], .stApp img[src*="example"]')).to_have_count(0)
    ask(page, QUESTION).get_by_role("button", name=re.compile("Correct the tags")).first.click()
    expect(page.get_by_role("dialog").get_by_text("example.org/x.png")).to_have_count(1)
    expect(page.get_by_role("dialog").locator("img, a")).to_have_count(0)
