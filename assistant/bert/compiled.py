"""Texts of any number in OpenVINO, which fits the model to the processor that it finds, and keeps to bfloat16 where that has it.

Half the bits are half the bytes to move, and processors with AMX or AVX-512 BF16 multiply them faster. The first texts are read
both ways; where the vectors differ by more than a hair all goes on in float32. A question is computed in float32 on every
processor: it is to have one vector, whether NumPy or OpenVINO computes it.

OpenVINO's package tells its makers of every import, over the network. It does without where the package that it does so with
cannot be imported, and so it is kept from that.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.bert.rows import passes

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # where it is found, every import is reported

import openvino as ov  # noqa: E402 - after the line above
from openvino import opset13 as operations  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.bert.rows import Row
    from assistant.bert.weights import Layer, Parts, Weights

    Floats = NDArray[np.float32]

_CLOSE_ENOUGH = 0.999
"""The least cosine of a text's vectors in bfloat16 and float32: with all-MiniLM-L6-v2 it is 0.9999."""
_COMPARED = 8
_HIDDEN = -1e9
"""What is added to a score to make its share nothing."""
_SETTINGS = {"PERFORMANCE_HINT": "LATENCY", "ENABLE_CPU_PINNING": "NO"}
"""All processors read one pass; none is held to a place where others work too."""


