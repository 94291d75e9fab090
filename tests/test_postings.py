from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import IndexDamaged
from assistant.postings import Postings, key_of
from assistant.words import stems

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ["The court opened a court room.", "A factory made gowns.", "", "The courts shared a factory."]
texts = st.lists(
    st.lists(st.sampled_from(["court", "courts", "gown", "the", "15,500", "café"]), max_size=6).map(" ".join),
    max_size=6,
)


def as_lists(postings: Postings) -> list[list[int]]:
    return [getattr(postings, one.name).tolist() for one in fields(postings)]


def counts(postings: Postings, stem: str) -> dict[int, int]:
    place = postings.place(stem)
    return dict(zip(postings.rows[place].tolist(), postings.counts[place].tolist(), strict=True))


@given(texts)
def test_every_stem_is_found_where_it_stands_as_often_as_it_does(given: list[str]) -> None:
    postings = Postings.of(given)
    for stem in ("court", "gown", "the", "15500", "café", "zeppelin"):
        held = {row: stems(text).count(stem) for row, text in enumerate(given)}
        assert counts(postings, stem) == {row: count for row, count in held.items() if count}
    assert postings.lengths.tolist() == [max(len(stems(text)), 1) for text in given]


@given(st.lists(texts, min_size=1, max_size=4), st.data())
def test_joining_parts_is_the_same_as_reading_the_texts_that_are_kept(
    parts: list[list[str]], data: st.DataObject
) -> None:
    masks = [
        np.array(data.draw(st.lists(st.booleans(), min_size=len(part), max_size=len(part))), np.bool_) for part in parts
    ]
    joined = Postings.joined([(Postings.of(part), mask) for part, mask in zip(parts, masks, strict=True)])
    kept = [
        text for part, mask in zip(parts, masks, strict=True) for text, keep in zip(part, mask, strict=True) if keep
    ]
    assert as_lists(joined) == as_lists(Postings.of(kept))


def test_a_stem_has_one_number_and_another_stem_another() -> None:
    assert key_of("court") == key_of("court") != key_of("courts")
    assert key_of("\ud800") >= 0  # half a character, as a broken pipe may pass on


def test_saved_postings_open_as_they_were(tmp_path: Path) -> None:
    Postings.of(TEXTS).save(tmp_path / "words")
    assert as_lists(Postings.open(tmp_path / "words")) == as_lists(Postings.of(TEXTS))
    assert {path.suffix for path in (tmp_path / "words").iterdir()} == {".npy"}


def test_postings_of_nothing_can_be_saved(tmp_path: Path) -> None:
    Postings.of([]).save(tmp_path / "words")
    assert as_lists(Postings.open(tmp_path / "words")) == as_lists(Postings.of([]))


def test_a_file_emptied_truncated_replaced_or_missing_is_damage(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    Postings.of(TEXTS).save(folder)
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        for damaged in (b"", content[: len(content) // 2], b"[]", None):
            path.unlink() if damaged is None else path.write_bytes(damaged)
            with pytest.raises(IndexDamaged, match='Run "casewise index"'):
                Postings.open(folder)
        path.write_bytes(content)
    assert counts(Postings.open(folder), "court") == {0: 2, 3: 1}


def test_arrays_of_two_indexes_are_not_taken_for_one(tmp_path: Path) -> None:
    Postings.of(TEXTS).save(tmp_path / "one")
    Postings.of(TEXTS[:1]).save(tmp_path / "other")
    (tmp_path / "other" / "rows.npy").replace(tmp_path / "one" / "rows.npy")
    with pytest.raises(IndexDamaged, match="not of one index"):
        Postings.open(tmp_path / "one")
