from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.building import build
from assistant.catalogue import Catalogue
from assistant.errors import IndexDamaged
from assistant.generations import current, verify
from assistant.ledger import FOLDER, Ledger, contents_of, place_of
from assistant.segments import Segment
from assistant.taxonomy import load_taxonomy
from assistant.vectors.schema import Place, kind_for
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.settings import Settings

PLACE = Place("casewise_tests", 1, 1, "FLAT", True, "a model", 8)
LEEDS = "Motivations\n\nChallenges\n\nThe hub lost its funding.\n\nEnablers\n\nStaff shared an office.\n"
HARBOUR = "Structures\n\nChallenges\n\nHarbour City lost its ferry.\n"


def ledger_of(said: list[int], stamp: int = 1, before: Ledger | None = None) -> Ledger:
    return Ledger.of(replace(PLACE, stamp=stamp), np.asarray(said, np.uint64), before)


contents = st.lists(st.integers(0, 40), max_size=30, unique=True)


@given(contents.filter(bool), contents.filter(bool))
def test_what_two_generations_say_alike_keeps_its_key_and_nothing_else_does(old: list[int], new: list[int]) -> None:
    before = ledger_of(old)
    after = ledger_of(new, 2, before)
    keys = dict(zip(old, before.keys.tolist(), strict=True))
    for said, key, is_new in zip(new, after.keys.tolist(), after.new_since(before).tolist(), strict=True):
        assert is_new == (said not in keys)
        assert (key == keys.get(said)) == (said in keys)
    assert len(set(after.keys.tolist())) == len(new)
    assert set(after.gone_since(before).tolist()) == {key for said, key in keys.items() if said not in new}


@given(contents.filter(bool), st.integers(-(2**62), 2**62))
def test_rows_are_found_by_their_keys_and_strangers_by_none(said: list[int], strange: int) -> None:
    ledger = ledger_of(said)
    rows = np.arange(len(said))[::-1]
    assert ledger.rows_of(ledger.keys_of(rows)).tolist() == rows.tolist()
    if strange not in ledger.keys:
        assert ledger.rows_of(np.asarray([strange])).tolist() == [-1]


def test_what_came_back_after_it_was_gone_is_known_by_another_key() -> None:
    first = ledger_of([1, 2])
    second = ledger_of([1], 2, first)
    third = ledger_of([1, 2], 3, second)
    assert third.keys[0] == first.keys[0]
    assert third.keys[1] not in first.keys


def test_a_saved_ledger_opens_as_it_was(tmp_path: Path) -> None:
    ledger = ledger_of([3, 1, 2], stamp=7)
    ledger.save(tmp_path)
    opened = Ledger.open(tmp_path)
    assert opened.place == ledger.place == place_of(tmp_path)
    assert opened.keys.tolist() == ledger.keys.tolist()
    assert opened.rows_of(ledger.keys).tolist() == [0, 1, 2]


@pytest.mark.parametrize("name", ["place.json", "contents.npy", "keys.npy", "order.npy"])
def test_a_ledger_that_was_cut_short_is_damaged(name: str, tmp_path: Path) -> None:
    ledger_of([3, 1, 2]).save(tmp_path)
    path = tmp_path / FOLDER / name
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(IndexDamaged, match='Run "casewise index"'):
        Ledger.open(tmp_path)


def test_a_generation_that_was_not_sent_has_no_place(tmp_path: Path) -> None:
    assert place_of(tmp_path) is None


def said_by(settings: Settings) -> dict[str, int]:
    """Build an index, and return the number of what each of its passages says, by its text."""
    folder = build(settings, HashingEmbedder()).folder
    assert folder == current(settings.index)
    manifest = verify(folder)
    segments = [Segment.open(folder / one.folder) for one in manifest.segments]
    catalogue = Catalogue.open(folder, manifest, segments)
    numbers = contents_of(manifest, catalogue, load_taxonomy(settings.corpus)).tolist()
    assert len(set(numbers)) == manifest.passages
    return {catalogue.passage(row).text: number for row, number in enumerate(numbers)}


def test_a_passage_says_the_same_wherever_its_segment_goes(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(leeds_txt=LEEDS)
    before = said_by(settings)
    after = said_by(make_corpus(aaa_txt=HARBOUR))
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


def test_a_passage_says_something_else_when_its_tags_or_its_document_change(
    make_corpus: Callable[..., Settings],
) -> None:
    settings = make_corpus(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    before = said_by(settings)
    correction = '[[corrections]]\ndocument = "leeds.txt"\nquote = "Staff shared"\naspects = ["challenge"]\n'
    (settings.corpus / "tags.toml").write_text(correction)
    after = said_by(settings)
    changed = {text for text, number in after.items() if before[text] != number}
    assert changed == {"Staff shared an office."}
    (settings.corpus / "harbour.txt").write_text(HARBOUR + "\nIt came back.\n")
    assert said_by(settings)["Harbour City lost its ferry."] != before["Harbour City lost its ferry."]


@pytest.mark.parametrize(
    ("passages", "wanted", "before", "kind"),
    [
        (1_000, None, None, "FLAT"),
        (50_001, None, "FLAT", "HNSW"),
        (30_000, None, "HNSW", "HNSW"),
        (20_000, None, "HNSW", "FLAT"),
        (1_000, "IVF_SQ8", "FLAT", "IVF_SQ8"),
        (20_000, None, "IVF_SQ8", "FLAT"),
    ],
)
def test_the_type_of_index_follows_the_size(passages: int, wanted: str | None, before: str | None, kind: str) -> None:
    assert kind_for(passages, wanted, before) == kind
