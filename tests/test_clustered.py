from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pydantic import SecretStr

from assistant.building import build
from assistant.clustered import ClusteredVectors, ClusteredWords, faults, standing
from assistant.conversation import Assistant
from assistant.errors import ClusterAway, ClusterError, IndexMismatch, SettingsError
from assistant.generations import current
from assistant.ledger import Ledger
from assistant.rendering import answer_json
from assistant.vectors import cluster as boundary
from assistant.vectors.cluster import Cluster, Version, cluster_of
from assistant.vectors.collections import tidy
from assistant.vectors.milvus import MilvusVectors
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder
from tests.milvus import Link, free_ports, lite_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant.settings import Settings
    from tests.conftest import Run

TEXTS = {
    "leeds_txt": (
        "Motivations\n\nChallenges\n\nThe hub in Leeds lost its funding. It nearly closed.\n\n"
        "Enablers\n\nStaff in Leeds shared an office. They met every week.\n"
    ),
    "harbour_txt": "Structures\n\nChallenges\n\nHarbour City lost its ferry.\n\nEnablers\n\nThe ferry came back.\n",
    "other_md": "# Notes\n\nNothing of note was shared with staff.\n\n- a bus\n- a ferry\n",
}
QUESTIONS = ("What did staff in Leeds share?", "What was lost?", "ferry", "What are the challenges?", "Why, though?")
FILTERS = (
    {},
    {"theme": "Motivations"},
    {"case": "Leeds", "aspect": "enabler"},
    {"theme": "Structures", "case": "Leeds"},
)
QUESTION = "What did staff in Leeds share?"


@pytest.fixture
def settings(make_corpus: Callable[..., Settings], milvus_lite: str) -> Settings:
    return make_corpus(**TEXTS).model_copy(update={"milvus_uri": milvus_lite})


@pytest.fixture
def library(settings: Settings) -> Assistant:
    build(settings, HashingEmbedder())
    return Assistant.open(settings=settings, embedder=HashingEmbedder())


@pytest.fixture
def link(milvus_lite: str) -> Iterator[Link]:
    opened = Link(lite_port(milvus_lite))
    yield opened
    opened.close()


def through(library: Assistant, uri: str, **others: object) -> Assistant:
    """Open the same index, its cluster by another address."""
    settings = library.settings.model_copy(update={"milvus_uri": uri, "milvus_seconds": 1.0, **others})
    return Assistant.open(settings=settings, embedder=HashingEmbedder())


def test_answers_and_hits_are_those_of_the_same_library_without_a_cluster(library: Assistant) -> None:
    alone = Assistant.open(
        settings=library.settings.model_copy(update={"milvus_uri": None}), embedder=HashingEmbedder()
    )
    assert isinstance(library.index.lexical, ClusteredWords)
    assert not isinstance(alone.index.lexical, ClusteredWords)
    for question in QUESTIONS:
        for filters in FILTERS:
            mine, theirs = (one.search(question, 20, **filters) for one in (library, alone))
            assert [(hit.passage.id, hit.score) for hit in mine] == [(hit.passage.id, hit.score) for hit in theirs]
            assert told(library.ask(question, **filters)) == told(alone.ask(question, **filters))


def told(answer: object) -> object:
    said = answer_json(answer)  # type: ignore[arg-type]
    return {name: value for name, value in said.items() if name != "timings_ms"}


def test_words_put_forward_what_shares_them_and_weigh_it_as_the_postings_do(library: Assistant) -> None:
    words = library.index.lexical
    weights = words.weights("the ferry of Leeds", 0.5)
    rows, shares = words.best(weights, 50)
    every = super(ClusteredWords, words).best(weights, 50)  # type: ignore[misc]
    assert rows.tolist() == every[0].tolist()
    assert shares == pytest.approx(every[1], abs=1e-6)
    assert len(words.best(words.weights("zebra"), 50)[0]) == 0
    assert len(words.best(words.weights(""), 50)[0]) == 0


