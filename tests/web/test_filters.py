"""Filters in the address: what is set can be shared, and what the library does not know is said and left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.building import build
from assistant.settings import Settings
from assistant.types import Filters
from assistant.ui.filters import counts
from tests.web.conftest import opened_at, served
from tests.web.test_ask import ask, idle, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant import Assistant

KENT = "Kent Fire and Rescue Service"
ODD = 'A & B = <i>"C"</i> + 100% #1 $x$'
FERRY = (
    "# Harbour ferries\n\n## Ferry timetable\n\nThe Harbour ferry carried forty nurses to the island every morning.\n"
)


def test_a_filter_is_in_the_address_and_the_address_sets_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="Case").click()
    page.get_by_role("option", name=KENT).click()
    expect(page).to_have_url(re.compile(r"case=Kent(\+|%20)Fire"))
    page.goto(page.url)
    expect(page.get_by_role("combobox", name="Case")).to_have_value(re.compile(KENT))
    expect(ask(page, "How many leaders took part?")).to_contain_text("leaders: 5")
    page.get_by_role("combobox", name="Case").click()
    page.get_by_role("option", name="All").click()
    expect(page).not_to_have_url(re.compile("case="))


def test_a_name_that_the_library_does_not_have_is_said_and_left_out(page: Page) -> None:
    page.goto("/?" + urlencode({"theme": "<b>Zebras</b>", "case": KENT}))
    expect(page.get_by_text("the theme “<b>Zebras</b>”")).to_be_visible()
    expect(page.get_by_role("combobox", name="Case")).to_have_value(re.compile(KENT))
    expect(page).not_to_have_url(re.compile("theme="))
    assert violations(page) == []


def test_counts_are_what_the_other_filters_leave(library: Assistant) -> None:
    index = library.index
    facet, name = next(iter(Filters(case=KENT).items()))
    assert counts(index, facet, Filters())[name] == index.count(facet, name)
    for theme in index.taxonomy.entries[type(facet).THEME]:
        allowed = index.allowed(Filters(theme=theme.name, case=KENT))
        assert allowed is not None
        assert counts(index, facet, Filters(theme=theme.name))[name] == allowed.mask.sum()


@pytest.fixture(scope="module")
def odd(library: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, str]]:
    """Serve a library without starters, with a case of an odd name; give its settings and address."""
    folder = tmp_path_factory.mktemp("odd")
    corpus = folder / "corpus"
    corpus.mkdir()
    name = ODD.replace('"', '\\"')
    taxonomy = (
        f'[[themes]]\nname = "Trains"\n[[aspects]]\nname = "enabler"\n[[cases]]\nname = "{name}"\nnames = ["Harbour"]\n'
    )
    (corpus / "taxonomy.toml").write_text(taxonomy, encoding="utf-8")
    (corpus / "ferry.md").write_text(FERRY, encoding="utf-8")
    settings = Settings(corpus=corpus, index=folder / "index")
    build(settings, library.embedder)
    with served(corpus, settings.index) as address:
        yield settings, address


def test_odd_names_and_a_library_without_starters_of_its_own(browser: Browser, odd: tuple[Settings, str]) -> None:
    with opened_at(browser, odd[1]) as page:
        page.goto("/")
        page.get_by_role("combobox", name="Case").click()
        page.get_by_role("option").last.click()
        expect(page).to_have_url(re.compile(r"case=A(\+|%20)%26(\+|%20)B"))
        page.goto(page.url)
        expect(page.get_by_role("combobox", name="Case")).to_have_value(re.compile(re.escape(ODD)))
        starter = page.locator("[class*='st-key-starter'] button")
        expect(starter.first).to_be_visible()
        assert violations(page) == []
        starter.first.click()
        expect(page.get_by_role("link", name="Source 1")).to_be_visible()


def test_an_answer_whose_document_has_changed_says_so(
    browser: Browser, library: Assistant, odd: tuple[Settings, str]
) -> None:
    settings, address = odd
    with opened_at(browser, address) as page:
        page.goto("/")
        expect(ask(page, "How many nurses did the ferry carry?")).to_contain_text("forty nurses")
        idle(page)
        changed = FERRY.replace("forty", "fifty")
        (settings.corpus / "ferry.md").write_text(f"A new first line.\n\n{changed}", encoding="utf-8")
        build(settings, library.embedder)
        page.reload()
        expect(page.get_by_text("The document has changed since this was answered")).to_be_visible()
        expect(page.get_by_label("Chat message from assistant")).to_contain_text("forty nurses")
        assert violations(page) == []
