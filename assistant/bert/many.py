"""Many texts, a library's say, in PyTorch: by length, so that little is padded, and in bfloat16 where the processor has it.

Half the bits are half the bytes to move, and processors with AMX or AVX-512 BF16 multiply them faster. The first texts are read
both ways; where the vectors differ by more than a hair all goes on in float32.
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

    def vectors(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return one unit vector for the numbers of each text's tokens: ``(n, dim) float32``."""
        return self.vectors_of_ranges(texts, [[(0, len(text))] for text in texts])

    @torch.inference_mode()
    def vectors_of_ranges(
        self, texts: Sequence[Sequence[int]], ranges: Sequence[Sequence[tuple[int, int]]]
    ) -> NDArray[np.float32]:
        """Return one unit vector for every range ``[start, end)`` of each text's tokens, text by text: ``(m, dim) float32``.

        A text is read once, and a range of it is the mean of its tokens as they stand there: late chunking (Günther et al.
        2024). An empty range has no direction, and gives zeros.
        """
        if not self._is_compared and len(texts):
            self._compare(texts[:_COMPARED])
        firsts = np.cumsum([0, *map(len, ranges)])
        vectors = np.empty((firsts[-1], self._exact.tokens.shape[1]), np.float32)
        for rows in _passes([len(text) for text in texts]):
            owned = np.concatenate([np.arange(firsts[row], firsts[row + 1]) for row in rows])
            states = self._states([texts[row] for row in rows], self._fast)
            vectors[owned] = _means(states, [ranges[row] for row in rows]).numpy()
        return vectors

    def _compare(self, texts: Sequence[Sequence[int]]) -> None:
        """Go on in float32 where the vectors of ``texts`` are others."""
        whole = [[(0, len(text))] for text in texts]
        ones, others = (_means(self._states(texts, parts), whole) for parts in (self._exact, self._fast))
        if float((ones * others).sum(1).min()) < _CLOSE_ENOUGH:
            self._fast = self._exact
        self._is_compared = True

    def _states(self, texts: Sequence[Sequence[int]], parts: Parts[Tensor]) -> Tensor:
        """Return the states ``(texts, longest, dim)`` of each text's tokens."""
        longest = max(map(len, texts))
        tokens = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
        own = torch.arange(longest) < torch.tensor([len(text) for text in texts])[:, None]
        places = parts.places[:longest] + parts.kinds[0]
        states = self._normed(embedding(tokens, parts.tokens) + places, parts.norm)
        for layer in parts.layers:
            states = self._read(states, layer, own[:, None, None])
        return states.float()

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


def _means(states: Tensor, ranges: Sequence[Sequence[tuple[int, int]]]) -> Tensor:
    """Return the means of ranges of states ``(texts, longest, dim)``, text by text, scaled to length 1."""
    found = [states[row, start:end].sum(0) for row, several in enumerate(ranges) for start, end in several]
    return normalize(torch.stack(found)) if found else states.new_empty(0, states.shape[2])


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
