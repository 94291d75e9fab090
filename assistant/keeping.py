"""Files put into the corpus folder, replaced there and removed from it, each whole or not at all.

Names come from whoever uploads a file. What is only oddly written is mended (``safe_name``); what means something to the library
or to a system, or is taken, is refused with what to do. A file is written under a hidden name beside its place and then given
its own, so that no build ever reads half of it.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from unicodedata import category, normalize

from assistant.errors import KeepingError
from assistant.metadata import KEYS
from assistant.sidecars import SUFFIX, possible_sidecars, sidecar_of
from assistant.toml_text import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_NAME = 200
"""The most bytes of a file's name, as UTF-8: systems take 255, and the names of sidecars and of half-written files are longer."""

_SETTINGS = (".toml", ".jsonl")
_OWN_STEM = "readme"
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
_BLANK = frozenset({"Cc", "Zl", "Zp", "Zs"})
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_OF_SYSTEMS = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\..*)?", re.IGNORECASE)


def safe_name(uploaded: str) -> str:
    """Return the name under which an uploaded file is kept: its own, without folders and signs that a file's name cannot have.

    The same name always comes of the same, and of itself. The end of a name that is too long goes, but for its suffix.

    Raises:
        KeepingError: nothing is left of it, or it is a name that the library or a system has for itself.
    """
    last = re.split(r"[/\\]", normalize("NFC", uploaded))[-1]
    shown = "".join(" " if category(sign) in _BLANK else sign for sign in last if category(sign) not in _INVISIBLE)
    plain = normalize("NFC", _NOT_IN_NAMES.sub("-", shown))
    name = _shortened(" ".join(plain.split()).lstrip(".~ ").rstrip(". "))
    if not name:
        raise KeepingError(f'"{shown}" is no name for a document. Give the file another name, such as "report.pdf".')
    if _OF_SYSTEMS.fullmatch(name):
        raise KeepingError(f'"{name}" is a name that some systems keep for themselves. Rename the file.')
    path = PurePosixPath(name)
    has_sidecar = Path(name + SUFFIX) in possible_sidecars(Path(name))  # "tags" would have the library's own tags.toml
    if path.suffix.lower() in _SETTINGS or path.stem.casefold() == _OWN_STEM or not has_sidecar:
        raise KeepingError(f'"{name}" is a name that the library keeps for files of its own. Rename the file.')
    return name


def taken(corpus: Path, name: str) -> str | None:
    """Return what lies in the corpus folder under a name, in whatever case it is written there; ``None`` where nothing does."""
    wanted = _folded(name)
    try:
        return next((one.name for one in corpus.iterdir() if _folded(one.name) == wanted), None)
    except OSError:  # no folder yet
        return None


def keep(corpus: Path, name: str, content: bytes, said: Mapping[str, str] | None = None) -> str:
    """Put a new document into the corpus folder, with what is ``said`` of it in a sidecar; return its name there.

    ``said`` has keys of ``metadata.KEYS``.

    Raises:
        KeepingError: the name cannot be used or is taken, or the folder cannot be written to; nothing has changed then.
    """
    name = safe_name(name)
    there = taken(corpus, name)
    if there is not None:
        raise KeepingError(_taken(there))
    path = corpus / name
    beside = sidecar_of(path)
    if beside:
        raise KeepingError(f'"{beside.name}" says what "{name}" is before it is there. Rename the file.')
    sidecar = path.with_name(name + SUFFIX)
    text = _sidecar_text(said or {})
    with _told(path, "kept"):
        corpus.mkdir(parents=True, exist_ok=True)
        if text:
            write_new(sidecar, text)  # first: no build may read the document without it
        try:
            write_new(path, content)
        except OSError:
            if text:
                sidecar.unlink(missing_ok=True)
            raise
    return name


