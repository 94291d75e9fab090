"""Sends the browser's share of the app compressed: Streamlit compresses all but that. Each file is compressed once."""

from __future__ import annotations

import gzip
import re
from asyncio import to_thread
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")
_LEAST = 1_000
"""Bytes below which compression saves nothing."""
_KEPT = 1_000
"""How many files are kept compressed: Streamlit has 400."""
_LEVEL = 6
_REFUSED = re.compile(r"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|\Z)")
_WHOLE = ("range", "if-none-match", "if-modified-since")
"""Requests with one of these want something else than the whole file."""


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


class Compressed:
    """Middleware that compresses ``/static/…`` and the front page, whose files never change while the server runs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[str, _Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, compressed where that is possible."""
        if not _may_be_compressed(scope):
            await self._app(scope, receive, send)
            return
        response = self._kept.get(scope["path"])
        if response is None:
            response = await self._compressed(scope, receive)
        await response.send(send)

    async def _compressed(self, scope: Scope, receive: Receive) -> _Response:
        response = await _collected(self._app, scope, receive)
        headers = MutableHeaders(raw=list(response.headers))
        is_text = headers.get("content-type", "").startswith(_TEXT)
        if response.status != 200 or not is_text or "content-encoding" in headers or len(response.body) < _LEAST:
            return response
        body = await to_thread(gzip.compress, response.body, _LEVEL, mtime=0)
        headers["content-encoding"], headers["content-length"] = "gzip", str(len(body))
        headers.add_vary_header("Accept-Encoding")
        compressed = _Response(response.status, headers.raw, body)
        if len(self._kept) < _KEPT and _is_static(scope):
            self._kept[scope["path"]] = compressed
        return compressed


def _is_static(scope: Scope) -> bool:
    return "/static/" in scope["path"]


def _may_be_compressed(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not (_is_static(scope) or scope["path"].endswith("/")):
        return False
    headers = Headers(scope=scope)
    accepted = headers.get("accept-encoding", "")
    return "gzip" in accepted and not _REFUSED.search(accepted) and not any(name in headers for name in _WHOLE)


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> _Response:
    status, headers, parts = 500, list[tuple[bytes, bytes]](), list[bytes]()

    async def collect(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, collect)
    return _Response(status, headers, b"".join(parts))
