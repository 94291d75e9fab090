from __future__ import annotations

import gzip
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from assistant.errors import RetrievalSetError
from assistant.evaluation.beir import is_retrieval_set
from assistant.evaluation.retrieval_sets import MEASURES, evaluate
from assistant.settings import Settings
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCUMENTS = [
    {"id": "ferry", "title": "Harbour", "text": "The ferry sails at noon."},
    {"id": "depot", "title": "", "text": "Buses and trams share a depot."},
    {"id": "gowns", "title": "Hospital", "text": "Hospital staff sewed gowns."},
    {"id": "school", "text": "Pupils grew vegetables."},
]
QUERIES: list[dict[str, Any]] = [
    {"id": "q1", "text": "When does the ferry sail?"},
    {"id": "q2", "text": "Who shares a depot?"},
    {"id": "q3", "text": "Is the moon made of cheese?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tferry\t1\nq2\tdepot\t1\n"


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def make_set(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that lays out a retrieval set."""

    def make(
        documents: list[dict[str, Any]] = DOCUMENTS, queries: list[dict[str, Any]] = QUERIES, qrels: str = QRELS
    ) -> Path:
        folder = tmp_path / "harbour"
        folder.mkdir(exist_ok=True)
        (folder / "corpus.jsonl").write_text(lines(documents), encoding="utf-8")
        (folder / "queries.jsonl").write_text(lines(queries), encoding="utf-8")
        (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
        return folder

    return make


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


def test_what_is_found_first_scores_one_in_every_measure(make_set: Callable[..., Path], settings: Settings) -> None:
    found = evaluate(make_set(), settings, HashingEmbedder())
    assert found.figures == dict.fromkeys(MEASURES, 1.0)
    assert (found.name, found.documents, found.queries) == ("harbour", 4, 2)


def test_the_figures_are_those_worked_out_by_hand(make_set: Callable[..., Path], settings: Settings) -> None:
    qrels = "q1\tferry\t1\nq1\tlost\t1\nq2\tferry\t1\nq2\tdepot\t2\n"
    found = evaluate(make_set(qrels=qrels), settings, HashingEmbedder())
    # q1: the ferry comes first, and there is no document "lost" to be found
    assert found.by_query["q1"]["nDCG@10"] == pytest.approx(1 / (1 + 1 / math.log2(3)), abs=1e-4)
    assert found.by_query["q1"]["R@100"] == 0.5
    # q2: the depot comes first, with grade 2; the ferry, which shares no word with the query, at a place that hashing decides
    place = round(1 / (evaluate(make_set(qrels="q2\tferry\t1\n"), settings, HashingEmbedder()).figures["RR"]))
    best = 2 + 1 / math.log2(3)
    assert found.by_query["q2"]["nDCG@10"] == pytest.approx((2 + 1 / math.log2(place + 1)) / best, abs=1e-4)
    assert found.by_query["q2"]["RR"] == 1.0
    assert found.figures["R@5"] == pytest.approx((0.5 + 1.0) / 2)


def test_the_second_place_is_worth_what_it_is_in_the_field(make_set: Callable[..., Path], settings: Settings) -> None:
    twins = [
        {"id": "a", "text": "ferry"},
        {"id": "b", "text": "ferry"},  # equal in all: the earlier document comes first
        {"id": "c", "text": "depot"},
    ]
    found = evaluate(make_set(twins, qrels="q1\tb\t1\n"), settings, HashingEmbedder())
    assert found.figures["RR"] == 0.5
    assert found.figures["nDCG@10"] == pytest.approx(1 / math.log2(3), abs=1e-4)


def test_documents_count_by_their_best_sentences_too(make_set: Callable[..., Path], settings: Settings) -> None:
    dull = " ".join(f"Sentence number {number} speaks of weather." for number in range(9))
    long = [
        {"id": "scattered", "text": f"The ferry is old. {dull} Noon is hot."},
        {"id": "together", "text": f"The noon ferry is old. {dull} It is hot."},
        {"id": "empty", "text": ""},
    ]
    folder = make_set(long, [{"id": "q1", "text": "noon ferry"}], "q1\ttogether\t1\n")
    whole = settings.model_copy(update={"sentence_meaning": 0.0, "sentence_words": 0.0})
    assert evaluate(folder, whole, HashingEmbedder()).figures["RR"] == 0.5
    assert evaluate(folder, settings, HashingEmbedder()).figures["RR"] == 1.0


def test_only_queries_with_something_relevant_count(make_set: Callable[..., Path], settings: Settings) -> None:
    found = evaluate(make_set(qrels=QRELS + "q3\tgowns\t0\n"), settings, HashingEmbedder())
    assert list(found.by_query) == ["q1", "q2"]


def test_a_query_for_which_nothing_is_found_counts_as_nought(make_set: Callable[..., Path], settings: Settings) -> None:
    found = evaluate(make_set(qrels=QRELS + "q3\tlost\t1\n"), settings, HashingEmbedder())
    assert found.by_query["q3"] == dict.fromkeys(MEASURES, 0.0)
    assert found.figures["RR"] == pytest.approx(2 / 3)


def test_a_judged_query_that_the_set_lacks_counts_as_nought_and_is_named(
    make_set: Callable[..., Path], settings: Settings
) -> None:
    found = evaluate(make_set(qrels=QRELS + "q9\tferry\t1\n"), settings, HashingEmbedder())
    assert found.missing == ("q9",)
    assert found.queries == 3
    assert found.figures["R@5"] == pytest.approx(2 / 3)


def test_a_limit_takes_the_first_queries_that_count(make_set: Callable[..., Path], settings: Settings) -> None:
    folder = make_set(queries=[QUERIES[2], *QUERIES[:2]])
    assert list(evaluate(folder, settings, HashingEmbedder(), limit=1).by_query) == ["q1"]
    assert evaluate(folder, settings, HashingEmbedder(), limit=9).queries == 2


def test_compressed_files_give_the_same_figures(make_set: Callable[..., Path], settings: Settings) -> None:
    folder = make_set()
    plain = evaluate(folder, settings, HashingEmbedder())
    for path in sorted(folder.iterdir()):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert is_retrieval_set(folder)
    assert evaluate(folder, settings, HashingEmbedder()) == plain


def test_the_layout_of_beir_s_own_downloads_is_read(make_set: Callable[..., Path], settings: Settings) -> None:
    named = [{"_id": 7, "title": "", "text": "The ferry sails at noon."}]
    folder = make_set(named, [{"_id": "1", "text": "ferry", "metadata": {}}], "query-id\tcorpus-id\tscore\n1\t7\t1\n")
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert evaluate(folder, settings, HashingEmbedder()).figures["nDCG@10"] == 1.0


def test_the_four_columns_of_trec_are_read(make_set: Callable[..., Path], settings: Settings) -> None:
    found = evaluate(make_set(qrels="q1\t0\tferry\t1\n"), settings, HashingEmbedder())
    assert found.by_query == {"q1": dict.fromkeys(MEASURES, 1.0)}


HISTORY = [{"role": "user", "text": "When does the ferry sail?"}, {"role": "assistant", "text": "At noon."}]


@pytest.mark.parametrize("history", [HISTORY, ["When does the ferry sail?"]])
def test_a_follow_up_is_completed_from_what_was_asked_before(
    make_set: Callable[..., Path], settings: Settings, history: list[Any]
) -> None:
    queries = [{"id": "q1", "text": "And the vegetables?", "history": history}]
    folder = make_set(queries=queries, qrels="q1\tferry\t1\n")
    found = evaluate(folder, settings, HashingEmbedder())
    assert "ferry" in found.rewritten["q1"]
    assert "noon" not in found.rewritten["q1"]
    bare = evaluate(folder, settings, HashingEmbedder(), history=False)
    assert bare.rewritten == {}
    assert bare.figures["RR"] < found.figures["RR"] == 1.0


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("corpus.jsonl", lines(DOCUMENTS[:2]) + "{broken\n", "line 3: Invalid JSON"),
        ("corpus.jsonl", lines(DOCUMENTS[:1]) + '\n{"id": "b"}\n', "line 3: text: Field required"),
        ("corpus.jsonl", lines([DOCUMENTS[0], DOCUMENTS[0]]), 'line 2: the id "ferry" was given before'),
        ("corpus.jsonl", "", "is empty"),
        ("queries.jsonl", '{"id": "q1", "text": "x", "history": [{"role": "user"}]}\n', "line 1: history.0"),
        ("queries.jsonl", '{"id": "q8", "text": "Which tram?"}\n', "nothing to measure"),
        ("qrels.tsv", "query\tdocument\tscore\nq1 ferry 1\n", "line 2: expected a query"),
        ("qrels.tsv", "q1\tferry\t1\nq1\tdepot\tgood\n", "line 2: expected a query"),
        ("qrels.tsv", "q1 ferry 1\n", "line 1: expected a query"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_and_line(
    make_set: Callable[..., Path], settings: Settings, name: str, content: str, told: str
) -> None:
    folder = make_set()
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(RetrievalSetError) as caught:
        evaluate(folder, settings, HashingEmbedder())
    assert told in str(caught.value)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(make_set: Callable[..., Path], settings: Settings, name: str) -> None:
    folder = make_set()
    (folder / name).unlink()
    with pytest.raises(RetrievalSetError, match=f"has no {name} or {name}.gz"):
        evaluate(folder, settings, HashingEmbedder())
    assert is_retrieval_set(folder) is (name != "corpus.jsonl")


@pytest.mark.parametrize("cut", [0.5, 0.95])
def test_a_compressed_file_that_breaks_off_is_named(
    make_set: Callable[..., Path], settings: Settings, cut: float
) -> None:
    folder = make_set()
    path = folder / "corpus.jsonl"
    packed = gzip.compress(path.read_bytes())
    path.unlink()
    (folder / "corpus.jsonl.gz").write_bytes(packed[: int(len(packed) * cut)])
    with pytest.raises(RetrievalSetError, match=r"corpus\.jsonl\.gz\" cannot be read"):
        evaluate(folder, settings, HashingEmbedder())


def test_a_second_run_makes_no_vector_again(make_set: Callable[..., Path], settings: Settings) -> None:
    folder, first, second = make_set(), HashingEmbedder(), HashingEmbedder()
    assert evaluate(folder, settings, first) == evaluate(folder, settings, second)
    assert sum(first.calls) >= len(DOCUMENTS)
    assert second.calls == []


def test_another_model_makes_vectors_of_its_own(make_set: Callable[..., Path], settings: Settings) -> None:
    folder, other = make_set(), HashingEmbedder(32, "another")
    evaluate(folder, settings, HashingEmbedder())
    evaluate(folder, settings, other)
    assert sum(other.calls) >= len(DOCUMENTS)


def test_nothing_kept_is_pickled_and_what_is_damaged_is_made_again(
    make_set: Callable[..., Path], settings: Settings
) -> None:
    folder = make_set()
    before = evaluate(folder, settings, HashingEmbedder())
    kept = sorted((settings.index / "embeddings").rglob("*.npy"))
    assert kept
    for path in kept:
        assert np.load(path, allow_pickle=False).dtype.names == ("key", "vector")
        path.write_bytes(path.read_bytes()[:200])
    again = HashingEmbedder()
    assert evaluate(folder, settings, again) == before
    assert sum(again.calls) >= len(DOCUMENTS)


def test_a_folder_that_cannot_be_written_to_costs_nothing_but_time(
    make_set: Callable[..., Path], tmp_path: Path
) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file where the index would be", encoding="utf-8")
    assert evaluate(make_set(), Settings(index=occupied), HashingEmbedder()).figures["RR"] == 1.0


def test_how_far_it_has_come_is_told(make_set: Callable[..., Path], settings: Settings) -> None:
    told: list[tuple[str, int, int]] = []
    evaluate(make_set(), settings, HashingEmbedder(), progress=lambda *step: told.append(step))
    assert {stage: (done, total) for stage, done, total in told} == {"Embedding": (4, 4), "Searching": (2, 2)}
