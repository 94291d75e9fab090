"""What the server says to browsers and proxies, how it starts, what it logs, and how it ends."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import signal
import socket
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.conftest import CORPUS, ROOT
from tests.web.conftest import free_port, opened_at, served
from tests.web.test_ask import BOX, ask, marked

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from assistant import Assistant
    from tests.conftest import Run

QUESTION = "How quickly was a new court set up, compared with normal?"
TELLING = """
addEventListener("securitypolicyviolation", e => refused(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))
"""
PLANTED = """new Promise(told => {
  addEventListener("securitypolicyviolation", () => told())
  document.head.append(Object.assign(document.createElement("script"), {text: "window.ran = 1"}))
})"""
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
GATE = """
import os, sys, time
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder

class Gate(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != "tokenizers":
            return None
        spec = PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def later(module):
            while not os.path.exists(os.environ["GATE"]):
                time.sleep(0.05)
            load(module)

        spec.loader.exec_module = later
        return spec

sys.meta_path.insert(0, Gate())
"""


def get(address: str, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = b"" if response.status == 101 else response.read()
    connection.close()
    return response, body


def script_of(address: str) -> str:
    """Return the path of the page's own script."""
    page = get(address, "/")[1].decode()
    found = re.search(r'src="\.(/static/js/[^"]+)"', page)
    assert found
    return found[1]


def standing(address: str) -> dict[str, object]:
    return dict(json.loads(get(address, "/health")[1]))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "SCRIPT", 200),
        ("GET", "/health", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/media/missing.png", 404),
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/_stcore/metrics/", 404),
        ("GET", "//example.org/", 400),
        ("POST", "/health", 405),
        ("PUT", "/_stcore/upload_file/nobody/nothing", 403),
    ],
)
def test_every_response_holds_browsers_to_what_the_page_needs(
    address: str, method: str, path: str, status: int
) -> None:
    response, _ = get(address, script_of(address) if path == "SCRIPT" else path, method)
    assert response.status == status
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert re.findall(r"[\w-]*unsafe[\w-]*", policy) == ["wasm-unsafe-eval", "unsafe-inline"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "http" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Server" not in response.headers


def test_the_browser_s_share_is_sent_compressed_and_whole_to_those_who_ask_for_it(address: str) -> None:
    path = script_of(address)
    plain, body = get(address, path)
    assert "Content-Encoding" not in plain.headers
    for _ in range(2):
        response, packed = get(address, path, accept_encoding="gzip, br")
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(packed) == body
        assert len(packed) < len(body) / 2
    assert get(address, path, accept_encoding="gzip;q=0")[1] == body
    assert get(address, path, accept_encoding="gzip", range="bytes=0-9")[1] == body[:10]
    again = get(address, path, accept_encoding="gzip", if_none_match=plain.headers["ETag"])
    assert (again[0].status, again[1]) == (304, b"")


def refusals(page: Page) -> list[str]:
    """Return a list that grows by what the content security policy refuses on any page that is opened from now on."""
    refused: list[str] = []

    def tell(said: str) -> None:
        refused.append(said)

    page.expose_function("refused", tell)
    page.add_init_script(TELLING)
    return refused


def test_the_policy_refuses_what_it_should_and_nothing_that_pages_do(browser: Browser, address: str) -> None:
    with opened_at(browser, address) as page:
        refused = refusals(page)
        page.goto("/")
        ask(page, QUESTION).get_by_role("link", name="Source 1").click()
        assert marked(page)
        assert refused == []
        page.evaluate(PLANTED)
        assert page.evaluate("window.ran") is None
        assert len(refused) == 1


def test_the_health_page_tells_how_the_library_stands(address: str, library: Assistant) -> None:
    response, body = get(address, "/health")
    told = json.loads(body)
    assert (response.status, response.headers["Content-Type"]) == (200, "application/json")
    assert (told["status"], told["index"], told["documents"]) == ("ok", "open", 1)
    assert told["generation"] == library.index.folder.name
    assert "/" not in body.decode()


@pytest.mark.parametrize(("host", "status"), [("localhost:1", 101), ("evil.example", 403), ("evil.example:80", 403)])
def test_a_page_elsewhere_cannot_point_a_name_of_its_own_at_this_machine(address: str, host: str, status: int) -> None:
    response, _ = get(address, "/_stcore/stream", Host=host, Origin=f"http://{host}", **UPGRADE)
    assert response.status == status


def test_opening_up_needs_a_login_or_the_word_that_none_is_wanted(run: Run) -> None:
    code, _, err = run("serve", "--no-browser", "--host", "::", "--corpus", "missing")
    assert code == 2
    assert "CASEWISE_LOGIN_CLIENT_ID" in err
    assert "--no-login" in err


def test_a_port_in_use_is_told_before_anything_is_read(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = run("serve", "--no-browser", "--port", taken.getsockname()[1], "--corpus", "missing")
    assert code == 1
    assert "--port" in err
    assert "missing" not in err


def test_an_address_of_another_machine_is_explained(run: Run) -> None:
    code, _, err = run("serve", "--no-browser", "--no-login", "--host", "192.0.2.1")
    assert code == 1
    assert '"192.0.2.1" is no address of this machine' in err


def test_the_log_tells_of_an_answer_without_its_question_and_ctrl_c_ends_the_server_cleanly(
    browser: Browser, library: Assistant, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[theme]\ntextColor = "#ff0000"\n')
    index = library.settings.index
    with (
        served(CORPUS, index, log=log, stop=signal.SIGINT, folder=tmp_path) as address,
        opened_at(browser, address) as page,
    ):
        page.goto("/")
        ask(page, QUESTION)
        red = "getComputedStyle(document.querySelector('[data-testid=stApp]')).color == 'rgb(255, 0, 0)'"
        assert page.evaluate(red) is False
    written = log.read_text()
    assert re.search(r"INFO answer who=[0-9a-f]{8} ms=[\d.]+ answered=true citations=\d+$", written, re.MULTILINE)
    assert "quickly" not in written
    assert "Traceback" not in written
    assert re.search(r"INFO stopped$", written.strip())


def test_people_without_a_login_are_told_apart_by_a_cookie(
    browser: Browser, library: Assistant, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with served(CORPUS, library.settings.index, "--no-login", log=log, CASEWISE_LOG_QUESTIONS="1") as address:
        cookie = get(address, "/")[0].headers["Set-Cookie"]
        assert re.fullmatch(
            r"casewise_visitor=[\w-]{32}; Path=/; HttpOnly; SameSite=Lax; Max-Age=\d+",
            cookie,
        )
        assert "casewise" not in (get(address, "/", cookie=cookie.split(";")[0])[0].headers["Set-Cookie"] or "")
        secure = get(address, "/", X_Forwarded_Proto="https")[0].headers["Set-Cookie"]
        assert secure.endswith("; Secure")
        for question in ("Which cases mention gowns?", "Which cases mention beds?"):
            with opened_at(browser, address) as page:
                page.goto("/")
                ask(page, question)
                page.reload()
                ask(page, question)
    who = re.findall(r"INFO answer who=(\w+) .* question=\"Which cases mention (\w+)\?\"", log.read_text())
    assert [words for _, words in who] == ["gowns", "gowns", "beds", "beds"]
    assert len(set(who)) == 2
    assert len({one for one, _ in who}) == 2


def test_the_page_is_there_before_the_model_which_loads_once_behind_it(
    browser: Browser, library: Assistant, tmp_path: Path
) -> None:
    """The import of tokenizers stands still until a file appears: a page that waited for it would not come."""
    gate, log = tmp_path / "gate", tmp_path / "log"
    (tmp_path / "sitecustomize.py").write_text(GATE)
    path = f"{tmp_path}:{ROOT}"
    with served(CORPUS, library.settings.index, log=log, PYTHONPATH=path, GATE=str(gate)) as address:
        with opened_at(browser, address) as page, opened_at(browser, address) as other:
            for one in (page, other):
                one.goto("/")
                expect(one.get_by_label(BOX)).to_be_editable()
            assert standing(address) | {"generation": ""} == {
                "status": "ok",
                "index": "open",
                "generation": "",
                "documents": 1,
                "model": "loading",
            }
            page.get_by_label(BOX).fill(QUESTION)
            page.keyboard.press("Enter")
            expect(page.get_by_text("Searching the library")).to_be_visible()
            gate.touch()
            expect(page.get_by_test_id("stChatMessage").nth(1)).to_contain_text("six weeks")
            ask(other, "Which cases mention gowns?")
        assert standing(address)["model"] == "ready"
    assert log.read_text().count(" model_ready ") == 1


def test_the_first_question_after_the_server_was_started_again_is_answered(
    browser: Browser, library: Assistant, tmp_path: Path
) -> None:
    index, port = tmp_path / "index", free_port()
    shutil.copytree(library.settings.index, index)
    with served(CORPUS, index, port=port) as address:
        page = browser.new_page(base_url=address)
        page.goto("/")
        ask(page, QUESTION)
    expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    with served(CORPUS, index, port=port):
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
        assert "Number of leaders: 5" in ask(page, "How many leaders took part in Kent?").inner_text()
    page.close()
