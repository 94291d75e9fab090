"""Ray itself, started on this machine by the test that needs it: slow, and passed over where Ray is not installed."""

from __future__ import annotations

import os
import signal
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from assistant import spreading
from assistant.building import build
from assistant.conversation import Assistant
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
    f"Partner {number} shared office {number * 7 % 13} with the neighbours of the town." for number in range(1_280)
]

NO_PARTS: list[list[tuple[int, int]]] = [[] for _ in TEXTS]
WORKER = "ray::embedded"
"""What a process of Ray is called while it embeds."""


@pytest.fixture(scope="module", autouse=True)
def _patience() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spreading, "SECONDS_TO_CONNECT", 600)  # a busy machine takes minutes to start Ray
        yield


@pytest.fixture(scope="module")
def cluster() -> Iterator[SpreadEmbedder]:
    """A cluster of its own for this module, two workers on a machine of two cores."""
    with SpreadEmbedder(SentenceTransformerEmbedder(), "local", fewest=300) as embedder:
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


def killing(cluster: SpreadEmbedder, killed: list[int], *asked: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield what comes back from a cluster of which a worker is killed, at its work, once the first vectors have come."""
    for vectors in SpreadEmbedder.embed_each(cluster, *asked):
        yield vectors
        if not killed:
            killed.append(processes(cluster, WORKER)[0])
            os.kill(killed[0], signal.SIGKILL)


def test_vectors_from_two_workers_are_those_of_this_machine_in_order(cluster: SpreadEmbedder) -> None:
    parts, workers, found = [[(0, 7), (8, len(text))] for text in TEXTS], set[int](), []
    for block in cluster.embed_each(TEXTS, parts):
        found.append(block)
        workers.update(processes(cluster, WORKER))
    assert len(workers) == os.cpu_count()
    ours = SentenceTransformerEmbedder().embed_parts(TEXTS, parts)
    for theirs, mine in zip(map(np.concatenate, zip(*found, strict=True)), ours, strict=True):
        assert np.allclose(theirs, mine, atol=1e-6)


def test_a_library_of_which_a_worker_was_killed_in_the_middle_is_the_one_built_here(
    make_corpus: Callable[..., Settings], cluster: SpreadEmbedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings, killed = make_corpus(TAXONOMY), list[int]()
    for name, content in documents(50):
        (settings.corpus / name).write_bytes(content)
    monkeypatch.setattr(cluster, "embed_each", lambda *asked: killing(cluster, killed, *asked))
    there = build(settings, cluster)
    here = build(alone := settings.model_copy(update={"index": tmp_path / "here"}), SentenceTransformerEmbedder())
    assert killed
    assert (there.documents, there.passages, there.sentences) == (here.documents, here.passages, here.sentences)
    assert there.documents == 50
    theirs, ours = (Assistant.open(settings=one, embedder=SentenceTransformerEmbedder()) for one in (settings, alone))
    rows = np.arange(here.passages)
    assert np.allclose(theirs.index.vectors.rows(rows), ours.index.vectors.rows(rows), atol=1e-6)
    for question in ("What did the partners share?", "How many leaders took part?", "Why did trust grow?"):
        found, expected = theirs.ask(question), ours.ask(question)
        assert found.passages
        assert (found.answer, found.reason, found.citations) == (expected.answer, expected.reason, expected.citations)


def test_workers_that_die_again_and_again_are_an_error_that_says_so(cluster: SpreadEmbedder) -> None:
    over = threading.Event()

    def kill_all() -> None:
        while not over.is_set() and cluster.process is not None:
            for worker in processes(cluster, WORKER):
                os.kill(worker, signal.SIGKILL)
            time.sleep(0.05)

    killer = threading.Thread(target=kill_all)
    killer.start()
    try:
        with pytest.raises(
            WorkersError, match=r"Ray could not embed the texts: .*died.* leave --ray out to embed here"
        ):
            list(cluster.embed_each(TEXTS, NO_PARTS))
    finally:
        over.set()
        killer.join()
    assert len(list(cluster.embed_each(TEXTS[:9], NO_PARTS[:9]))) == 1, "the next list reaches the cluster anew"


def test_workers_with_another_model_say_so() -> None:
    with (
        SpreadEmbedder(HashingEmbedder(), "local", fewest=1) as cluster,
        pytest.raises(
            WorkersError, match="a machine of the Ray cluster: The model all-MiniLM-L6-v2 is another one there"
        ),
    ):
        list(cluster.embed_each(TEXTS[:10], NO_PARTS[:10]))


def test_a_cluster_that_goes_away_in_the_middle_is_an_error_and_the_old_index_stays(
    make_corpus: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_gcs_rpc_server_reconnect_timeout_s", "5")  # a minute, unless somebody says so
    cluster = SpreadEmbedder(SentenceTransformerEmbedder(), "local", fewest=300)
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
    with cluster, pytest.raises(WorkersError, match="The index is as it was"):
        build(settings, cluster)
    assert current(settings.index) == before
