"""Whether one text follows from another, by a cross-encoder for natural language inference (Bowman et al. 2015).

Off unless a setting names a model. It costs one run of the model a sentence that a language model writes.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from assistant.crossing import cross_encoder
from assistant.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_SETTING = "CASEWISE_ENTAILMENT"


class Entailment:
    """A cross-encoder of sentence-transformers: a folder, or a name on a hub. Loaded when first used.

    One of its outputs is called "entailment"; where it has a single one, that is how far the second text follows.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = Lock()  # tokenizers are not safe to share between threads

    def probability(self, text: str, claim: str) -> float:
        """Return the probability that ``claim`` follows from ``text``.

        Raises:
            ModelError: the model cannot be loaded, or none of its outputs is entailment.
        """
        with self._lock:
            raw = np.asarray(self._model.predict([(text, claim)], show_progress_bar=False), np.float64).reshape(-1)
        if raw.size == 1:
            return float(raw[0]) if 0 <= raw[0] <= 1 else float(1 / (1 + np.exp(-raw[0])))
        odds = np.exp(raw - raw.max())
        return float(odds[self._place] / odds.sum())

    @cached_property
    def _place(self) -> int:
        """Which output is entailment."""
        labels: dict[int, str] = getattr(self._model.config, "id2label", None) or {}
        for number, label in labels.items():
            if str(label).lower().startswith("entail"):
                return int(number)
        raise ModelError(
            f'None of the outputs of "{self._name}" is entailment: {", ".join(map(str, labels.values()))}. '
            f"Set {_SETTING} to a model for natural language inference, or unset it."
        )

    @cached_property
    def _model(self) -> CrossEncoder:
        return cross_encoder(self._name, _SETTING, "model")
