"""A person's corrections of tags, in ``tags.toml`` of the corpus folder: read, applied to passages, written down."""

from assistant.corrections.applying import Corrected, Stray, corrected
from assistant.corrections.parsing import FILENAME, Correction, corrections_sha256, load_corrections, parse_corrections
from assistant.corrections.recording import record
from assistant.corrections.writing import with_correction

__all__ = [
    "FILENAME",
    "Corrected",
    "Correction",
    "Stray",
    "corrected",
    "corrections_sha256",
    "load_corrections",
    "parse_corrections",
    "record",
    "with_correction",
]
