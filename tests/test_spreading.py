from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant import spreading
from assistant.building import build
from assistant.embeddings import PUBLISHED_SHA256, SentenceTransformerEmbedder
from assistant.errors import SettingsError, WorkersError
from assistant.generations import current
from assistant.settings import Settings, load_settings
from assistant.spreading import SpreadEmbedder, spread
from assistant.spreading.cluster import connect
from assistant.spreading.work import embedded
from assistant.vectorising import Vectoriser
from tests.conftest import TAXONOMY
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tests.conftest import Run

TEXTS = [
    f"The {place} of the town was short of {thing}."
    for place in ("hub", "court", "school")
    for thing in ("staff", "money", "time")
]


def child(manner: str, *, fewest: int = 4) -> SpreadEmbedder:
    command = (sys.executable, "-m", "tests.spreading_child", manner)
    return SpreadEmbedder(HashingEmbedder(), "head:6379", fewest=fewest, command=command)


def vectoriser(embedder: SpreadEmbedder) -> tuple[Vectoriser, list[tuple[str, int, int]]]:
    told: list[tuple[str, int, int]] = []
    return Vectoriser(embedder, lambda *stage: told.append(stage)), told


def spread_over(embedder: SpreadEmbedder, texts: Sequence[str]) -> NDArray[np.float32]:
    return np.concatenate([vectors for vectors, _ in embedder.embed_each(texts, [()] * len(texts))])


def test_many_texts_come_back_from_the_cluster_as_they_would_from_here_and_progress_is_told() -> None:
    with child("works") as embedder:
        maker, told = vectoriser(embedder)
        vectors = maker.of_texts(TEXTS)
    assert np.array_equal(vectors, HashingEmbedder().embed(TEXTS))
    assert [done for stage, done, _ in told if stage == "Embedding"] == [2, 4, 6, 8, 9]


def test_a_second_list_goes_to_the_cluster_that_is_reached_already() -> None:
    with child("works") as embedder:
        first, second = (spread_over(embedder, some) for some in (TEXTS, TEXTS[:3]))
    assert (len(first), len(second)) == (9, 3)
    assert np.array_equal(second, first[:3])


def test_a_list_that_was_given_up_leaves_nothing_behind_for_the_next() -> None:
    with child("works") as embedder:
        next(embedder.embed_each(TEXTS, [()] * len(TEXTS)))
        assert np.array_equal(spread_over(embedder, TEXTS[5:]), HashingEmbedder().embed(TEXTS[5:]))


def test_few_texts_are_embedded_here_and_no_cluster_is_reached() -> None:
    with child("refuses", fewest=len(TEXTS) + 1) as embedder:
        assert len(vectoriser(embedder)[0].of_texts(TEXTS)) == len(TEXTS)


@pytest.mark.parametrize(
    ("manner", "says"),
    [
        ("dies", 'The Ray cluster "head:6379" has gone away. The index is as it was.*It said: the head has fallen'),
        ("refuses", 'No Ray cluster answers at "head:6379"'),
        ("fails", "On a machine: it is not "),
        ("loses", "gave 8 vectors for 9 texts"),
    ],
)
def test_a_cluster_that_fails_is_an_error_that_says_how(manner: str, says: str) -> None:
    with child(manner) as embedder, pytest.raises(WorkersError, match=says):
        vectoriser(embedder)[0].of_texts(TEXTS)


def test_a_cluster_that_does_not_answer_is_waited_for_no_longer_than_it_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spreading, "SECONDS_TO_CONNECT", 0.2)
    with child("answers nothing") as embedder, pytest.raises(WorkersError, match=r"within 0\.2 seconds"):
        embedder.connect()


def test_a_build_whose_cluster_goes_away_leaves_the_index_as_it_was(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(TAXONOMY, one_txt="The hub in Leeds was short of staff.")
    build(settings, HashingEmbedder())
    before = current(settings.index)
    (settings.corpus / "two.txt").write_text("\n\n".join(TEXTS))
    with child("dies") as embedder, pytest.raises(WorkersError):
        build(settings, embedder)
    assert current(settings.index) == before
    with child("works") as embedder:
        assert build(settings, embedder).documents == 2
    assert [path for path in settings.index.glob("generation-*") if path not in {before, current(settings.index)}] == []


def test_without_an_address_this_machine_embeds_and_there_is_nothing_between() -> None:
    here = HashingEmbedder()
    with spread(here, None, None, lambda *_: None) as embedder:
        assert embedder is here


def test_nothing_of_ray_is_imported_by_the_process_that_asks() -> None:
    with child("works") as embedder:
        spread_over(embedder, TEXTS)
    assert "ray" not in sys.modules


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_the_error_says_how_to_install_it(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(TAXONOMY, one_txt="The hub in Leeds was short of staff.")
    code, _, err = run("index", "--ray", "local", "--corpus", settings.corpus, "--index", settings.index)
    assert code == 1
    assert 'pip install "casewise[ray]"' in err


@pytest.mark.parametrize("address", ["http://head:6379", "head", "ray://head:10001", ""])
def test_an_address_that_is_none_is_wrong_usage(address: str, run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(TAXONOMY, one_txt="The hub in Leeds was short of staff.")
    code, _, err = run("index", "--ray", address, "--corpus", settings.corpus, "--index", settings.index)
    assert code == 2
    assert "--ray HOST:PORT" in err


def test_a_setting_that_is_no_address_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWISE_RAY_ADDRESS", "somewhere")
    with pytest.raises(SettingsError, match="CASEWISE_RAY_ADDRESS"):
        load_settings()


def test_an_address_where_nothing_listens_is_told_at_once() -> None:
    with pytest.raises(WorkersError, match=r'No Ray cluster answers at "127\.0\.0\.1:1"'):
        connect("127.0.0.1:1")


def test_a_worker_embeds_with_the_model_that_is_asked_for_and_no_other() -> None:
    parts = [[(0, 7), (8, len(text))] for text in TEXTS]
    here = SentenceTransformerEmbedder().embed_parts(TEXTS, parts)
    there = embedded(TEXTS, parts, None, PUBLISHED_SHA256)
    vectors = np.frombuffer(there.content, np.float32).reshape(there.texts + there.parts, there.dimensions)
    assert np.allclose(vectors, np.concatenate(here), atol=1e-6)
    other = embedded(TEXTS, parts, None, "0" * 64)
    assert "is another one there (53aa5117) than here (00000000)" in other.fault
    missing = embedded(TEXTS, parts, "/no/such/model", PUBLISHED_SHA256)
    assert "/no/such/model" in missing.fault
