from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CORPUS, ROOT

if TYPE_CHECKING:
    from assistant import Assistant

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = [
    tuple(example.split("\n", 1))
    for block in re.findall(r"```console\n\$ (.*?)```", README, re.DOTALL)
    for example in block.split("\n$ ")
]


@pytest.fixture
def checkout(library: Assistant, tmp_path: Path) -> Path:
    """Lay out what the examples find in a checkout: the corpus, and an index of it."""
    shutil.copytree(CORPUS, tmp_path / "corpus")
    shutil.copytree(library.settings.index, tmp_path / "index")
    return tmp_path


def run_in(folder: Path, command: list[str]) -> str:
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": scripts},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout


@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_a_command_prints_what_the_readme_says(checkout: Path, command: str, output: str) -> None:
    assert run_in(checkout, ["bash", "-c", command]).strip() == output.strip()


@pytest.mark.parametrize("example", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_the_python_in_the_readme_runs(checkout: Path, example: str) -> None:
    assert "six weeks" in run_in(checkout, [sys.executable, "-c", example])


def test_every_command_is_in_the_table_and_no_other() -> None:
    from assistant.cli import app

    listed = set(re.findall(r"^\| `casewise (\w+)", README, re.MULTILINE))
    assert listed == {command.callback.__name__ for command in app.registered_commands if command.callback}


def test_the_build_server_runs_the_very_test_command() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert commands == ["pip install -e . && casewise serve", 'pip install -e ".[test]" && pytest']
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_files_that_the_readme_links_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []
