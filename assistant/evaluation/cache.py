"""Vectors of texts kept between runs: the same model and the same text make the same vector.

They stand in ``<index>/embeddings/<SHA-256 of the weights>/``: what is built goes where the index goes, the folder is
never committed, and everything in it can be deleted at any time. Each file holds vectors and the hashes of their texts,
is written whole under another name and then renamed; nothing is pickled. A file that cannot be read is left out.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder, ModelIdentity

_KEY_BYTES = 16
_WRITTEN_AT_ONCE = 2048


class CachedEmbedder:
    """An embedder that asks another one only for texts it has not seen, in this run or an earlier one.

    Where the folder cannot be written to, it remembers for this run alone.
    """

    def __init__(self, embedder: Embedder, index: Path) -> None:
        self._embedder = embedder
        self._folder = index / "embeddings" / embedder.identity.sha256
        self._vectors = dict(_read_all(self._folder))
        self._unwritten: list[bytes] = []

    @property
    def identity(self) -> ModelIdentity:
        """Which model this is."""
        return self._embedder.identity

    def is_common(self, word: str) -> bool:
        """Tell whether the model knows a word as a whole."""
        return self._embedder.is_common(word)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text: ``(n, dim) float32``."""
        keys = [_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if missing:
            made = self._embedder.embed(list(missing.values()))
            self._vectors.update(zip(missing, made, strict=True))
            self._unwritten += missing
        if len(self._unwritten) >= _WRITTEN_AT_ONCE:
            self.save()
        return np.stack([self._vectors[key] for key in keys])

    def save(self) -> None:
        """Write what is new to a file of its own."""
        if not self._unwritten:
            return
        vectors = np.stack([self._vectors[key] for key in self._unwritten])
        table = np.empty(len(vectors), [("key", f"V{_KEY_BYTES}"), ("vector", np.float32, vectors.shape[1])])
        table["key"] = np.array([np.void(key) for key in self._unwritten])
        table["vector"] = vectors
        with suppress(OSError):  # a cache that cannot be kept costs time, nothing else
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / f".{secrets.token_hex(8)}.npy"
            np.save(unfinished, table, allow_pickle=False)
            unfinished.rename(self._folder / unfinished.name.removeprefix("."))
        self._unwritten = []


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


def _read_all(folder: Path) -> list[tuple[bytes, NDArray[np.float32]]]:
    found: list[tuple[bytes, NDArray[np.float32]]] = []
    for path in sorted(folder.glob("[!.]*.npy")):
        with suppress(OSError, ValueError, EOFError, IndexError, KeyError):
            table = np.load(path, mmap_mode="r", allow_pickle=False)
            found += [(bytes(key), vector) for key, vector in zip(table["key"], table["vector"], strict=True)]
    return found
