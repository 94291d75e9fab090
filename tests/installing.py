"""Casewise as it is released: a wheel, made from the source distribution, in an environment of its own outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel, and what was built for it."""

    environment: Path
    sdist: Path
    wheel: Path

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.environment / "bin" / "python"

    def run(self, *command: str, within: Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in a folder as somebody does who has activated the environment, and has nothing of the checkout."""
        search = os.pathsep.join([str(self.environment / "bin"), os.environ["PATH"]])
        return subprocess.run(
            command,
            cwd=within,
            input=given,
            env={**os.environ, "PATH": search, "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            timeout=300,
        )


def install(folder: Path) -> Installed:
    """Build the source distribution, the wheel from that, and install it; what it needs is taken from this environment."""
    sdist = build(ROOT, folder, "sdist")
    subprocess.run(["tar", "xzf", sdist, "-C", folder], check=True)
    wheel = build(folder / sdist.name.removesuffix(".tar.gz"), folder, "wheel")
    environment = folder / "environment"
    venv.create(environment, symlinks=True)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "needed.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    pip = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--ignore-installed", wheel], check=True)
    return Installed(environment, sdist, wheel)


def build(source: Path, into: Path, target: str) -> Path:
    """Build a distribution; return its file."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", into, "-t", target]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (made,) = into.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made
