"""BERT (Devlin et al. 2019) as sentence-transformers keeps it in a folder, read and computed here.

Its own library takes seconds to import, pads every batch to its longest text and passes through hooks and checks between two
products of matrices. Here the folder is read by ``tokenizers`` and ``safetensors``; a few short texts are laid end to end, each
reading itself alone, and many are read by length, so that little is padded. The weights are the folder's, and so are the vectors
(cosine above 0.999999). Folders of any other make are left to the library.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn.functional import embedding, gelu, layer_norm, linear, normalize, scaled_dot_product_attention

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

_FEW, _AT_ONCE = 256, 2_048
"""How many tokens are laid end to end, since each is compared with all; and how many are read in one pass, padding counted."""
_MEAN = {"pooling_mode_mean_tokens": True}


class _Weights(NamedTuple):
    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor], *names: str) -> Self:
        """Return the weights of layers that read the same, as those of one."""
        return cls(*(torch.cat([tensors[f"{name}.{field}"] for name in names]) for field in cls._fields))


@dataclass(frozen=True, slots=True)
class _Layer:
    asked: _Weights
    """Queries, keys and values in one."""
    gathered: _Weights
    gathered_norm: _Weights
    widened: _Weights
    narrowed: _Weights
    narrowed_norm: _Weights

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor], at: str) -> Self:
        asked = [f"{at}.attention.self.{name}" for name in ("query", "key", "value")]
        others = (
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm",
        )
        return cls(_Weights.of(tensors, *asked), *(_Weights.of(tensors, f"{at}.{name}") for name in others))


class Bert:
    """A BERT whose vectors are the mean of a text's tokens, scaled to length 1."""

    def __init__(self, tensors: Mapping[str, Tensor], *, heads: int, epsilon: float) -> None:
        """Take weights by the names that ``transformers`` gives them.

        Raises:
            KeyError: one is missing.
        """
        self._heads, self._epsilon = heads, epsilon
        self._tokens = tensors["embeddings.word_embeddings.weight"]
        first_type = tensors["embeddings.token_type_embeddings.weight"][0]
        self._places = tensors["embeddings.position_embeddings.weight"] + first_type
        self._norm = _Weights.of(tensors, "embeddings.LayerNorm")
        count = len({name.split(".")[2] for name in tensors if name.startswith("encoder.layer.")})
        self._layers = [_Layer.of(tensors, f"encoder.layer.{number}") for number in range(count)]

    @torch.inference_mode()
    def vectors(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return one unit vector for the numbers of each text's tokens: ``(n, dim) float32``."""
        vectors = np.empty((len(texts), self._tokens.shape[1]), np.float32)
        if len(texts) and sum(map(len, texts)) <= _FEW:
            return self._end_to_end(texts)
        for rows in _passes([len(text) for text in texts]):
            vectors[rows] = self._side_by_side([texts[row] for row in rows])
        return vectors

    def _end_to_end(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        owners = torch.arange(len(texts)).repeat_interleave(torch.tensor([len(text) for text in texts]))
        tokens = torch.tensor([token for text in texts for token in text])
        places = torch.cat([self._places[: len(text)] for text in texts])
        own = owners[:, None] == owners  # what each token may read
        states = self._states(tokens[None], places[None], own[None, None])[0]
        return normalize(states.new_zeros(len(texts), states.shape[1]).index_add_(0, owners, states)).numpy()

    def _side_by_side(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        longest = max(map(len, texts))
        tokens = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
        own = torch.arange(longest) < torch.tensor([len(text) for text in texts])[:, None]
        states = self._states(tokens, self._places[:longest], own[:, None, None])
        return normalize((states * own[..., None]).sum(1)).numpy()

    def _states(self, tokens: Tensor, places: Tensor, own: Tensor) -> Tensor:
        """Return the states ``(texts, length, dim)`` of tokens ``(texts, length)`` that read those of ``own``."""
        states = self._normed(embedding(tokens, self._tokens) + places, self._norm)
        for layer in self._layers:
            states = self._read(states, layer, own)
        return states

    def _read(self, states: Tensor, layer: _Layer, own: Tensor) -> Tensor:
        """Return the states ``(texts, length, dim)`` after one layer."""
        heads = linear(states, *layer.asked).view(*states.shape[:2], 3, self._heads, -1)
        queries, keys, values = heads.permute(2, 0, 3, 1, 4)
        gathered = scaled_dot_product_attention(queries, keys, values, own).transpose(1, 2).flatten(2)
        states = self._normed(states + linear(gathered, *layer.gathered), layer.gathered_norm)
        read = linear(gelu(linear(states, *layer.widened)), *layer.narrowed)
        return self._normed(states + read, layer.narrowed_norm)

    def _normed(self, states: Tensor, weights: _Weights) -> Tensor:
        return layer_norm(states, states.shape[-1:], *weights, self._epsilon)


class BertFolder:
    """A folder of sentence-transformers that holds a BERT of the usual make."""

    def __init__(self, model: Bert, tokenizer: Tokenizer) -> None:
        self._model, self._tokenizer = model, tokenizer

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the model of a folder; ``None`` where it is of another make, or damaged, which the library tells best."""
        try:
            settings = {name: _json(folder, name) for name in _FILES}
            if not _is_usual(settings):
                return None
            config = settings["config.json"]
            tensors = load_file(folder / "model.safetensors")
            if any(tensor.dtype is not torch.float32 for name, tensor in tensors.items() if not name.endswith("_ids")):
                return None
            model = Bert(tensors, heads=config["num_attention_heads"], epsilon=config["layer_norm_eps"])
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception:  # whatever is amiss with a folder
            return None
        tokenizer.no_padding()
        tokenizer.enable_truncation(settings["sentence_bert_config.json"]["max_seq_length"])
        return cls(model, tokenizer)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text: ``(n, dim) float32``. What lies beyond the model's length is not read."""
        return self._model.vectors([read.ids for read in self._tokenizer.encode_batch(list(texts))])

    def pieces(self, word: str) -> list[str]:
        """Return the pieces of the model's vocabulary that a word is made of."""
        return list(self._tokenizer.encode(word, add_special_tokens=False).tokens)


_FILES = (
    "modules.json",
    "config.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
)


def _json(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def _is_usual(settings: Mapping[str, Any]) -> bool:
    """Tell whether a model is one that is computed here: a BERT with the usual activation, its tokens averaged, and no prompt."""
    modules = [(one["type"].rpartition(".")[2], one["path"]) for one in settings["modules.json"]]
    config, own = settings["config.json"], settings["config_sentence_transformers.json"]
    reading, tokenizer = settings["sentence_bert_config.json"], settings["tokenizer_config.json"]
    modes = {
        name: value for name, value in settings["1_Pooling/config.json"].items() if name.startswith("pooling_mode")
    }
    return (
        modules[:2] == [("Transformer", ""), ("Pooling", "1_Pooling")]
        and all(name == "Normalize" for name, _ in modules[2:])
        and {name: value for name, value in modes.items() if value} == _MEAN
        and (config["model_type"], config["hidden_act"]) == ("bert", "gelu")
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder")
        and reading["max_seq_length"] <= config["max_position_embeddings"]
        and not reading.get("do_lower_case")
        and settings["tokenizer.json"]["normalizer"]["lowercase"] == tokenizer["do_lower_case"]
        and own.get("default_prompt_name") is None
        and own.get("truncate_dim") is None
    )


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
