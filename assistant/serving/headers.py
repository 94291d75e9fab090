"""What browsers are told on every response, so that a page can do no more than it must, and what is open to nobody."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check")
"""Pages of Streamlit's that tell how much the app is used, or run it."""


class Guarded:
    """Middleware that is the outermost: it adds the headers to every response, errors and files among them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                headers.update(self._headers)
                message["headers"] = [_secured(header, scope["scheme"]) for header in headers.raw]
            await send(message)

        closed = scope["path"].rstrip("/").endswith(_CLOSED)
        app = PlainTextResponse("Not found", 404) if closed else self._app
        await app(scope, receive, with_headers)


@cache
def security_headers() -> dict[str, str]:
    """Return the headers by their names."""
    return {
        "content-security-policy": content_security_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


def content_security_policy() -> str:
    """Return what a page may load and do.

    Components come as text and are started as ``blob:`` scripts; styles are set in place by Streamlit, by emotion and by our
    components. Streamlit's messages count in 64 bits by WebAssembly, which is no JavaScript and does not make any. Of scripts in
    the page itself, Streamlit's own one may run.
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    own = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in _SCRIPT.findall(page)]
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *own]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "frame-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _secured(header: tuple[bytes, bytes], scheme: str) -> tuple[bytes, bytes]:
    """Return a header; a cookie that was asked for over TLS is for TLS only."""
    name, value = header
    if scheme == "https" and name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        return name, value + b"; Secure"
    return header
