from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CORPUS, ROOT
from tests.examples import Example, Reader, examples

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant
    from tests.conftest import Run

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = [one for one in examples(README) if one.kind in ("console", "python")]


@pytest.fixture
def reader(library: Assistant, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Somebody in a checkout, which has the corpus and an index of it; whatever they run shares one model."""
    shared = lambda _model=None: library.embedder  # noqa: E731
    for module in ("embeddings", "conversation"):
        monkeypatch.setattr(f"assistant.{module}.SentenceTransformerEmbedder", shared)
    shutil.copytree(CORPUS, tmp_path / "corpus")
    shutil.copytree(library.settings.index, tmp_path / "index")
    return Reader(tmp_path, run)


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "console"], ids=lambda one: one.said)
def test_a_command_prints_what_the_readme_says(reader: Reader, example: Example) -> None:
    assert reader.do(example).strip() == example.shown.strip()


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "python"])
def test_the_python_in_the_readme_runs(reader: Reader, example: Example) -> None:
    assert "six weeks" in reader.do(example)


def test_every_command_is_in_the_table_and_no_other() -> None:
    from assistant.cli import app

    listed = set(re.findall(r"^\| `casewise (\w+)", README, re.MULTILINE))
    assert listed == {command.callback.__name__ for command in app.registered_commands if command.callback}


def test_the_build_server_runs_the_very_test_command() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert commands == ["pip install -e . && casewise serve", 'pip install -e ".[test]" && pytest -n 2']
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_files_that_the_readme_links_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []
