"""What a worker of a cluster does: embed texts, by the same code and the same model as the machine that asked."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.embeddings import SentenceTransformerEmbedder, embed_with_parts
from assistant.errors import CasewiseError, WorkersError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.embeddings import Part


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of some texts, and then of their parts, as bytes: ``(texts + parts, dimensions) float32``; or what is wrong."""

    texts: int = 0
    parts: int = 0
    dimensions: int = 0
    content: bytes = b""
    fault: str = ""


def embedded(texts: Sequence[str], parts: Sequence[Sequence[Part]], model: str | None, sha256: str) -> Embedded:
    """Return what becomes of a block of texts, and of their parts.

    What is wrong with this worker's model stands in ``fault``: what is raised here, Ray wraps in errors of its own.
    """
    try:
        embedder = _embedder(os.environ.get("CASEWISE_MODEL") or model, sha256)
        vectors, own = embed_with_parts(embedder, texts, parts)
    except CasewiseError as error:
        return Embedded(fault=f"On {platform.node()}, a machine of the Ray cluster: {error}")
    return Embedded(len(vectors), len(own), vectors.shape[1], vectors.tobytes() + own.tobytes())


@lru_cache(maxsize=1)
def _embedder(model: str | None, sha256: str) -> SentenceTransformerEmbedder:
    """Return the embedder of this process, loaded once.

    Raises:
        ModelError: there is no such model here.
        WorkersError: it is another one than is wanted.
    """
    embedder = SentenceTransformerEmbedder(model)
    found = embedder.identity
    if found.sha256 != sha256:
        raise WorkersError(
            f"The model {found.name} is another one there ({found.sha256[:8]}) than here ({sha256[:8]}). Install the same on "
            "all machines, or set CASEWISE_MODEL where its workers start."
        )
    return embedder
