"""Cross-encoders of sentence-transformers, which read two texts together: loaded here, for whoever ranks or judges by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.embeddings import model_folder
from assistant.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def cross_encoder(name: str, setting: str, called: str) -> CrossEncoder:
    """Load a cross-encoder from a folder, or from a hub where ``name`` is no folder.

    Raises:
        ModelError: it cannot be loaded; the message says what it is ``called``, and the setting that names it.
    """
    folder = model_folder(name, setting)
    from sentence_transformers import CrossEncoder  # takes seconds
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # it has no types
    try:
        model: CrossEncoder = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # a damaged folder makes its loaders raise whatever they come upon
        raise ModelError(
            f'The {called} "{name}" cannot be loaded: {error} Set {setting} to another folder, or unset it.'
        ) from error
    return model
