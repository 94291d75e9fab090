"""One contestant at work in a process of its own: ``python -m tests.benchmarks.peers.driver KEY``.

A request comes as a line of JSON on standard input, an answer goes as a line of JSON to standard output; whatever else a library
prints goes to standard error. A ``build`` indexes texts, saves them and asks questions while it is warm; an ``answer`` opens what
was saved and asks one.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.peers.contestants import Contestant

WARM_UP = 3
"""How many questions are asked before any is timed."""


def contestant(key: str) -> Contestant:
    """Return a contestant by its name, nothing of it imported that it needs to run."""
    if key.startswith("casewise"):
        from tests.benchmarks.peers.casewise import Build, Passages, Segments

        ours: dict[str, type[Contestant]] = {
            "casewise": Passages,
            "casewise-sentences": Segments,
            "casewise-build": Build,
        }
        return ours[key]()
    from tests.benchmarks.peers.contestants import CONTESTANTS

    return CONTESTANTS[key]()


def built(one: Contestant, asked: dict[str, Any]) -> dict[str, Any]:
    """Index the texts of a request, save them, ask its queries; return what each took and which texts were found."""
    texts = json.loads(Path(asked["texts"]).read_text(encoding="utf-8"))
    loading = seconds(lambda: one.load(asked["model"], many=True))
    indexing = seconds(lambda: one.index(texts))
    saving = seconds(lambda: one.save(Path(asked["folder"])))
    for query in asked["queries"][:WARM_UP]:
        one.search(query, asked["k"])
    took: list[float] = []
    found = []
    for query in asked["queries"]:
        begun = perf_counter()
        found.append(one.search(query, asked["k"]))
        took.append((perf_counter() - begun) * 1000)
    return {"loading": loading, "indexing": indexing, "saving": saving, "query_ms": took, "found": found}


def answered(one: Contestant, asked: dict[str, Any]) -> dict[str, Any]:
    """Open what was saved and ask one query."""
    loading = seconds(lambda: one.load(asked["model"], many=False))
    opening = seconds(lambda: one.open(Path(asked["folder"])))
    return {"loading": loading, "opening": opening, "found": [one.search(asked["queries"][0], asked["k"])]}


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> None:
    """Do the one thing that is asked for."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    asked = json.loads(sys.stdin.readline())
    work = {"build": built, "answer": answered}[asked["do"]]
    answers.write(json.dumps(work(contestant(sys.argv[1]), asked)) + "\n")
    answers.flush()
    os._exit(0)  # what a library tidies up at its end is no part of the answer


if __name__ == "__main__":
    main()
