"""How long an index takes to build, to keep up to date and to open, and what memory and space it takes, as a library grows.

Run as ``python -m tests.benchmarks.bench_library [--documents N] [--hashing]``; pytest does not collect it. It makes a corpus of
text, Markdown, HTML, Word and PDF, about 400 words a document, builds its index, then changes one thing at a time, and prints:

- the first build: documents a second, and where the time goes. Reading is done by processes beside all else, and is measured
  alone, so the parts may come to more than the whole;
- every change: the whole, the embedding in it, and the rest. The aim is a rest of at most 2 s, and a build with no change of at
  most 2 s, also as the command ``casewise index``, from its start to its end;
- memory: the most that this process and those that read files for it have in use, all together, at any time. The aim is 1.5 GB
  for 2,000 documents. Pages of the index that are mapped count, and those that several processes share count for each.

With ``--hashing`` a small matrix stands in for the model, which takes no time, so all but the model is measured in a minute or
two. Times depend on the machine and on what else it does: its load is printed above them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.building import build
from assistant.conversation import Assistant
from assistant.embeddings import SentenceTransformerEmbedder, embed_with_parts
from assistant.generations import current, verify
from assistant.index import PassageIndex
from assistant.reading import sources
from assistant.reading.apart import read_apart
from assistant.settings import Settings
from tests.benchmarks.corpora import ROOT, documents, write_corpus
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.building import BuildReport
    from assistant.embeddings import Embedder, Part

QUESTIONS = (
    "What helped staff to share an office?",
    "What made it hard to share data?",
    "How many wardens are there along the river?",
    "Which cases had short-term funding?",
    "How did leaders build trust?",
)
MEGABYTE = 1_000_000


class Matrix(HashingEmbedder):
    """Hashed words by rows of a small matrix; it passes for the packaged model, so that the command finds nothing to build."""

    def __init__(self) -> None:
        super().__init__(384)
        self.identity = SentenceTransformerEmbedder().identity
        self._rows = np.random.default_rng(0).standard_normal((4_096, self.dimensions))

    def _direction(self, term: str) -> NDArray[np.float64]:
        return self._rows[crc32(term.encode()) % len(self._rows)]


@dataclass
class Timed:
    """An embedder that counts its texts and its seconds."""

    embedder: Embedder
    texts: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.identity = self.embedder.identity
        self.is_common = self.embedder.is_common

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        begun = perf_counter()
        vectors = self.embedder.embed(texts)
        self.seconds += perf_counter() - begun
        self.texts += len(texts)
        return vectors

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Part]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        begun = perf_counter()
        found = embed_with_parts(self.embedder, texts, parts)
        self.seconds += perf_counter() - begun
        self.texts += len(texts)
        return found


@dataclass
class Memory:
    """The most memory in use, in bytes: of this process, and of it and all that it started together."""

    own: int = 0
    together: int = 0
    done: Event = field(default_factory=Event)

    def watch(self) -> None:
        while not self.done.wait(0.05):
            own = resident(os.getpid())
            self.own, self.together = max(self.own, own), max(self.together, own + sum(map(resident, children())))


def resident(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


def children() -> Iterator[int]:
    for tasks in Path("/proc/self/task").glob("*/children"):
        try:
            yield from map(int, tasks.read_text().split())
        except OSError:  # a thread that has ended
            continue


@contextmanager
def watched() -> Iterator[Memory]:
    memory = Memory()
    thread = Thread(target=memory.watch)
    thread.start()
    try:
        yield memory
    finally:
        memory.done.set()
        thread.join()


@dataclass(frozen=True)
class Bench:
    """A library being measured."""

    settings: Settings
    embedder: Timed
    console: Console

    def built(self) -> tuple[BuildReport, float, float]:
        """Build, and return the report, the seconds it took, and those of them that embedding took."""
        before, begun = self.embedder.seconds, perf_counter()
        report = build(self.settings, self.embedder)
        return report, perf_counter() - begun, self.embedder.seconds - before

    def first(self) -> None:
        begun = perf_counter()
        for _ in read_apart(list(sources(self.settings.corpus)), self.settings):
            pass
        reading = perf_counter() - begun
        with watched() as memory:
            report, whole, embedding = self.built()
        table = Table("first build", "", title=f"{report.documents} documents, {report.passages} passages, "
                      f"{report.sentences} sentences, {self.embedder.texts} texts embedded")  # fmt: skip
        table.add_row("seconds", f"{whole:.1f}")
        table.add_row("documents a second", f"{report.documents / whole:.1f}")
        table.add_row("reading, alone", f"{reading:.1f} s")
        table.add_row("embedding", f"{embedding:.1f} s")
        table.add_row("all but embedding", f"{whole - embedding:.1f} s")
        table.add_row("memory, own / together", f"{memory.own / MEGABYTE:.0f} / {memory.together / MEGABYTE:.0f} MB")
        folder = current(self.settings.index)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        corpus = sum(path.stat().st_size for path in self.settings.corpus.iterdir())
        table.add_row("on disk, index / corpus", f"{size / MEGABYTE:.0f} / {corpus / MEGABYTE:.0f} MB")
        self.console.print(table)

    def changes(self, rounds: int) -> None:
        table = Table("change", "whole s", "embedding s", "the rest s", "aim s", title=f"Builds, median of {rounds}")
        new = documents(rounds * 2, seed=1)
        for name, change in CHANGES.items():
            took, told = [], ""
            for _ in range(rounds):
                change(self.settings.corpus, new)
                report, whole, embedding = self.built()
                took.append((whole, embedding, whole - embedding))
                told = ", ".join(one.state for one in report.changes)
            values = [f"{median(column):.2f}" for column in zip(*took, strict=True)]
            table.add_row(f"{name} ({told or 'nothing'})", *values, "2")
        values = [seconds(lambda: casewise("index", self.settings)) for _ in range(rounds)]
        table.add_row("no change, casewise index", f"{median(values):.2f}", "", "", "2")
        self.console.print(table)

    def reading(self, rounds: int) -> None:
        table = Table("what", "ms, median", title="The index, as it stands")
        folder, index = current(self.settings.index), self.settings.index
        opening = [seconds(lambda: PassageIndex.open(index, self.embedder)) for _ in range(rounds)]
        verifying = [seconds(lambda: verify(folder)) for _ in range(rounds)]
        listing = [seconds(lambda: list(sources(self.settings.corpus))) for _ in range(rounds)]
        libraries = [Assistant.open(settings=self.settings, embedder=self.embedder) for _ in range(rounds)]
        firsts = [seconds(lambda one=one: one.ask(QUESTIONS[0])) for one in libraries]
        later = [seconds(lambda one=one: libraries[0].ask(one)) for _ in range(rounds) for one in QUESTIONS]
        rows = {"opening": opening, "of it, checksums": verifying, "listing the corpus": listing}
        for name, found in (rows | {"first question": firsts, "later questions": later}).items():
            table.add_row(name, f"{median(found) * 1000:.0f}")
        self.console.print(table)


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def casewise(command: str, settings: Settings) -> None:
    folders = ("--corpus", str(settings.corpus), "--index", str(settings.index))
    subprocess.run([sys.executable, "-m", "assistant", command, *folders], cwd=ROOT, check=True, capture_output=True)


def add(corpus: Path, new: Iterator[tuple[str, bytes]]) -> None:
    for name, content in islice(new, 1):
        (corpus / name).write_bytes(content)


def change_one(corpus: Path, _: object) -> None:
    path = next(iter(sorted(corpus.glob("*.md"))))
    path.write_text(path.read_text() + f"\nA new line stands here, {perf_counter()} seconds from then.\n")


def rename_one(corpus: Path, _: object) -> None:
    path = next(iter(sorted(corpus.glob("*.html"))))
    path.rename(path.with_stem(f"{path.stem}-anew"))


def remove_one(corpus: Path, _: object) -> None:
    next(iter(sorted(corpus.glob("*.docx")))).unlink()


def leave(corpus: Path, _: object) -> None:
    """Change nothing."""


CHANGES = {
    "none": leave,
    "one added": add,
    "one changed": change_one,
    "one renamed": rename_one,
    "one removed": remove_one,
}


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.benchmarks.bench_library", description="Time a library that grows.")
    parser.add_argument("--documents", type=int, default=2_000, help="how many documents there are")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything but the first build is measured")
    parser.add_argument("--hashing", action="store_true", help="let a small matrix stand in for the model")
    parser.add_argument("--corpus", type=Path, help="a corpus made before, or the folder to keep this one in")
    chosen = parser.parse_args()
    console = Console()
    with TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus"
        made_before = chosen.corpus or corpus
        if not made_before.exists():
            with ProcessPoolExecutor(1, get_context("spawn")) as apart:  # so that its memory does not count
                apart.submit(write_corpus, made_before, chosen.documents).result()
        if made_before != corpus:
            subprocess.run(["cp", "-r", made_before, corpus], check=True)
        settings = Settings(corpus=corpus, index=Path(scratch) / "index")
        bench = Bench(settings, Timed(Matrix() if chosen.hashing else SentenceTransformerEmbedder()), console)
        console.print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
        bench.first()
        bench.changes(chosen.rounds)
        bench.reading(chosen.rounds)


if __name__ == "__main__":
    main()
