"""Generations of an index on disk: written beside the old one, checked, switched to by one atomic rename.

::

    index/
      CURRENT                      the name of the generation in use, and the SHA-256 of its manifest
      generation-20261123T101500-1f3a/
        manifest.json              format, model, taxonomy, documents, and the SHA-256 of every other file
        segment-00f3/ …            what its documents came to; the same files as in the generation before where nothing changed
        …
      .checked                     which large files were held against their checksums
      .lock  .builder              held by whoever builds, and who that is; the system lets go of the lock when its holder dies
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING, Any

from assistant import checked
from assistant.errors import IndexDamaged, IndexFault, IndexMismatch, IndexMissing
from assistant.locks import Hold, builder, is_held
from assistant.manifest import FORMAT, Manifest, manifest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

MANIFEST = "manifest.json"
_CURRENT = "CURRENT"
_BUILDING = ".building-"
_PREFIX = "generation-"
_REMEDY = 'Run "casewise index" to rebuild it.'


def current(index: Path) -> Path:
    """Return the folder of the generation in use.

    Raises:
        IndexMissing: there is none.
        IndexDamaged: its folder is gone.
    """
    return index / _read_current(index)[0]


def verify(folder: Path, *, again: bool = False) -> Manifest:
    """Return a generation's manifest after every file was held against it; large ones ``again`` if they were before.

    Raises:
        IndexDamaged: a file is missing, truncated or altered; the message names it.
        IndexMismatch: the generation has another format.
    """
    manifest = sealed_manifest(folder)
    known = set() if again else checked.known(folder)
    for damage in damages(folder, manifest, known):
        raise IndexDamaged(damage)
    if not known and any((folder / name).stat().st_size >= checked.LARGE for name in manifest.files):
        checked.note(folder, manifest.files)
    return manifest


def sealed_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest, held against the checksum that stands beside its name.

    Raises:
        IndexDamaged: one of the two was altered.
        IndexMismatch: the generation has another format.
    """
    name, expected = _read_current(folder.parent)
    content = _read_manifest(folder)
    if name == folder.name and sha256(content).hexdigest() != expected:
        raise IndexDamaged(
            f'"{folder / MANIFEST}" is not the one that "{folder.parent / _CURRENT}" stands for: '
            f"one of them was altered. {_REMEDY}"
        )
    return _parse_manifest(folder, content)


def damages(folder: Path, manifest: Manifest, known: Container[str] = ()) -> Iterator[str]:
    """Yield what is wrong with the files of a generation but those that are ``known``: missing, truncated or altered."""
    for name, digest in manifest.files.items():
        try:
            if name not in known and _digest(folder / name) != digest:
                yield f'"{folder / name}" was truncated or altered after the index was built. {_REMEDY}'
        except OSError as error:
            yield f'"{folder / name}" cannot be read ({error.strerror}). {_REMEDY}'


def hold(folder: Path) -> Hold:
    """Keep a generation from being removed as long as the hold lasts.

    Raises:
        IndexDamaged: it has been removed already.
    """
    try:
        return Hold(folder / MANIFEST)
    except OSError as error:
        raise IndexDamaged(f'"{folder / MANIFEST}" cannot be read ({error.strerror}). {_REMEDY}') from error


@contextmanager
def new_generation(index: Path, wait: Callable[[str], object] = str) -> Iterator[Path]:
    """Yield an empty folder to build in; nobody reads it until ``publish``. One builder at a time.

    ``wait`` is told for whom, where another process is building.

    Raises:
        IndexFault: another process has been building for longer than a minute, or the folder cannot be written to.
    """
    _check_folder(index)
    try:
        index.mkdir(parents=True, exist_ok=True)
        with builder(index, wait):
            for left_over in index.glob(f"{_BUILDING}*"):
                shutil.rmtree(left_over, ignore_errors=True)
            folder = index / f"{_BUILDING}{secrets.token_hex(4)}"
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise IndexFault(
            f'The index cannot be written to "{index}" ({error.strerror or error}). '
            "Free some space or mend the permissions, or set CASEWISE_INDEX to another folder."
        ) from error


def carry(old: Path, new: Path) -> None:
    """Let a new generation have a file or a folder of an old one: a second name for the same bytes, or a copy.

    Bytes that are shared are neither written nor put through a checksum again.
    """
    if old.is_dir():
        new.mkdir()
        for path in old.iterdir():
            carry(path, new / path.name)
        return
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links
        shutil.copyfile(old, new)


def publish(folder: Path, manifest: Manifest, previous: Path | None = None) -> Path:
    """Make a finished folder the generation in use, and remove those that nobody reads any more.

    ``previous`` is the generation that files were carried from, if any.
    """
    index = folder.parent
    now = datetime.now(UTC)
    files = _digests(folder, previous)
    whole = replace(manifest, files=files, built_at=now.isoformat(timespec="seconds"), format=FORMAT)
    content = json.dumps(whole, default=_fields, ensure_ascii=False).encode()
    _write(folder / MANIFEST, content)
    for path in (*folder.rglob("*"), folder):
        if path.is_dir() or path.stat().st_nlink == 1:  # what is shared with another generation is on disk already
            _sync(path)
    final = index / f"{_PREFIX}{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    folder.rename(final)
    _sync(index)
    try:
        _write(index / f"{_CURRENT}.new", f"{final.name} {sha256(content).hexdigest()}\n".encode())
        (index / f"{_CURRENT}.new").replace(index / _CURRENT)
    finally:
        if _name_of_current(index) != final.name:
            shutil.rmtree(final, ignore_errors=True)
    _sync(index)
    checked.note(final, files)
    _prune(index, {final.name})
    return final


def _check_folder(index: Path) -> None:
    if index.exists() and not index.is_dir():
        raise IndexFault(
            f'"{index}" is a file, where the index needs a folder. Move it, or set CASEWISE_INDEX to another.'
        )


def _fields(part: Any) -> dict[str, Any]:
    """Return a part of a manifest as JSON has it."""
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _digests(folder: Path, previous: Path | None) -> dict[str, str]:
    """Return the SHA-256 of every file of a folder; those of files that were carried are known."""
    known = {} if previous is None else _known_digests(previous)
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = known.get(_identity(path)) or _digest(path)
    return found


def _known_digests(folder: Path) -> dict[tuple[int, int], str]:
    manifest = _parse_manifest(folder, _read_manifest(folder))
    return {_identity(folder / name): digest for name, digest in manifest.files.items()}


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


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
        return manifest_of(table)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f'"{folder / MANIFEST}" is no manifest. {_REMEDY}') from error


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


def _prune(index: Path, kept: Container[str]) -> None:
    """Remove old generations that nobody reads. Who was about to open one finds it gone, and opens the new one."""
    for folder in index.glob(f"{_PREFIX}*"):
        if folder.name not in kept and not is_held(folder / MANIFEST):
            shutil.rmtree(folder, ignore_errors=True)
