"""Which files of a generation were held against their checksums: a large one that has not changed since is not read again.

To read gigabytes at every opening takes longer than all else. A file counts as the one that was checked as long as it is the
same one on disk, as long, and was not written since; what goes bad on the disk itself is told by ``casewise check``, which reads
all. Who cannot write into the folder of the index checks everything at every opening.

::

    index/.checked               the name of a generation, and for each file its number on disk, its size and when it was written
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGE = 4_000_000
"""From how many bytes on a file is not read again."""
_NAME = ".checked"


def note(folder: Path, names: Iterable[str]) -> None:
    """Note that files of a generation are as their checksums say; where that cannot be written, they are checked again."""
    with suppress(OSError):
        found = {name: _state(folder / name) for name in names}
        written = folder.parent / f"{_NAME}-{os.getpid()}"
        written.write_text(json.dumps({"generation": folder.name, "files": found}), encoding="utf-8")
        written.replace(folder.parent / _NAME)


def known(folder: Path) -> set[str]:
    """Return the large files of a generation that were checked, and have not changed since."""
    try:
        noted = json.loads((folder.parent / _NAME).read_text(encoding="utf-8"))
        files = noted["files"] if noted["generation"] == folder.name else {}
        return {name for name, state in files.items() if state[1] >= LARGE and _state(folder / name) == state}
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
    ):  # whatever it holds, all can be checked
        return set()


def _state(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_ino, status.st_size, status.st_mtime_ns]
