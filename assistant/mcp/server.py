"""The server: the tools and the documents of a library, on standard input and output, or over HTTP on this machine alone."""

from __future__ import annotations

import errno
import socket
from importlib.metadata import version
from inspect import getdoc
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assistant.errors import CasewiseError, MissingExtra
from assistant.types import Facet

try:
    from anyio import to_thread
    from mcp.server import MCPServer
    from mcp.server.mcpserver.tools import Tool
    from mcp.server.transport_security import TransportSecuritySettings
    from mcp.types import Resource, ToolAnnotations
except ImportError as error:
    raise MissingExtra('The Model Context Protocol needs its SDK. Install it: pip install "casewise[mcp]"') from error

from assistant.mcp.tools import Tools, names_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn

    from assistant.conversation import Assistant

HERE = "127.0.0.1"
PATH = "/mcp"
DOCUMENTS = "casewise://documents/"
_GOODBYE_SECONDS = 2
_NAMES_HERE = (HERE, "localhost")
_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


class _Server(MCPServer[Any]):
    """A server whose resources are the documents that the library holds when it is asked for them."""

    def __init__(self, reading: Tools, /, **given: Any) -> None:
        super().__init__(**given)
        self._reading = reading

    async def list_resources(self) -> list[Resource]:
        return await to_thread.run_sync(self._documents)

    def _documents(self) -> list[Resource]:
        return [
            Resource(uri=DOCUMENTS + quote(one.id), name=one.id, title=one.title, mime_type="text/plain")
            for one in self._reading.held()
        ]


def mcp_server(library: Assistant) -> MCPServer[Any]:
    """Return a server of a library: tools that only read, and its documents as resources."""
    tools = Tools(library)
    server = _Server(
        tools,
        name="casewise",
        title="Casewise",
        version=version("casewise"),
        instructions=_instructions(library),
        tools=[_tool(one) for one in (tools.ask, tools.search, tools.grid, tools.list_documents, tools.read)],
        log_level="WARNING",  # below it the SDK logs what was asked
    )
    described = server.resource(f"{DOCUMENTS}{{+document}}", name="document", title="Document", mime_type="text/plain")
    described(tools.text)
    return server


def serve_stdio(library: Assistant) -> None:
    """Serve a library on standard input and output until the input ends. Whatever else prints goes to standard error."""
    mcp_server(library).run("stdio")


def serve_http(library: Assistant, listener: socket.socket) -> None:
    """Serve a library over streamable HTTP until it is stopped."""
    http_server(library).run(sockets=[listener])


def http_server(library: Assistant) -> uvicorn.Server:
    """Return an HTTP server of a library. It answers only those who ask for this machine, and no page from elsewhere."""
    import uvicorn

    guard = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[f"{name}:*" for name in _NAMES_HERE],
        allowed_origins=[f"http://{name}:*" for name in _NAMES_HERE],
    )
    app = mcp_server(library).streamable_http_app(streamable_http_path=PATH, host=HERE, transport_security=guard)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_GOODBYE_SECONDS,
    )
    return uvicorn.Server(config)


def listener_on(port: int) -> socket.socket:
    """Return a socket that listens on a port of this machine, where nobody else reaches it; 0 is any port that is free.

    Raises:
        CasewiseError: the port cannot be listened on.
    """
    try:
        return socket.create_server((HERE, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is taken already" if taken else f"cannot be listened on ({error.strerror})"
        raise CasewiseError(f"Port {port} {why}. Choose another: casewise mcp --http --port …") from error


def _tool(function: Callable[..., Any]) -> Tool:
    """Return a tool; an argument that it does not know is an error, never passed over: a filter misspelt is not no filter."""
    tool = Tool.from_function(function, description=getdoc(function), annotations=_READ_ONLY)
    known = tool.fn_metadata.arg_model
    known.model_config["extra"] = "forbid"
    known.model_rebuild(force=True)
    return tool.model_copy(update={"parameters": known.model_json_schema(by_alias=True)})


def _instructions(library: Assistant) -> str:
    """Return what a client is told about the library before it calls anything."""
    index = library.index
    names = {facet: "; ".join(names_of(index.taxonomy, facet)) or "none" for facet in Facet}
    count = len(index.documents)
    return (
        f"Answers from a library of case studies ({count} document{'s' * (count != 1)}), with the exact words behind every "
        "sentence. Cite them. What the library does not hold is refused, with the reason: say so instead of guessing. "
        f"Tools can be held to a theme ({names[Facet.THEME]}), an aspect ({names[Facet.ASPECT]}) or a case "
        f"({names[Facet.CASE]})."
    )
