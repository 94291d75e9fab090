"""Embedding on many machines: a list of texts spread over a Ray cluster (Moritz et al. 2018), the vectors back in their order.

Ray runs in a process of its own (``python -m assistant.spreading.cluster``), which takes texts on its standard input and gives
vectors on its standard output. Ray ends the process it runs in when its cluster goes away; this way that is an error like any
other, and nothing of Ray is imported here.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from assistant.embeddings import embed_with_parts
from assistant.errors import WorkersError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.embeddings import Embedder, ModelIdentity, Part

    Vectors = tuple[NDArray[np.float32], NDArray[np.float32]]

FEWEST = 1_024
"""How many texts are worth spreading: fewer take this machine 5 to 20 s, and workers take longer to load the model."""

SECONDS_TO_CONNECT = 120
"""The longest that reaching a cluster may take: 5 s for one that runs, and more for one that starts on a busy machine."""

PROGRAM = "assistant.spreading.cluster"
_ROOT = Path(__file__).resolve().parents[2]
_LAST_WORDS = 300
_SECONDS_TO_END = 10


class SpreadEmbedder:
    """An embedder that embeds a few texts here, and many on a cluster. A context: it connects, and lets go of the cluster.

    Args:
        here: Embeds what is few, and says which model all must have.
        address: Where the cluster is: ``HOST:PORT`` of its head, ``auto`` for the one that this machine is part of, or
            ``local`` for one that lasts as long as this process, on this machine alone.
        model: What ``CASEWISE_MODEL`` is here, for the workers to find the model by.
        command: What is run to reach the cluster.
    """

    def __init__(
        self,
        here: Embedder,
        address: str,
        model: str | None = None,
        *,
        fewest: int = FEWEST,
        command: Sequence[str] = (sys.executable, "-P", "-m", PROGRAM),
    ) -> None:
        self._here, self._address, self._model, self.fewest = here, address, model, fewest
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None

    @property
    def identity(self) -> ModelIdentity:
        """Which model this is."""
        return self._here.identity

    def is_common(self, word: str) -> bool:
        """Tell whether the model knows a word as a whole."""
        return self._here.is_common(word)

    @property
    def process(self) -> int | None:
        """The number of the process that speaks to the cluster, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, ``(n, dim) float32``, embedded here.

        Raises:
            ModelError: the model cannot be used.
        """
        return self._here.embed(texts)

    def embed_parts(self, texts: Sequence[str], parts: Sequence[Sequence[Part]]) -> Vectors:
        """Return one unit vector a text, and one a part, as ``embed_with_parts``, embedded here.

        Raises:
            ModelError: the model cannot be used.
        """
        return embed_with_parts(self._here, texts, parts)

    def embed_each(self, texts: Sequence[str], parts: Sequence[Sequence[Part]]) -> Iterator[Vectors]:
        """Yield one unit vector a text, and one a part, some texts at a time, in order, embedded on the cluster.

        Raises:
            WorkersError: the cluster cannot be reached, goes away, or has another model.
        """
        given = 0
        self.connect()
        self._write(json.dumps({"texts": list(texts), "parts": list(parts)}))
        try:
            while (told := self._told()).get("done") is None:
                vectors = self._read(told["texts"] + told["parts"], told["dimensions"])
                given += told["texts"]
                yield vectors[: told["texts"]], vectors[told["texts"] :]
        except (
            GeneratorExit
        ):  # who asked has failed: what is still to come must not be taken for an answer to the next list
            self._end()
            raise
        if given != len(texts):
            raise self._fault(f"gave {given} vectors for {len(texts)} texts")

    def connect(self, tell: Callable[[str, int, int], None] | None = None) -> None:
        """Reach the cluster now, unless it is reached.

        Raises:
            WorkersError: Ray is not installed, or no cluster answers.
        """
        if self.process is not None:
            return
        if tell:
            tell("Reaching the cluster", 0, 1)
        self._start()
        asked = {"address": self._address, "model": self._model, "sha256": self.identity.sha256}
        self._write(json.dumps(asked))
        self._wait()
        self._told()
        if tell:
            tell("Reaching the cluster", 1, 1)

    def close(self) -> None:
        """Let go of the cluster. What is embedded later reaches it again."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]  # it was given a pipe
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()  # type: ignore[union-attr]  # it was opened as a pipe
        if self._said:
            self._said.close()

    def _end(self) -> None:
        if self._process:
            self._process.kill()
        self.close()

    def __enter__(self) -> SpreadEmbedder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        if PROGRAM in self._command and find_spec("ray") is None:
            raise WorkersError(
                'Ray is not installed. Install it: pip install "casewise[ray]", or embed here, without --ray.'
            )
        self.close()
        # "-P" and PYTHONPATH: this package is imported, and nothing from the folder that someone happens to work in.
        paths = filter(os.path.isabs, os.environ.get("PYTHONPATH", "").split(os.pathsep))
        self._said = TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own module, by this very interpreter
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, **QUIET, "PYTHONPATH": os.pathsep.join((str(_ROOT), *paths))},
            start_new_session=True,  # Ctrl-C is for this process to understand
        )

    def _write(self, line: str) -> None:
        pipe = self._process.stdin if self._process else None
        try:
            pipe.write(line.encode() + b"\n")  # type: ignore[union-attr]  # it was opened as a pipe
            pipe.flush()  # type: ignore[union-attr]  # it was opened as a pipe
        except (OSError, AttributeError) as error:
            raise self._fault("has gone away") from error

    def _wait(self) -> None:
        pipes = [self._process.stdout] if self._process and self._process.stdout else []
        if not select.select(pipes, [], [], SECONDS_TO_CONNECT)[0]:
            raise self._fault(f"does not take this machine in within {SECONDS_TO_CONNECT} seconds")

    def _told(self) -> dict[str, Any]:
        pipe = self._process.stdout if self._process else None
        line = pipe.readline() if pipe else b""
        if not line:
            raise self._fault("has gone away")
        told: dict[str, Any] = json.loads(line)
        if "failed" in told:
            self.close()
            raise WorkersError(told["failed"])
        return told

    def _read(self, rows: int, columns: int) -> NDArray[np.float32]:
        pipe = self._process.stdout if self._process else None
        content = pipe.read(4 * rows * columns) if pipe else b""
        if len(content) < 4 * rows * columns:
            raise self._fault("has gone away")
        return np.frombuffer(content, np.float32).reshape(rows, columns)

    def _fault(self, what: str) -> WorkersError:
        words = ""
        if self._said and not self._said.closed:
            self._said.seek(0)
            words = " ".join(self._said.read().decode(errors="replace").split())[-_LAST_WORDS:]
        self._end()
        return WorkersError(
            f'The Ray cluster "{self._address}" {what}. The index is as it was. Look after the cluster and run the command '
            f"again, or leave --ray out to embed here.{f' It said: {words}' if words else ''}"
        )


QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
"""What Ray is told before it is imported: it reports to nobody, and takes the workers' Python as it finds it."""


@contextmanager
def spread(
    here: Embedder, address: str | None, model: str | None, tell: Callable[[str, int, int], None]
) -> Iterator[Embedder]:
    """Yield an embedder that spreads over the cluster at an address, connected; or, without one, ``here`` itself.

    Raises:
        WorkersError: Ray is not installed, or no cluster answers.
    """
    if address is None:
        yield here
        return
    with SpreadEmbedder(here, address, model) as embedder:
        embedder.connect(tell)
        yield embedder
