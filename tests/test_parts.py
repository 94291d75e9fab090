"""Sentences are read in their passage."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest

from assistant.embeddings import SentenceTransformerEmbedder, embed_with_parts
from assistant.vectorising import Vectoriser
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from assistant import Assistant

pytestmark = pytest.mark.usefixtures("in_float32")

TEXT = "The court took six weeks. It was found by chance. Trains ran late in Leeds."
PARTS = [(0, 25), (26, 49), (50, 75)]


@pytest.fixture(scope="module")
def packaged() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def cut(text: str, parts: Sequence[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in parts]


def test_a_text_has_the_vector_it_has_without_parts(packaged: SentenceTransformerEmbedder) -> None:
    whole, parts = packaged.embed_parts([TEXT, "Alone."], [PARTS, []])
    np.testing.assert_allclose(whole, packaged.embed([TEXT, "Alone."]), atol=1e-5)
    assert parts.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(parts, axis=1), 1, atol=1e-5)


def test_a_part_means_what_it_says_where_it_stands(packaged: SentenceTransformerEmbedder) -> None:
    _, parts = packaged.embed_parts([TEXT], [PARTS])
    alone = packaged.embed(cut(TEXT, PARTS))
    assert (parts @ alone.T).argmax(axis=1).tolist() == [0, 1, 2]
    (asked,) = packaged.embed(["Which court was found by chance?"])
    assert parts[1] @ asked > alone[1] @ asked + 0.1


def test_a_part_beyond_the_models_length_is_read_alone(packaged: SentenceTransformerEmbedder) -> None:
    long = "Words and words again. " * 80 + "The court took six weeks."
    part = (len(long) - 25, len(long))
    _, parts = packaged.embed_parts([long, long], [[(0, 22), part], [part]])
    (alone,) = packaged.embed([long[slice(*part)]])
    np.testing.assert_allclose(parts[1:], [alone, alone], atol=1e-5)
    assert parts[0] @ alone < 0.9


def test_no_text_and_an_empty_one_have_parts_like_any_other(packaged: SentenceTransformerEmbedder) -> None:
    whole, parts = packaged.embed_parts([], [])
    assert len(whole) == len(parts) == 0
    whole, parts = packaged.embed_parts(["", "Words."], [[], [(0, 6)]])
    assert (len(whole), len(parts)) == (2, 1)


def test_an_embedder_that_knows_of_texts_alone_reads_parts_alone() -> None:
    hashing = HashingEmbedder()
    whole, parts = embed_with_parts(hashing, [TEXT, "Alone."], [PARTS, []])
    np.testing.assert_array_equal(whole, hashing.embed([TEXT, "Alone."]))
    np.testing.assert_array_equal(parts, hashing.embed(cut(TEXT, PARTS)))


def test_every_sentence_of_a_library_has_the_vector_of_its_own_words(make_library: Callable[..., Assistant]) -> None:
    library = make_library(
        ports_txt="Ports\n\nShips came to Leeds. They left. ¹ Nobody knew.\n\n• One.\n• Two. Three.\n"
    )
    for row in range(library.index.manifest.passages):
        passage = library.index.passage(row)
        wanted = library.embedder.embed([sentence.text for sentence in passage.sentences])
        np.testing.assert_allclose(library.index.vectors_of_sentences(passage), wanted, atol=1e-3)


def test_passages_of_all_lengths_get_their_own_sentences(make_library: Callable[..., Assistant]) -> None:
    said = "\n\n".join(f"{'Ship ' * (number % 7)}{number} came. Ship {number} left." for number in range(150))
    index = make_library(ports_txt=f"Ports\n\n{said}\n").index
    passages = [index.passage(row) for row in range(index.manifest.passages)]
    whole, own = Vectoriser(HashingEmbedder(), lambda *_: None).of_passages(passages)
    np.testing.assert_allclose(whole, index.vectors.rows(np.arange(len(passages))), atol=1e-6)
    np.testing.assert_allclose(own, index.sentence_vectors.rows(np.arange(len(own))), atol=1e-3)
    np.testing.assert_array_equal(own[[0, 1]], HashingEmbedder().embed([one.text for one in passages[0].sentences]))


def test_short_texts_are_handed_over_by_the_hundred_and_long_ones_by_the_dozen() -> None:
    class Counting(HashingEmbedder):
        batches: ClassVar[list[int]] = []

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            self.batches.append(len(texts))
            return super().embed(texts)

    texts = [f"{number:04}" for number in range(2_500)] + [f"{number:04}" + "-" * 900 for number in range(100)]
    vectors = Vectoriser(Counting(), lambda *_: None).of_texts(texts)
    np.testing.assert_array_equal(vectors, HashingEmbedder().embed(texts))
    assert Counting.batches == [1, 2_000, 507, 64, 29]