def test_a_server_without_bm25_leaves_words_to_this_machine_and_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Version, "searches_words", property(lambda _: False))
    build(settings, HashingEmbedder())
    index = Assistant.open(settings=settings, embedder=HashingEmbedder()).index
    assert isinstance(index.vectors, ClusteredVectors)
    assert not isinstance(index.lexical, ClusteredWords)
    assert len(index.lexical.search("ferry", 9)[0]) == 3
    assert "knows no BM25, so words are searched here" in standing(index.folder, Cluster(str(settings.milvus_uri)))


@pytest.mark.parametrize(
    ("text", "words", "tags"),
    [("v2.3.5-lite", False, False), ("v2.5.4", True, True), ("milvus_lite-3.2.2", True, False), ("?", False, False)],
)
def test_what_a_server_can_do_is_told_by_its_version(text: str, *, words: bool, tags: bool) -> None:
    assert (Version(text).searches_words, Version(text).indexes_tags) == (words, tags)


def test_a_server_that_refuses_is_told_with_its_address_and_the_next_question_works(
    library: Assistant, link: Link
) -> None:
    asked = through(library, link.uri)
    assert asked.ask(QUESTION).answered
    link.cut()
    with pytest.raises(ClusterAway, match=link.uri) as caught:
        asked.ask(QUESTION)
    assert "CASEWISE_MILVUS_URI" in str(caught.value)
    link.mend()
    assert asked.ask(QUESTION).answered


def test_a_server_that_hangs_is_told_in_time_and_the_next_question_works(library: Assistant, link: Link) -> None:
    asked = through(library, link.uri)
    assert asked.ask(QUESTION).answered
    link.is_hanging = True
    begun = time.monotonic()
    with pytest.raises(ClusterAway, match="does not answer"):
        asked.ask(QUESTION)
    assert time.monotonic() - begun < 1 + 5, "a second was set; what is more is the machine's"
    with pytest.raises(ClusterAway):
        asked.search(QUESTION)
    link.mend()
    assert asked.ask(QUESTION).answered


def test_a_server_that_goes_away_in_mid_question_is_told(library: Assistant, link: Link) -> None:
    asked = through(library, link.uri, milvus_seconds=60.0)
    assert asked.ask(QUESTION).answered
    link.is_hanging = True
    threading.Timer(0.3, link.cut).start()
    begun = time.monotonic()
    with pytest.raises(ClusterAway):
        asked.ask(QUESTION)
    assert time.monotonic() - begun < 60
    link.mend()
    assert asked.ask(QUESTION).answered


def test_a_server_that_is_not_there_when_the_library_is_opened_is_told_by_the_first_question(
    library: Assistant,
) -> None:
    asked = through(library, f"http://127.0.0.1:{free_ports(1)[0]}")
    assert asked.documents(), "what needs no search is there without it"
    with pytest.raises(ClusterAway):
        asked.ask(QUESTION)


def test_no_error_ever_tells_the_token_or_a_password(library: Assistant, link: Link) -> None:
    link.cut()
    host = link.uri.removeprefix("http://")
    asked = through(library, f"http://reader:pass-word@{host}", milvus_token=SecretStr("to-ken"))
    with pytest.raises(ClusterError) as caught:
        asked.ask(QUESTION)
    assert f"http://{host}" in str(caught.value)
    refusing = Cluster(link.uri, token="to-ken")  # noqa: S106
    said = str(refusing._translated(1, "to-ken is no good " + "x" * 999))
    assert "to-ken" not in str(caught.value) + said
    assert "pass-word" not in str(caught.value)
    assert len(said) < 500


def test_a_token_that_is_refused_is_told_as_such() -> None:
    said = str(Cluster("http://host:1")._translated(1, "auth check failure, please check api key is correct"))
    assert "CASEWISE_MILVUS_TOKEN" in said


