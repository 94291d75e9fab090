"""Drivers started, watched and understood: one process a task, its memory and that of what it starts counted all along."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[3]
_EVERY = 0.05
_LAST_WORDS = 300


class DriverFailed(Exception):
    """A driver ended without an answer; the message has its last words."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a driver answered, how long that took from the start of its process, and the most memory in use, in bytes."""

    answer: dict[str, Any]
    seconds: float
    memory: int


def drive(python: Path, key: str, request: dict[str, Any], patience: float) -> Outcome:
    """Let a driver in an environment do what is asked of it, within so many seconds.

    Raises:
        DriverFailed: it ended without an answer, or took longer.
    """
    command = [str(python), "-m", "tests.benchmarks.peers.driver", key]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true", "PYTHONPATH": str(ROOT)}
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        begun = perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, cwd=ROOT, env=environment
        )
        with _Watch(process.pid) as watch:
            line = _answer(process, request, patience)
            took = perf_counter() - begun
        said.seek(0)
        return Outcome(understood(line, process.returncode, said.read()), took, watch.most)


def _answer(process: subprocess.Popen[str], request: dict[str, Any], patience: float) -> str:
    try:
        return process.communicate(json.dumps(request) + "\n", timeout=patience)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def understood(line: str, code: int | None, said: str) -> dict[str, Any]:
    """Return the answer that a driver wrote.

    Raises:
        DriverFailed: it wrote none; the message has its exit code, and the end of what it said.
    """
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise DriverFailed(f"exit code {code}: {' '.join(said.split())[-_LAST_WORDS:]}") from error
    if not isinstance(answer, dict):
        raise DriverFailed(f"answered {line[:_LAST_WORDS]!r}, no object")
    return answer


class _Watch:
    """The most memory that a process and all below it have in use together, looked at twenty times a second."""

    def __init__(self, process: int) -> None:
        self.most, self._process, self._done = 0, process, Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_EVERY):
            self.most = max(self.most, sum(map(resident, family(self._process))))


def resident(process: int) -> int:
    """Return the memory that a process has in use, in bytes; 0 for one that has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def family(process: int) -> Iterator[int]:
    """Yield a process and all that it and they have started."""
    yield process
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found = tasks.read_text(encoding="ascii").split()
        except OSError:  # a thread that has ended
            continue
        for child in found:
            yield from family(int(child))
