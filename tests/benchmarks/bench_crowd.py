"""What many people at once ask of the web app, on a server that is started for it: errors, waiting times, memory.

Run as ``python -m tests.benchmarks.bench_crowd [--people N] [--every SECONDS] [--seconds N] [--processes N …]``; pytest does not
collect it. Each person is a websocket client that speaks Streamlit's own messages: it opens the page, then asks one of the tuning
questions every ``--every`` seconds, the people spread evenly over that time, as long as ``--seconds``. They come without a login,
and everyone has a conversation of their own. What is measured is the time from sending a question to the end of the script that
answers it; a person whose answer is late asks the next question at once, so with ``--every 0`` it is the most that is answered.

Several processes serve one index and one state folder, and each person stays with one of them, as a proxy would have it;
``--processes 1 2 1 2`` measures one, two, one and two of them, in turns. Beside what they answer in a second stands the processor
time that an answer took: what a process can answer where it has a core of its own, whatever else the machine does now.

Clients share the machine with the server: their own processor time is printed beside the server's, the machine's load, and, the
share of its processors that the host gave to others meanwhile. A run in which that is more than a few hundredths
measures the host.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
from argparse import ArgumentParser
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.server import CORPUS, Server, running

if TYPE_CHECKING:
    from collections.abc import Sequence

AIM_P95 = 2.0
_PATIENCE = 60


@dataclass
class Crowd:
    """What came of all questions: when each was asked, how long its answer took, and what went wrong."""

    waits: list[tuple[float, float]] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


@dataclass
class Person:
    """A browser as the server sees it."""

    socket: ClientConnection
    box: str = ""
    received: int = 0
    said: str = ""
    query: str = ""
    failed: bool = False

    async def finish(self) -> None:
        """Read what the server sends until its script has ended."""
        while True:
            message = ForwardMsg()
            data = await asyncio.wait_for(self.socket.recv(decode=False), _PATIENCE)
            message.ParseFromString(data)
            self.received += len(data)
            self._note(message)
            if message.WhichOneof("type") == "script_finished":
                return

    def _note(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "chat_input":
                self.box = element.chat_input.id
            case "markdown":
                self.said += element.markdown.body
            case "exception":
                self.failed = True

    async def open(self) -> None:
        """Open the page, as a browser does."""
        await self.socket.send(_rerun("").SerializeToString())
        await self.finish()

    async def ask(self, question: str) -> None:
        """Ask a question and read its answer.

        Raises:
            RuntimeError: none came.
        """
        message = _rerun(self.query)
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self.box
        state.chat_input_value.data = question
        self.said, self.failed = "", False
        await self.socket.send(message.SerializeToString())
        await self.finish()
        if self.failed:
            raise RuntimeError("the script failed")
        if "](?document=" not in self.said and "**" not in self.said:
            raise RuntimeError("no answer")


def _rerun(query: str) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = query
    return message


async def live(address: str, crowd: Crowd, number: int, asked: Sequence[str], every: float, until: float) -> None:
    """Be one person: come, and ask until it is over."""
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    try:
        async with connect(url, max_size=None, origin=address, subprotocols=["streamlit"]) as socket:  # type: ignore[arg-type, list-item]
            person, began = Person(socket), perf_counter()
            await person.open()
            crowd.loads.append(perf_counter() - began)
            await _question_after_question(person, crowd, number, asked, every, until)
    except Exception as error:
        crowd.errors[f"{type(error).__name__}: {error}"] += 1


async def _question_after_question(
    person: Person, crowd: Crowd, number: int, asked: Sequence[str], every: float, until: float
) -> None:
    at = perf_counter() + every
    while at < until:
        await asyncio.sleep(max(at - perf_counter(), 0))
        began, before = perf_counter(), person.received
        await person.ask(asked[number % len(asked)])
        crowd.waits.append((began, perf_counter() - began))
        crowd.sizes.append(person.received - before)
        number, at = number + 7, max(at + every, perf_counter())


async def watch(servers: Sequence[Server], crowd: Crowd, until: float) -> None:
    began = perf_counter()
    while perf_counter() < until:
        crowd.memory.append((perf_counter() - began, sum(server.memory() for server in servers)))
        await asyncio.sleep(10)


def questions() -> list[str]:
    """Return the tuning half of the library's questions."""
    lines = (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [one["question"] for one in map(json.loads, lines) if one.get("split") == "tuning"]


async def gather(servers: Sequence[Server], people: int, every: float, seconds: float) -> Crowd:
    crowd, asked = Crowd(), questions()
    until = perf_counter() + seconds

    async def come(number: int) -> None:
        await asyncio.sleep(every * number / people)
        await live(servers[number % len(servers)].address, crowd, number, asked, every, until)

    await asyncio.gather(watch(servers, crowd, until), *(come(number) for number in range(people)))
    return crowd


def processor_time() -> tuple[float, float]:
    """Return the processor time of this machine since it started, in ticks: all of it, and what its host gave to others."""
    ticks = [int(one) for one in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return sum(ticks), ticks[-1]


def processor_seconds(servers: Sequence[Server]) -> float:
    return sum(server.processor_seconds() for server in servers)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time of servers and of clients, and the share of the machine's that its host gave to others."""

    servers: float
    clients: float
    stolen: float


def measured(servers: Sequence[Server], people: int, every: float, seconds: float) -> tuple[Crowd, Spent]:
    """Let people ask some servers, and return what came of it and what it took."""
    busy, own = processor_seconds(servers), resource.getrusage(resource.RUSAGE_SELF)
    ticks, taken = processor_time()
    crowd = asyncio.run(gather(servers, people, every, seconds))
    now, stolen = (
        resource.getrusage(resource.RUSAGE_SELF),
        (processor_time()[1] - taken) / (processor_time()[0] - ticks),
    )
    clients = now.ru_utime + now.ru_stime - own.ru_utime - own.ru_stime
    return crowd, Spent(processor_seconds(servers) - busy, clients, stolen)


def shown(crowd: Crowd, spent: Spent, processes: int, seconds: float) -> Table:
    """Return what is printed of a crowd."""
    answers, errors = len(crowd.waits), sum(crowd.errors.values())
    table = Table("", "p50", "p95", "longest", title=f"{processes} processes: {answers} answers, {errors} errors")
    for name, values in (("question to answer, s", [wait for _, wait in crowd.waits]), ("page opened, s", crowd.loads)):
        table.add_row(name, *(f"{np.percentile(values, share):.2f}" for share in (50, 95, 100)))
    table.add_row("bytes an answer", *(f"{np.percentile(crowd.sizes, share):,.0f}" for share in (50, 95, 100)))
    table.caption = (
        f"aim: p95 <= {AIM_P95} s. {answers / seconds:.1f} answers a second, {answers / seconds / processes:.1f} a process, "
        f"{1_000 * spent.servers / answers:.0f} ms of a processor each. Cores busy: servers {spent.servers / seconds:.2f}, "
        f"clients {spent.clients / seconds:.2f} of {os.cpu_count()}; load {os.getloadavg()[0]:.1f}; the host gave "
        f"{spent.stolen:.0%} to others. {dict(crowd.errors) or ''}"
    )
    return table


def main() -> None:
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--processes", type=int, nargs="+", default=[1])
    chosen = parser.parse_args()
    console = Console(width=130)
    for processes in chosen.processes:
        with TemporaryDirectory() as folder, ExitStack() as stack:
            servers = [stack.enter_context(running(Path(folder), "--no-login")) for _ in range(processes)]
            crowd, spent = measured(servers, chosen.people, chosen.every, chosen.seconds)
        console.print(shown(crowd, spent, processes, chosen.seconds))
        console.print("Memory of the servers, MB:", json.dumps([[round(at), round(size)] for at, size in crowd.memory]))


if __name__ == "__main__":
    main()
