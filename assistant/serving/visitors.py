"""Tells people apart who come without a login, by a cookie that holds nothing but chance."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection

from assistant.ui.people import VISITOR_COOKIE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_AGE = 365 * 24 * 60 * 60
_ATTRIBUTES = f"; Path=/; HttpOnly; SameSite=Lax; Max-Age={_AGE}"


class Remembered:
    """Middleware that gives a cookie to every browser that has none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with a cookie where it came without."""
        if scope["type"] != "http" or "/static/" in scope["path"] or _is_known(scope):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", f"{VISITOR_COOKIE}={token_urlsafe(24)}{_ATTRIBUTES}")
                headers["cache-control"] = "no-store"  # or a cache between would give one person's cookie to others
            await send(message)

        await self._app(scope, receive, with_cookie)


def _is_known(scope: Scope) -> bool:
    return VISITOR_COOKIE in HTTPConnection(scope).cookies
