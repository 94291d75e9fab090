"""A server for benchmarks of the web app: started, watched and stopped."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"


@dataclass(frozen=True)
class Server:
    """A server that runs; its figures are read from ``/proc``."""

    address: str
    process: int

    def memory(self) -> float:
        """Return the resident memory in MB."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def processor_seconds(self) -> float:
        """Return the processor time so far, in seconds."""
        user, system = Path(f"/proc/{self.process}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(folder: Path, *options: str, **environment: str) -> Iterator[Server]:
    """Serve the library from a folder of its own, its index built and its model loaded."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "serve", "--no-browser", f"--port={port}"]
    folders = ["--corpus", str(CORPUS), "--index", str(folder / "index")]
    env = os.environ | {"HF_HUB_OFFLINE": "1", "CASEWISE_STATE": str(folder / "state")} | environment
    subprocess.run([sys.executable, "-m", "assistant", "index", *folders], cwd=ROOT, env=env, check=True)
    log = (folder / f"log-{port}").open("wb")
    process = subprocess.Popen([*command, *folders, *options], cwd=ROOT, env=env, stderr=log)
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{server.address}/health", timeout=5) as response:  # noqa: S310
            if json.load(response)["model"] == "ready":
                return
        time.sleep(0.5)
    raise TimeoutError(server.address)