def replace_document(corpus: Path, document: str, uploaded: str, content: bytes) -> None:
    """Put other contents in the place of a document; its name and what stands beside it stay.

    Raises:
        KeepingError: there is no such document, the file that was uploaded is of another kind by its name, or it cannot be
            written; nothing has changed then.
    """
    path = document_path(corpus, document)
    wanted, given = path.suffix, PurePosixPath(safe_name(uploaded)).suffix
    if wanted.lower() != given.lower():
        raise KeepingError(
            f'"{uploaded}" cannot take the place of "{document}", whose name ends in "{wanted}". Add it as a new document, '
            "and remove the other."
        )
    with _told(path, "replaced"):
        write_whole(path, content)


def remove_document(corpus: Path, document: str) -> None:
    """Remove a document from the corpus folder, and its sidecar unless another document has it too.

    Raises:
        KeepingError: there is no such document, or it cannot be removed.
    """
    path = document_path(corpus, document)
    with _told(path, "removed"):
        sidecars = list(_own_sidecars(path))
        path.unlink()
        for sidecar in sidecars:
            sidecar.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, in the place of the one that is there: whole or not at all.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    with _written(path, content) as written:
        written.replace(path)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet: whole or not at all.

    Raises:
        OSError: something is there, or it cannot be written.
    """
    with _written(path, content) as written:
        try:
            os.link(written, path)  # unlike a rename, it never takes another file's place
        except FileExistsError:  # this is no file system without hard links
            raise
        except OSError as error:  # a file system without hard links
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
            written.rename(path)


def _taken(name: str) -> str:
    return f'There is a "{name}" in the library already. Replace it, or rename the file.'


def document_path(corpus: Path, document: str) -> Path:
    """Return where a document lies, which is inside the corpus folder and behind no link, whatever its name says.

    Raises:
        KeepingError: there is none.
    """
    relative = PurePosixPath(document)
    parts = relative.parts
    is_plain = (
        bool(parts) and not relative.is_absolute() and not any(one == ".." or one.startswith(".") for one in parts)
    )
    path = corpus.joinpath(*parts)
    is_own = relative.suffix.lower() in _SETTINGS or relative.name.lower() == "readme.md"
    if not is_plain or is_own or not path.is_file() or path.parent.resolve() != corpus.resolve().joinpath(*parts[:-1]):
        raise KeepingError(f'The corpus folder has no document "{document}". It may have been removed or renamed.')
    return path


def _own_sidecars(path: Path) -> Iterator[Path]:
    """Yield the files that say what a document is, and what no other document is."""
    others = [one for one in path.parent.iterdir() if one != path and not one.name.startswith(".")]
    shared = {beside for one in others if one.suffix.lower() not in _SETTINGS for beside in possible_sidecars(one)}
    yield from (one for one in possible_sidecars(path) if one not in shared and one.is_file())


def _sidecar_text(said: Mapping[str, str]) -> bytes:
    given = [line(key, " ".join(said[key].split())) for key in KEYS if said.get(key, "").strip()]
    return "".join(f"{one}\n" for one in given).encode()


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())


def _shortened(name: str) -> str:
    """Return a name of at most ``LONGEST_NAME`` bytes: what is too much goes before the suffix."""
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > LONGEST_NAME // 4:
        suffix = ""
    stem = name.removesuffix(suffix).encode()
    if len(name.encode()) <= LONGEST_NAME:
        return name
    cut = stem[: LONGEST_NAME - len(suffix.encode())].decode("utf-8", "ignore")
    return f"{cut.rstrip('. ')}{suffix}"


@contextmanager
def _written(path: Path, content: bytes) -> Iterator[Path]:
    """Yield a file beside ``path`` that has the content, on disk; what is left of it afterwards goes."""
    beside = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield beside
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def _told(path: Path, done: str) -> Iterator[None]:
    """Say what went wrong with a file, and what to do."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileExistsError) and path.parent.is_dir():
            raise KeepingError(_taken(path.name)) from error
        remedy = f"Nothing was changed ({error.strerror})."
        if error.errno in _FULL:
            remedy = "The disk is full, and nothing was changed. Free some space, and try again."
        if error.errno in _FORBIDDEN:
            remedy = (
                f'The folder "{path.parent}" must not be written to, and nothing was changed. Mend its permissions.'
            )
        raise KeepingError(f'"{path.name}" cannot be {done}. {remedy}') from error
