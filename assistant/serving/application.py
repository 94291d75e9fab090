"""The app that is served: Streamlit, a health page, and what is wrapped around them."""

from __future__ import annotations

import gc
import secrets
import webbrowser
from asyncio import to_thread
from contextlib import asynccontextmanager
from threading import Thread
from typing import TYPE_CHECKING

from starlette.routing import Route
from streamlit.starlette import App

from assistant.logs import event
from assistant.serving.compression import Compressed
from assistant.serving.door import Entry
from assistant.serving.headers import Guarded
from assistant.serving.health import health
from assistant.serving.visitors import Remembered
from assistant.ui.opening import prepare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from starlette.types import ASGIApp
    from streamlit.runtime.secrets import SecretsValue

    from assistant.serving.door import Door
    from assistant.settings import Settings


def application(page: Path, settings: Settings, door: Door, *, browser: bool) -> ASGIApp:
    """Return the app whose front door is the script ``page``; it opens the library and loads the model behind the page, once."""
    login: dict[str, SecretsValue] = {"auth": login_secrets(settings)} if door.entry is Entry.LOGIN else {}
    app = App(
        page,
        secrets=login,
        routes=[Route("/health", health, methods=["GET"])],
        lifespan=_lifespan(door, browser=browser),
    )
    wrapped = Compressed(app)
    return Guarded(Remembered(wrapped) if door.entry is Entry.VISITORS else wrapped)


def login_secrets(settings: Settings) -> dict[str, SecretsValue]:
    """Return what Streamlit's login reads; a cookie secret of this process alone where none is set."""
    told, signed = settings.login_client_secret, settings.login_cookie_secret
    return {
        "client_id": settings.login_client_id or "",
        "client_secret": told.get_secret_value() if told else "",
        "server_metadata_url": settings.login_metadata_url or "",
        "redirect_uri": settings.login_redirect_uri or "",
        "cookie_secret": signed.get_secret_value() if signed else secrets.token_hex(32),
    }


def _lifespan(door: Door, *, browser: bool) -> Callable[[App], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: App) -> AsyncIterator[None]:
        Thread(target=_prepare, daemon=True).start()
        event("listening", address=door.address, entry=door.entry.value)
        if browser:
            await to_thread(webbrowser.open, door.address)
        yield

    return lifespan


def _prepare() -> None:
    prepare()
    gc.collect()
    gc.freeze()  # what is loaded by now stays, and need not be looked through again
