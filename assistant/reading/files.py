"""The files of a corpus: which there are, what they hold, and which must not be opened."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import partial
from hashlib import file_digest, sha256
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ReadingError
from assistant.sidecars import SUFFIX, possible_sidecars, sidecar_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SMALL = 65_536
"""Files up to this many bytes are hashed at one go: ``file_digest`` sets 256 kB aside for each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read: its bytes, and the characters and blocks of its text."""

    bytes: int
    characters: int
    blocks: int


NO_LIMITS = Limits(2**62, 2**62, 2**62)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus: its id (path below the corpus folder), where it is, and the SHA-256 of its bytes.

    What cannot be opened, is no file or is a link out of the corpus has an empty SHA-256; reading it says why. ``sidecar`` is
    the SHA-256 of what stands beside it, empty where nothing does.
    """

    id: str
    path: Path
    sha256: str
    sidecar: str = ""


def sources(corpus: Path, index: Path | None = None) -> Iterator[Source]:
    """Yield what lies in the corpus and is meant to be read, by name.

    Hidden files are passed over, and so are the folder's own README, its settings (``.toml``, ``.jsonl``) and the folder of
    the index where that lies inside.
    """
    corpus, index = corpus.absolute(), index.absolute() if index else None
    paths = sorted(_walk(corpus, index), key=attrgetter("parts"))
    sidecars = _folded(path for path in paths if path.suffix.casefold() == SUFFIX)
    for path in paths:
        relative = path.relative_to(corpus)
        if _is_document(relative):
            sidecar = "" if sidecars.isdisjoint(_folded(possible_sidecars(path))) else _sidecar(path, corpus)
            yield Source(_clean(relative.as_posix()), path, _sha256(path, corpus), sidecar)


def _folded(paths: Iterable[Path]) -> set[str]:
    return {str(path).casefold() for path in paths}


def _walk(corpus: Path, index: Path | None) -> Iterator[Path]:
    """Yield all that lies in the corpus but folders, also links to folders; what lies behind these is passed over.

    A folder that cannot be listed is yielded itself: reading it says so.
    """
    unlisted: list[Path] = []
    yield from _listed(corpus, index, unlisted)
    yield from unlisted


def _listed(corpus: Path, index: Path | None, unlisted: list[Path]) -> Iterator[Path]:
    for name, folders, files in os.walk(corpus, onerror=lambda error: unlisted.append(Path(error.filename))):
        folder = Path(name)
        links = [one for one in folders if (folder / one).is_symlink()]
        folders[:] = [one for one in folders if not _is_hidden(one) and folder / one != index]
        yield from (folder / one for one in (*files, *links) if folder / one != index)


def contents(path: Path, corpus: Path | None = None, limits: Limits = NO_LIMITS) -> bytes:
    """Return the bytes of a file, which may be any path: it is opened only if it is a file, and inside the corpus if given.

    Raises:
        ReadingError: it is no such file, cannot be opened, or is larger than the limit.
    """
    _check_file(path, corpus)
    name = path.name
    try:
        with os.fdopen(_opened(path), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ReadingError(_no_file(name))
            if status.st_size > limits.bytes:
                raise ReadingError(
                    f'"{name}" is larger than {limits.bytes:,} bytes. Split it, or raise CASEWISE_LARGEST_FILE.'
                )
            content = file.read(status.st_size + 1)
    except FileNotFoundError as error:
        raise ReadingError(_gone(name)) from error
    except OSError as error:
        raise ReadingError(f'"{name}" cannot be opened ({error.strerror}). Check its permissions.') from error
    if len(content) != status.st_size:
        raise ReadingError(f'"{name}" changes while it is read. Rebuild the index once it is complete.')
    return content


def _opened(path: Path) -> int:
    """Open a file without waiting, as opening a pipe would."""
    flags = ("O_BINARY", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC")
    return os.open(path, os.O_RDONLY | sum(getattr(os, flag, 0) for flag in flags))


def _check_file(path: Path, corpus: Path | None) -> None:
    name = _clean(path.name)
    if name != path.name:
        raise ReadingError(f'"{name}" has a name that is not UTF-8, or has a line end in it. Rename it.')
    if corpus is not None and _leads_out(path, corpus):
        raise ReadingError(f'"{name}" is a link to something outside the corpus folder. Put the document itself there.')
    if not path.exists():
        raise ReadingError(_gone(name))
    if path.is_dir() and not path.is_symlink():  # only such folders are listed among the files
        raise ReadingError(f'"{name}" is a folder that cannot be opened. Check its permissions.')
    if not path.is_file():
        raise ReadingError(_no_file(name))


def _gone(name: str) -> str:
    return f'"{name}" is not there, or is a link to something that is not. Remove it, or mend the link.'


def _no_file(name: str) -> str:
    return f'"{name}" is a folder, a device or a pipe, or a link to one. Put the documents themselves into the corpus.'


def _leads_out(path: Path, corpus: Path) -> bool:
    """Tell whether a path of the corpus folder ends, by links, at something that exists outside."""
    if not path.absolute().is_relative_to(corpus.absolute()):
        return False
    try:
        return not path.resolve(strict=True).is_relative_to(corpus.resolve())
    except (OSError, RuntimeError):  # nothing is there, or the links go round
        return False


def _clean(name: str) -> str:
    """Return a file's name as text that can be written; bytes of it that are no UTF-8 are replaced."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", name.encode("utf-8", "replace").decode())


def _sha256(path: Path, corpus: Path) -> str:
    """Return the SHA-256 of a file that a walk through the corpus came upon: no folder above it is a link."""
    try:
        if not path.is_file() or (path.is_symlink() and _leads_out(path, corpus)):
            return ""
        with os.fdopen(_opened(path), "rb") as file:
            begins = file.read(_SMALL)
            return (file_digest(file, partial(sha256, begins)) if len(begins) == _SMALL else sha256(begins)).hexdigest()
    except OSError:
        return ""


def _sidecar(path: Path, corpus: Path) -> str:
    try:
        sidecar = sidecar_of(path)
    except ReadingError as error:  # two of them; reading the document says so
        return sha256(str(error).encode()).hexdigest()
    return _sha256(sidecar, corpus) if sidecar else ""


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~"))


def _is_document(relative: Path) -> bool:
    settings = relative.name.lower() == "readme.md" or relative.suffix.lower() in {".toml", ".jsonl"}
    return not settings and not any(map(_is_hidden, relative.parts))
