"""Many texts, a library's say, in PyTorch: by length, so that little is padded, and in bfloat16 where the processor has it.

On a processor with AMX the products of matrices take a third of the time in bfloat16. The first texts are read both ways; where
the vectors differ by more than a hair all goes on in float32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import embedding, gelu, layer_norm, linear, normalize, scaled_dot_product_attention

from assistant.bert.weights import Parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

    from assistant.bert.weights import Layer, Weights

_AT_ONCE = 2_048
"""How many tokens are read in one pass, padding counted."""
_CLOSE_ENOUGH = 0.999
"""The least cosine of a text's vectors in bfloat16 and float32: with all-MiniLM-L6-v2 it is 0.9999."""
_COMPARED = 8


class ManyTexts:
    """A BERT whose vectors are the mean of a text's tokens, scaled to length 1."""

    def __init__(self, weights: Path, *, heads: int, epsilon: float, precision: torch.dtype | None = None) -> None:
        """Read the weights from a file of safetensors; ``precision`` is the processor's own unless it is given."""
        self._heads, self._epsilon = heads, epsilon
        self._exact = Parts.of(load_file(weights), _one_below_the_other)
        self._fast = self._exact
        chosen = precision or precision_of_processor()
        if chosen is not torch.float32:
            self._fast = Parts.of(
                {name: one.to(chosen) for name, one in load_file(weights).items()}, _one_below_the_other
            )
        self._is_compared = self._fast is self._exact

    @property
    def precision(self) -> torch.dtype:
        """What numbers are computed in."""
        return self._fast.tokens.dtype

    @torch.inference_mode()
    def vectors(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return one unit vector for the numbers of each text's tokens: ``(n, dim) float32``."""
        if not self._is_compared and len(texts):
            self._compare(texts[:_COMPARED])
        vectors = np.empty((len(texts), self._exact.tokens.shape[1]), np.float32)
        for rows in _passes([len(text) for text in texts]):
            vectors[rows] = self._side_by_side([texts[row] for row in rows], self._fast).numpy()
        return vectors

    def _compare(self, texts: Sequence[Sequence[int]]) -> None:
        """Go on in float32 where the vectors of ``texts`` are others."""
        ones, others = (self._side_by_side(texts, parts) for parts in (self._exact, self._fast))
        if float((ones * others).sum(1).min()) < _CLOSE_ENOUGH:
            self._fast = self._exact
        self._is_compared = True

    def _side_by_side(self, texts: Sequence[Sequence[int]], parts: Parts[Tensor]) -> Tensor:
        longest = max(map(len, texts))
        tokens = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
        own = torch.arange(longest) < torch.tensor([len(text) for text in texts])[:, None]
        places = parts.places[:longest] + parts.kinds[0]
        states = self._normed(embedding(tokens, parts.tokens) + places, parts.norm)
        for layer in parts.layers:
            states = self._read(states, layer, own[:, None, None])
        return normalize((states.float() * own[..., None]).sum(1))

    def _read(self, states: Tensor, layer: Layer[Tensor], own: Tensor) -> Tensor:
        """Return the states ``(texts, length, dim)`` after one layer, of tokens that read those of ``own``."""
        heads = linear(states, *layer.asked).view(*states.shape[:2], 3, self._heads, -1)
        queries, keys, values = heads.permute(2, 0, 3, 1, 4)
        gathered = scaled_dot_product_attention(queries, keys, values, own).transpose(1, 2).flatten(2)
        states = self._normed(states + linear(gathered, *layer.gathered), layer.gathered_norm)
        read = linear(gelu(linear(states, *layer.widened)), *layer.narrowed)
        return self._normed(states + read, layer.narrowed_norm)

    def _normed(self, states: Tensor, weights: Weights[Tensor]) -> Tensor:
        return layer_norm(states, states.shape[-1:], *weights, self._epsilon)


def precision_of_processor() -> torch.dtype:
    """Return bfloat16 where the processor multiplies matrices of it in hardware (AMX or AVX-512), else float32."""
    has = torch.cpu.get_capabilities()
    return torch.bfloat16 if has.get("amx_bf16") or has.get("avx512_bf16") else torch.float32


def _one_below_the_other(matrices: Sequence[Tensor]) -> Tensor:
    return torch.cat(list(matrices))


def _passes(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the rows of texts that are read in one pass, those of nearly one length together."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if rows and (len(rows) + 1) * lengths[rows[0]] > _AT_ONCE:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows
