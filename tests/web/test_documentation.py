"""The documentation in a browser, as files on a disk: nothing is asked of a network, and search works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.mark.parametrize("page", ["index.html", "tutorial.html", "reference/python.html"])
def test_a_page_asks_for_nothing_but_files(browser: Browser, site: Path, page: str) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((site / page).as_uri(), wait_until="networkidle")
        assert asked
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_search_finds_the_page_without_a_network(browser: Browser, site: Path) -> None:
    with browser.new_context(offline=True) as context:
        tab = context.new_page()
        failed: list[str] = []
        tab.on("pageerror", lambda error: failed.append(str(error)))
        tab.goto((site / "index.html").as_uri())
        tab.get_by_role("searchbox").or_(tab.get_by_placeholder("Search")).first.fill("visitor cookie")
        tab.keyboard.press("Enter")
        tab.get_by_role("link", name="Data protection").last.click()
        tab.get_by_role("heading", name="Cookies").wait_for()
        assert failed == []
