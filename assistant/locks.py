"""Who builds an index, and who reads it: locks that the system lets go of when their holder dies."""

from __future__ import annotations

import json
import os
import socket
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import finalize

from filelock import FileLock, Timeout

from assistant.errors import IndexFault

try:
    import fcntl
except ImportError:  # Windows keeps an open file from being removed by itself
    fcntl = None  # type: ignore[assignment]  # Windows has none

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LOCK, _BUILDER = ".lock", ".builder"
_LOCK_SECONDS = 60


@contextmanager
def builder(index: Path, wait: Callable[[str], object]) -> Iterator[None]:
    """Be the one process that builds in a folder; ``wait`` is told for whom, where there is another.

    Raises:
        IndexFault: another process has been building for longer than a minute.
    """
    lock = FileLock(index / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        wait(_who(index))
        try:
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout as error:
            raise IndexFault(
                f'Another process is building the index in "{index}": {_who(index)}. Wait until it is done, or end it.'
            ) from error
    try:
        _sign(index)
        yield
    finally:
        with suppress(OSError):
            (index / _BUILDER).unlink()
        lock.release()


def _sign(index: Path) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    name = {"process": os.getpid(), "host": socket.gethostname(), "since": now}
    (index / _BUILDER).write_text(json.dumps(name), encoding="utf-8")


def _who(index: Path) -> str:
    try:
        name = json.loads((index / _BUILDER).read_text(encoding="utf-8"))
        return f"process {name['process']} on {name['host']}, since {name['since']}"
    except (OSError, ValueError, KeyError, TypeError):  # it has not signed yet, or has just gone
        return "a process that has not given its name yet"


class Hold:
    """Keeps a file from being taken for unused, until it is closed or nobody knows it any more.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        self.close = finalize(self, os.close, descriptor)
        """Lets go of the file, once."""
        if fcntl:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Tell whether any process holds a file."""
    if not fcntl:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    else:
        return False
    finally:
        os.close(descriptor)
