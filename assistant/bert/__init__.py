"""BERT (Devlin et al. 2019) as sentence-transformers keeps it in a folder, read and computed here.

Its own library takes seconds to import, pads every batch to its longest text and passes through hooks and checks between two
products of matrices. Here the folder is read by ``tokenizers`` and by its published layout; the first few texts of a process
are computed in NumPy, which is there at once, all others in OpenVINO, which takes half a second to be ready and half the time a
text. The weights are the folder's, and so are the vectors (cosine above 0.999999; in bfloat16 0.9999). Folders of any other make
are left to the library.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from tokenizers import Tokenizer

from assistant.bert.few import FewTexts
from assistant.bert.weights import Parts, mapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.bert.compiled import CompiledTexts

_FEW = 256
"""How many tokens are computed in NumPy: there each is compared with all, and one thread computes."""
_FIRST = 4
"""After how many calls with few texts the model is compiled: one question makes one or two, and need not wait for it."""
_WEIGHTS = "model.safetensors"
_MARKS = 2
"""What the model sets before and after a text."""
_MEAN = {"pooling_mode_mean_tokens": True}


class BertFolder:
    """A folder of sentence-transformers that holds a BERT of the usual make."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        """Read what a question needs.

        Raises:
            Exception: whatever the readers of a damaged folder come upon.
        """
        config = settings["config.json"]
        self._weights = folder / _WEIGHTS
        self._shape = {"heads": config["num_attention_heads"], "epsilon": config["layer_norm_eps"]}
        self._few: FewTexts | None = FewTexts(Parts.of(mapped(self._weights), np.concatenate), **self._shape)
        self._calls, self._compiling = 0, Lock()
        self._compiled: CompiledTexts | None = None
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(settings["sentence_bert_config.json"]["max_seq_length"])

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the model of a folder; ``None`` where it is of another make, or damaged, which the library tells best."""
        try:
            settings = {name: _json(folder, name) for name in _FILES}
            return cls(folder, settings) if _is_usual(settings) else None
        except Exception:  # whatever is amiss with a folder
            return None

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text: ``(n, dim) float32``. What lies beyond the model's length is not read."""
        tokens = [read.ids for read in self._tokenizer.encode_batch(list(texts))]
        if not tokens or sum(map(len, tokens)) > _FEW:
            return self.compiled().vectors_of_ranges(tokens, [[(0, len(one))] for one in tokens])
        if not (few := self._few):
            return self.compiled().vectors(tokens)
        self._calls += 1
        if self._calls >= _FIRST and not self._compiling.locked():
            Thread(target=self.compiled, name="compiling the model").start()
        return few.vectors(tokens)

    def vectors_of_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return one unit vector a text, and one for every part ``[start, end)`` of each, as it is read in its text.

        ``(n, dim)`` and ``(m, dim) float32``, text by text. A part that lies beyond the model's length, in whole or in some of
        its words, has no vector there: zeros.
        """
        read = self._tokenizer.encode_batch(list(texts))
        ranges = [
            [(0, len(one.ids)), *_ranges(one.offsets, several, len(text))]
            for one, several, text in zip(read, parts, texts, strict=True)
        ]
        vectors = self.compiled().vectors_of_ranges([one.ids for one in read], ranges)
        firsts = np.cumsum([0, *map(len, ranges)])[:-1]
        return vectors[firsts], np.delete(vectors, firsts, axis=0)

    def pieces(self, word: str) -> list[str]:
        """Return the pieces of the model's vocabulary that a word is made of."""
        return list(self._tokenizer.encode(word, add_special_tokens=False).tokens)

    def compiled(self) -> CompiledTexts:
        """Return the model made ready for this processor. Once it is, it reads all texts, be they few."""
        with self._compiling:
            if self._compiled is None:
                from assistant.bert.compiled import CompiledTexts  # its library takes a quarter of a second to import

                self._compiled = CompiledTexts(Parts.of(mapped(self._weights), np.concatenate), **self._shape)
                self._few = None
            return self._compiled


_FILES = (
    "modules.json",
    "config.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
)


def _ranges(
    offsets: Sequence[tuple[int, int]], parts: Sequence[tuple[int, int]], length: int
) -> Iterator[tuple[int, int]]:
    """Yield the range of tokens of each part of a text, by where its tokens stand; an empty one for what was not read whole."""
    starts, ends = zip(*offsets[1:-1], strict=True) if len(offsets) > _MARKS else ((), ())
    is_cut = len(starts) > 0 and ends[-1] < length
    for start, end in parts:
        whole = not is_cut or end <= ends[-1]
        yield (1 + bisect_left(starts, start), 1 + bisect_left(starts, end)) if whole else (0, 0)


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