class CompiledTexts:
    """A BERT whose vectors are the mean of a text's tokens, scaled to length 1. Threads may share it."""

    def __init__(self, parts: Parts[Floats], *, heads: int, epsilon: float, precision: str | None = None) -> None:
        """Compile the model; ``precision``, ``f32`` or ``bf16``, is the processor's own unless it is given."""
        self._tokens, self._places = parts.tokens, parts.places + parts.kinds[0]
        model = _model(parts, heads, epsilon)
        self._exact = Network(model, "f32")
        chosen = precision or precision_of_processor()
        self._fast = self._exact if chosen == "f32" else Network(model, chosen)
        self._is_compared = self._fast is self._exact

    @property
    def precision(self) -> str:
        """What many texts are computed in: ``f32`` or ``bf16``."""
        return self._fast.precision

    def vectors(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return one unit vector for the numbers of each text's tokens: ``(n, dim) float32``, computed in float32."""
        return self._read(self._exact, texts, [[(0, len(text))] for text in texts])

    def vectors_of_ranges(self, texts: Sequence[Sequence[int]], ranges: Sequence[Sequence[tuple[int, int]]]) -> Floats:
        """Return one unit vector for every range ``[start, end)`` of each text's tokens, text by text: ``(m, dim) float32``.

        A text is read once, and a range of it is the mean of its tokens as they stand there: late chunking (Günther et al.
        2024). An empty range has no direction, and gives zeros. Computed in what is fastest.
        """
        if not self._is_compared and len(texts):
            self._compare(texts[:_COMPARED])
        return self._read(self._fast, texts, ranges)

    def _compare(self, texts: Sequence[Sequence[int]]) -> None:
        """Compute all in float32 where the vectors of ``texts`` are others."""
        whole = [[(0, len(text))] for text in texts]
        ones, others = (self._read(one, texts, whole) for one in (self._exact, self._fast))
        if np.vecdot(ones, others).min() < _CLOSE_ENOUGH:
            self._fast = self._exact
        self._is_compared = True

    def _read(
        self, compiled: Network, texts: Sequence[Sequence[int]], ranges: Sequence[Sequence[tuple[int, int]]]
    ) -> Floats:
        firsts = np.cumsum([0, *map(len, ranges)])
        sums = np.zeros((firsts[-1], self._tokens.shape[1]), np.float32)
        for rows in passes([len(text) for text in texts]):
            states = compiled.states(*self._laid_out(rows, texts))
            for own, row in zip(states, rows, strict=True):
                for text, at in row:
                    for number, (start, end) in enumerate(ranges[text], firsts[text]):
                        own[at + start : at + end].sum(0, out=sums[number])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Floats = np.divide(sums, lengths, out=sums, where=lengths > 0)
        return vectors

    def _laid_out(self, rows: Sequence[Row], texts: Sequence[Sequence[int]]) -> tuple[Floats, NDArray[np.int32]]:
        """Return the first states of rows of texts, ``(rows, longest, dim)``, and whose each is, ``-1`` for nobody's."""
        longest = max(at + len(texts[text]) for text, at in (row[-1] for row in rows))
        longest += -longest % _STEP
        states = np.zeros((len(rows), longest, self._tokens.shape[1]), np.float32)
        owners = np.full((len(rows), longest), -1, np.int32)
        for number, row in enumerate(rows):
            for text, at in row:
                tokens = texts[text]
                owners[number, at : at + len(tokens)] = text
                states[number, at : at + len(tokens)] = self._tokens[tokens] + self._places[: len(tokens)]
        return states, owners


_STEP = 8
"""Rows are as long as a multiple of this: OpenVINO prepares itself anew for every length that it meets."""


class Network:
    """A model made ready for this processor; threads that read at one time have a request each."""

    def __init__(self, model: ov.Model, precision: str) -> None:
        self.precision = precision
        self._compiled = ov.Core().compile_model(model, "CPU", {**_SETTINGS, "INFERENCE_PRECISION_HINT": precision})
        self._idle: list[ov.InferRequest] = []

    def states(self, first: Floats, owners: NDArray[np.int32]) -> Floats:
        """Return the last states ``(rows, longest, dim)`` of tokens, each having read those of its own text."""
        with self._request() as request:
            request.infer([first, owners], share_inputs=True)
            states: Floats = request.get_output_tensor(0).data.copy()
            return states

    @contextmanager
    def _request(self) -> Iterator[ov.InferRequest]:
        request = self._idle.pop() if self._idle else self._compiled.create_infer_request()
        yield request
        self._idle.append(request)


def precision_of_processor() -> str:
    """Return ``bf16`` where the processor multiplies such matrices in hardware (AMX or AVX-512 BF16), else ``f32``.

    Linux tells, other systems do not. OpenVINO itself would do with any AVX-512, where it takes longer than ``f32``.
    """
    flags: list[str] = []
    with suppress(OSError):
        flags = PROCESSOR.read_text(encoding="utf-8", errors="replace").split()
    return "f32" if _HAVE_BF16.isdisjoint(flags) else "bf16"


PROCESSOR = Path("/proc/cpuinfo")
_HAVE_BF16 = frozenset(["amx_bf16", "avx512_bf16"])


def _model(parts: Parts[Floats], heads: int, epsilon: float) -> ov.Model:
    """Return the layers of a BERT, from first states ``(rows, length, dim)`` and owners ``(rows, length)`` to last states."""
    dimensions = parts.tokens.shape[1]
    first = operations.parameter([-1, -1, dimensions], np.float32)
    owners = operations.parameter([-1, -1], np.int32)
    each, one = (operations.unsqueeze(owners, _whole(1, axis)) for axis in (3, 2))
    hidden = operations.select(operations.equal(each, one), _number(0), _number(_HIDDEN))
    states = _normed(first, parts.norm, epsilon)
    for layer in parts.layers:
        states = _layer(states, layer, hidden, heads, epsilon)
    return ov.Model([states], [first, owners], "bert")


def _layer(states: Any, layer: Layer[Floats], hidden: Any, heads: int, epsilon: float) -> Any:
    dimensions = layer.gathered.bias.shape[0]
    apart, together = _whole(0, 0, heads, dimensions // heads), _whole(0, 0, dimensions)
    asked = operations.split(_linear(states, layer.asked), operations.constant(np.int64(2)), 3).outputs()
    queries, keys, values = (
        operations.transpose(operations.reshape(one, apart, special_zero=True), _whole(0, 2, 1, 3)) for one in asked
    )
    gathered = operations.scaled_dot_product_attention(queries, keys, values, hidden, causal=False)
    gathered = operations.reshape(operations.transpose(gathered, _whole(0, 2, 1, 3)), together, special_zero=True)
    states = _normed(operations.add(states, _linear(gathered, layer.gathered)), layer.gathered_norm, epsilon)
    read = _linear(operations.gelu(_linear(states, layer.widened), "erf"), layer.narrowed)
    return _normed(operations.add(states, read), layer.narrowed_norm, epsilon)


def _normed(states: Any, weights: Weights[Floats], epsilon: float) -> Any:
    normed = operations.mvn(states, _whole(-1), normalize_variance=True, eps=epsilon, eps_mode="inside_sqrt")
    return operations.add(operations.multiply(normed, _array(weights.weight)), _array(weights.bias))


def _linear(states: Any, weights: Weights[Floats]) -> Any:
    product = operations.matmul(states, _array(weights.weight), transpose_a=False, transpose_b=True)
    return operations.add(product, _array(weights.bias))


def _array(values: Floats) -> Any:
    """Return numbers that the model has in common with us where they can be written, as those of a private mapping can."""
    return ov.op.Constant(np.ascontiguousarray(values), shared_memory=values.flags.writeable)


def _number(value: float) -> Any:
    return operations.constant(np.float32(value))


def _whole(*values: int) -> Any:
    return operations.constant(np.array(values, np.int64))
