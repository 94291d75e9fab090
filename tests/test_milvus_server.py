"""A library on a Milvus server that fails and comes back, and on which builds are killed; and the library's own questions."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from assistant.building import build
from assistant.clustered import ClusteredVectors, faults
from assistant.conversation import Assistant
from assistant.errors import ClusterAway, ClusterError
from assistant.evaluation.question_sets import read_question_set
from assistant.ledger import Ledger
from assistant.vectors.collections import keys_of
from tests import milvus
from tests.conftest import CORPUS, ROOT
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant.settings import Settings

pytestmark = pytest.mark.slow

QUESTION = "What did staff in Leeds share?"
LEEDS = "Motivations\n\nEnablers\n\nStaff in Leeds shared an office. They met every week.\n"
_BUILDER = """
import sys
from pathlib import Path
from assistant.building import build
from assistant.settings import Settings
from tests.fakes import HashingEmbedder
corpus, index, uri = sys.argv[1:]
print("started", flush=True)
build(Settings(corpus=Path(corpus), index=Path(index), milvus_uri=uri, segment_passages=6), HashingEmbedder())
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[milvus.Server]:
    if milvus.PROGRAM is None:
        pytest.skip("there is no milvus-server; see tests/milvus.py")
    started = milvus.Server(tmp_path_factory.mktemp("server"))
    started.start()
    yield started
    started.kill()


@pytest.fixture
def settings(make_corpus: Callable[..., Settings], server: milvus.Server) -> Settings:
    made = make_corpus(leeds_txt=LEEDS, harbour_txt="Structures\n\nChallenges\n\nHarbour City lost its ferry.\n")
    return made.model_copy(update={"milvus_uri": server.uri, "milvus_seconds": 5.0, "segment_passages": 6})


def asked_until_away(library: Assistant) -> tuple[ClusterAway, float]:
    """Ask until the server is away; return what was said then, and after how many seconds."""
    while True:
        begun = time.monotonic()
        try:
            library.ask(QUESTION)
        except ClusterAway as away:
            return away, time.monotonic() - begun


def asked_until_answered(library: Assistant, seconds: float) -> None:
    """Ask until there is an answer: a server that has started still loads what it holds."""
    end = time.monotonic() + seconds
    while True:
        try:
            assert library.ask(QUESTION).answered
            return
        except ClusterError:
            assert time.monotonic() < end
            time.sleep(1)


def test_a_server_killed_in_mid_question_is_told_in_time_and_comes_back_without_a_restart(
    settings: Settings, server: milvus.Server
) -> None:
    build(settings, HashingEmbedder())
    library = Assistant.open(settings=settings, embedder=HashingEmbedder())
    assert library.ask(QUESTION).answered
    threading.Timer(0.5, server.kill).start()
    away, seconds = asked_until_away(library)
    assert server.uri in str(away)
    assert seconds < 5 + 2, "five were set; what is more is the machine's"
    server.start()
    asked_until_answered(library, 60)
    assert build(settings, HashingEmbedder()).changes == ()


def test_builds_that_are_killed_leave_the_old_generation_or_the_new_and_no_rows_behind(settings: Settings) -> None:
    chance = random.Random(7)  # noqa: S311 - nothing secret hangs on it
    build(settings, HashingEmbedder())
    library = Assistant.open(settings=settings, embedder=HashingEmbedder())
    killed = 0
    for number in range(8):
        (settings.corpus / f"extra {number % 3}.txt").write_text(f"Ports\n\nShip {number} came.\n\nIt left.\n")
        killed += killed_build(settings, chance.uniform(0, 3))
        assert library.ask(QUESTION).answered
        vectors = library.index.vectors
        assert isinstance(vectors, ClusteredVectors)
        assert len(vectors.search(HashingEmbedder().embed(["ship"])[0], 99)[0]) == library.index.manifest.passages
    assert killed
    folder = build(settings, HashingEmbedder()).folder
    index = library.index
    assert index.folder == folder
    assert isinstance(index.vectors, ClusteredVectors)
    cluster, ledger = index.vectors.searched.cluster, Ledger.open(folder)
    assert list(faults(folder, cluster, index.vectors.stored, lambda *_: None)) == []
    (settings.corpus / "extra 0.txt").unlink()
    del index, vectors
    library.ask(QUESTION)
    build(settings, HashingEmbedder())
    library.ask(QUESTION)
    build(settings.model_copy(update={"passage_characters": 500}), HashingEmbedder())
    place = Ledger.open(library.index.folder).place
    left = keys_of(cluster, place, "born >= 0")
    assert sorted(left.tolist()) == sorted(Ledger.open(library.index.folder).keys.tolist())
    assert place.library == ledger.place.library


def killed_build(settings: Settings, seconds: float) -> bool:
    """Build in a process of its own, and kill it after some time; tell whether it was."""
    command = [sys.executable, "-c", _BUILDER, str(settings.corpus), str(settings.index), str(settings.milvus_uri)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ}) as builder:
        assert builder.stdout
        builder.stdout.readline()
        time.sleep(seconds)
        builder.kill()
        builder.stdout.read()
        return builder.wait() == -signal.SIGKILL


@pytest.mark.parametrize("where", ["lite", "server"])
def test_the_librarys_own_questions_are_answered_as_by_the_library_without_a_cluster(
    where: str, library: Assistant, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    uri = request.getfixturevalue("milvus_lite") if where == "lite" else request.getfixturevalue("server").uri
    settings = library.settings.model_copy(update={"milvus_uri": uri, "index": tmp_path / "index"})
    mine = Assistant.open(settings=settings, embedder=library.embedder)
    questions = [one for one in read_question_set(CORPUS / "questions.jsonl") if one.split == "tuning"][:60]
    assert len(questions) == 60
    for one in questions:
        ours, theirs = (library.ask(one.question, one.history) for library in (mine, library))
        assert (ours.answer, ours.reason) == (theirs.answer, theirs.reason), one.question
        assert [(hit.passage.id, hit.score) for hit in ours.passages] == [
            (hit.passage.id, hit.score) for hit in theirs.passages
        ]
