"""Files of JSON lines, plain or ``.gz``: every line checked, every fault named with its line."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import EvaluationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Noun = TypeVar("Noun", bound=BaseModel)


def numbered(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a file that are not blank, with their numbers from 1.

    Raises:
        UsageError: the file is missing or is no file.
        EvaluationError: it is not UTF-8, or its compression is damaged.
    """
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except (gzip.BadGzipFile, EOFError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f'"{path}" cannot be read ({error}). Give JSON lines in UTF-8, plain or gzipped.'
        ) from error
    except OSError as error:
        raise UsageError(f'"{path}" cannot be read ({error.strerror}). Give a file of JSON lines.') from error
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def parsed(path: Path, noun: type[Noun]) -> Iterator[tuple[int, Noun]]:
    """Yield every line of a file as a noun, with its number.

    Raises:
        UsageError, EvaluationError: as ``numbered``; a line that is not the noun is named.
    """
    for number, line in numbered(path):
        try:
            yield number, noun.model_validate_json(line.encode("utf-8", "replace"))
        except ValidationError as error:
            raise EvaluationError(
                f'Line {number} of "{path}" cannot be read: {fault(error)}. Mend that line.'
            ) from error


def fault(error: ValidationError) -> str:
    """Return what is wrong first, and where: ``gold.0 Input should be a valid list``."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place} {first['msg']}".strip().rstrip(".")
