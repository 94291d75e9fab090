"""Generations of an index on disk: written beside the old one, checked, switched to by one atomic rename.

::

    index/
      CURRENT                      the name of the generation in use, and the SHA-256 of its manifest
      generation-20261123T101500-1f3a/
        manifest.json              format, model, taxonomy, documents, and the SHA-256 of every other file
        …
      .lock                        held by whoever builds; the system lets go of it when its holder dies
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from assistant.errors import IndexDamaged, IndexFault, IndexMismatch, IndexMissing

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

FORMAT = 4
"""Rises whenever an index built before can no longer be read, or would read differently."""

MANIFEST = "manifest.json"
_CURRENT = "CURRENT"
_LOCK = ".lock"
_BUILDING = ".building-"
_PREFIX = "generation-"
_LOCK_SECONDS = 60
_REMEDY = 'Run "casewise index" to rebuild it.'


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be read: the SHA-256 of its bytes, and why."""

    sha256: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and consists of."""

    model: str
    model_sha256: str
    dimensions: int
    taxonomy_sha256: str
    passage_characters: int
    documents: Mapping[str, str]
    refused: Mapping[str, Refusal]
    passages: int
    sentences: int
    built_at: str = ""
    format: int = FORMAT
    files: Mapping[str, str] = field(default_factory=dict)


def current(index: Path) -> Path:
    """Return the folder of the generation in use.

    Raises:
        IndexMissing: there is none.
        IndexDamaged: its folder is gone.
    """
    return index / _read_current(index)[0]


def verify(folder: Path) -> Manifest:
    """Return a generation's manifest after every file was held against it.

    Raises:
        IndexDamaged: a file is missing, truncated or altered; the message names it.
        IndexMismatch: the generation has another format.
    """
    name, expected = _read_current(folder.parent)
    content = _read_manifest(folder)
    if name == folder.name and sha256(content).hexdigest() != expected:
        raise IndexDamaged(
            f'"{folder / MANIFEST}" is not the one that "{folder.parent / _CURRENT}" stands for: '
            f"one of them was altered. {_REMEDY}"
        )
    manifest = _parse_manifest(folder, content)
    for file, digest in manifest.files.items():
        _check_file(folder / file, digest)
    return manifest


@contextmanager
def new_generation(index: Path) -> Iterator[Path]:
    """Yield an empty folder to build in; nobody reads it until ``publish``. One builder at a time.

    Raises:
        IndexFault: another process has been building for longer than a minute, or the folder cannot be written to.
    """
    _check_folder(index)
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / _LOCK, timeout=_LOCK_SECONDS):
            for left_over in index.glob(f"{_BUILDING}*"):
                shutil.rmtree(left_over, ignore_errors=True)
            folder = index / f"{_BUILDING}{secrets.token_hex(4)}"
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Timeout as error:
        raise IndexFault(
            f'Another process is building the index in "{index}". Wait until it is done, or end it.'
        ) from error
    except OSError as error:
        raise IndexFault(
            f'The index cannot be written to "{index}" ({error.strerror or error}). '
            "Free some space or mend the permissions, or set CASEWISE_INDEX to another folder."
        ) from error


def publish(folder: Path, manifest: Manifest) -> Path:
    """Make a finished folder the generation in use, and remove those before the last one."""
    index = folder.parent
    previous = _name_of_current(index)
    now = datetime.now(UTC)
    content = _manifest_content(folder, manifest, now)
    _write(folder / MANIFEST, content)
    final = index / f"{_PREFIX}{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    for file in folder.rglob("*"):
        _sync(file)
    folder.rename(final)
    try:
        _write(index / f"{_CURRENT}.new", f"{final.name} {sha256(content).hexdigest()}\n".encode())
        (index / f"{_CURRENT}.new").replace(index / _CURRENT)
    finally:
        if _name_of_current(index) != final.name:
            shutil.rmtree(final, ignore_errors=True)
    _sync(index)
    _prune(index, {final.name, previous})
    return final


def _check_folder(index: Path) -> None:
    if index.exists() and not index.is_dir():
        raise IndexFault(
            f'"{index}" is a file, where the index needs a folder. Move it, or set CASEWISE_INDEX to another.'
        )


def _manifest_content(folder: Path, manifest: Manifest, now: datetime) -> bytes:
    files = {path.relative_to(folder).as_posix(): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    table = asdict(manifest) | {"files": files, "built_at": now.isoformat(timespec="seconds")}
    return json.dumps(table, indent=2, ensure_ascii=False).encode()


def _read_current(index: Path) -> tuple[str, str]:
    try:
        name, digest = (index / _CURRENT).read_text(encoding="utf-8").split()
    except FileNotFoundError as error:
        raise IndexMissing(f'There is no index in "{index}". Run "casewise index" to build it.') from error
    except (OSError, ValueError) as error:
        raise IndexDamaged(f'"{index / _CURRENT}" cannot be read. {_REMEDY}') from error
    if not name.startswith(_PREFIX) or (index / name).parent != index:
        raise IndexDamaged(f'"{index / _CURRENT}" names no generation. {_REMEDY}')
    if not _is_folder(index / name):
        raise IndexDamaged(f'"{index / name}", which "{index / _CURRENT}" names, is missing. {_REMEDY}')
    return name, digest


def _name_of_current(index: Path) -> str | None:
    try:
        return _read_current(index)[0]
    except IndexFault:
        return None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for the system
        return False


def _read_manifest(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise IndexDamaged(f'"{folder / MANIFEST}" cannot be read ({error.strerror}). {_REMEDY}') from error


def _parse_manifest(folder: Path, content: bytes) -> Manifest:
    try:
        table = json.loads(content)
        if table["format"] != FORMAT:
            raise IndexMismatch(
                f'The index in "{folder.parent}" has format {table["format"]}, this version of Casewise reads format {FORMAT}. '
                f"{_REMEDY}"
            )
        refused = {name: Refusal(**refusal) for name, refusal in table.pop("refused").items()}
        return Manifest(refused=refused, **table)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f'"{folder / MANIFEST}" is no manifest. {_REMEDY}') from error


def _check_file(path: Path, digest: str) -> None:
    try:
        found = _digest(path)
    except OSError as error:
        raise IndexDamaged(f'"{path}" cannot be read ({error.strerror}). {_REMEDY}') from error
    if found != digest:
        raise IndexDamaged(f'"{path}" was truncated or altered after the index was built. {_REMEDY}')


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _sync(path)


def _sync(path: Path) -> None:
    """Ask the system to put a file or folder on disk now, where it knows how."""
    flags = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) if path.is_dir() else os.O_RDONLY
    try:
        descriptor = os.open(path, flags)
    except OSError:  # folders cannot be opened on Windows
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(index: Path, kept: Container[str | None]) -> None:
    """Remove old generations, all but the new one and the one before: a reader may have just begun to open that one."""
    for folder in index.glob(f"{_PREFIX}*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
