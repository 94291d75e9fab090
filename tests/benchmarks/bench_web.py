"""What one person waits for in a real browser: the page, an answer, and the words behind it.

Run as ``python -m tests.benchmarks.bench_web [--rounds N]``; pytest does not collect it. It starts a server of its own and the
system's Chromium, opens the page once to warm up, and then as often as ``--rounds``:

- loads the page anew, until the question box can be typed into (aim: 2 s);
- asks a question, until its answer is there with its citations and the script has ended (aim: 500 ms);
- chooses a citation, until the marked words are in view (aim: 300 ms).

All three are timed in the browser's own clock. Browser and server share the machine, whose load is printed.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from tests.benchmarks.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

AIMS = {"page loaded": 2000, "question to answer": 500, "citation to words": 300}
CHROMIUM, SWITCHES = "/usr/bin/chromium", ["--no-sandbox", "--disable-gpu"]
QUESTION = "How quickly was a new court set up, compared with normal?"
BOX = 'textarea[aria-label="Ask a question about the case studies"]'
LINK = 'a[data-source][aria-label^="Source 1"]'
IDLE = """document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'"""
IN_VIEW = """() => {
  const mark = [...document.querySelectorAll('*')].flatMap(
    one => [...(one.shadowRoot ?? one).querySelectorAll('mark')]).pop()
  const box = mark?.getBoundingClientRect()
  return box && box.top >= 0 && box.bottom <= innerHeight && box.height > 0
}"""


def now(page: Page) -> float:
    return float(page.evaluate("performance.now()"))


def round_of(page: Page, address: str) -> dict[str, float]:
    """Return what was waited for, in milliseconds."""
    page.goto(address, wait_until="commit")
    page.wait_for_selector(f"{BOX}:enabled")
    page.wait_for_function(IDLE)
    loaded = now(page)
    page.fill(BOX, QUESTION)
    began = now(page)
    page.keyboard.press("Enter")
    page.wait_for_selector(LINK)
    page.wait_for_function(IDLE)
    answered = now(page)
    page.click(LINK)
    page.wait_for_function(IN_VIEW)
    return {
        "page loaded": loaded,
        "question to answer": answered - began,
        "citation to words": now(page) - answered,
    }


def measured(rounds: int) -> dict[str, list[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    with TemporaryDirectory() as folder, running(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        round_of(page, server.address)
        for _ in range(rounds):
            for name, value in round_of(page, server.address).items():
                found[name].append(value)
        browser.close()
    return found


def main() -> None:
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    table = Table("ms", "median", "p95", "least", "aim", title=f"load {os.getloadavg()[0]:.1f}")
    for name, values in measured(parser.parse_args().rounds).items():
        shown = (f"{value:.0f}" for value in (np.median(values), np.percentile(values, 95), min(values), AIMS[name]))
        table.add_row(name, *shown)
    Console().print(table)


if __name__ == "__main__":
    main()
