"""What the tests of Milvus run on: Milvus Lite in this process, a server of its own, and a link that can be cut.

A server is that of the package ``milvus`` (2.3), which has its own dependencies: it is looked for in the environment that
``MILVUS_SERVER`` names by its program (``…/bin/milvus-server``), else on the path.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.errors import CasewiseError
from assistant.vectors.cluster import Cluster

if TYPE_CHECKING:
    from pathlib import Path

_START_SECONDS = 180
PROGRAM = os.environ.get("MILVUS_SERVER") or shutil.which("milvus-server")


def free_ports(count: int) -> list[int]:
    """Return ports of this machine that nobody listens on."""
    with_ports = [socket.socket() for _ in range(count)]
    for one in with_ports:
        one.bind(("127.0.0.1", 0))
    found = [int(one.getsockname()[1]) for one in with_ports]
    for one in with_ports:
        one.close()
    return found


class Server:
    """A Milvus server of its own, with its data in a folder; it can be killed and started again on the same port."""

    _SERVICES = (
        *("etcd", "root-coord", "proxy-internal", "query-coord", "query-node"),
        *("index-coord", "index-node", "data-coord", "data-node"),
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port, self._peers, *others = free_ports(2 + len(self._SERVICES))
        self._others = dict(zip(self._SERVICES, others, strict=True))
        self.uri = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [text for name, port in self._others.items() for text in (f"--{name}-port", str(port))]
        command = [str(PROGRAM), "--data", str(self._folder / "data"), "--proxy-port", str(self.port), *options]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore", "ETCD_CONFIG_PATH": str(self._etcd())}
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=environment)
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def _wait(self) -> None:
        end, probe = time.monotonic() + _START_SECONDS, Cluster(self.uri, seconds=2)
        while True:
            try:
                probe.ask(lambda client, seconds: client.list_collections(timeout=seconds))
                return probe.close()
            except CasewiseError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def _etcd(self) -> Path:
        """Write down where the server keeps what it knows of itself: by itself it would take a fixed port for its peers."""
        clients, peers = (f"http://127.0.0.1:{port}" for port in (self._others["etcd"], self._peers))
        lines = {
            "listen-client-urls": clients,
            "advertise-client-urls": clients,
            "listen-peer-urls": peers,
            "initial-advertise-peer-urls": peers,
            "initial-cluster": f"default={peers}",
        }
        path = self._folder / "etcd.yaml"
        path.write_text("".join(f"{name}: {value}\n" for name, value in lines.items()))
        return path

    def kill(self) -> None:
        """End it at once, as a machine that fails."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Link:
    """Passes bytes on to a server, until it is told to hang or to refuse; a small real proxy on a port of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.is_hanging = self.is_cut = False
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.uri = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections, and refuse new ones."""
        self.is_cut = True
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        """Pass everything on again."""
        self.is_cut = self.is_hanging = False

    def close(self) -> None:
        """End everything for good."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                return
            self._open += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError), source, target:
            while content := source.recv(65_536):
                while self.is_hanging and not self.is_cut:
                    time.sleep(0.01)
                target.sendall(content)


def lite_port(path: str) -> int:
    """Return the port that Milvus Lite serves a file on, in this process."""
    from milvus_lite.server_manager import server_manager_instance

    uri = server_manager_instance.start_and_get_uri(path)
    assert uri
    return int(uri.rpartition(":")[2])
