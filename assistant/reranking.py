"""Ranking the first hits again by a cross-encoder, which reads question and passage together (Nogueira and Cho 2019).

Off unless a setting names a model. It costs one run of the model a passage: some hundred milliseconds a question.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.crossing import cross_encoder
from assistant.errors import ModelError
from assistant.types import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder

_SETTING = "CASEWISE_RERANKER"


class Reranker(Protocol):
    """Tells how well texts answer a question."""

    def relevance(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one score a text, ``(n,)`` in [0, 1]."""
        ...


class CrossEncoderReranker:
    """A cross-encoder of sentence-transformers with one output: a folder, or a name on a hub. Loaded when first used."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = Lock()  # tokenizers are not safe to share between threads

    def relevance(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one score a text, ``(n,)`` in [0, 1].

        Raises:
            ModelError: the model cannot be loaded, or has more than one output.
        """
        from torch.nn import Sigmoid  # whatever the model was saved with

        pairs = [(question, text) for text in texts]
        with self._lock:
            raw = self._model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        scores = np.asarray(raw, np.float32)
        if scores.shape != (len(texts),):
            raise ModelError(
                f'The reranker "{self._name}" has several outputs. Set {_SETTING} to one with a single one.'
            )
        return scores

    @cached_property
    def _model(self) -> CrossEncoder:
        return cross_encoder(self._name, _SETTING, "reranker")


def rerank(hits: Sequence[Hit], question: str, reranker: Reranker, count: int) -> list[Hit]:
    """Return ``hits`` with the first ``count`` in the reranker's order, by its scores; the rest stay behind them."""
    read, rest = hits[:count], hits[count:]
    if not read:
        return []
    scores = reranker.relevance(question, [hit.passage.embedded_text for hit in read]).tolist()
    again = [
        Hit(hit.passage, score, {**hit.signals, "reranker": score}) for hit, score in zip(read, scores, strict=True)
    ]
    again.sort(key=lambda hit: -hit.score)
    return again + [Hit(hit.passage, min(hit.score, again[-1].score), hit.signals) for hit in rest]
