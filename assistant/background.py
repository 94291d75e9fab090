"""Builds behind the back of whoever asks for them: one at a time, with where it stands and how the last one went."""

from __future__ import annotations

from dataclasses import dataclass
from logging import getLogger
from threading import Lock, Thread
from typing import TYPE_CHECKING

from assistant.building import build
from assistant.errors import CasewiseError

if TYPE_CHECKING:
    from assistant.building import BuildReport
    from assistant.embeddings import Embedder
    from assistant.settings import Settings

_LOG = getLogger(__name__)
_UNKNOWN = (
    "The index could not be brought up to date; the one that was there is still in use. Try again, and look at the log."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build ended: its report, or why there is none. ``number`` counts the builds of this process."""

    number: int
    report: BuildReport | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a build stands: ``done`` of ``total`` are through what ``name`` says."""

    name: str = "Looking at the documents"
    done: int = 0
    total: int = 1


class Rebuilder:
    """Brings an index up to date in a thread of its own. Safe to use from several threads.

    What is asked for while a build runs is done after it, once, however often it is asked for: a build takes in all that lies in
    the corpus when it begins.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._wanted: tuple[Settings, Embedder] | None = None
        self._thread: Thread | None = None
        self._builds = 0
        self.stage: Stage | None = None
        self.last: Outcome | None = None

    @property
    def is_running(self) -> bool:
        """Whether a build runs, or is about to."""
        return self._thread is not None

    def start(self, settings: Settings, embedder: Embedder) -> None:
        """Bring the index up to date, now or as soon as the build that runs is done."""
        with self._lock:
            self._wanted = settings, embedder
            if self._thread is None:
                self.stage = Stage()
                self._thread = Thread(target=self._run, name="rebuilding", daemon=True)
                self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until nothing is left to do."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            self.last = self._built(*wanted)

    def _next(self) -> tuple[Settings, Embedder] | None:
        with self._lock:
            wanted, self._wanted = self._wanted, None
            self.stage = Stage() if wanted else None
            if wanted is None:
                self._thread = None
            self._builds += wanted is not None
            return wanted

    def _built(self, settings: Settings, embedder: Embedder) -> Outcome:
        try:
            return Outcome(self._builds, build(settings, embedder, self._tell))
        except CasewiseError as error:
            return Outcome(self._builds, message=str(error))
        except Exception:
            _LOG.exception("A build failed")
            return Outcome(self._builds, message=_UNKNOWN)

    def _tell(self, stage: str, done: int, total: int) -> None:
        self.stage = Stage(stage, done, total)
