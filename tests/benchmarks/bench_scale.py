"""What a large library costs on one machine: to build, to keep, to open, to ask and to add to.

Run as ``python -m tests.benchmarks.bench_scale --passages 10000 100000 --folder DIR [--data BEIR-FOLDER …]``; pytest does not
collect it. Real sentences, those of the folders in BEIR's layout where they are given, are recombined into documents (see
``recombined.py``), and everything but the model is the real thing: files on disk are read, split, tagged, indexed by ``build``,
and asked by ``Assistant.ask`` with the real model. For each size a column says:

- building: seconds but for the model, and the most memory in use; the size on disk;
- opening, in a new process, and its memory after all questions: in all, and of it pages of mapped files, which the system takes
  back when it needs them;
- a question to its full answer, warm: median and 95th percentile, without and with a filter; and how much of it is the model's;
- recall@10 of the search by meaning against comparing every vector, without and with a filter;
- adding one document: seconds.

With ``--steps copy ask`` an index that was built before is taken several times over instead (see ``copied.py``).

Every step runs in a process of its own. What is made is kept in ``--folder`` and used again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.building import build
from assistant.conversation import Assistant
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.generations import current, sealed_manifest
from assistant.settings import Settings
from assistant.types import Filters
from tests.benchmarks.bench_library import MEGABYTE, watched
from tests.benchmarks.copied import copy_index
from tests.benchmarks.recombined import composing_embedder, source_of, write_library

if TYPE_CHECKING:
    from tests.benchmarks.recombined import Source

FILTERS = ({}, {"theme": "Structures", "aspect": "enabler"})
WARM_UP = 20


def settings_of(folder: Path, passages: int) -> Settings:
    return Settings(corpus=folder / f"corpus-{passages}", index=folder / f"index-{passages}")


def built(folder: Path, source: Source, passages: int) -> dict[str, float]:
    settings = settings_of(folder, passages)
    if not settings.corpus.exists():
        write_library(settings.corpus, source, passages)
    embedder = composing_embedder(source, folder)
    begun = perf_counter()
    with watched() as memory:
        report = build(settings, embedder)
    took = perf_counter() - begun
    size = sum(path.stat().st_size for path in current(settings.index).rglob("*") if path.is_file())
    return {
        "documents": report.documents,
        "passages": report.passages,
        "sentences": report.sentences,
        "build s": took,
        "build MB": memory.together / MEGABYTE,
        "disk MB": size / MEGABYTE,
    }


def asked(folder: Path, source: Source, passages: int) -> dict[str, float]:
    begun = perf_counter()
    library = Assistant.open(settings=settings_of(folder, passages), embedder=SentenceTransformerEmbedder())
    found = {"open s": perf_counter() - begun}
    for question in source.questions[:WARM_UP]:
        library.ask(question)
    for name, filters in zip(("", " filtered"), FILTERS, strict=True):
        took = [library.ask(one, **filters).timings_ms for one in source.questions[WARM_UP:]]
        totals = [one["total"] for one in took]
        found |= {f"p50{name} ms": np.percentile(totals, 50), f"p95{name} ms": np.percentile(totals, 95)}
        found[f"model{name} ms"] = float(np.median([one["embedding"] for one in took]))
    memory = Path("/proc/self/status").read_text().splitlines()
    for name, line in (("resident MB", "VmRSS"), ("of it mapped MB", "RssFile")):
        found[name] = next(int(one.split()[1]) * 1024 for one in memory if one.startswith(line)) / MEGABYTE
    return found | {f"recall@10{name}": value for name, value in recalls(library, source).items()}


def recalls(library: Assistant, source: Source) -> dict[str, float]:
    """Return the share of the ten nearest passages that are found, by comparing all, without and with a filter."""
    index, questions = library.index, source.questions[:100]
    vectors = np.concatenate([library.embedder.embed([one]) for one in questions])
    every = index.vectors.rows(np.arange(index.manifest.passages)) @ vectors.T
    found = {}
    for name, filters in zip(("", " filtered"), FILTERS, strict=True):
        allowed = index.allowed(Filters(**filters))
        scores = every if allowed is None else np.where(allowed.mask[:, None], every, -2)
        best = np.argpartition(-scores, 10, axis=0)[:10].T
        near = [index.vectors.search(vector, 200, allowed)[0][:10] for vector in vectors]
        found[name] = float(np.mean([len(np.intersect1d(*pair)) / 10 for pair in zip(best, near, strict=True)]))
    return found


def added(folder: Path, source: Source, passages: int) -> dict[str, float]:
    settings = settings_of(folder, passages)
    embedder = composing_embedder(source, folder)
    took = []
    before = len(list(settings.corpus.iterdir()))  # whatever earlier runs have added
    for seed in range(before, before + 3):
        write_library(settings.corpus, source, 1, seed=seed)
        begun = perf_counter()
        build(settings, embedder)
        took.append(perf_counter() - begun)
    return {"add s": float(np.median(took))}


def copied(folder: Path, _: Source, passages: int) -> dict[str, float]:
    """Make the index of the largest number that was built, so many times that it has as many passages."""
    sizes = [int(path.name.rpartition("-")[2]) for path in folder.glob("index-*")]
    built_before = max(size for size in sizes if size < passages)
    settings = settings_of(folder, passages)
    shutil.rmtree(settings.index, ignore_errors=True)
    copy_index(settings_of(folder, built_before).index, settings.index, -(-passages // built_before))
    manifest = sealed_manifest(current(settings.index))
    size = sum(path.stat().st_size for path in current(settings.index).rglob("*") if path.is_file())
    return {"passages": manifest.passages, "sentences": manifest.sentences, "disk MB": size / MEGABYTE}


STEPS = {"build": built, "ask": asked, "add": added, "copy": copied}


def apart(step: str, passages: int, options: list[str]) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.bench_scale",
        "--step",
        step,
        "--passages",
        str(passages),
        *options,
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.benchmarks.bench_scale", description="Time large libraries.")
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000], help="how many passages there are")
    parser.add_argument("--folder", type=Path, required=True, help="where corpora and indexes are kept")
    parser.add_argument(
        "--data", type=Path, nargs="*", default=[], help="folders in BEIR's layout to take sentences from"
    )
    parser.add_argument("--sentences", type=int, default=20_000, help="how many different sentences there are")
    parser.add_argument("--step", choices=STEPS, help="only this step, its figures as JSON")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=["build", "ask", "add"], help="only these steps")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.step:
        source = source_of(chosen.data, chosen.sentences)
        print(json.dumps(STEPS[chosen.step](chosen.folder, source, chosen.passages[0])))
        return
    options = ["--folder", str(chosen.folder), "--sentences", str(chosen.sentences), "--data", *map(str, chosen.data)]
    columns = []
    for passages in chosen.passages:
        figures: dict[str, float] = {}
        for step in chosen.steps:
            figures |= apart(step, passages, options)
            print(json.dumps({"asked for": passages, **figures}), file=sys.stderr, flush=True)
        columns.append(figures)
    table = Table(
        "figure",
        *(f"{one:,}" for one in chosen.passages),
        title=f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
    )
    for name in dict.fromkeys(chain.from_iterable(columns)):
        table.add_row(name, *(_figure(one.get(name)) for one in columns))
    Console().print(table)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.3g}" if value < 100 else f"{value:,.0f}"


if __name__ == "__main__":
    main()
