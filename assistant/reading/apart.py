"""Reading in processes of their own, so that a file that breaks a limit, or its reader, costs nothing but itself.

Each worker process reads one file at a time. One that dies, takes too long or runs out of memory is replaced.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from queue import Empty, LifoQueue
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.reading.processes import Process
from assistant.reading.wire import unpacked

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from concurrent.futures import Future
    from typing import Self

    from assistant.reading import Source
    from assistant.reading.processes import Reply
    from assistant.settings import Settings
    from assistant.types import Document

_MOST_PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a source: its document, or the reason why there is none.

    ``sha256`` is of the bytes that were read, which may be others than when the source was listed; where none were, it is
    the source's own. ``seconds`` is how long it took, ``reader`` who
    read them (see ``formats.reader_of``).
    """

    source: Source
    document: Document | None
    reason: str | None
    seconds: float
    sha256: str
    reader: str = ""


def limits_of(settings: Settings) -> str:
    """Return the limits that files are read within, as one text: what was refused within others is read again."""
    names = ("largest_file", "largest_text", "largest_outline", "reading_seconds", "reading_memory")
    return " ".join(f"{getattr(settings, name):g}" for name in names)


def read_apart(sources: Sequence[Source], settings: Settings) -> Generator[Read]:
    """Read files in processes of their own, and yield what became of each, in their order.

    Raises:
        ReadingError: no process can be started.
    """
    with reading_apart(sources, settings) as reading:
        yield from reading


@contextmanager
def reading_apart(sources: Sequence[Source], settings: Settings) -> Iterator[Iterator[Read]]:
    """Start reading files in processes of their own, and give an iterator over what becomes of each, in their order.

    No more documents are held than there are processes, and one. The processes start at once and end with the block.

    Raises:
        ReadingError: no process can be started; raised by the iterator.
    """
    count = min(_MOST_PROCESSES, _cores(), len(sources))
    if not count:
        yield iter(())
        return
    with _Processes(settings) as processes, ThreadPoolExecutor(count, "reading") as threads:
        coming = (threads.submit(processes.read, source) for source in sources)
        waiting = deque(islice(coming, count + 1))
        try:
            yield _results(waiting, coming)
        finally:
            for future in waiting:
                future.cancel()
            processes.stop()


def _results(waiting: deque[Future[Read]], coming: Iterator[Future[Read]]) -> Iterator[Read]:
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(islice(coming, 1))


def _cores() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class _Processes:
    """Processes that read files; an idle one is kept for the next file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: LifoQueue[Process] = LifoQueue()
        self._running: set[Process] = set()
        self._lock = Lock()
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all processes, once no thread speaks to one any more."""
        self.stop()
        for process in self._running:
            process.close()

    def stop(self) -> None:
        """Kill all processes, also in the middle of a file, and start no more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.kill()

    def read(self, source: Source) -> Read:
        """Read one file. What brings down a process that has read others before is tried once more in a new one."""
        begin = perf_counter()
        while True:
            process = self._process()
            was_new, reply = process.is_new, process.ask(source)
            self._put_back(process, reply)
            if was_new or not reply.is_last:
                break
        document, reason = _outcome(source, reply, self._settings)
        seconds = perf_counter() - begin
        return Read(source, document, reason, seconds, reply.sha256 or source.sha256, reply.reader)

    def _process(self) -> Process:
        with suppress(Empty):
            return self._idle.get_nowait()
        process = Process(self._settings)
        with self._lock:
            self._running.add(process)
            if self._stopped:
                process.kill()
        return process

    def _put_back(self, process: Process, reply: Reply) -> None:
        if not (reply.is_last or reply.is_late):
            self._idle.put(process)
            return
        with self._lock:
            self._running.discard(process)
        process.close()


def _outcome(source: Source, reply: Reply, settings: Settings) -> tuple[Document | None, str | None]:
    message = reply.message
    if "document" in message:
        return unpacked(message["document"]), None
    return None, message.get("refused") or _fault(source.path.name, reply, settings)


def _fault(name: str, reply: Reply, settings: Settings) -> str:
    """Return why a file could not be read, with what to do about it."""
    if reply.is_late:
        return (
            f'"{name}" takes longer than {settings.reading_seconds:g} seconds to read. '
            "Split it, or raise CASEWISE_READING_SECONDS."
        )
    fault = reply.message.get("fault")
    if fault == "memory":
        return (
            f'"{name}" takes more than {settings.reading_memory:,} bytes of memory to read. '
            "Split it, or raise CASEWISE_READING_MEMORY."
        )
    if fault == "nesting":
        return f'"{name}" is nested too deeply to be read. Save it in a simpler form, or remove it.'
    how = reply.message.get("where", reply.ending)
    return f'"{name}" brought its reader down ({how}). It may be damaged: save it again, or in another format.'
