"""The process that speaks to Ray: texts in, vectors out. The only importer of Ray.

::

    in   {"address", "model", "sha256"}            first, and once
         {"texts", "parts"}                        a list of texts with their parts, whenever there is one
    out  {"ready": cores}                          the cluster is reached
         {"texts", "parts", "dimensions"}          so many vectors follow as float32, in the order of the texts
         {"done": true}                            all vectors of a list have been given
         {"failed": "…"}                           what went wrong, and the end

A block of texts is a task, and takes a core. A worker's process keeps the model that it has loaded, so that a list after the
first one starts at once. Ray gives the task of a worker that dies to another, and makes vectors anew that died with a machine.

These are tasks of Ray itself, not a pipeline of Ray Data: that gives a task out again without end (from Ray 2.64 on there is no
setting for it), so a text that no worker outlives would never be told.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from assistant.errors import CasewiseError, WorkersError
from assistant.spreading import QUIET
from assistant.spreading.work import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.embeddings import Part

BLOCK = 256
"""How many texts a task embeds: some 5 to 10 s of one core."""

_SECONDS_TO_ANSWER = 10
_TRIES = 5
"""How often a task may lose its worker, and be given to another, before all is given up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the cluster is, and which model its workers must have."""

    address: str
    model: str | None
    sha256: str


def connect(address: str) -> int:
    """Connect this process to a cluster; return how many cores it has.

    Raises:
        WorkersError: none answers, or it cannot be used.
    """
    _knock(address)
    import ray

    alone = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"} if address == "local" else {}
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", **alone)
        return _cores()
    except ConnectionError as error:
        raise WorkersError(_NOBODY.format(address)) from error
    except Exception as error:  # Ray raises whatever it comes upon: another version, an address that is none
        raise WorkersError(
            f'The Ray cluster "{address}" cannot be used: {_first_line(error)} Mend --ray or CASEWISE_RAY_ADDRESS.'
        ) from error


_NOBODY = (
    'No Ray cluster answers at "{}". Start one (ray start --head), mend --ray or CASEWISE_RAY_ADDRESS, or leave it out to '
    "embed here."
)


def _knock(address: str) -> None:
    """Make sure that something listens at an address that has a port: Ray itself looks for minutes.

    Raises:
        WorkersError: nothing does.
    """
    host, parted, port = address.rpartition(":")
    if not parted:
        return
    try:
        socket.create_connection((host, int(port)), _SECONDS_TO_ANSWER).close()
    except (OSError, OverflowError) as error:
        raise WorkersError(_NOBODY.format(address)) from error


def embedded_each(texts: Sequence[str], parts: Sequence[Sequence[Part]], asked: Asked) -> Iterator[Embedded]:
    """Yield the vectors of texts and of their parts, a block at a time, in order.

    Two blocks a core are on their way at a time, so that no core waits and this machine holds no more than those.

    Raises:
        WorkersError: the work fails for good, or a worker has another model.
    """
    import ray
    from ray.exceptions import RayError

    task = ray.remote(num_cpus=1, max_retries=_TRIES)(embedded)
    blocks = (slice(first, first + BLOCK) for first in range(0, len(texts), BLOCK))
    tasks = (task.remote(texts[block], parts[block], asked.model, asked.sha256) for block in blocks)
    try:
        under_way = deque(islice(tasks, 2 * _cores()))
        while under_way:
            block: Embedded = ray.get(under_way.popleft())
            under_way.extend(islice(tasks, 1))
            if block.fault:
                raise WorkersError(block.fault)
            yield block
    except RayError as error:
        raise WorkersError(
            f"Ray could not embed the texts: {_first_line(error)} The index is as it was. Look into the cluster's logs and "
            "run the command again, or leave --ray out to embed here."
        ) from error


def _cores() -> int:
    import ray

    return max(int(ray.cluster_resources().get("CPU", 0)), 1)


def _first_line(error: BaseException) -> str:
    """Return the line of an error that says what is wrong: the last of a traceback, the first of any other."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    line = lines[-1] if "Traceback" in str(error) else lines[0]
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _write(pipe: IO[bytes], told: dict[str, Any], content: bytes = b"") -> None:
    pipe.write(json.dumps(told).encode() + b"\n" + content)
    pipe.flush()


def main() -> None:
    """Serve the process that has started this one, until it has no more texts."""
    os.environ.update(QUIET)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever Ray prints
    asked = Asked(**json.loads(sys.stdin.buffer.readline()))
    try:
        _write(answers, {"ready": connect(asked.address)})
        for line in sys.stdin.buffer:
            for some in embedded_each(**json.loads(line), asked=asked):
                sizes = {"texts": some.texts, "parts": some.parts, "dimensions": some.dimensions}
                _write(answers, sizes, some.content)
            _write(answers, {"done": True})
    except CasewiseError as error:
        _write(answers, {"failed": str(error)})


if __name__ == "__main__":
    main()
