from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest

from assistant.evaluation.beir import JudgedDocument, Query, RetrievalSet
from tests.benchmarks.machine import Machine, Times, this_machine
from tests.benchmarks.peers.casewise import first_of_each
from tests.benchmarks.peers.driver import answered, built
from tests.benchmarks.peers.environments import PEERS, TORCH, CannotInstall, Peer, python_of, versions_of
from tests.benchmarks.peers.figures import Figures, Lap, failed, figures, markdown
from tests.benchmarks.peers.plot import plot
from tests.benchmarks.peers.running import DriverFailed, drive, understood
from tests.benchmarks.peers.texts import CHARACTERS, judged, made_texts, questions, real_texts, written

SVG = "{http://www.w3.org/2000/svg}"
OURS = Figures("Casewise, passages", 90.0, 45.0, 6.0, 9.0, 400.0, 1.8, 0.738)
THEIRS = Figures("LangChain + FAISS", 30.0, 20.0, 12.0, 18.0, 800.0, 9.0, 0.645)
LOST = failed("Nothing", "it cannot be installed: no such package")


def lap(indexing: float, *query_ms: float, loading: float = 5.0, first: float = 2.0) -> Lap:
    return Lap(100, loading, indexing, 0.0, query_ms or (10.0,), 300_000_000, first)


class Containing:
    """A contestant that finds the texts that contain a query."""

    def load(self, model: str, *, many: bool) -> None:
        self.model, self.many = model, many

    def index(self, texts: Any) -> None:
        self.texts = list(texts)

    def save(self, folder: Path) -> None:
        written(self.texts, folder / "texts.json")

    def open(self, folder: Path) -> None:
        self.index(json.loads((folder / "texts.json").read_text()))

    def search(self, query: str, k: int) -> list[int]:
        return [number for number, text in enumerate(self.texts) if query in text][:k]


def test_figures_are_medians_over_laps_and_one_slow_lap_moves_none() -> None:
    found = figures("Casewise", [lap(10.0, loading=10.0), lap(20.0), lap(20.0, 900.0, first=99.0)])
    assert (found.per_second, found.with_loading) == (5.0, 4.0)
    assert (found.p50, found.p95, found.first, found.memory) == (10.0, 10.0, 2.0, 300.0)


def test_percentiles_are_of_one_lap_not_of_all_together() -> None:
    steady, wild = lap(1.0, *[1.0] * 99, 1.0), lap(1.0, *[1.0] * 90, *[500.0] * 10)
    assert figures("x", [steady, steady, wild]).p95 == 1.0


def test_a_contestant_without_a_lap_says_so() -> None:
    assert figures("x", []).reason


def test_the_table_has_every_figure_and_names_those_that_are_missing() -> None:
    table = markdown([OURS, THEIRS, LOST], "Measured on a desk.")
    assert "| **Casewise, passages** | 90.0 | 45.0 | 6.0 | 9.0 | 400 | 1.8 | 0.738 |" in table
    assert "| LangChain + FAISS | 30.0 |" in table
    assert "- Nothing could not be measured: it cannot be installed: no such package" in table
    assert "| Nothing" not in table
    assert "Measured on a desk." in table


def test_the_plot_is_sound_and_its_bars_are_as_long_as_their_values() -> None:
    drawing = Tree.fromstring(plot([OURS, THEIRS, LOST], "Peers", "A desk & a chair"))  # noqa: S314 - our own
    ours = [float(bar.get("width", "0")) for bar in drawing.iter(f"{SVG}rect") if bar.get("class") == "ours"]
    theirs = [float(bar.get("width", "0")) for bar in drawing.iter(f"{SVG}rect") if bar.get("class") == "bar"]
    shares = [one / other for one, other in zip(theirs, ours, strict=True)]
    assert shares == pytest.approx([1 / 3, 2, 2, 5, 0.645 / 0.738], rel=0.05)
    texts = [text.text for text in drawing.iter(f"{SVG}text")]
    assert {"Peers", "A desk & a chair", "LangChain + FAISS", "0.645"} <= set(texts)
    assert "Nothing" not in texts


def test_the_plot_reads_in_the_light_and_in_the_dark_and_aloud() -> None:
    drawing = plot([OURS, THEIRS], "Peers", "")
    assert "@media (prefers-color-scheme: dark)" in drawing
    spoken = Tree.fromstring(drawing).find(f"{SVG}desc")  # noqa: S314
    assert spoken is not None
    assert "LangChain + FAISS: indexing, documents/s 30" in str(spoken.text)


