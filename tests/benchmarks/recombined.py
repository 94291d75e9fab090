"""Libraries of any size from real sentences, and an embedder that knows a vector for each of them.

Three sentences of one text and two of any others make a passage: no two are alike, and neighbours have a subject. The vector
of a passage is the mean of its sentences' own, each made by the real model once: a library of a million passages takes minutes
instead of hours, and questions, which the model embeds as ever, meet vectors that lie as real ones do.
"""

from __future__ import annotations

import gzip
import json
import random
import shutil
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from assistant.embeddings import SentenceTransformerEmbedder
from assistant.sentences import sentence_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
PASSAGES_EACH = 48
"""How many passages a document has: eight below every theme and aspect."""
_SHORTEST, _LONGEST = 40, 240


@dataclass(frozen=True)
class Source:
    """Real sentences ``text by text``, and real questions."""

    texts: list[list[str]]
    questions: list[str]

    @property
    def sentences(self) -> list[str]:
        return list(dict.fromkeys(chain.from_iterable(self.texts)))


def source_of(folders: Sequence[Path], most: int) -> Source:
    """Read folders in BEIR's layout, ``most`` sentences of them in all; without folders, the documents that are here."""
    texts = [_sentences(text) for text in chain.from_iterable(map(_texts, folders))] if folders else _own_texts()
    chosen, count = [], 0
    for text in random.Random(1).sample(texts, len(texts)):  # noqa: S311 - nothing secret
        if len(text) >= 3 and count < most:
            chosen.append(text)
            count += len(text)
    questions = [one for folder in folders for one in _questions(folder)] or [text[0] for text in chosen]
    return Source(chosen, random.Random(2).sample(questions, min(len(questions), 400)))  # noqa: S311


def write_library(folder: Path, source: Source, passages: int, seed: int = 0) -> int:
    """Write documents of ``passages`` passages in all, with the library's taxonomy; return how many documents there are."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "corpus/taxonomy.toml", folder)
    chance = random.Random(seed)  # noqa: S311
    flat = source.sentences
    count = -(-passages // PASSAGES_EACH)
    for number in range(count):
        place = folder / f"{seed:02}-{number // 1000:03}"
        place.mkdir(exist_ok=True)
        (place / f"{number:06}.md").write_text(_document(source, flat, chance, f"Report {number}"), encoding="utf-8")
    return count


def _document(source: Source, flat: Sequence[str], chance: random.Random, title: str) -> str:
    lines = [f"# {title}"]
    for theme in ("Motivations", "Structures", "Relationships"):
        lines.append(f"## {theme}")
        for aspect in ("Challenges", "Enablers"):
            lines.append(f"### {aspect}")
            lines += [passage_of(source, flat, chance) for _ in range(PASSAGES_EACH // 6)]
    return "\n\n".join(lines) + "\n"


def passage_of(source: Source, flat: Sequence[str], chance: random.Random) -> str:
    """Return a passage made of the sentences of a source, ``flat`` all of them."""
    text = chance.choice(source.texts)
    first = chance.randrange(len(text) - 2)
    return " ".join([*text[first : first + 3], *chance.choices(flat, k=2)])


class ComposingEmbedder:
    """Vectors of known sentences, and of what is made of them; for any other words a direction of their own.

    It passes for the packaged model, which made its vectors, so that the index can be asked with that.
    """

    def __init__(self, sentences: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self.identity = SentenceTransformerEmbedder().identity
        self._vectors = dict(zip(sentences, vectors, strict=True))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = np.stack([self._vector(text) for text in texts])
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    def is_common(self, word: str) -> bool:
        return bool(word)

    def _vector(self, text: str) -> NDArray[np.float32]:
        known = self._vectors.get(text)
        if known is not None:
            return known
        body = text.rpartition("\n")[2]
        parts = [self._vectors.get(body[start:end]) for start, end in sentence_bounds(body)]
        return np.sum([part for part in parts if part is not None] or [_direction(text)], axis=0)


def _direction(text: str) -> NDArray[np.float32]:
    return np.random.default_rng(crc32(text.encode())).standard_normal(384).astype(np.float32)


def composing_embedder(source: Source, folder: Path) -> ComposingEmbedder:
    """Return the embedder of a source; vectors are made once and kept in a folder."""
    sentences = source.sentences
    kept = folder / f"sentences-{len(sentences)}.npy"
    if not kept.exists():
        real = SentenceTransformerEmbedder()
        order = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))
        vectors = np.empty((len(sentences), 384), np.float32)
        for start in range(0, len(order), 256):
            rows = order[start : start + 256]
            vectors[rows] = real.embed([sentences[row] for row in rows])
        np.save(kept, vectors)
    return ComposingEmbedder(sentences, np.load(kept))


def _texts(folder: Path) -> Iterator[str]:
    for line in _lines(folder / "corpus.jsonl"):
        yield json.loads(line)["text"]


def _questions(folder: Path) -> Iterator[str]:
    for line in _lines(folder / "queries.jsonl"):
        yield json.loads(line)["text"]


def _lines(path: Path) -> Iterator[str]:
    packed = path.with_name(f"{path.name}.gz")
    with gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else path.open(encoding="utf-8") as file:
        yield from file


def _own_texts() -> list[list[str]]:
    from tests.benchmarks.corpora import SOURCES

    paragraphs = chain.from_iterable(path.read_text(encoding="utf-8").split("\n\n") for path in SOURCES)
    return [text for text in map(_sentences, paragraphs) if text]


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text that stay one sentence wherever they stand."""
    words = " ".join(text.split())
    found = (words[start:end] for start, end in sentence_bounds(words))
    fit = (one for one in found if _SHORTEST <= len(one) <= _LONGEST and one[0].isupper() and one.endswith("."))
    return [one for one, _ in groupby(fit) if not set(one) & set("#*_|<>[]`\\")]
