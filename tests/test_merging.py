from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.building import build
from assistant.generations import current
from tests.fakes import HashingEmbedder
from tests.test_growing import fresh, opened, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.settings import Settings


def sailings(settings: Settings, numbers: range) -> None:
    for number in numbers:
        (settings.corpus / f"{number:02}.txt").write_text(f"Ports\n\nShip {number} came.\n\nShip {number} left.\n")


def test_ten_small_segments_become_one(make_corpus: Callable[..., Settings], tmp_path: Path) -> None:
    settings = make_corpus().model_copy(update={"segment_passages": 2})
    sailings(settings, range(25))
    build(settings, HashingEmbedder())
    manifest = opened(settings).manifest
    assert sorted(one.passages for one in manifest.segments) == [2, 2, 2, 2, 2, 20, 20]
    folders = {path.name for path in current(settings.index).glob("segment-*")}
    assert folders == {one.folder for one in manifest.segments}
    assert state_of(opened(settings)) == state_of(fresh(settings, tmp_path / "anew"))


def test_what_was_merged_is_carried_cut_down_and_asked_like_all_else(
    make_corpus: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = make_corpus().model_copy(update={"segment_passages": 2})
    sailings(settings, range(10))
    build(settings, HashingEmbedder())
    (settings.corpus / "03.txt").unlink()
    sailings(settings, range(10, 12))
    build(settings, HashingEmbedder())
    assert sorted(one.passages for one in opened(settings).manifest.segments) == [2, 2, 18]
    assert state_of(opened(settings)) == state_of(fresh(settings, tmp_path / "anew"))
