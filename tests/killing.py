"""Kills builds at random instants while others read: ``python -m tests.killing FOLDER BUILDS SEED`` prints what came of it.

Every other build is killed after a random time (but for one in ten, which is left alone), the rest right before one of the
steps that it takes on disk (Python audits them), the switch to the new generation among these. After each, the index must open,
verify, and hold the old state or the new.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.building import build
from assistant.conversation import Assistant
from assistant.index import PassageIndex
from assistant.settings import Settings
from assistant.soundness import faults
from tests.conftest import TAXONOMY
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = {"open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "shutil.copyfile"}
_READERS = 2
_LEFT_ALONE = 10
"""So many builds after the other, one is not killed."""
_AT_THE_END = 40
"""The steps around the switch, which half of the builds that are killed by their steps are killed at."""


def main(folder: Path, builds: int, seed: int) -> dict[str, object]:
    """Kill so many builds, and return how many came through, in which state the index was, and what readers came upon."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    settings = _library(folder)
    _write(settings, 0)
    build(settings, HashingEmbedder())
    readers = [_start(lambda: _read(settings, folder)) for _ in range(_READERS)]
    steps, seconds = _measured(settings)
    states = {"old": 0, "new": 0}
    state = _state(settings)
    for number in range(2, builds + 2):
        _write(settings, number)
        last = chance.choice([chance.randrange(steps), chance.randrange(steps - _AT_THE_END, steps + _AT_THE_END)])
        by_clock = number % 2 == 0
        builder = _start(partial(_build_until, settings, None if by_clock else last))
        if by_clock and number % _LEFT_ALONE:
            time.sleep(chance.uniform(0, 1.5 * seconds))
            os.kill(builder, signal.SIGKILL)
        os.waitpid(builder, 0)
        assert list(faults(settings.index, _silent)) == []
        after = _state(settings)
        assert after in {state, number}, (after, state, number)
        states["new" if after == number else "old"] += 1
        state = after
    (folder / "stop").touch()
    for reader in readers:
        os.waitpid(reader, 0)
    asked = [json.loads(path.read_text()) for path in folder.glob("reader-*.json")]
    build(settings, HashingEmbedder())
    return {"states": states, "readers": asked, "left": sorted(path.name for path in settings.index.iterdir())}


def _library(folder: Path) -> Settings:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "taxonomy.toml").write_text(TAXONOMY)
    return Settings(corpus=folder / "corpus", index=folder / "index", segment_passages=6)


def _write(settings: Settings, number: int) -> None:
    for name in ("leeds", "harbour", "york"):
        said = f"Staff in {name} shared office {number}. They liked it.\n\nNobody left {name} {number}."
        (settings.corpus / f"{name}.txt").write_text(f"Motivations\n\nEnablers\n\n{said}\n")
    (settings.corpus / f"extra {number % 7}.txt").write_text(f"Ports\n\nShip {number} came.\n")


def _state(settings: Settings) -> int:
    """Return which writing of the corpus the index holds; all of its documents must be of one."""
    index = PassageIndex.open(settings.index, HashingEmbedder())
    found = {one.split("office ")[1].split(".")[0] for name, one in _texts(index) if not name.startswith("extra")}
    assert len(found) == 1, found
    return int(found.pop())


def _texts(index: PassageIndex) -> list[tuple[str, str]]:
    return [(name, document.text) for name, document in index.documents.items()]


def _measured(settings: Settings) -> tuple[int, float]:
    """Return how many steps on disk a build takes, and how many seconds."""
    _write(settings, 1)
    seen = count()

    def note(event: str, _: object) -> None:
        if event in STEPS:
            next(seen)

    sys.addaudithook(note)
    begun = time.perf_counter()
    build(settings, HashingEmbedder())
    return next(seen), time.perf_counter() - begun


def _build_until(settings: Settings, last: int | None) -> None:
    """Build, and be killed right before a step on disk."""
    taken = count()

    def step(event: str, _: object) -> None:
        if event in STEPS and next(taken) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    build(settings, HashingEmbedder())


def _read(settings: Settings, folder: Path) -> None:
    """Ask until told to stop; note how often, and the first error."""
    asked, error = 0, None
    try:
        library = Assistant.open(settings=settings, embedder=HashingEmbedder())
        while not (folder / "stop").exists():
            answer = library.ask("What did staff in Leeds share?")
            said = {citation.quote for citation in answer.citations}
            assert any("shared office" in one for one in said), said
            asked += 1
    except Exception as caught:  # whatever it is, it is told
        error = repr(caught)
    (folder / f"reader-{os.getpid()}.json").write_text(json.dumps({"asked": asked, "error": error}))


def _start(work: Callable[[], None]) -> int:
    """Let a child process do some work; return its number."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return child


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
