"""A page of a document's PDF, drawn in a process of its own: a PDF that breaks its reader costs a sentence, not the server.

As a program (``python -m assistant.drawing MEMORY SECONDS``) this module is that process: it reads what is asked for, a line of
JSON and then the PDF, and answers with a line of JSON and then the picture.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from assistant.errors import ReadingError
from assistant.pictures import PageView, page_view
from assistant.reading import Limits, contents

if TYPE_CHECKING:
    from assistant.manifest import Record
    from assistant.settings import Settings

SECONDS = 20
"""The longest that one page may take to draw: a page of text takes 0.8 s on a busy machine, much of it the process's start."""

_AT_ONCE = BoundedSemaphore(2)
_ROOT = Path(__file__).resolve().parent.parent


def draw_page(record: Record, settings: Settings, page: int, words: str, width: int) -> PageView:
    """Return a page, counted from 1, of the document that a record of the index tells of, with ``words`` marked on it.

    Raises:
        ReadingError: the corpus does not hold the file any more as it was indexed, or the page cannot be drawn.
    """
    limits = Limits(settings.largest_file, settings.largest_text, settings.largest_outline)
    content = contents(settings.corpus / record.id, settings.corpus, limits)
    if sha256(content).hexdigest() != record.sha256:
        raise ReadingError(f'"{record.id}" has changed since it was indexed. Rebuild the index to see its pages.')
    request = json.dumps({"page": page, "words": words, "width": width}).encode()
    with _AT_ONCE:
        return _understood(_asked(request + b"\n" + content, settings, record.id), record.id)


def _asked(request: bytes, settings: Settings, name: str) -> bytes:
    # "-P" and PYTHONPATH: this package is imported, and nothing from the folder that someone happens to work in.
    paths = filter(os.path.isabs, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    try:
        return subprocess.run(  # noqa: S603 - our own module, by this very interpreter
            [sys.executable, "-P", "-m", "assistant.drawing", str(settings.reading_memory), str(SECONDS)],
            input=request,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_ROOT), *paths))},
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise ReadingError(
            f'The page of "{name}" takes longer than {SECONDS} seconds to draw. Read its text.'
        ) from error
    except OSError as error:
        raise ReadingError(f"No process can be started to draw the page: {error}. Read its text.") from error


def _understood(answer: bytes, name: str) -> PageView:
    line, _, picture = answer.partition(b"\n")
    with suppress(ValueError, TypeError):
        said: dict[str, Any] = json.loads(line)
        if "refused" in said:
            raise ReadingError(said["refused"])
        return PageView(picture, **said)
    raise ReadingError(
        f'The page of "{name}" cannot be drawn: the PDF may be damaged. Read its text, or save it again.'
    )


def main() -> None:
    """Draw the one page that is asked for."""
    _hold_to(*map(int, sys.argv[1:3]))
    request, _, content = sys.stdin.buffer.read().partition(b"\n")
    try:
        said = asdict(page_view(content, **json.loads(request)))
        picture = said.pop("picture")
    except ReadingError as error:
        said, picture = {"refused": str(error)}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + picture)


def _hold_to(memory: int, seconds: int) -> None:
    """Let the process have so many bytes of address space and seconds of work, where the system can be told so."""
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main()
