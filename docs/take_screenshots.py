"""Takes the pictures in the README from the running app: ``python docs/take_screenshots.py [FOLDER]`` (needs Chromium)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, Playwright, sync_playwright

DOCS = Path(__file__).resolve().parent
FACT = "How quickly was a new court set up, compared with normal?"
LIST = "Which cases involved local authorities?"
GRID = "/grid?about=What+made+it+hard+to+work+together%3F"
LIBRARY = "/library"


def main(folder: Path) -> None:
    """Start the app, visit its pages, and keep what the browser shows in a folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with TemporaryDirectory() as state:
        environment = os.environ | {"CASEWISE_STATE": state, "CASEWISE_EDITING": "1"}
        command = [sys.executable, "-m", "assistant", "serve", "--no-browser", f"--port={port}"]
        server = subprocess.Popen(command, env=environment)
        try:
            _wait_for(f"http://127.0.0.1:{port}/health")
            with sync_playwright() as playwright:
                _take(playwright, f"http://127.0.0.1:{port}", folder)
        finally:
            server.terminate()
            server.wait(20)


def _take(playwright: Playwright, address: str, folder: Path) -> None:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
    page = browser.new_page(viewport={"width": 1280, "height": 960}, base_url=address)
    page.set_default_timeout(120_000)
    page.goto("/")
    _ask(page, FACT)
    _ask(page, LIST)
    page.get_by_role("link", name="Source 1").last.click()
    page.locator("mark").first.wait_for()
    _keep(page, folder / "ask.png")
    page.goto(GRID)
    page.get_by_role("button", name="Download for Excel").wait_for()
    _keep(page, folder / "grid.png")
    page.goto(LIBRARY)
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_text("Outline").wait_for()
    page.get_by_role("link", name="Enablers of collaboration").first.click()
    _keep(page, folder / "library.png")
    browser.close()


def _keep(page: Page, path: Path) -> None:
    page.wait_for_timeout(1500)
    page.screenshot(path=path)


def _ask(page: Page, question: str) -> None:
    before = page.get_by_role("link", name="Source 1").count()
    page.get_by_label("Ask a question about the case studies").fill(question)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Source 1").nth(before).wait_for()


def _wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
