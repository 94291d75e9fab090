from __future__ import annotations

from itertools import combinations
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.embeddings import SentenceTransformerEmbedder
from assistant.inference import FACETS, Library, definition_texts, inferred, own_words
from assistant.settings import Settings
from assistant.taxonomy import parse_taxonomy
from assistant.types import Facet, Origin, Tag
from tests.case_studies import FILES, Shelf, judged, shelf, tagged_by_headings
from tests.conftest import TAXONOMY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST = Settings().enough_confidence
DIMENSIONS = 24
VALUES = ("Money", "People", "Tools")
DEFINITIONS = {(Facet.THEME, value): np.eye(DIMENSIONS, dtype=np.float32)[place] for place, value in enumerate(VALUES)}


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def made(
    documents: int, noise: float, each: int = 12, seed: int = 0
) -> tuple[NDArray[np.float32], list[int], NDArray[np.int64]]:
    """Return vectors, the number of the value of each row (3 is none of them), and the document of each row."""
    chance = np.random.default_rng(seed)
    centres = np.eye(4, DIMENSIONS)
    kinds = np.tile(np.arange(4), documents * each // 4)
    vectors = centres[kinds] + noise * chance.standard_normal((len(kinds), DIMENSIONS))
    return unit(vectors), kinds.tolist(), np.repeat(np.arange(documents), each)


def by_headings(kinds: Sequence[int], origin: Origin = Origin.HEADING) -> list[tuple[Tag, ...]]:
    return [(Tag(Facet.THEME, VALUES[kind], origin),) if kind < len(VALUES) else () for kind in kinds]


def library(
    documents: int, hidden: int, noise: float = 0.15, origin: Origin = Origin.HEADING
) -> tuple[Library, list[int]]:
    """Return documents of which those from ``hidden`` on have no tags."""
    vectors, kinds, numbers = made(documents, noise)
    tags = [own if number < hidden else () for own, number in zip(by_headings(kinds, origin), numbers, strict=True)]
    return Library(vectors, tags, numbers), kinds


def right(given: dict[int, tuple[Tag, ...]], kinds: Sequence[int]) -> list[bool]:
    return [kinds[row] < len(VALUES) and tag.value == VALUES[kinds[row]] for row, tags in given.items() for tag in tags]


def test_what_headings_say_is_learnt_for_documents_without_them() -> None:
    full, kinds = library(documents=10, hidden=6)
    given = dict(inferred(full, DEFINITIONS, LEAST))
    assert all(full.documents[row] >= 6 and kinds[row] < len(VALUES) for row in given)
    assert len(given) >= 0.9 * 36
    assert all(right(given, kinds))
    assert {tag.origin for tags in given.values() for tag in tags} == {Origin.MODEL}


def test_what_persons_say_teaches_as_well_and_what_a_model_said_does_not() -> None:
    assert len(inferred(library(10, 6, origin=Origin.PERSON)[0], DEFINITIONS, LEAST)) >= 30
    assert inferred(library(10, 6, origin=Origin.MODEL)[0], DEFINITIONS, LEAST) == {}


def test_a_passage_of_no_theme_is_given_none_in_old_documents_and_new_ones() -> None:
    full, kinds = library(documents=10, hidden=6)
    given = inferred(full, DEFINITIONS)
    none = [row for row, kind in enumerate(kinds) if kind == len(VALUES)]
    assert len(none) == 30
    assert [row for row in none if row in given] == []


def test_a_row_that_has_a_tag_of_the_facet_is_left_alone() -> None:
    full, _ = library(documents=10, hidden=6)
    given = inferred(full, DEFINITIONS)
    assert [row for row in given if full.tags[row]] == []


def test_no_tag_is_less_sure_than_asked_and_guesses_are_all() -> None:
    full, _ = library(documents=10, hidden=6, noise=0.35)
    guesses, sure = inferred(full, DEFINITIONS), inferred(full, DEFINITIONS, LEAST)
    assert 0 < len(sure) < len(guesses)
    assert sure == {row: tags for row, tags in guesses.items() if tags[0].confidence >= LEAST}


@pytest.mark.parametrize("noise", [0.25, 0.4, 0.6])
def test_a_confidence_is_how_often_it_is_right_in_a_new_document(noise: float) -> None:
    full, kinds = library(documents=400, hidden=100, noise=noise)
    given = inferred(full, DEFINITIONS)
    confidences = np.asarray([tag.confidence for tags in given.values() for tag in tags])
    correct = np.asarray(right(dict(given), kinds))
    kept = confidences >= LEAST
    assert kept.sum() > 500
    assert abs(correct[kept].mean() - confidences[kept].mean()) < 0.03
    assert abs(correct.mean() - confidences.mean()) < 0.03


@pytest.mark.parametrize(
    ("documents", "tagged"),
    [(10, 2), (10, 1), (2, 1)],
    ids=["two documents with tags", "one document with tags", "hardly a tag"],
)
def test_with_too_little_tagged_only_definitions_count_and_none_is_sure(documents: int, tagged: int) -> None:
    full, _ = library(documents, tagged)
    guesses = inferred(full, DEFINITIONS)
    assert set(guesses) == {row for row, tags in enumerate(full.tags) if not tags}
    nearest = full.vectors @ np.stack(list(DEFINITIONS.values())).T
    assert {row: tags[0].value for row, tags in guesses.items()} == {
        row: VALUES[nearest[row].argmax()] for row in guesses
    }
    assert max(tags[0].confidence for tags in guesses.values()) < LEAST


def test_passages_of_one_theme_alone_teach_nothing() -> None:
    vectors, kinds, documents = made(10, 0.15)
    tags = [own if kind == 0 else () for own, kind in zip(by_headings(kinds), kinds, strict=True)]
    guesses = inferred(Library(vectors, tags, documents), DEFINITIONS)
    assert set(guesses) == {row for row, own in enumerate(tags) if not own}


def test_a_facet_that_is_settled_is_given_no_tag() -> None:
    full, _ = library(documents=10, hidden=6)
    row, other = list(inferred(full, DEFINITIONS, LEAST))[:2]
    settled = Library(full.vectors, full.tags, full.documents, {(row, Facet.THEME), (other, Facet.ASPECT)})
    given = inferred(settled, DEFINITIONS, LEAST)
    assert row not in given
    assert other in given


def test_only_themes_and_aspects_are_inferred() -> None:
    vectors, kinds, documents = made(10, 0.15)
    tags = [(Tag(Facet.CASE, VALUES[kind % 3], Origin.HEADING),) if row < 60 else () for row, kind in enumerate(kinds)]
    cases = {(Facet.CASE, value): meaning for (_, value), meaning in DEFINITIONS.items()}
    assert inferred(Library(vectors, tags, documents), cases) == {}


def test_both_facets_of_a_row_are_given_together() -> None:
    vectors, kinds, documents = made(10, 0.15)
    aspects = {(Facet.ASPECT, name): DEFINITIONS[Facet.THEME, value] for name, value in zip("ab", VALUES, strict=False)}
    tags = [
        (*own, *(Tag(Facet.ASPECT, "ab"[kind], Origin.HEADING) for _ in range(kind < 2))) if document < 6 else ()
        for own, kind, document in zip(by_headings(kinds), kinds, documents, strict=True)
    ]
    given = inferred(Library(vectors, tags, documents), DEFINITIONS | aspects, LEAST)
    assert {tuple(tag.facet for tag in given[row]) for row in given if kinds[row] < 2} == {FACETS}


def test_an_empty_library_and_one_without_themes_are_given_nothing() -> None:
    nothing = Library(np.zeros((0, DIMENSIONS), np.float32), [], np.zeros(0, np.int64))
    assert inferred(nothing, DEFINITIONS) == {}
    assert inferred(library(10, 6)[0], {}) == {}


def test_the_same_library_is_given_the_same_tags() -> None:
    full, _ = library(documents=40, hidden=20, noise=0.35)
    assert inferred(full, DEFINITIONS) == inferred(full, DEFINITIONS)


def test_fifty_thousand_passages_take_a_moment() -> None:
    chance = np.random.default_rng(0)
    vectors = unit(chance.standard_normal((50_000, 384), np.float32))
    meanings = {(Facet.THEME, value): vectors[place] for place, value in enumerate(VALUES)}
    tags = by_headings([row % 4 for row in range(50_000)])
    full = Library(vectors, tags, np.arange(50_000) // 30)
    start = process_time()
    inferred(full, meanings, LEAST)
    assert process_time() - start < 2


def test_the_vector_of_a_passage_s_own_words_is_the_mean_of_its_sentences() -> None:
    sentences = unit(np.asarray([[1, 0], [0, 1], [1, 1]]))
    assert np.allclose(own_words(sentences, [2, 1]), unit(np.asarray([[1, 1], [1, 1]])))
    assert own_words(sentences[:0], []).shape == (0, 2)
    assert np.allclose(own_words(unit(np.asarray([[1, 0], [-1, 0]])), [2]), 0)


def test_a_definition_is_told_with_the_name() -> None:
    texts = definition_texts(
        parse_taxonomy(TAXONOMY.encode() + b'[[themes]]\nname = "Money"\ndefinition = "Who pays."')
    )
    assert texts[Facet.THEME, "Money"] == "Money: Who pays."
    assert texts[Facet.ASPECT, "enabler"] == "enabler"
    assert {facet for facet, _ in texts} == set(FACETS)


@pytest.fixture(scope="module")
def studies() -> Shelf:
    return shelf(SentenceTransformerEmbedder())


@pytest.mark.parametrize("at_a_time", [1, 2])
def test_nine_in_ten_tags_given_to_case_studies_without_headings_are_what_their_headings_say(
    studies: Shelf, at_a_time: int
) -> None:
    tags = [tag for hidden in combinations(range(len(FILES)), at_a_time) for tag in judged(studies, hidden, LEAST)]
    times_hidden = len(list(combinations(range(len(FILES) - 1), at_a_time - 1)))
    assert sum(tag.is_right for tag in tags) / len(tags) >= 0.9
    assert len(tags) >= 0.15 * times_hidden * tagged_by_headings(studies)
    assert {tag.facet for tag in tags} == set(FACETS)


def test_a_library_of_one_document_is_given_no_tag_from_meaning(studies: Shelf) -> None:
    own = studies.documents == 0
    tags = [one.tags for one, is_own in zip(studies.passages, own, strict=True) if is_own]
    assert inferred(Library(studies.vectors[own], tags, studies.documents[own]), studies.definitions, LEAST) == {}
