from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from assistant.building import build, ensure
from assistant.conversation import Assistant
from assistant.errors import ClusterAway, IndexMismatch
from assistant.generations import current
from assistant.index import PassageIndex
from assistant.ledger import Ledger
from assistant.sending import library_name, words_of
from assistant.vectors.cluster import Cluster
from assistant.vectors.collections import count, keys_of
from assistant.vectors.schema import LONGEST_WORDS
from tests.fakes import HashingEmbedder
from tests.milvus import free_ports

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.settings import Settings

    Make = Callable[..., Settings]

LEEDS = (
    "Motivations\n\nChallenges\n\nThe hub in Leeds lost its funding.\n\nEnablers\n\nStaff in Leeds shared an office.\n"
)
HARBOUR = "Structures\n\nChallenges\n\nHarbour City lost its ferry.\n"
YORK = "Motivations\n\nEnablers\n\nStaff in York shared a bus.\n\nStructures\n\nYork has a board.\n"
EVERYTHING = "key in [0] or born >= 0"


@dataclass
class Told:
    """Notes what a build tells of sending; may stop it there."""

    stops_at: int | None = None
    sent: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "Sending to Milvus":
            self.sent.append((done, total))
            if len(self.sent) == self.stops_at:
                raise KeyboardInterrupt


@pytest.fixture
def make(make_corpus: Make, milvus_lite: str) -> Make:
    def make(**texts: str) -> Settings:
        return make_corpus(**texts).model_copy(update={"milvus_uri": milvus_lite})

    return make


def built(settings: Settings) -> Told:
    told = Told()
    build(settings, HashingEmbedder(), told)
    return told


def ledger(settings: Settings) -> Ledger:
    return Ledger.open(current(settings.index))


def rows(settings: Settings) -> int:
    """Return how many rows of a library there are in Milvus, of whatever generation."""
    return len(keys_of(Cluster(str(settings.milvus_uri)), ledger(settings).place, EVERYTHING))


def collections(settings: Settings) -> dict[str, list[str]]:
    """Return what there is of a library in Milvus: its collections, each with its aliases."""
    library = library_name(settings.index, settings)
    return Cluster(str(settings.milvus_uri)).ask(
        lambda client, _: {
            one: sorted(client.list_aliases(one)["aliases"])
            for one in client.list_collections()
            if one.startswith(f"{library}_c")
        }
    )


