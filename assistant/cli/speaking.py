"""The command that lets other assistants ask the library, by the Model Context Protocol."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.shared import Corpus, Index, open_library, say
from assistant.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_PORT = 8502


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Speak over HTTP on this machine, instead of standard input and output.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option("--port", help="The port to listen on, with --http.", min=1, max=65535, show_default=str(_PORT)),
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Let assistants that speak the Model Context Protocol ask, search and read the library."""
    from assistant.mcp.server import serve_stdio

    if port is not None and not http:
        raise UsageError("A port is for HTTP. Add --http, or leave --port out.")
    if http:
        _serve_http(port or _PORT, corpus, index)
    else:
        serve_stdio(open_library(corpus, index))


def _serve_http(port: int, corpus: Path | None, index: Path | None) -> None:
    from assistant.mcp.server import HERE, PATH, listener_on, serve_http

    with listener_on(port) as listener, open_library(corpus, index) as library:
        say(f"Casewise speaks MCP on http://{HERE}:{port}{PATH} - stop it with Ctrl-C.")
        with suppress(KeyboardInterrupt):
            serve_http(library, listener)
