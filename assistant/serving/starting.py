"""Starts the app in this process, with its settings whatever the working directory, and ends it cleanly."""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.logs import event, start_logs
from assistant.serving.door import Entry, allowed_hosts
from assistant.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from starlette.types import ASGIApp

    from assistant.serving.door import Door
    from assistant.settings import Settings

_PAGE, _CONFIG = "app.py", ".streamlit/config.toml"
_PING_SECONDS = 30
_GOODBYE_SECONDS = 2
"""How long open connections may take to close once the server is stopped: browsers keep theirs for ever."""


def serve(settings: Settings, door: Door, *, browser: bool) -> None:
    """Serve the app until it is stopped.

    Raises:
        CasewiseError: ``app.py`` did not come with the package.
    """
    page = shipped(_PAGE)
    _hand_over(settings, door)
    start_logs(questions=settings.log_questions)
    app = _configured_app(page, settings, door, browser=browser)
    with suppress(KeyboardInterrupt):
        _run(app, door)
    event("stopped")


def _hand_over(settings: Settings, door: Door) -> None:
    """Let pages, which read the settings themselves, find the folders of this command and how people come in."""
    for name in ("corpus", "index", "state"):
        os.environ[f"CASEWISE_{name.upper()}"] = str(getattr(settings, name).resolve())
    os.environ["CASEWISE_VISITORS"] = str(door.entry is Entry.VISITORS)


def _configured_app(page: Path, settings: Settings, door: Door, *, browser: bool) -> ASGIApp:
    from streamlit.web import bootstrap  # Streamlit takes a second to load

    from assistant.serving.application import application

    app = application(page, settings, door, browser=browser)
    bootstrap.load_config_options(streamlit_options(settings, door))
    return app


def streamlit_options(settings: Settings, door: Door) -> dict[str, object]:
    """Return Streamlit's options: those of its file beside ``app.py``, which it reads from the working directory only."""
    config = tomllib.loads(shipped(_CONFIG).read_text(encoding="utf-8"))
    return {
        **dict(_flat(config)),
        "server.address": door.host,
        "server.port": door.port,
        "server.headless": True,
        "server.allowedHosts": allowed_hosts(settings, door.entry),
        "logger.messageFormat": "%(message)s",
        "logger.enableRich": False,
        "runner.postScriptGC": False,
    }


def _flat(table: Mapping[str, object], within: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{key}.")
        else:
            yield f"{within}{key}", value


def _run(app: ASGIApp, door: Door) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        timeout_graceful_shutdown=_GOODBYE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[door.listener])