def test_a_panel_that_nobody_measured_is_left_out_of_the_plot() -> None:
    assert "nDCG@10" not in plot([Figures("Casewise", 90.0, 45.0, 6.0, 9.0, 400.0, 1.8)], "Peers", "")


def test_a_driver_builds_saves_and_another_opens_what_it_saved(tmp_path: Path) -> None:
    texts, saved = written(["a hare", "a tortoise", "a hare again"], tmp_path / "given.json"), tmp_path / "saved"
    saved.mkdir()
    asked = {"model": "m", "texts": texts, "queries": ["hare", "tortoise"], "k": 2, "folder": str(saved)}
    answer = built(Containing(), asked)
    assert answer["found"] == [[0, 2], [1]]
    assert len(answer["query_ms"]) == 2
    assert answered(Containing(), asked)["found"] == [[0, 2]]


def test_a_driver_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(DriverFailed, match=r"exit code 1: .*KeyError: 'nobody'"):
        drive(Path(sys.executable), "nobody", {"do": "build"}, 60)


@pytest.mark.parametrize("line", ["", "Downloading …", "[1, 2]"])
def test_what_is_no_answer_is_not_taken_for_one(line: str) -> None:
    with pytest.raises(DriverFailed):
        understood(line, 0, "")


def test_a_peer_that_cannot_be_installed_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no place for an environment")
    with pytest.raises(CannotInstall, match="file"):
        python_of(Peer("nobody", "Nobody", ("nothing==1",)), tmp_path / "file", lambda _: None)


def test_an_environment_that_is_whole_is_used_again_and_casewise_has_that_of_the_benchmark(tmp_path: Path) -> None:
    peer = Peer("nobody", "Nobody", ("nothing==1",))
    home = tmp_path / f"nobody-{peer.digest}"
    home.mkdir()
    (home / "installed.txt").write_text("nothing==1\n")
    said: list[str] = []
    python = python_of(peer, tmp_path, said.append)
    assert (python, said) == (home / "bin" / "python", [])
    assert versions_of(python) == "nothing==1\n"
    assert python_of(Peer("ours", "Ours"), tmp_path, said.append) == Path(sys.executable)


def test_every_peer_is_pinned_and_has_the_same_torch_as_casewise() -> None:
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"{TORCH}"' in project
    theirs = [peer.requirements for peer in PEERS if peer.requirements]
    assert all(TORCH in one and all("==" in package for package in one) for one in theirs)


def test_a_set_cut_down_keeps_what_answers_its_queries_and_gives_the_gain_of_what_was_found() -> None:
    documents = tuple(JudgedDocument(id=str(n), text=f"text {n}") for n in range(100))
    queries = tuple(Query(id=f"q{n}", text=f"query {n}") for n in range(3))
    one = judged(RetrievalSet("set", documents, queries, {"q0": {"99": 1}, "q2": {"50": 1, "51": 1}}), limit=1)
    assert one.queries == ("query 0",)
    assert len(one.texts) == 11
    right = one.texts.index("text 99")
    assert one.gain([[right, 0]]) == 1
    assert one.gain([[0, right]]) == pytest.approx(0.6309, abs=1e-4)
    assert one.gain([[0, 1]]) == 0


def test_texts_are_of_one_length_and_the_same_every_time() -> None:
    texts = made_texts(20)
    assert texts == made_texts(20)
    assert len(set(texts)) == 20
    assert all(CHARACTERS * 0.75 < len(text) <= CHARACTERS for text in texts)
    long = JudgedDocument(id="1", text="word " * 300)
    assert real_texts(RetrievalSet("set", (JudgedDocument(id="0", text="short"), long), (), {}), 5) == [
        ("word " * 160).strip()
    ]
    assert len(questions(7)) == 7


def test_several_passages_of_a_document_count_once_where_the_first_stands() -> None:
    assert first_of_each([3, 1, 3, 2, 1], 2) == [3, 1]


def test_a_machine_is_named_with_what_matters_for_embedding() -> None:
    plain = Machine("Some CPU", 2, 16.4, ("avx2",))
    tiled = Machine("Some CPU", 1, 16.4, ("amx_bf16", "avx512_bf16", "avx512f", "avx2"))
    assert str(plain) == "Some CPU, 2 cores, 16 GB, avx2, no bf16 in hardware"
    assert str(tiled) == "Some CPU, 1 core, 16 GB, avx512f, amx_bf16 and avx512_bf16"
    assert (plain.has_bfloat16, tiled.has_bfloat16) == (False, True)
    assert this_machine().cores >= 1


def test_stolen_time_is_a_share_of_all_time_since() -> None:
    assert Times(1_100, 30).stolen_since(Times(1_000, 10)) == 0.2
