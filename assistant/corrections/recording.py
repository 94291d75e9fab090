"""A correction put on record: into ``tags.toml`` of a corpus folder, written whole or not at all."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from assistant.corrections.parsing import FILENAME, parse_corrections
from assistant.corrections.writing import with_correction
from assistant.errors import CorrectionError
from assistant.keeping import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.corrections.parsing import Correction
    from assistant.taxonomy import Taxonomy

_ONE_AT_A_TIME = Lock()


def record(corpus: Path, correction: Correction, taxonomy: Taxonomy) -> None:
    """Add a correction to the corpus folder's own; whatever goes wrong, those that are there stay.

    Raises:
        CorrectionError: the file cannot be read or written, is not TOML, or names what the taxonomy does not know.
    """
    path = corpus / FILENAME
    with _ONE_AT_A_TIME:
        try:
            content = with_correction(path.read_bytes() if path.exists() else b"", correction)
            parse_corrections(content, taxonomy, str(path))
            write_whole(path, content)
        except OSError as error:
            raise CorrectionError(
                f'The correction was not recorded: "{path}" cannot be written ({error.strerror}). Check the permissions of '
                f"its folder."
            ) from error
