"""The page as it is installed from the wheel, served from a library's own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from assistant.beginning import begin
from tests.web.conftest import opened_at, served

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from assistant import Assistant
    from tests.installing import Installed


def test_the_page_of_the_wheel_answers_and_looks_as_it_should(
    browser: Browser, installed: Installed, library: Assistant, tmp_path: Path
) -> None:
    begin(tmp_path, example=True)
    with (
        served(
            tmp_path / "corpus", library.settings.index, python=str(installed.python), folder=tmp_path, PYTHONPATH=""
        ) as address,
        opened_at(browser, address) as page,
    ):
        page.goto("/")
        page.get_by_label("Ask a question about the case studies").fill("How many leaders took part in East Ayrshire?")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Source 1")).to_be_visible()
        expect(page.get_by_role("link", name="Evidence grid")).to_be_visible()
        expect(page.locator(".stApp")).to_have_css("color", "rgb(26, 26, 24)")  # of the theme that lies beside app.py
