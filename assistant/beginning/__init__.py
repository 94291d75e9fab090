"""A library is begun: a folder with a corpus, the taxonomy that it is read through, and a README that says what is where."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import KeepingError, UsageError
from assistant.keeping import write_new
from assistant.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

CORPUS, README, TAXONOMY = "corpus", "README.md", "taxonomy.toml"
_TEMPLATES = Path(__file__).parent


def begin(folder: Path, *, example: bool = False) -> list[Path]:
    """Lay out a library in a folder, which is made where it is not there; return the files that were written.

    ``example`` gives it the documents, taxonomy and questions of the library that Casewise comes with, instead of a taxonomy to
    fill in. Documents that lie in its corpus already stay there.

    Raises:
        UsageError: one of the files is there already; nothing was written.
        KeepingError: one cannot be written; those before it were removed again.
    """
    contents = {folder / README: _template(README), **_corpus(folder / CORPUS, example=example)}
    for path in contents:
        if os.path.lexists(path):
            raise UsageError(
                f'"{path}" is there already, and is not overwritten. Name another folder, or move it away.'
            )
    _write_all(contents)
    return list(contents)


def _corpus(corpus: Path, *, example: bool) -> dict[Path, bytes]:
    if not example:
        return {corpus / TAXONOMY: _template(TAXONOMY)}
    return {corpus / path.name: path.read_bytes() for path in sorted(shipped(CORPUS).iterdir()) if path.is_file()}


def _template(name: str) -> bytes:
    return (_TEMPLATES / name).read_bytes()


def _write_all(contents: Mapping[Path, bytes]) -> None:
    written: list[Path] = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_new(path, content)
            written.append(path)
    except OSError as error:
        for one in written:
            one.unlink(missing_ok=True)
        raise KeepingError(
            f'"{path}" cannot be written ({error.strerror}). Mend the permissions of its folder, or free some space.'
        ) from error