@pytest.mark.parametrize("uri", ["milvus.sqlite", "ftp://host:1"])
def test_an_address_that_is_none_is_told_with_the_remedy(uri: str) -> None:
    with pytest.raises(ClusterError, match="Mend CASEWISE_MILVUS_URI"):
        Cluster(uri).version  # noqa: B018


def test_without_pymilvus_the_remedy_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    boundary._pymilvus.cache_clear()
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(SettingsError, match=r'pip install "casewise\[milvus\]"'):
        Cluster("http://host:1").version  # noqa: B018
    boundary._pymilvus.cache_clear()


def test_without_a_setting_nothing_of_milvus_is_imported(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(**TEXTS)
    assert cluster_of(settings) is None
    code = (
        "import sys; from assistant.building import build; from assistant.index import PassageIndex; "
        "from assistant.settings import Settings; from pathlib import Path; from tests.fakes import HashingEmbedder; "
        f"s = Settings(corpus=Path({str(settings.corpus)!r}), index=Path({str(settings.index)!r})); "
        "build(s, HashingEmbedder()); index = PassageIndex.open(s.index, HashingEmbedder()); "
        "index.vectors.search(HashingEmbedder().embed(['x'])[0], 3); "
        "print([n for n in sys.modules if n.split('.')[0] in {'pymilvus', 'grpc', 'milvus_lite'} or "
        "n in {'assistant.vectors.milvus', 'assistant.clustered', 'assistant.sending'}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.strip() == "[]"


def test_an_index_that_the_server_has_lost_is_told_and_sent_again(library: Assistant, settings: Settings) -> None:
    place = Ledger.open(library.index.folder).place
    tidy(Cluster(str(settings.milvus_uri)), place.library, [])
    with pytest.raises(IndexMismatch, match='Run "casewise index" to send it again'):
        library.ask(QUESTION)
    build(settings, HashingEmbedder())
    assert library.ask(QUESTION).answered


def test_vectors_that_were_altered_in_milvus_are_found_when_all_are_looked_at(
    library: Assistant, settings: Settings
) -> None:
    cluster, folder = Cluster(str(settings.milvus_uri)), library.index.folder
    stored = library.index.vectors
    assert list(faults(folder, cluster, stored, lambda *_: None)) == []
    ledger = Ledger.open(folder)

    def alter(client: object, _: float) -> None:
        (row,) = client.get(ledger.place.collection, ids=[int(ledger.keys[1])], output_fields=["*"])  # type: ignore[attr-defined]
        vector = -np.asarray(row["vector"], np.float32)
        row.pop("words_bm25")
        client.upsert(ledger.place.collection, [{**row, "tags": list(row["tags"]), "vector": vector}])  # type: ignore[attr-defined]

    cluster.ask(alter)
    (fault,) = faults(folder, cluster, stored, lambda *_: None)
    assert fault.startswith("1 vectors in Milvus")
    assert f"send {ledger.place.collection} again" in fault


def test_check_says_whether_milvus_answers_and_holds_what_the_index_says(
    make_corpus: Callable[..., Settings], milvus_lite: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = make_corpus(**TEXTS)
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASEWISE_MILVUS_URI", milvus_lite)
    assert run("index", *folders)[0] == 0
    code, out, _ = run("check", "--deep", *folders)
    assert code == 0
    assert f"at {milvus_lite} holds all 7 passages" in out
    assert "Every vector in Milvus is that of the index." in out
    monkeypatch.setenv("CASEWISE_MILVUS_URI", f"http://127.0.0.1:{free_ports(1)[0]}")
    code, _, err = run("check", *folders)
    assert code == 1
    assert "does not answer" in err


def test_a_search_asks_for_no_more_than_milvus_gives(library: Assistant) -> None:
    searched = library.index.vectors
    assert isinstance(searched, ClusteredVectors)
    assert isinstance(searched.searched, MilvusVectors)
    vector = HashingEmbedder().embed(["ferry"])[0]
    assert len(searched.search(vector, 1_000_000)[0]) == library.index.manifest.passages
    assert current(library.settings.index) == library.index.folder
