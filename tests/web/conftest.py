"""A real server and a real browser. Without a system Chromium these tests are passed over, and say so."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CORPUS, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant import Assistant

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def address(library: Assistant) -> Iterator[str]:
    """Serve the library; give its address."""
    with served(CORPUS, library.settings.index) as url:
        yield url


@contextmanager
def served(
    corpus: Path,
    index: Path,
    *options: str,
    log: Path | None = None,
    port: int | None = None,
    stop: signal.Signals = signal.SIGTERM,
    folder: Path = ROOT,
    ready: str = "health",
    python: str = sys.executable,
    **environment: str,
) -> Iterator[str]:
    """Start ``casewise serve`` on a free port, in a folder, its log in a file; give its address, and stop it cleanly.

    What people leave behind lies beside the index. It has started once ``ready`` answers: the library is open by then.
    """
    port = port or free_port()
    folders = ["--corpus", str(corpus), "--index", str(index)]
    command = [python, "-m", "assistant", "serve", "--no-browser", f"--port={port}", *options]
    url = f"http://127.0.0.1:{port}"
    with (log or Path(os.devnull)).open("ab") as errors:
        server = subprocess.Popen(
            [*command, *folders],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stderr=errors,
            env=os.environ | {"PYTHONPATH": str(ROOT), "CASEWISE_STATE": str(index.parent / "state")} | environment,
        )
        try:
            _wait_for(f"{url}/{ready}", server)
            yield url
        finally:
            server.send_signal(stop)
            assert server.wait(20) in ((0,) if stop is signal.SIGINT else (0, -stop))


@pytest.fixture(scope="package")  # its loop of events would be in the way of the tests that come after
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Give an empty page at the app's address; fail where it calls another host."""
    with opened_at(browser, address) as page:
        yield page


@contextmanager
def opened_at(browser: Browser, address: str) -> Iterator[Page]:
    """Give an empty page at an address; fail where it calls another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page = context.new_page()
    page.set_default_timeout(60_000)
    elsewhere: list[str] = []
    page.on("request", lambda request: _is_ours(request.url) or elsewhere.append(request.url))
    yield page
    context.close()
    assert elsewhere == []


def _is_ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "blob:", "data:"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped before it was ready"
        try:
            with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own server
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


os.environ.setdefault("HF_HUB_OFFLINE", "1")
