"""A few short texts, a question say, in NumPy: without PyTorch, which takes seconds to import and 200 MB to hold.

Texts are laid end to end, each reading itself alone, so nothing is padded. One thread computes: two wait for each other some
hundred times a pass, which beside other jobs takes longer than it saves. Most of a pass goes into bringing matrices from memory,
so they lie the way that they are read: a few rows times ``(in, out)`` take less time than times ``(out, in)``.
"""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, ExitStack
from dataclasses import fields, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from assistant.bert.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.bert.weights import Layer, Parts

    Floats = NDArray[np.float32]

_HIDDEN = -1e9
"""What is added to a score to make its share nothing."""

_NEAR, _SERIES = 0.3275911, (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
_ROOT_HALF = math.sqrt(0.5)


class OneThread(AbstractContextManager["OneThread"]):
    """Lets NumPy's products of matrices be computed by one thread as long as anybody is inside."""

    def __init__(self) -> None:
        self._controller, self._lock = ThreadpoolController(), Lock()
        self._inside, self._limit = 0, ExitStack()

    def __enter__(self) -> OneThread:
        with self._lock:
            if not self._inside:
                self._limit.enter_context(self._controller.limit(limits=1, user_api="blas"))
            self._inside += 1
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.close()


class FewTexts:
    """A BERT whose vectors are the mean of tokens, scaled to length 1, for so few texts that each is compared with all."""

    def __init__(self, parts: Parts[Floats], *, heads: int, epsilon: float) -> None:
        self._parts = replace(parts, layers=_laid_out(parts.layers))
        self._heads, self._epsilon = heads, epsilon
        self._places = parts.places + parts.kinds[0]
        self._one_thread = OneThread()

    def vectors(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return one unit vector for the numbers of each text's tokens: ``(n, dim) float32``."""
        lengths = [len(text) for text in texts]
        owners = np.repeat(np.arange(len(texts)), lengths)
        hidden = np.where(owners[:, None] == owners, np.float32(0), np.float32(_HIDDEN))
        tokens = np.fromiter((token for text in texts for token in text), np.int64, len(owners))
        places = np.concatenate([self._places[:length] for length in lengths])
        with self._one_thread:
            states = self._normed(self._parts.tokens[tokens] + places, self._parts.norm)
            for layer in self._parts.layers:
                states = self._read(states, layer, hidden)
        means = np.add.reduceat(states, np.cumsum([0, *lengths[:-1]]))
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    def _read(self, states: Floats, layer: Layer[Floats], hidden: Floats) -> Floats:
        """Return the states ``(tokens, dim)`` after one layer."""
        count, dimensions = states.shape
        heads = _linear(states, layer.asked).reshape(count, 3, self._heads, -1)
        queries, keys, values = heads.transpose(1, 2, 0, 3)
        shares = _softmax(queries @ keys.swapaxes(1, 2) / math.sqrt(dimensions / self._heads) + hidden)
        gathered = (shares @ values).transpose(1, 0, 2).reshape(count, dimensions)
        states = self._normed(states + _linear(gathered, layer.gathered), layer.gathered_norm)
        read = _linear(_gelu(_linear(states, layer.widened)), layer.narrowed)
        return self._normed(states + read, layer.narrowed_norm)

    def _normed(self, states: Floats, weights: Weights[Floats]) -> Floats:
        apart: Floats = states - states.mean(-1, keepdims=True)
        apart /= np.sqrt(np.vecdot(apart, apart)[:, None] / states.shape[1] + self._epsilon)
        apart *= weights.weight
        apart += weights.bias
        return apart


def _laid_out(layers: Sequence[Layer[Floats]]) -> tuple[Layer[Floats], ...]:
    """Return layers whose matrices are ``(in, out)`` and lie end to end, so that the system can map them in large pages."""
    matrices = [
        (number, field.name, getattr(layer, field.name))
        for number, layer in enumerate(layers)
        for field in fields(layer)
        if getattr(layer, field.name).weight.ndim > 1
    ]
    room = np.empty(sum(one.weight.size for _, _, one in matrices), np.float32)
    turned: list[dict[str, Weights[Floats]]] = [{} for _ in layers]
    start = 0
    for number, name, (weight, bias) in matrices:
        own = room[start : start + weight.size].reshape(weight.shape[::-1])
        own[...] = weight.T
        turned[number][name] = Weights(own, bias)
        start += weight.size
    return tuple(replace(layer, **own) for layer, own in zip(layers, turned, strict=True))


def _linear(states: Floats, weights: Weights[Floats]) -> Floats:
    product = states @ weights.weight
    product += weights.bias
    return np.asarray(product, np.float32)


def _softmax(scores: Floats) -> Floats:
    """Return the shares of scores, in their place."""
    scores -= scores.max(-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(-1, keepdims=True)
    return scores


def _gelu(values: Floats) -> Floats:
    """Return x Φ(x), the Gaussian integral to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26), as max(x, 0) less what is beyond.

    All is worked out in three places of memory: bringing in others takes longer than the sums.
    """
    apart = np.abs(values)
    apart *= _ROOT_HALF
    near = apart * _NEAR
    near += 1
    np.reciprocal(near, out=near)
    series = near * _SERIES[0]
    for factor in _SERIES[1:]:
        series += factor
        series *= near
    series *= apart
    series *= _ROOT_HALF
    np.square(apart, out=apart)
    np.negative(apart, out=apart)
    series *= np.exp(apart, out=apart)
    found = np.maximum(values, 0, out=near)
    found -= series
    return found
