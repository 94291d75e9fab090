from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.building import build
from assistant.conversation import Assistant
from assistant.errors import IndexMismatch, UnknownName
from assistant.index import PassageIndex
from assistant.types import BlockKind, Facet, Filters
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.settings import Settings
    from assistant.vectors import Selection

LEEDS = (
    "Motivations\n\nChallenges\n\nThe hub in Leeds lost its funding. It nearly closed.\n\n"
    "Enablers\n\nStaff in Leeds shared an office. They met every week.\n"
)
HARBOUR = "Structures\n\nChallenges\n\nHarbour City lost its ferry.\n"


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    return make_corpus(leeds_txt=LEEDS, leeds_md="# Notes\n\nNothing of note.\n", harbour_txt=HARBOUR)


@pytest.fixture
def index(settings: Settings) -> PassageIndex:
    build(settings, HashingEmbedder())
    return PassageIndex.open(settings.index, HashingEmbedder())


def rows_of(selection: Selection | None) -> list[int]:
    assert selection is not None
    return np.flatnonzero(selection.mask).tolist()


def test_passages_stand_in_the_order_of_their_documents(index: PassageIndex) -> None:
    assert [index.passage(row).text for row in range(index.manifest.passages)] == [
        "Harbour City lost its ferry.",
        "Nothing of note.",
        "The hub in Leeds lost its funding. It nearly closed.",
        "Staff in Leeds shared an office. They met every week.",
    ]


def test_a_passage_points_at_its_words_in_its_document(index: PassageIndex) -> None:
    passage = index.passage(3)
    text = index.documents[passage.document].text
    assert (passage.kind, passage.section[-1]) == (BlockKind.PARAGRAPH, "Enablers")
    assert [text[span.start : span.end] for span in passage.spans] == [passage.text]
    assert [sentence.text for sentence in passage.sentences] == [
        "Staff in Leeds shared an office.",
        "They met every week.",
    ]


def test_a_row_has_the_vector_of_its_passage(index: PassageIndex) -> None:
    wanted = HashingEmbedder().embed([index.passage(row).embedded_text for row in range(4)])
    assert np.array_equal(index.vectors.rows(np.arange(4)), wanted)
    assert index.lexical.search("ferry", 4)[0].tolist() == [0]


def test_every_sentence_has_a_vector_of_its_own(index: PassageIndex) -> None:
    for row in range(4):
        passage = index.passage(row)
        alone = HashingEmbedder().embed([sentence.text for sentence in passage.sentences])
        np.testing.assert_allclose(index.vectors_of_sentences(passage), alone, atol=1e-3)  # kept in half precision


def test_an_index_of_another_model_is_refused_and_both_are_named(settings: Settings) -> None:
    build(settings, HashingEmbedder(name="small"))
    with pytest.raises(IndexMismatch) as caught:
        PassageIndex.open(settings.index, HashingEmbedder(name="large"))
    message = str(caught.value)
    assert "was built with small" in message
    assert "64 dimensions" in message
    assert "asks for large" in message
    assert 'Run "casewise index"' in message


def test_a_model_of_the_same_name_with_other_weights_is_refused(settings: Settings) -> None:
    build(settings, HashingEmbedder(name="small"))
    retrained = HashingEmbedder(name="small")
    retrained.identity = HashingEmbedder(name="large").identity.__class__("small", "f" * 64)
    with pytest.raises(IndexMismatch, match="ffffffff"):
        PassageIndex.open(settings.index, retrained)


def test_no_filter_lets_everything_through(index: PassageIndex) -> None:
    assert index.allowed(Filters()) is None


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(theme="Motivations"), [2, 3]),
        (Filters(aspect="challenge"), [0, 2]),
        (Filters(case="Leeds Digital Hub"), [2, 3]),
        (Filters(aspect="challenge", case="Leeds Digital Hub"), [2]),
        (Filters(theme="Structures", aspect="challenge", case="Harbour City"), [0]),
        (Filters(aspect="enabler", case="Harbour City"), []),
        (Filters(theme="of no passage"), []),
    ],
)
def test_filters_let_through_what_carries_all_of_their_tags(
    index: PassageIndex, filters: Filters, rows: list[int]
) -> None:
    assert rows_of(index.allowed(filters)) == rows


@pytest.mark.parametrize(
    ("groups", "rows"),
    [
        ([{(Facet.THEME, "Structures"), (Facet.THEME, "Motivations")}], [0, 2, 3]),
        ([{(Facet.THEME, None)}], [1]),
        ([{(Facet.THEME, None), (Facet.THEME, "Structures")}, {(Facet.ASPECT, "challenge")}], [0]),
    ],
)
def test_a_selection_takes_any_tag_of_a_group_and_the_lack_of_one(
    index: PassageIndex, groups: list[set[tuple[Facet, str | None]]], rows: list[int]
) -> None:
    assert rows_of(index.selection(groups)) == rows


def test_carrying_is_the_share_of_topics_that_a_row_has(index: PassageIndex) -> None:
    topics = [(Facet.CASE, "Leeds Digital Hub"), (Facet.CASE, "Harbour City"), (Facet.THEME, "Motivations")]
    assert index.carrying(topics, np.arange(4)).tolist() == pytest.approx([1 / 3, 0, 2 / 3, 2 / 3])
    assert index.carrying(iter(topics[:1]), np.array([3, 0])).tolist() == [1, 0]
    assert index.carrying([], np.arange(4)).tolist() == [0, 0, 0, 0]


