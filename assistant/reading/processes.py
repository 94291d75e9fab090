"""One process that reads files, from the side of the one that asks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO, TYPE_CHECKING, Any, cast

from assistant.errors import ReadingError
from assistant.reading.wire import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading import Source
    from assistant.settings import Settings

_MODULE = "assistant.reading.worker"
_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a process said of a file: the SHA-256 of its bytes, who reads them, and a message; nothing where it died before.

    ``is_last`` replies come from a process that cannot be asked again; ``is_late`` ones had to be waited for too long, and
    ``ending`` says how the process ended.
    """

    sha256: str = ""
    reader: str = ""
    message: dict[str, Any] = field(default_factory=dict)
    is_last: bool = False
    is_late: bool = False
    ending: str = ""


class Process:
    """A process of ``assistant.reading.worker``, held to the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        """Start the process.

        Raises:
            ReadingError: it cannot be started.
        """
        self.is_new = True
        self._seconds = settings.reading_seconds
        self._corpus = str(settings.corpus.absolute())
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._is_late = False
        try:
            self._process = self._start(settings)
        except OSError as error:
            self._errors.close()
            raise _cannot_start(str(error)) from error
        if self._lines(1, _START_SECONDS) != [b'{"ready":true}\n']:
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines() or ["it ended at once"]
            self.close()
            raise _cannot_start(said[-1])

    def ask(self, source: Source) -> Reply:
        """Have a file read."""
        self.is_new = False
        request = {"path": str(source.path.absolute()), "id": source.id, "corpus": self._corpus}
        with suppress(OSError):  # a process that is gone says nothing
            self._input.write(json.dumps(request).encode() + b"\n")
            self._input.flush()
        lines = self._lines(2, self._seconds)
        return self._understood(lines)

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of what connects to it."""
        self.kill()
        self._process.wait()
        for file in (self._input, self._output, self._errors):
            with suppress(OSError):
                file.close()

    @property
    def _input(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    @property
    def _output(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdout)

    def _start(self, settings: Settings) -> subprocess.Popen[bytes]:
        limits = {
            "bytes": settings.largest_file,
            "characters": settings.largest_text,
            "blocks": settings.largest_outline,
            "memory": settings.reading_memory,
        }
        # "-P" and PYTHONPATH: this package is imported, and nothing from the folder that someone happens to work in.
        paths = filter(os.path.isabs, os.environ.get("PYTHONPATH", "").split(os.pathsep))
        return subprocess.Popen(  # noqa: S603 - our own module, by this very interpreter
            [sys.executable, "-P", "-m", _MODULE, json.dumps(limits), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_ROOT), *paths))},
        )

    def _lines(self, count: int, seconds: float) -> list[bytes]:
        """Return the next lines that the process writes, up to the second that says what became of a file."""
        found: list[bytes] = []
        with self._watched(seconds):
            while len(found) < count and (line := self._output.readline()).endswith(b"\n"):
                found.append(line)
                if not line.startswith(b'{"sha256"'):
                    break
        return found

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """Kill the process if what is done with it takes longer."""
        watch = Timer(seconds, self._give_up)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _give_up(self) -> None:
        self._is_late = True
        self.kill()

    def _understood(self, lines: list[bytes]) -> Reply:
        messages = [decoded(line) for line in lines]
        said: dict[str, Any] = {key: value for message in messages for key, value in message.items()}
        read = said.pop("sha256", ""), said.pop("reader", "")
        if not said:
            return Reply(*read, is_last=not self._is_late, is_late=self._is_late, ending=self._ending())
        return Reply(*read, said, is_last=said.get("fault") == "memory" or self._is_late)

    def _ending(self) -> str:
        self.kill()
        status = self._process.wait()
        signals = {one.value: one.name for one in signal.Signals}
        return signals.get(-status, f"signal {-status}") if status < 0 else f"exit code {status}"


def _cannot_start(why: str) -> ReadingError:
    return ReadingError(
        f"Files are read in processes of their own, and none can be started: {why}. "
        "Allow this program to start others, or free some memory."
    )
