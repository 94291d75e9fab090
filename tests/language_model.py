"""A server that speaks OpenAI's protocol over real HTTP and says what a script tells it to: a language model that can lie."""

from __future__ import annotations

import json
import re
import select
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_EVIDENCE = re.compile(r"^\[(\d+)\] \((.*?)\) (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Status:
    """Answer with a status and a body in place of a stream; the first thing that a script says, or nothing."""

    code: int
    body: str = "{}"


@dataclass(frozen=True)
class Raw:
    """Send bytes as they are."""

    data: bytes


@dataclass(frozen=True)
class Finish:
    """End for a reason of its own; without one the stream ends with "stop"."""

    reason: str


class Silence:
    """Say nothing more until the client has gone."""


class Cut:
    """Close the connection here."""


@dataclass(frozen=True)
class Request:
    """What the client asked."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def rules(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def prompt(self) -> str:
        """The evidence and the question, after the example."""
        said = [str(one["content"]) for one in self.body["messages"] if one["role"] == "user"]
        return next(one for one in reversed(said) if one.startswith("EVIDENCE"))

    @property
    def is_repair(self) -> bool:
        return not str(self.body["messages"][-1]["content"]).startswith("EVIDENCE")

    @property
    def evidence(self) -> dict[int, str]:
        """The numbered sentences, as they stand in the prompt."""
        return {int(number): text for number, _, text in _EVIDENCE.findall(self.prompt)}

    def number_of(self, words: str) -> int | None:
        """Return the number of the evidence that holds some words."""
        found = (number for number, text in self.evidence.items() if words in text)
        return next(found, None)


Said = str | Status | Raw | Finish | Silence | Cut


@dataclass
class ScriptedModel:
    """Where the server listens, and what it was asked. ``hung_up`` is set when a client goes while the model is silent."""

    url: str
    requests: list[Request] = field(default_factory=list)
    hung_up: Event = field(default_factory=Event)


@contextmanager
def speaking(script: Callable[[Request], Iterable[Said]]) -> Iterator[ScriptedModel]:
    """Serve a script on a free port of this machine."""
    model = ScriptedModel("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script, model))
    server.daemon_threads = True
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(script: Callable[[Request], Iterable[Said]], model: ScriptedModel) -> type[_Handler]:
    return type("Handler", (_Handler,), {"script": staticmethod(script), "model": model})


class _Handler(BaseHTTPRequestHandler):
    script: Callable[[Request], Iterable[Said]]
    model: ScriptedModel

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        request = Request(self.path, dict(self.headers), json.loads(self.rfile.read(length)))
        self.model.requests.append(request)
        try:
            self._say(self.script(request))
        except (BrokenPipeError, ConnectionResetError):
            self.model.hung_up.set()

    def _say(self, said: Iterable[Said]) -> None:
        finish, begun = "stop", False
        for one in said:
            if isinstance(one, Status):
                self._refuse(one)
                return
            begun = begun or self._begin()
            if isinstance(one, Silence | Cut):
                self._wait() if isinstance(one, Silence) else None
                return
            if isinstance(one, Finish):
                finish = one.reason
            else:
                self.wfile.write(one.data if isinstance(one, Raw) else _chunk({"content": one}, None))
        begun = begun or self._begin()
        self.wfile.write(_chunk({}, finish) + b"data: [DONE]\n\n")

    def _begin(self) -> bool:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        return True

    def _refuse(self, status: Status) -> None:
        body = status.body.encode()
        self.send_response(status.code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _wait(self) -> None:
        ready, _, _ = select.select([self.connection], [], [], 20)
        if ready and not self.connection.recv(1, socket.MSG_PEEK):
            self.model.hung_up.set()

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


def _chunk(delta: dict[str, str], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    table = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(table)}\n\n".encode()
