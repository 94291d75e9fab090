"""Signing in with a provider over real HTTP: who comes in, what they may do, and how they leave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.conftest import CORPUS
from tests.oidc import CLIENT, SECRET, Provider, provider
from tests.web.conftest import free_port, opened_at, served
from tests.web.test_ask import BOX, DESK, PHONE, ask, violations
from tests.web.test_serving import UPGRADE, get, refusals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, ViewportSize

    from assistant import Assistant

ANN = {"sub": "1", "name": "Ann *Editor*", "email": "ann@example.org", "email_verified": True}
BOB = {"sub": "2", "name": "Bob Reader", "email": "bob@example.org", "email_verified": True}
EVE = {"sub": "3", "email": "eve@example.org", "email_verified": True}
COOKIE_SECRET = "a secret of more than thirty-two characters"  # noqa: S105 - of these tests


@dataclass(frozen=True)
class House:
    address: str
    provider: Provider
    log: Path


@pytest.fixture(scope="module")
def house(library: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    port = free_port()
    log = tmp_path_factory.mktemp("house") / "log"
    with provider() as running:
        login = {
            "CASEWISE_LOGIN_CLIENT_ID": CLIENT,
            "CASEWISE_LOGIN_CLIENT_SECRET": SECRET,
            "CASEWISE_LOGIN_METADATA_URL": f"{running.address}/.well-known/openid-configuration",
            "CASEWISE_LOGIN_REDIRECT_URI": f"http://127.0.0.1:{port}/oauth2callback",
            "CASEWISE_LOGIN_COOKIE_SECRET": COOKIE_SECRET,
            "CASEWISE_EDITORS": "ann@example.org",
            "CASEWISE_READERS": "bob@example.org",
        }
        with served(CORPUS, library.settings.index, "--host", "0.0.0.0", port=port, log=log, **login) as address:  # noqa: S104 - reached from here only
            yield House(address, running, log)


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    with opened_at(browser, house.address) as page:
        refused = refusals(page)
        page.goto("/")
        yield page
        assert refused == []


def sign_in(page: Page, house: House, person: dict[str, object]) -> None:
    house.provider.person = person
    page.get_by_role("button", name="Sign in").click()


def in_light_and_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "dark")
    page.wait_for_timeout(500)  # colours of a button change by and by
    assert violations(page) == []
    page.emulate_media(color_scheme="light")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "light")
    page.wait_for_timeout(500)
    assert violations(page) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nobody_sees_the_library_before_signing_in(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_label(BOX)).to_have_count(0)
    assert page.get_by_role("button").count() == 1
    in_light_and_dark(page)


def test_whoever_signs_in_reads_and_leaves_again(page: Page, house: House) -> None:
    sign_in(page, house, BOB)
    expect(page.get_by_text("Signed in as Bob Reader")).to_be_visible()
    expect(ask(page, "Which cases mention gowns?")).to_contain_text("gowns")
    assert violations(page) == []
    page.reload()
    expect(page.get_by_label(BOX)).to_be_editable()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.wait_for_load_state("networkidle")  # signing out goes by way of the server
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_whoever_is_not_named_may_not_use_the_library(page: Page, house: House, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    sign_in(page, house, EVE)
    expect(page.get_by_role("heading", name="You may not use this library")).to_be_visible()
    expect(page.get_by_text("You are signed in as eve")).to_be_visible()
    expect(page.get_by_label(BOX)).to_have_count(0)
    in_light_and_dark(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_people_have_names_as_they_are_and_logs_of_their_own(page: Page, house: House) -> None:
    sign_in(page, house, ANN)
    expect(page.get_by_text("Signed in as Ann *Editor*")).to_be_visible()
    ask(page, "Which cases mention gowns?")
    sign_out = page.get_by_role("button", name="Sign out")
    sign_out.click()
    sign_in(page, house, BOB)
    expect(page.get_by_text("Signed in as Bob Reader")).to_be_visible()
    ask(page, "Which cases mention gowns?")
    written = house.log.read_text()
    ann, bob = re.findall(r"INFO answer who=(\w+)", written)[-2:]
    assert ann != bob
    assert not re.search(r"Ann|Bob|example\.org", written)
    assert SECRET not in written
    assert COOKIE_SECRET not in written


def test_cookies_are_out_of_scripts_reach_and_cannot_be_made_up(page: Page, house: House) -> None:
    sign_in(page, house, BOB)
    expect(page.get_by_text("Signed in as Bob Reader")).to_be_visible()
    signed = [one for one in page.context.cookies() if one["name"].startswith("_streamlit_user")]
    assert signed
    assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in signed)
    for one in signed:
        page.context.add_cookies(
            [{"name": one["name"], "value": one["value"][:-3] + "abc", "domain": "127.0.0.1", "path": "/"}]
        )
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


@pytest.mark.parametrize(("host", "status"), [("HERE", 101), ("evil.example", 403)])
def test_an_open_address_answers_to_the_name_people_know_it_by(house: House, host: str, status: int) -> None:
    host = house.address.removeprefix("http://") if host == "HERE" else host
    assert get(house.address, "/_stcore/stream", Host=host, Origin=f"http://{host}", **UPGRADE)[0].status == status
