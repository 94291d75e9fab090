"""Two servers on one library behind nginx, by the very configuration that the documentation gives."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.conftest import CORPUS, ROOT
from tests.web.conftest import CHROMIUM, SWITCHES, free_port, served
from tests.web.test_ask import ask, idle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from assistant import Assistant

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
NAME = "casewise.your.name"
COOKIE = "casewise_server"
QUESTION = "How many leaders took part in East Ayrshire?"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="needs nginx: apt-get install nginx-light"),
]


def configuration(folder: Path, port: int, servers: list[int]) -> str:
    """Return the documented configuration, with these ports and a certificate of its own, and nothing else changed."""
    text = (ROOT / "docs/how-to/processes.md").read_text(encoding="utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found
    certificate = f"ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem;"
    fitted = found[1].replace("# ssl_certificate …; ssl_certificate_key …;", certificate)
    fitted = fitted.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    for written, real in zip(("8501", "8502"), servers, strict=True):
        fitted = fitted.replace(written, str(real))
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"{user} pid {folder}/pid; events {{}} http {{ access_log off; {temporary} {fitted} }}"


@contextmanager
def proxy(folder: Path, servers: list[int]) -> Iterator[int]:
    """Start nginx before two servers, and give the port that it listens on."""
    port = free_port()
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}", *files]
    subprocess.run(made, check=True, capture_output=True)
    (folder / "nginx.conf").write_text(configuration(folder, port, servers), encoding="utf-8")
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


@contextmanager
def browser_at(browser: Browser, port: int) -> Iterator[Browser]:
    """Start a browser like another, for which the name in the documentation is the proxy's address."""
    switches = [*SWITCHES, f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{port}"]
    started = browser.browser_type.launch(executable_path=str(CHROMIUM), args=switches)
    yield started
    started.close()


def server_of(context: BrowserContext) -> str:
    """Return the server that a browser stays with, by its cookie."""
    return next(str(one["value"]) for one in context.cookies() if one["name"] == COOKIE)


def someone_at(browser: Browser, server: str) -> Page:
    """Return the page of somebody whom chance has given to a server."""
    for _ in range(40):
        context = browser.new_context(ignore_https_errors=True, base_url=f"https://{NAME}")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto("/")
        idle(page)
        if server_of(context) == server:
            return page
        context.close()
    raise AssertionError(f"nobody was given to {server}")


def wait_until_at(page: Page, server: str) -> None:
    """Wait until a page that lost its server has come to another."""
    for _ in range(600):
        if server_of(page.context) == server:
            expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
            return idle(page)
        page.wait_for_timeout(100)
    raise AssertionError(f"the page did not come to {server}")


def asker(port: int, server: str) -> str | None:
    """Return the server that answers somebody who stays with one."""
    connection = HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context(), timeout=20)  # noqa: S323
    connection.request("GET", "/health", headers={"Host": NAME, "Cookie": f"{COOKIE}={server}"})
    response = connection.getresponse()
    response.read()
    connection.close()
    found = re.search(rf"{COOKIE}=(\w+); .*Secure", "\n".join(response.headers.get_all("Set-Cookie", [])))
    return found[1] if found else None


def answers(log: Path) -> int:
    return log.read_text(encoding="utf-8").count("INFO answer ")


def test_people_stay_with_a_server_and_come_to_the_other_when_theirs_ends(
    browser: Browser, library: Assistant, tmp_path: Path
) -> None:
    index, logs, ports = tmp_path / "index", [tmp_path / "one.log", tmp_path / "two.log"], [free_port(), free_port()]
    shutil.copytree(library.settings.index, index)
    with ExitStack() as stack:
        first = stack.enter_context(ExitStack())
        first.enter_context(served(CORPUS, index, "--no-login", log=logs[0], port=ports[0]))
        stack.enter_context(served(CORPUS, index, "--no-login", log=logs[1], port=ports[1]))
        port = stack.enter_context(proxy(tmp_path, ports))
        for server in ("casewise_1", "casewise_2") * 5:
            assert asker(port, server) == server
        theirs = stack.enter_context(browser_at(browser, port))
        pages = [someone_at(theirs, server) for server in ("casewise_1", "casewise_2")]
        for number, page in enumerate(pages, 1):
            assert "Number of leaders: 6" in ask(page, QUESTION).inner_text()
            assert [answers(log) for log in logs] == [1, number - 1]
        assert all(one["secure"] for one in pages[0].context.cookies() if one["name"].startswith("casewise"))
        first.close()
        assert asker(port, "casewise_1") == "casewise_2"
        wait_until_at(pages[0], "casewise_2")
        assert "Number of leaders: 5" in ask(pages[0], "How many leaders took part in Kent?").inner_text()
        assert [answers(log) for log in logs] == [1, 2]
        pages[0].reload()
        idle(pages[0])
        assert "Number of leaders: 6" in pages[0].get_by_test_id("stApp").inner_text()
