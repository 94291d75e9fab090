"""A small OpenID Connect provider over real HTTP: it lets in whoever it is told to, without asking them anything."""

from __future__ import annotations

import socket
import time
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

CLIENT, SECRET = "casewise-tests", "a client secret that is in no log"


@dataclass
class Provider:
    """What the provider knows: its address, who is at the browser, and the codes it gave that no token was fetched for."""

    address: str
    person: dict[str, object] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self, _: Request) -> JSONResponse:
        endpoints = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "jwks",
            "end_session_endpoint": "end",
        }
        told = {name: f"{self.address}/{path}" for name, path in endpoints.items()}
        supported = {
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
        return JSONResponse({"issuer": self.address, **told, **supported})

    def jwks(self, _: Request) -> JSONResponse:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT
        code = token_urlsafe()
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def token(self, request: Request) -> JSONResponse:
        form = await request.form()
        asked = self.codes.pop(str(form["code"]))
        digest = sha256(str(form["code_verifier"]).encode()).digest()
        if urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": asked["nonce"]}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.person, self.key)
        return JSONResponse({"access_token": token_urlsafe(), "token_type": "Bearer", "id_token": signed})

    def end(self, request: Request) -> RedirectResponse:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/jwks", self.jwks),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/end", self.end),
            ]
        )


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    running = Provider(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(running.app(), log_config=None, log_level="warning"))
    thread = Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield running
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
