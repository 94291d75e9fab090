"""A virtual environment for each peer, made once in a folder and used again until what it asks for changes.

Versions are pinned here, so that a run a month later measures the same; torch is the one that Casewise is pinned to.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TORCH = "torch==2.13.0"
_MODEL = (TORCH, "sentence-transformers==6.2.0", "transformers==5.24.0")
_FAISS = "faiss-cpu==1.15.1"
_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Peer:
    """One that is measured: the name that its driver goes by, what it is called, and what it is installed from.

    One without requirements runs in the environment of the benchmark itself.
    """

    key: str
    name: str
    requirements: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What its environment is known by: peers that ask for the same share one."""
        return sha256("\n".join((*self.requirements, sys.version)).encode()).hexdigest()[:12]


PEERS = (
    Peer("casewise", "Casewise, passages"),
    Peer("casewise-sentences", "Casewise, with sentences"),
    Peer("casewise-build", "Casewise, whole build"),
    Peer(
        "langchain",
        "LangChain + FAISS",
        (*_MODEL, _FAISS, "langchain-community==0.4.2", "langchain-huggingface==1.2.3"),
    ),
    Peer(
        "llamaindex",
        "LlamaIndex + FAISS",
        (
            *_MODEL,
            _FAISS,
            "llama-index-core==0.14.25",
            "llama-index-embeddings-huggingface==0.8.0",
            "llama-index-vector-stores-faiss==0.7.0",
        ),
    ),
    Peer("txtai", "txtai", (*_MODEL, _FAISS, "txtai==9.14.0")),
    Peer(
        "haystack",
        "Haystack + FAISS",
        (*_MODEL, _FAISS, "haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0", "faiss-haystack==3.0.0"),
    ),
    Peer("bare", "sentence-transformers + FAISS", (*_MODEL, _FAISS)),
    Peer("bare-bfloat16", "sentence-transformers in bf16 + FAISS", (*_MODEL, _FAISS)),
)


class CannotInstall(Exception):
    """A peer's packages cannot be installed; the message has pip's own last words."""


def python_of(peer: Peer, folder: Path, tell: Callable[[str], None]) -> Path:
    """Return the interpreter of a peer's environment, which is made if it is not there.

    Raises:
        CannotInstall: pip refuses.
    """
    if not peer.requirements:
        return Path(sys.executable)
    home = folder / f"{peer.key.partition('-')[0]}-{peer.digest}"
    python = home / "bin" / "python"
    if not (home / "installed.txt").exists():
        tell(f"Installing {peer.name} into {home}")
        shutil.rmtree(home, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(home)])
        _run([str(python), "-m", "pip", "install", "--quiet", "--no-input", *peer.requirements])
        installed = _run([str(python), "-m", "pip", "freeze"])
        (home / "installed.txt").write_text(installed, encoding="utf-8")  # last: a half-made environment is made again
    return python


def versions_of(python: Path) -> str:
    """Return what is installed beside a peer's interpreter, a package a line; nothing for that of the benchmark itself."""
    path = python.parents[1] / "installed.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _run(command: list[str]) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, preexec_fn=lambda: os.nice(10)
    )
    if done.returncode:
        raise CannotInstall(" ".join(done.stderr.split("\n")[-_SHOWN - 1 :]).strip() or f"exit code {done.returncode}")
    return done.stdout
