"""The Model Context Protocol's own client, called from tests that are no coroutines, over each transport."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any

from anyio.from_thread import start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from assistant.mcp.server import HERE, PATH, http_server, listener_on
from tests.conftest import CORPUS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from anyio.from_thread import BlockingPortal
    from mcp_types import CallToolResult

    from assistant import Assistant


class Asker:
    """The SDK's own client, called from a test that is no coroutine."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal, self.client = portal, client

    def run(self, call: Callable[..., Any], *given: Any) -> Any:
        return self._portal.call(call, *given)

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool and return its structured result."""
        result = self._called(tool, arguments)
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return result.structured_content

    def fault(self, tool: str, **arguments: Any) -> str:
        """Call a tool and return the error that it is answered with."""
        result = self._called(tool, arguments)
        assert result.is_error
        return "".join(one.text for one in result.content if one.type == "text")

    def _called(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        result: CallToolResult = self.run(self.client.call_tool, tool, arguments)
        return result


@contextmanager
def asking(transport: Any, **given: Any) -> Iterator[Asker]:
    with start_blocking_portal() as portal:
        client = Client(transport, **given)
        with portal.wrap_async_context_manager(client):
            yield Asker(portal, client)


@contextmanager
def over_stdio(library: Assistant, log: Path) -> Iterator[Asker]:
    """Start ``casewise mcp`` and speak to it; it must say nothing else on standard output, and nothing on standard error."""
    folders = ["--corpus", str(CORPUS), "--index", str(library.settings.index.resolve())]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", *folders],
        env={**os.environ, "PYTHONPATH": path},
        cwd=log.parent,
    )
    strange: list[object] = []

    async def note(message: object) -> None:
        if isinstance(message, Exception):
            strange.append(message)

    with (
        log.open("w+", encoding="utf-8") as errors,
        asking(stdio_client(server, errors), message_handler=note) as asker,
    ):
        yield asker
    assert strange == []
    assert log.read_text(encoding="utf-8") == ""


@contextmanager
def served(library: Assistant) -> Iterator[str]:
    """Serve a library over HTTP in a thread; yield the address."""
    with listener_on(0) as listener:
        server = http_server(library)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            sleep(0.01)
        try:
            yield f"http://{HERE}:{listener.getsockname()[1]}{PATH}"
        finally:
            server.should_exit = True
            thread.join()


def described(schema: dict[str, Any], value: object, whole: dict[str, Any] | None = None) -> bool:
    """Tell whether a schema names every key of a value, at any depth."""
    whole = whole or schema
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return any(described(one, value, whole) for one in schema["anyOf"])
    if isinstance(value, dict):
        named = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        of_any_name = rest if isinstance(rest, dict) else None
        return all(
            described(named.get(key) or of_any_name, inside, whole) if key in named or of_any_name else False
            for key, inside in value.items()
        )
    if isinstance(value, list):
        return "items" in schema and all(described(schema["items"], one, whole) for one in value)
    return bool(schema)
