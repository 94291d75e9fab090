"""An index several times over: what is asked of a million passages, without the hour that it takes to build them.

Every segment is copied byte by byte, its documents under other names, so that files, searches and memory are those of so many
passages. Each passage is there as often, so what is found stands several times; that costs what it would cost otherwise.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.generations import current, new_generation, publish, verify

if TYPE_CHECKING:
    from pathlib import Path


def copy_index(index: Path, to: Path, times: int) -> None:
    """Write an index that holds another so many times."""
    old = current(index)
    manifest = verify(old)
    with new_generation(to) as folder:
        for path in old.iterdir():
            if path.is_file() and path.name != "manifest.json":
                shutil.copy(path, folder)
        segments = []
        for copy in range(times):
            for one in manifest.segments:
                documents = tuple(replace(record, id=f"{copy}/{record.id}") for record in one.documents)
                segments.append(replace(one, number=len(segments) + 1, documents=documents))
                shutil.copytree(old / one.folder, folder / segments[-1].folder)
        publish(folder, replace(manifest, segments=tuple(segments)))
