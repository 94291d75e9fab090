"""What stands around the app that is served, without a server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from starlette.responses import PlainTextResponse

from assistant.errors import CasewiseError
from assistant.serving import opened_door
from assistant.serving.health import response_to
from assistant.serving.visitors import Remembered
from assistant.settings import Settings
from assistant.ui.opening import Standing
from assistant.ui.people import VISITOR_COOKIE

if TYPE_CHECKING:
    from starlette.types import Message


@pytest.mark.parametrize(
    ("now", "code", "status"),
    [
        (Standing("open", "ready", "generation-1", 3), 200, "ok"),
        (Standing("open", "loading", "generation-1", 3), 200, "ok"),
        (Standing("opening", "loading"), 503, "starting"),
        (Standing("opening", "failed"), 503, "failed"),
        (Standing("failed", "loading"), 503, "failed"),
        (Standing("open", "failed", "generation-1", 3), 503, "failed"),
    ],
)
def test_health_is_503_until_people_can_be_served(now: Standing, code: int, status: str) -> None:
    response = response_to(now)
    told = json.loads(bytes(response.body))
    assert (response.status_code, told["status"], told["index"], told["model"]) == (code, status, now.index, now.model)
    assert response.headers["cache-control"] == "no-store"


def given_cookies(cookie: str) -> list[str]:
    """Return the cookies that are given to a browser that sends some."""
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", cookie.encode("latin-1"))]}
    started: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        started.append(message)

    asyncio.run(Remembered(PlainTextResponse("page"))(scope, receive, send))
    return [value.decode() for name, value in started[0]["headers"] if name == b"set-cookie"]


def test_whoever_has_no_cookie_is_given_one() -> None:
    (given,) = given_cookies("theme=dark")
    assert given.startswith(f"{VISITOR_COOKIE}=")
    assert "HttpOnly" in given


@pytest.mark.parametrize("other", ["", "theme=dark; ", 'panel={"open": 1}; ', "a[b]=1; ", "junk; ", "n=é; "])
def test_a_browser_stays_the_same_person_whatever_else_on_this_machine_gave_it(other: str) -> None:
    assert given_cookies(f"{other}{VISITOR_COOKIE}=of-ann") == []


@pytest.mark.parametrize("host", ["no.such.host.invalid", "a" * 70])
def test_a_host_that_is_none_is_named(host: str) -> None:
    with pytest.raises(CasewiseError, match=f'"{host}" is no address'), opened_door(Settings(), host, 0, login=False):
        pass