def test_a_row_of_a_table_is_found_with_all_its_neighbours(make_corpus: Callable[..., Settings]) -> None:
    rows = "Port\tBoats\nOstend\t1\nCalais\t2\nDover\t3\n"
    settings = make_corpus(boats_txt=f"Ferries\n\nBoats\n\nWe counted.\n\n{rows}\nTrains\n\n{rows}")
    build(settings, HashingEmbedder())
    index = PassageIndex.open(settings.index, HashingEmbedder())
    read = [index.passage(row) for row in range(index.manifest.passages)]
    tables = [[one.text for one in index.table_of(row)] for row in read if row.kind is BlockKind.TABLE_ROW]
    assert tables == [["Ostend – Boats: 1.", "Calais – Boats: 2.", "Dover – Boats: 3."]] * 6


def test_the_words_of_passages_headings_and_the_taxonomy_are_known(index: PassageIndex) -> None:
    assert all(term in index.vocabulary for term in ("fund", "challeng", "leed", "enabl", "digit"))
    assert "zeppelin" not in index.vocabulary
    assert index.vocabulary.is_name("leed")
    assert not index.vocabulary.is_name("fund")


def test_count_tells_how_many_passages_carry_a_tag(index: PassageIndex) -> None:
    assert index.count(Facet.ASPECT, "challenge") == 2
    assert index.count(Facet.CASE, "Harbour City") == 1
    assert index.count(Facet.THEME, "Harbour City") == 0


@pytest.mark.parametrize(
    ("asked", "meant"), [("harbour.txt", "harbour.txt"), ("HARB", "harbour.txt"), ("leeds.m", "leeds.md")]
)
def test_a_document_is_found_by_its_name_or_a_part_of_it(index: PassageIndex, asked: str, meant: str) -> None:
    assert index.document(asked).id == meant


@pytest.mark.parametrize("asked", ["bristol", "", "harbour.txt.bak"])
def test_an_unknown_document_lists_those_there_are(index: PassageIndex, asked: str) -> None:
    with pytest.raises(UnknownName, match=r"It has: harbour\.txt; leeds\.md; leeds\.txt\.") as caught:
        index.document(asked)
    assert f'no document "{asked}"' in str(caught.value)


def test_a_part_of_several_documents_lists_those(index: PassageIndex) -> None:
    with pytest.raises(UnknownName, match=r'"leeds" could be several: leeds\.md; leeds\.txt\. Give more'):
        index.document("leeds")


def test_the_index_keeps_the_taxonomy_it_was_built_with(settings: Settings, index: PassageIndex) -> None:
    (settings.corpus / "taxonomy.toml").unlink()
    again = PassageIndex.open(settings.index, HashingEmbedder())
    assert again.taxonomy == index.taxonomy
    assert again.taxonomy.sha256 == again.manifest.taxonomy_sha256


def test_deleting_the_index_and_opening_the_library_again_rebuilds_it(settings: Settings) -> None:
    before = Assistant.open(settings=settings, embedder=HashingEmbedder()).search("ferry")
    shutil.rmtree(settings.index)
    after = Assistant.open(settings=settings, embedder=HashingEmbedder()).search("ferry")
    assert before == after
    assert before[0].passage.text == "Harbour City lost its ferry."


def test_a_word_is_mentioned_wherever_it_stands_in_either_number(make_library: Callable[..., Assistant]) -> None:
    index = make_library(leeds_txt="Outreach\n\nThe hub worked with two CCGs.\n").index
    assert [word for word in ("outreach", "CCG", "hubs", "Cardiff", "ork") if index.mentions(word)] == [
        "outreach",
        "CCG",
        "hubs",
    ]


def test_a_place_is_mentioned_by_those_who_are_of_it(make_library: Callable[..., Assistant]) -> None:
    index = make_library(leeds_txt="Ports\n\nBoats left Bristol for Malta with ten CCGs.\n").index
    asked = ("Bristolian", "Bristolians", "Maltese", "Maltan", "Londoner", "CCGs", "CCGer")
    assert [word for word in asked if index.mentions(word)] == ["Bristolian", "Bristolians", "Maltan", "CCGs"]


def test_a_large_library_is_not_read_through_for_a_word(
    make_library: Callable[..., Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    index = make_library(ships_txt="The Zephyr\n\nPorts\n\nFerries came from London.\n").index
    asked = ("Londoner", "Zephyr", "Zephyrs", "Cardiff")
    assert [word for word in asked if index.mentions(word)] == ["Londoner", "Zephyr", "Zephyrs"]
    monkeypatch.setattr("assistant.index._READ_THROUGH", 10)
    assert [word for word in asked if index.mentions(word)][:1] == ["Londoner"]
    monkeypatch.setattr(type(index.documents), "texts", None)
    assert not index.mentions("Cardiff")


def test_a_passage_is_found_again_however_many_were_given_out(
    make_library: Callable[..., Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "\n\n".join(f"Ferry {number} sailed." for number in range(9))
    index = make_library(one_txt=f"Ports\n\n{said}\n", two_txt=f"Trams\n\nTram 1 ran.\n\n{said}\n").index
    monkeypatch.setattr("assistant.catalogue._KEPT_ROWS", 4)
    rows = range(index.manifest.passages)
    assert [index.catalogue.row_of(passage) for passage in [index.passage(row) for row in rows]] == list(rows)
