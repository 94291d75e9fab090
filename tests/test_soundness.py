from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant import storage
from assistant.building import build
from assistant.conversation import Assistant
from assistant.errors import IndexFault
from assistant.generations import current, new_generation, publish, sealed_manifest
from assistant.rendering import answer_json
from assistant.soundness import faults
from assistant.vectors.faiss import FaissVectors
from assistant.vectors.halves import HalfVectors
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant.settings import Settings

LEEDS = (
    "Motivations\n\nEnablers\n\nStaff in Leeds shared an office.¹ They liked it.\n\n¹ A survey.\n\n"
    "Port\tFerries\nHull\t3\nDover\t14\n"
)
HARBOUR = "# Structures\n\n## Challenges\n\nHarbour City shared a depot.\n\n- It rained.\n"
FLIPS = 500


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def found(settings: Settings) -> list[str]:
    return list(faults(settings.index, silent))


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    made = make_corpus(leeds_txt=LEEDS, harbour_md=HARBOUR)
    build(made, HashingEmbedder())
    return made


def test_an_index_as_it_was_built_has_no_faults(settings: Settings) -> None:
    assert found(settings) == []


def test_every_damaged_file_is_named(settings: Settings) -> None:
    folder = current(settings.index)
    (folder / "segment-1" / "words" / "rows.npy").unlink()
    (folder / "taxonomy.toml").write_text("cases = []")
    told = found(settings)
    assert [name for name in ("rows.npy", "taxonomy.toml") if any(name in one for one in told)] == [
        "rows.npy",
        "taxonomy.toml",
    ]
    assert len(told) == 2


def test_where_there_is_no_index_that_is_the_fault(make_corpus: Callable[..., Settings]) -> None:
    (fault,) = found(make_corpus())
    assert 'Run "casewise index" to build it' in fault


def resealed(settings: Settings, change: Callable[[Path], None]) -> None:
    """Publish the index again after a change to its first segment, with checksums that fit."""
    old = current(settings.index)
    manifest = sealed_manifest(old)
    with new_generation(settings.index) as folder:
        for path in old.rglob("*"):
            if path.is_file() and path.name != "manifest.json":
                (folder / path.relative_to(old)).parent.mkdir(parents=True, exist_ok=True)
                (folder / path.relative_to(old)).write_bytes(path.read_bytes())
        change(folder / "segment-1")
        publish(folder, manifest)


def scale_vectors(segment: Path) -> None:
    store = FaissVectors.open(segment / "passages.faiss")
    FaissVectors.of(store.rows(np.arange(len(store))) * 2).save(segment / "passages.faiss")


def lose_numbers(segment: Path) -> None:
    store = HalfVectors.open(segment / "sentences.npy")
    HalfVectors.of(store.rows(np.arange(len(store))) * np.float32(np.nan)).save(segment / "sentences.npy")


def lose_a_sentence(segment: Path) -> None:
    table = storage.open_table(segment / "sentences.arrow", storage.SENTENCES)
    storage.write_table(segment / "sentences.arrow", storage.table_of(storage.SENTENCES, table.to_pylist()[:-1]))


def move_spans(segment: Path) -> None:
    rows = storage.open_table(segment / "sentences.arrow", storage.SENTENCES).to_pylist()
    rows[0]["spans"][0]["start"] += 3
    storage.write_table(segment / "sentences.arrow", storage.table_of(storage.SENTENCES, rows))


def point_outside(segment: Path) -> None:
    rows = storage.open_table(segment / "passages.arrow", storage.PASSAGES).to_pylist()
    rows[0]["spans"][0]["end"] += 10_000
    storage.write_table(segment / "passages.arrow", storage.table_of(storage.PASSAGES, rows))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (scale_vectors, "no unit vectors"),
        (lose_numbers, "no numbers"),
        (lose_a_sentence, "not of one index"),
        (move_spans, "not what stands there"),
        (point_outside, "points out of its document"),
    ],
)
def test_what_a_checksum_does_not_tell_is_checked_too(
    change: Callable[[Path], None], said: str, settings: Settings
) -> None:
    resealed(settings, change)
    assert any(said in fault for fault in found(settings))


def flips(index: Path) -> Iterator[tuple[Path, int, int]]:
    """Yield places in the files of an index, every file among them, and a bit to turn there."""
    chance = np.random.default_rng(4)
    files = sorted(path for path in index.rglob("*") if path.is_file() and path.stat().st_size)
    for number in range(FLIPS):
        path = files[number] if number < len(files) else files[chance.integers(len(files))]
        yield path, int(chance.integers(path.stat().st_size)), 1 << int(chance.integers(8))


def answers(settings: Settings) -> list[dict[str, object]]:
    library = Assistant.open(settings=settings, embedder=HashingEmbedder())
    asked = ("What did staff in Leeds share?", "How many ferries has Dover?", "What did Harbour City share?")
    return [
        {key: value for key, value in answer_json(library.ask(one)).items() if key != "timings_ms"} for one in asked
    ]


def test_a_bit_that_turns_is_reported_by_file_or_does_no_harm(settings: Settings) -> None:
    right = answers(settings)
    harmless = 0
    for path, place, bit in flips(settings.index):
        content = bytearray(path.read_bytes())
        content[place] ^= bit
        sound = path.read_bytes()
        path.write_bytes(content)
        told = found(settings)
        if told:
            assert any(path.name in one for one in told), (path, place, bit)
            with pytest.raises(IndexFault):
                answers(settings)
        else:
            harmless += 1
            assert answers(settings) == right, (path, place, bit)
        path.write_bytes(sound)
    assert harmless < FLIPS / 10
    assert answers(settings) == right
