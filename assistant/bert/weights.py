"""The weights of a BERT by the names that ``transformers`` gives them: read from a file, and sorted by their use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Array = TypeVar("Array")
"""NumPy's, or of another library that reads the same weights."""


class Weights(NamedTuple, Generic[Array]):
    """A layer's matrix ``(out, in)`` and what is added, ``(out,)``; of a norm, what is multiplied and what is added."""

    weight: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Layer(Generic[Array]):
    """One layer; ``asked`` are the matrices of queries, keys and values, one below the other."""

    asked: Weights[Array]
    gathered: Weights[Array]
    gathered_norm: Weights[Array]
    widened: Weights[Array]
    narrowed: Weights[Array]
    narrowed_norm: Weights[Array]


@dataclass(frozen=True, slots=True)
class Parts(Generic[Array]):
    """A whole model: a vector for each piece of its vocabulary, one for each place and for each kind of text, and its layers."""

    tokens: Array
    places: Array
    kinds: Array
    norm: Weights[Array]
    layers: tuple[Layer[Array], ...]

    @classmethod
    def of(cls, tensors: Mapping[str, Array], join: Callable[[Sequence[Array]], Array]) -> Parts[Array]:
        """Sort weights by their use; ``join`` puts matrices one below the other.

        Raises:
            KeyError: one is missing.
        """

        def at(name: str) -> Weights[Array]:
            return Weights(tensors[f"{name}.weight"], tensors[f"{name}.bias"])

        def layer(name: str) -> Layer[Array]:
            heads = [at(f"{name}.attention.self.{one}") for one in ("query", "key", "value")]
            return Layer(
                Weights(join([one.weight for one in heads]), join([one.bias for one in heads])),
                at(f"{name}.attention.output.dense"),
                at(f"{name}.attention.output.LayerNorm"),
                at(f"{name}.intermediate.dense"),
                at(f"{name}.output.dense"),
                at(f"{name}.output.LayerNorm"),
            )

        count = len({name.split(".")[2] for name in tensors if name.startswith("encoder.layer.")})
        tokens, places, kinds = (
            tensors[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        layers = tuple(layer(f"encoder.layer.{number}") for number in range(count))
        return cls(tokens, places, kinds, at("embeddings.LayerNorm"), layers)


def mapped(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the tensors of a file of safetensors, mapped into memory, those of whole numbers left out.

    Processes share what is mapped, and nothing is copied, as the library's own reader would. The mapping is private: whoever
    asks for arrays that can be written gets them, and writes to no file.

    Raises:
        OSError, ValueError, KeyError, TypeError: the file cannot be read, or holds numbers of another kind.
    """
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        head = json.loads(file.read(size))
    content = np.memmap(path, np.uint8, "c", 8 + size)
    tensors = {name: one for name, one in head.items() if name != "__metadata__" and one["dtype"][0] not in "IU"}
    if any(one["dtype"] != "F32" for one in tensors.values()):
        raise ValueError("not all weights are of 32 bits")
    return {
        name: np.asarray(content[slice(*one["data_offsets"])].view("<f4").reshape(one["shape"]))
        for name, one in tensors.items()
    }
