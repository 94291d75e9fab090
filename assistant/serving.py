"""Starts the web page: Streamlit in the place of this process, with the folders it is to serve."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from assistant.errors import CasewiseError

if TYPE_CHECKING:
    from assistant.settings import Settings

PAGE = Path(__file__).resolve().parent.parent / "app.py"


def serve_page(settings: Settings, host: str, port: int, *, browser: bool) -> NoReturn:
    """Become the page's server; whoever stops this process stops the server.

    Raises:
        CasewiseError: ``app.py`` is not beside the package.
    """
    if not PAGE.is_file():
        raise CasewiseError(f'"{PAGE}" is missing. Install Casewise from its checkout: pip install -e .')
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), f"--server.address={host}", f"--server.port={port}"]
    if not browser:
        command.append("--server.headless=true")
    folders = {
        f"CASEWISE_{name.upper()}": str(folder.resolve())
        for name, folder in (("corpus", settings.corpus), ("index", settings.index), ("state", settings.state))
    }
    if os.name == "posix":
        os.execve(sys.executable, command, os.environ | folders)
    raise SystemExit(subprocess.run(command, env=os.environ | folders, check=False).returncode)
