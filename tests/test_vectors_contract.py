"""What every store of vectors must do, whichever it is: FAISS, Milvus Lite in this process, and a Milvus server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.errors import IndexDamaged, IndexMismatch
from assistant.ledger import Ledger
from assistant.types import Facet
from assistant.vectors import Selection, VectorStore
from assistant.vectors.cluster import Cluster
from assistant.vectors.collections import count, is_published, keys_of, mark, send, tidy
from assistant.vectors.schema import NEVER, Rows
from tests import milvus
from tests.backends import NAMES, Backend, InMilvus, OnDisk, Tags, contents
from tests.test_vectors import unit_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.vectors.milvus import MilvusVectors

    Group = frozenset[tuple[Facet, str | None]]

COUNT, DIMENSIONS = 200, 48
THEMES, CASES = ("Money", 'the "other" \\ theme', "Größe"), ("Leeds", "York")


def tags_of(count: int) -> Tags:
    """Return tags for passages: of three themes, two cases, and now and then none at all."""
    return [
        frozenset(
            [(Facet.THEME, THEMES[number % 3])] * (number % 4 > 0)
            + [(Facet.CASE, CASES[number % 2])] * (number % 5 > 1)
        )
        for number in range(count)
    ]


TAGS = tags_of(COUNT)
VECTORS = unit_vectors(COUNT, seed=3, dimensions=DIMENSIONS)
QUERIES = unit_vectors(3, seed=4, dimensions=DIMENSIONS)


def fits(tags: frozenset[tuple[Facet, str]], group: Group) -> bool:
    """Tell whether a passage carries a tag of a group, or none of a facet where the group says so."""
    return any((of, value) in tags if value else all(facet is not of for facet, _ in tags) for of, value in group)


def select(*groups: Group, tags: Tags = TAGS) -> Selection:
    return Selection(groups, np.asarray([all(fits(one, group) for group in groups) for one in tags], np.bool_))


MONEY: Group = frozenset({(Facet.THEME, "Money")})
ODD: Group = frozenset({(Facet.THEME, THEMES[1]), (Facet.THEME, THEMES[2])})
LEEDS: Group = frozenset({(Facet.CASE, "Leeds")})
NO_CASE: Group = frozenset({(Facet.CASE, None)})
NO_THEME_OR_YORK: Group = frozenset({(Facet.THEME, None), (Facet.CASE, "York")})
UNKNOWN: Group = frozenset({(Facet.THEME, "Motivations")})
SELECTIONS = {
    "none": None,
    "one group": select(MONEY),
    "names with quotes": select(ODD),
    "two groups": select(MONEY, LEEDS),
    "no tag of a facet": select(NO_CASE),
    "a tag or none": select(NO_THEME_OR_YORK, ODD),
    "nothing fits": select(UNKNOWN),
    "nothing fits both": select(LEEDS, NO_CASE),
}


@pytest.fixture(scope="module")
def lite(milvus_lite: str) -> Iterator[InMilvus]:
    cluster = Cluster(milvus_lite)
    yield InMilvus(cluster)
    cluster.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InMilvus]:
    if milvus.PROGRAM is None:
        pytest.skip("there is no milvus-server; see tests/milvus.py")
    started = milvus.Server(tmp_path_factory.mktemp("server"))
    started.start()
    yield InMilvus(Cluster(started.uri))
    started.kill()


SERVER = pytest.param("server", marks=pytest.mark.slow)


@pytest.fixture(scope="module", params=["disk", "lite", SERVER])
def backend(request: pytest.FixtureRequest) -> Backend:
    found: Backend = OnDisk() if request.param == "disk" else request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module", params=["lite", SERVER])
def cluster(request: pytest.FixtureRequest) -> InMilvus:
    found: InMilvus = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def store(backend: Backend) -> VectorStore:
    return backend.store(VECTORS, TAGS)


@pytest.mark.parametrize("name", SELECTIONS)
@pytest.mark.parametrize("k", [7, 5 * COUNT])
def test_hits_are_those_of_brute_force(store: VectorStore, name: str, k: int) -> None:
    selection = SELECTIONS[name]
    allowed = np.arange(COUNT) if selection is None else np.flatnonzero(selection.mask)
    assert bool(len(allowed)) == ("nothing" not in name)
    for query in QUERIES:
        rows, scores = store.search(query, k, selection)
        every = VECTORS[allowed] @ query
        expected = np.argsort(-every)[:k]
        assert rows.tolist() == allowed[expected].tolist()
        assert scores == pytest.approx(every[expected], abs=1e-5)
        assert (rows.dtype, scores.dtype) == (np.dtype(np.int64), np.dtype(np.float32))


@pytest.mark.parametrize("k", [0, -1])
def test_none_is_what_is_asked_for_when_none_is_asked_for(store: VectorStore, k: int) -> None:
    rows, scores = store.search(QUERIES[0], k, SELECTIONS["one group"])
    assert (len(rows), len(scores)) == (0, 0)


@pytest.mark.parametrize("numbers", [[], [5], [199, 0, 5, 0]])
def test_rows_are_the_vectors_that_were_put_in(store: VectorStore, numbers: list[int]) -> None:
    found = store.rows(np.asarray(numbers, np.int64))
    assert (found.shape, found.dtype) == ((len(numbers), DIMENSIONS), np.dtype(np.float32))
    assert found == pytest.approx(VECTORS[numbers], abs=1e-6)


def test_a_store_may_hold_one_vector(backend: Backend) -> None:
    one = backend.store(VECTORS[:2], TAGS[:2])
    rows, _ = one.search(VECTORS[1], 10)
    assert rows.tolist()[0] == 1
    assert sorted(rows.tolist()) == [0, 1]


@pytest.fixture
def grown(cluster: InMilvus) -> tuple[MilvusVectors, MilvusVectors]:
    """A library of ten, and what the next build made of it: two are gone, three are new, and the last has other tags."""
    before = cluster.first(next(NAMES), VECTORS[:10], TAGS[:10])
    old = before.keys
    assert isinstance(old, Ledger)
    said = np.concatenate([contents(7, first=2), contents(4, first=100)])
    ledger = Ledger.of(replace(old.place, stamp=2), said, old)
    vectors = np.concatenate([VECTORS[2:9], VECTORS[20:23], VECTORS[9:10]])
    return before, cluster.sent(ledger, vectors, [*TAGS[2:9], *TAGS[20:23], frozenset()], old)


def keys(store: MilvusVectors) -> Ledger:
    assert isinstance(store.keys, Ledger)
    return store.keys


def found(store: MilvusVectors, query: np.ndarray, selection: Selection | None = None) -> list[int]:
    return store.search(query, 100, selection)[0].tolist()


def test_each_generation_sees_its_own_rows(grown: tuple[MilvusVectors, MilvusVectors]) -> None:
    old, new = grown
    query = QUERIES[0]
    assert found(old, query) == np.argsort(-(VECTORS[:10] @ query)).tolist()
    now = np.concatenate([VECTORS[2:9], VECTORS[20:23], VECTORS[9:10]])
    assert found(new, query) == np.argsort(-(now @ query)).tolist()


def test_a_passage_with_other_tags_has_them_in_the_new_generation_alone(
    grown: tuple[MilvusVectors, MilvusVectors],
) -> None:
    old, new = grown
    assert TAGS[9] == {(Facet.THEME, "Money"), (Facet.CASE, "York")}
    assert 9 in found(old, QUERIES[0], select(MONEY))
    assert 10 not in found(new, QUERIES[0], select(MONEY))
    assert 10 in found(new, QUERIES[0], select(NO_CASE))


def test_what_both_generations_hold_is_one_row(cluster: InMilvus, grown: tuple[MilvusVectors, MilvusVectors]) -> None:
    old, new = grown
    assert keys(new).keys[:7].tolist() == keys(old).keys[2:9].tolist()
    assert count(cluster.cluster, new.place, f"died <= {NEVER}") == 10 + 4


def test_what_nobody_reads_any_more_is_removed(cluster: InMilvus, grown: tuple[MilvusVectors, MilvusVectors]) -> None:
    old, new = grown
    tidy(cluster.cluster, new.place.library, [new.place])
    assert sorted(keys_of(cluster.cluster, new.place, f"died <= {NEVER}")) == sorted(keys(new).keys)
    assert found(new, QUERIES[1])[0] >= 0
    with pytest.raises(IndexMismatch, match=r'does not hold this index.*Run "casewise index" to send it again'):
        replace(old, _checked=[]).search(QUERIES[0], 3)


def test_a_build_that_was_killed_leaves_the_generation_before_it_whole(
    cluster: InMilvus, grown: tuple[MilvusVectors, MilvusVectors]
) -> None:
    _, new = grown
    third = replace(new.place, stamp=3)
    rows = Rows(np.asarray([1, 2]), ["a", "b"], [[], []], VECTORS[50:52], ["a", "b"])
    send(cluster.cluster, third, [rows], lambda _: None)
    mark(cluster.cluster, third, keys(new).keys[:3], died=3)
    assert len(found(new, QUERIES[2])) == 11
    assert not is_published(cluster.cluster, third)
    tidy(cluster.cluster, new.place.library, [new.place])
    assert count(cluster.cluster, new.place, f"died < {NEVER} or born == 3") == 0
    assert count(cluster.cluster, new.place) == 11


def test_sending_twice_changes_nothing(cluster: InMilvus) -> None:
    store = cluster.first(next(NAMES), VECTORS[:5], TAGS[:5])
    again = cluster.sent(keys(store), VECTORS[:5], TAGS[:5], None)
    assert count(cluster.cluster, again.place) == 5


def test_libraries_on_one_server_do_not_see_each_other(cluster: InMilvus) -> None:
    one = cluster.first(next(NAMES), VECTORS[:5], TAGS[:5])
    other = cluster.first(f"{one.place.library}_c1", VECTORS[5:9], TAGS[5:9])
    tidy(cluster.cluster, one.place.library, [one.place])
    assert len(found(other, QUERIES[0])) == 4
    tidy(cluster.cluster, other.place.library, [])
    assert len(found(one, QUERIES[0])) == 5
    with pytest.raises(IndexMismatch):
        other.search(QUERIES[0], 1)


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        (lambda one: replace(one, place=replace(one.place, stamp=9)), IndexMismatch, "does not hold this index"),
        (lambda one: replace(one, place=replace(one.place, dimensions=384)), IndexMismatch, "48 dimensions.*384"),
        (
            lambda one: replace(one, keys=replace(keys(one), keys=keys(one).keys[:4])),
            IndexDamaged,
            "5 passages .* of 4",
        ),
        (lambda one: replace(one, keys=replace(keys(one), keys=keys(one).keys + 1)), IndexDamaged, "not of this index"),
    ],
)
def test_a_collection_that_is_not_what_the_index_says_is_told_with_the_remedy(
    cluster: InMilvus, spoil: Callable[[MilvusVectors], MilvusVectors], error: type[Exception], said: str
) -> None:
    spoilt = spoil(cluster.first(next(NAMES), VECTORS[:5], TAGS[:5]))
    with pytest.raises(error, match=said) as caught:
        spoilt.search(QUERIES[0], 3)
    assert spoilt.cluster.address in str(caught.value)
    assert 'un "casewise index"' in str(caught.value)


def test_rows_that_went_missing_are_told_when_they_are_asked_for(cluster: InMilvus) -> None:
    store = cluster.first(next(NAMES), VECTORS[:5], TAGS[:5])
    store.check()
    gone = int(keys(store).keys[3])
    cluster.cluster.ask(lambda client, seconds: client.delete(store.place.collection, ids=[gone], timeout=seconds))
    with pytest.raises(IndexDamaged, match="holds 4 passages of this index instead of 5"):
        store.check_now()
    with pytest.raises(IndexDamaged, match="lacks passages"):
        store.rows(np.asarray([3]))


def test_a_collection_that_is_removed_between_two_questions_is_told_as_such(cluster: InMilvus) -> None:
    store = cluster.first(next(NAMES), VECTORS[:5], TAGS[:5])
    assert found(store, QUERIES[0])
    tidy(cluster.cluster, store.place.library, [])
    with pytest.raises(IndexMismatch, match="does not hold this index"):
        store.search(QUERIES[0], 3)
