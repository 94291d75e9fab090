"""From a corpus folder to an index: read, split, tag, embed, write, switch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant import storage
from assistant.changes import check_folders, is_stale
from assistant.errors import EmptyCorpus, IndexFault, ReadingError
from assistant.generations import Manifest, Refusal, current, new_generation, publish, verify
from assistant.index import check_model
from assistant.lexical import LexicalIndex
from assistant.passages import passages
from assistant.reading import Source, read, sources
from assistant.tagging import tagged
from assistant.taxonomy import FILENAME, Taxonomy, load_taxonomy
from assistant.vectors.faiss import FaissVectors
from assistant.vocabulary import Vocabulary, Word, collected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder
    from assistant.settings import Settings
    from assistant.types import Document, Passage

_BATCH = 64
_SHARE_OF_THE_ONE_BEFORE = 0.4
"""How much of a sentence's vector is that of the sentence together with the one before it: half said is often said there."""


class Progress(Protocol):
    """Is told how far a build has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that ``done`` of ``total`` are through ``stage``."""
        ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made, and what it could not read."""

    folder: Path
    documents: int
    passages: int
    sentences: int
    refused: dict[str, str]


def build(settings: Settings, embedder: Embedder, progress: Progress | None = None) -> BuildReport:
    """Build an index of the corpus folder and switch to it. Files that cannot be read are refused, the rest is indexed.

    Raises:
        TaxonomyError: the taxonomy is missing or wrong.
        EmptyCorpus: nothing can be read.
        IndexFault: the index cannot be written.
        ModelError: the model cannot be used.
    """
    tell = progress or _silent
    check_folders(settings)
    taxonomy = load_taxonomy(settings.corpus)
    library = _read_all(settings, tell)
    found = [p for document in library.documents for p in _passages(document, taxonomy, settings)]
    if not found:
        raise EmptyCorpus(_nothing_found(settings.corpus, library.refused))
    _ = embedder.identity  # a model that cannot be used is told as such, before anything is written
    with new_generation(settings.index) as folder:
        known = collected([*(passage.embedded_text for passage in found), *_names(taxonomy)])
        vectors = _embed(found, known, embedder, tell)
        Vocabulary.save(folder, known, vectors.words)
        _write(folder, library.documents, found, taxonomy, vectors)
        manifest = Manifest(
            model=embedder.identity.name,
            model_sha256=embedder.identity.sha256,
            dimensions=vectors.passages.shape[1],
            taxonomy_sha256=taxonomy.sha256,
            passage_characters=settings.passage_characters,
            documents=library.hashes,
            refused=library.refused,
            passages=len(found),
            sentences=len(vectors.sentences),
        )
        final = publish(folder, manifest)
    reasons = {name: refusal.reason for name, refusal in library.refused.items()}
    return BuildReport(final, len(library.documents), manifest.passages, manifest.sentences, reasons)


def ensure(settings: Settings, embedder: Embedder, progress: Progress | None = None) -> dict[str, str]:
    """Build the index if there is none, it cannot be used, or the corpus has changed. Return the files refused, with the reasons.

    Raises:
        CasewiseError: as ``build``.
    """
    try:
        manifest = verify(current(settings.index))
        check_model(manifest, embedder)
    except IndexFault:
        return build(settings, embedder, progress).refused
    if is_stale(settings, manifest):
        return build(settings, embedder, progress).refused
    return {name: refusal.reason for name, refusal in manifest.refused.items()}


@dataclass(frozen=True, slots=True)
class _Library:
    documents: list[Document]
    hashes: dict[str, str]
    refused: dict[str, Refusal]


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def _read_all(settings: Settings, tell: Progress) -> _Library:
    library = _Library([], {}, {})
    files = list(sources(settings.corpus, settings.index))
    for number, source in enumerate(files, 1):
        _read_into(library, source)
        tell("Reading", number, len(files))
    return library


def _read_into(library: _Library, source: Source) -> None:
    try:
        library.documents.append(read(source.path, source.id))
        library.hashes[source.id] = source.sha256
    except ReadingError as error:
        library.refused[source.id] = Refusal(source.sha256, str(error))


def _passages(document: Document, taxonomy: Taxonomy, settings: Settings) -> Iterator[Passage]:
    for passage in passages(document, settings.passage_characters):
        yield tagged(passage, document.title, taxonomy)


def _nothing_found(corpus: Path, refused: dict[str, Refusal]) -> str:
    if refused:
        return " ".join(refusal.reason for refusal in refused.values())
    return f'The corpus folder "{corpus}" holds no words to quote. Put text or Markdown files into it.'


def _write(
    folder: Path,
    documents: Sequence[Document],
    found: Sequence[Passage],
    taxonomy: Taxonomy,
    vectors: _Vectors,
) -> None:
    """Write all but the vocabulary and the manifest."""
    sentences = [sentence for passage in found for sentence in passage.sentences]
    FaissVectors.of(vectors.passages).save(folder / "passages.faiss")
    FaissVectors.of(vectors.sentences).save(folder / "sentences.faiss")
    LexicalIndex.of([passage.embedded_text for passage in found]).save(folder / "lexical")
    LexicalIndex.of([sentence.text for sentence in sentences]).save(folder / "sentence_words")
    (folder / FILENAME).write_bytes(taxonomy.source)
    storage.write_table(folder / "documents.arrow", storage.DOCUMENTS, map(storage.document_row, documents))
    storage.write_table(folder / "passages.arrow", storage.PASSAGES, _passage_rows(found))
    storage.write_table(folder / "sentences.arrow", storage.SENTENCES, map(storage.sentence_row, sentences))


def _passage_rows(found: Sequence[Passage]) -> Iterator[storage.Row]:
    first = 0
    for passage in found:
        yield storage.passage_row(passage, first)
        first += len(passage.sentences)


@dataclass(frozen=True, slots=True)
class _Vectors:
    """Vectors, ``(n, dim) float32`` each; those of passages and words are unit vectors."""

    passages: NDArray[np.float32]
    sentences: NDArray[np.float32]
    words: NDArray[np.float32]


def _names(taxonomy: Taxonomy) -> list[str]:
    return [name for entries in taxonomy.entries.values() for entry in entries for name in entry.names]


def _embed(found: Sequence[Passage], known: Sequence[Word], embedder: Embedder, tell: Progress) -> _Vectors:
    whole = [passage.embedded_text for passage in found]
    alone = [sentence.text for passage in found for sentence in passage.sentences]
    after = list(_after_the_one_before(found))
    texts = [*whole, *alone, *(text for text in after if text), *(word.form for word in known)]
    tell("Loading the model", 0, 1)
    embedder.embed(texts[:1])
    tell("Loading the model", 1, 1)
    batches = []
    for start in range(0, len(texts), _BATCH):
        batches.append(embedder.embed(texts[start : start + _BATCH]))
        tell("Embedding", min(start + _BATCH, len(texts)), len(texts))
    vectors = np.concatenate(batches)
    passages_, sentences, later = np.split(vectors, np.cumsum([len(whole), len(alone)]))
    follows = np.asarray([bool(text) for text in after], np.bool_)
    sentences[follows] *= 1 - _SHARE_OF_THE_ONE_BEFORE
    sentences[follows] += _SHARE_OF_THE_ONE_BEFORE * later[: follows.sum()]
    return _Vectors(passages_, sentences, later[follows.sum() :])


def _after_the_one_before(found: Sequence[Passage]) -> Iterator[str]:
    """Yield every sentence together with the one before it in its passage, nothing for the first."""
    for passage in found:
        yield ""
        yield from (f"{one.text} {other.text}" for one, other in pairwise(passage.sentences))
