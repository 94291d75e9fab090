"""Ray itself, started on this machine by the test that needs it: slow, and passed over where Ray is not installed."""

from __future__ import annotations

import os
import signal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from assistant import spreading
from assistant.building import build
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.errors import WorkersError
from assistant.generations import current
from assistant.spreading import SpreadEmbedder
from tests.benchmarks.corpora import documents
from tests.benchmarks.peers.running import family
from tests.conftest import TAXONOMY
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.settings import Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason='needs Ray: pip install "casewise[ray]"'),
]

TEXTS = [
    f"Partner {number} shared office {number * 7 % 13} with the neighbours of the town." for number in range(2_000)
]

NO_PARTS: list[list[tuple[int, int]]] = [[] for _ in TEXTS]


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "SECONDS_TO_CONNECT", 600)  # a busy machine takes minutes to start Ray


@pytest.fixture
def cluster() -> Iterator[SpreadEmbedder]:
    with SpreadEmbedder(SentenceTransformerEmbedder(), "local", fewest=500) as embedder:
        yield embedder


def processes(cluster: SpreadEmbedder, name: str) -> list[int]:
    """Return the processes of a cluster that are called something."""
    assert cluster.process is not None
    return [one for one in family(cluster.process) if name in command(one)]


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def killing(cluster: SpreadEmbedder, name: str) -> Iterator[np.ndarray]:
    """Yield what comes back from a cluster of which a process is killed once the first vectors have come."""
    for number, (vectors, _) in enumerate(cluster.embed_each(TEXTS, NO_PARTS)):
        yield vectors
        if number == 0:
            victims = processes(cluster, name)
            assert victims, f"there is no {name}"
            os.kill(victims[0], signal.SIGKILL)


def test_vectors_from_two_workers_are_those_of_this_machine_in_order(cluster: SpreadEmbedder) -> None:
    parts = [[(0, 7), (8, len(text))] for text in TEXTS]
    found = [np.concatenate(some) for some in zip(*cluster.embed_each(TEXTS, parts), strict=True)]
    for theirs, ours in zip(found, SentenceTransformerEmbedder().embed_parts(TEXTS, parts), strict=True):
        assert np.allclose(theirs, ours, atol=1e-6)


def test_a_worker_killed_in_the_middle_loses_nothing(cluster: SpreadEmbedder) -> None:
    vectors = np.concatenate(list(killing(cluster, "ray::Map")))
    assert np.allclose(vectors, SentenceTransformerEmbedder().embed(TEXTS), atol=1e-6)


def test_workers_with_another_model_say_so() -> None:
    with (
        SpreadEmbedder(HashingEmbedder(), "local", fewest=1) as cluster,
        pytest.raises(
            WorkersError, match="a machine of the Ray cluster: The model all-MiniLM-L6-v2 is another one there"
        ),
    ):
        list(cluster.embed_each(TEXTS[:10], NO_PARTS[:10]))


def test_a_cluster_that_goes_away_in_the_middle_is_an_error_and_the_old_index_stays(
    cluster: SpreadEmbedder, make_corpus: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_corpus(TAXONOMY, one_txt="The hub in Leeds was short of staff.")
    build(settings, SentenceTransformerEmbedder())
    before = current(settings.index)
    for name, content in documents(60):
        (settings.corpus / name).write_bytes(content)
    spread = cluster.embed_each

    def falling(*asked: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for vectors in spread(*asked):
            yield vectors
            for victim in [*processes(cluster, "gcs_server"), *processes(cluster, "raylet/raylet")]:
                os.kill(victim, signal.SIGKILL)

    monkeypatch.setattr(cluster, "embed_each", falling)
    with pytest.raises(WorkersError, match="The index is as it was"):
        build(settings, cluster)
    assert current(settings.index) == before


def test_a_library_built_on_a_cluster_is_the_one_built_here(
    make_corpus: Callable[..., Settings], cluster: SpreadEmbedder
) -> None:
    settings = make_corpus(TAXONOMY, one_txt="The hub in Leeds was short of staff.")
    for name, content in documents(20):
        (settings.corpus / name).write_bytes(content)
    assert build(settings, cluster).documents == 21
    again = build(settings, SentenceTransformerEmbedder())
    assert (again.changes, again.folder) == ((), current(settings.index))
