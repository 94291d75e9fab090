"""The process that reads files for another, within limits: ``python -m assistant.reading.worker LIMITS PARENT``.

It takes one request a line and answers each with two lines, first the SHA-256 of the bytes and who reads them, then the document
or why there is none. It ends with the process that started it, and never outlives a file that brought it down.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from assistant.errors import ReadingError
from assistant.reading import Limits, contents, read_content
from assistant.reading.formats import reader_of
from assistant.reading.wire import decoded, encoded, packed

if TYPE_CHECKING:
    from typing import BinaryIO

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Read what is asked for until there is nothing more to ask."""
    given = json.loads(sys.argv[1])
    answers = _private_output()
    _end_with(int(sys.argv[2]))
    _hold_to(given.pop("memory"))
    requests: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(requests,), daemon=True).start()
    _answer(answers, {"ready": True})
    while True:
        _read(answers, decoded(requests.get()), Limits(**given))


def _read(answers: BinaryIO, request: dict[str, Any], limits: Limits) -> None:
    path, corpus = Path(request["path"]), Path(request["corpus"])
    try:
        content = contents(path, corpus, limits)
        _answer(answers, {"sha256": sha256(content).hexdigest(), "reader": reader_of(content, path.name)})
        _answer(answers, {"document": packed(read_content(content, path, request["id"], limits))})
    except ReadingError as error:
        _answer(answers, {"refused": str(error)})
    except MemoryError:
        _answer(answers, {"fault": "memory"})
        os._exit(1)
    except RecursionError:
        _answer(answers, {"fault": "nesting"})
    except Exception as error:  # whatever a file does to its reader, it is that file's, and the next one is read
        place = extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        _answer(answers, {"fault": "reader", "where": where})


def _answer(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(encoded(message))
    answers.flush()


def _private_output() -> BinaryIO:
    """Return standard output, and send what a library prints there nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _listen(requests: SimpleQueue[bytes]) -> None:
    """Pass requests on; where there will be none any more, end at once, even in the middle of a file."""
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


def _end_with(parent: int) -> None:
    """End when the parent does, even while a library holds the interpreter; an interrupt is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _hold_to(memory: int) -> None:
    """Let the process have no more than ``memory`` bytes of address space, where the system can be told so."""
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory)):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main()