def test_a_build_that_changes_nothing_sends_nothing(make: Make) -> None:
    settings = make(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    assert built(settings).sent == [(3, 3)]
    before = collections(settings), current(settings.index)
    assert built(settings).sent == []
    assert (collections(settings), current(settings.index)) == before


def test_only_what_is_new_is_sent_and_what_is_gone_is_removed(make: Make) -> None:
    settings = make(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    built(settings)
    assert rows(settings) == 3
    assert built(make(york_txt=YORK)).sent == [(2, 2)]
    (settings.corpus / "leeds.txt").unlink()
    assert built(settings).sent == []
    assert rows(settings) == 3
    library = library_name(settings.index, settings)
    assert collections(settings) == {f"{library}_c1": [f"{library}_g3"]}


def test_a_reader_goes_on_with_its_generation_until_it_opens_the_next(make: Make) -> None:
    settings = make(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    built(settings)
    library = Assistant.open(settings=settings, embedder=HashingEmbedder())
    (held,) = [library.index]
    vector = HashingEmbedder().embed(["Harbour City lost its ferry."])[0]
    (settings.corpus / "harbour.txt").unlink()
    built(make(york_txt=YORK))
    assert {held.passage(int(row)).document for row in held.vectors.search(vector, 9)[0]} == {
        "leeds.txt",
        "harbour.txt",
    }
    now = library.index
    assert {now.passage(int(row)).document for row in now.vectors.search(vector, 9)[0]} == {"leeds.txt", "york.txt"}
    assert rows(settings) == 5, "what the reader of the old generation sees is still there"
    del held, now, library
    (settings.corpus / "york.txt").unlink()
    built(settings)
    assert rows(settings) == 2


@pytest.mark.parametrize("grows", [False, True])
def test_a_build_that_is_stopped_leaves_the_old_generation_and_the_next_cleans_up(make: Make, *, grows: bool) -> None:
    settings = make(leeds_txt=LEEDS)
    if grows:
        built(settings)
    make(harbour_txt=HARBOUR, york_txt=YORK)
    with pytest.raises(KeyboardInterrupt):
        build(settings, HashingEmbedder(), Told(stops_at=1))
    if grows:
        index = PassageIndex.open(settings.index, HashingEmbedder(), Cluster(str(settings.milvus_uri)))
        assert len(index.vectors.search(HashingEmbedder().embed(["ferry"])[0], 9)[0]) == 2
    assert rows_of_library(settings) > 2 * grows
    (settings.corpus / "york.txt").unlink()
    built(settings)
    assert rows(settings) == 3
    assert len(collections(settings)) == 1


def rows_of_library(settings: Settings) -> int:
    (collection,) = collections(settings)
    return len(
        Cluster(str(settings.milvus_uri)).ask(lambda client, _: client.query(collection, filter=EVERYTHING, limit=99))
    )


def test_what_was_switched_to_in_milvus_and_not_on_disk_is_taken_back(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    built(settings)
    (settings.corpus / "harbour.txt").unlink()
    make(york_txt=YORK)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("assistant.building.publish", fail)
        with pytest.raises(KeyboardInterrupt):
            build(settings, HashingEmbedder())
    assert [len(aliases) for aliases in collections(settings).values()] == [2]
    make(harbour_txt=HARBOUR)
    built(settings)
    assert rows(settings) == 5
    assert count(Cluster(str(settings.milvus_uri)), ledger(settings).place) == 5


def test_rows_that_went_missing_are_sent_again_by_the_next_build(make: Make) -> None:
    settings = make(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    built(settings)
    place, gone = ledger(settings).place, int(ledger(settings).keys[1])
    Cluster(str(settings.milvus_uri)).ask(lambda client, _: client.delete(place.collection, ids=[gone]))
    assert built(settings).sent == [(3, 3)]
    assert rows(settings) == 3
    assert len(collections(settings)) == 1


def test_a_library_that_is_wanted_otherwise_is_sent_anew(make: Make) -> None:
    settings = make(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    built(settings)
    graph = settings.model_copy(update={"milvus_index": "HNSW"})
    assert built(graph).sent == [(3, 3)]
    library = library_name(settings.index, settings)
    assert collections(settings) == {f"{library}_c2": [f"{library}_g2"]}
    assert built(graph).sent == []


def test_an_index_of_this_machine_alone_is_sent_once_a_cluster_is_named(make_corpus: Make, milvus_lite: str) -> None:
    alone = make_corpus(leeds_txt=LEEDS)
    build(alone, HashingEmbedder())
    settings = alone.model_copy(update={"milvus_uri": milvus_lite})
    with pytest.raises(IndexMismatch, match=r'CASEWISE_MILVUS_URI names a cluster.*Run "casewise index"'):
        Assistant.open(settings=settings, embedder=HashingEmbedder())
    ensure(settings, HashingEmbedder())
    assert rows(settings) == 2
    build(alone, HashingEmbedder())
    assert Assistant.open(settings=alone, embedder=HashingEmbedder()).search("office")


def test_two_libraries_on_one_server_have_names_of_their_own(make: Make) -> None:
    settings = make(leeds_txt=LEEDS)
    built(settings)
    other = settings.model_copy(update={"index": settings.index.with_name("other")})
    built(other)
    assert library_name(settings.index, settings) != library_name(other.index, other)
    assert (rows(settings), rows(other)) == (2, 2)


def test_an_index_built_anew_takes_over_under_the_name_it_is_given(make: Make) -> None:
    settings = make(leeds_txt=LEEDS, harbour_txt=HARBOUR).model_copy(update={"milvus_library": "given_name"})
    built(settings)
    anew = settings.model_copy(update={"index": settings.index.with_name("anew")})
    built(anew)
    assert collections(anew) == {"casewise_given_name_c1": ["casewise_given_name_g1"]}
    assert rows(anew) == 3


def test_a_server_that_is_away_leaves_the_index_as_it_was(make: Make) -> None:
    settings = make(leeds_txt=LEEDS)
    built(settings)
    before = current(settings.index)
    away = settings.model_copy(update={"milvus_uri": f"http://127.0.0.1:{free_ports(1)[0]}", "milvus_seconds": 1.0})
    make(harbour_txt=HARBOUR)
    with pytest.raises(ClusterAway):
        build(away, HashingEmbedder())
    assert current(settings.index) == before
    assert built(settings).sent == [(1, 1)]


def test_words_are_given_to_milvus_as_numbers_that_any_tokenizer_takes_apart_alike() -> None:
    one, other = words_of("Offices of the hub, don't"), words_of("office OF the hubs: don't")
    assert one == other
    assert len(one.split()) == 5
    assert all(word.isalnum() and word.isascii() for word in one.split())
    assert len(words_of("word " * 20_000)) <= LONGEST_WORDS
