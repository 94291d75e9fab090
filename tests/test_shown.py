"""What the pages show and cannot be run in a test is held to the code all the same: commands, settings, files and answers."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
import typer

from assistant.cli import app
from assistant.corrections import parse_corrections
from assistant.evaluation.question_sets import read_question_set
from assistant.logs import line
from assistant.metadata import KEYS
from assistant.serving.health import response_to
from assistant.settings import Settings
from assistant.taxonomy import load_taxonomy
from assistant.ui.opening import Standing
from tests.conftest import CORPUS, ROOT
from tests.examples import BLOCK

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = {"console", "python", "{commands}", "{settings}", "{toctree}", "{eval-rst}", "{include} ../CHANGELOG.md"}
"""Kinds of blocks that ``examples`` runs, or that make a page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of a page."""

    page: str
    kind: str
    text: str


def shown() -> list[Shown]:
    return [
        Shown(page.name, block["kind"], block["text"])
        for page in PAGES
        for block in BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]


def of_kind(*kinds: str) -> list[Shown]:
    return [one for one in shown() if one.kind in kinds]


GROUP: Any = typer.main.get_command(app)
COMMAND = re.compile(rf"casewise (?:{'|'.join(GROUP.commands)})\b[^#|&>\n]*")
COMMANDS = [
    (one.page, re.sub(r"\s\d?$", "", found.strip()))  # a 2 before > is no word of the command
    for one in of_kind("sh", "ini", "text")
    for found in COMMAND.findall(one.text.replace("\\\n", ""))
]


def parsed(words: list[str]) -> None:
    """Hold the words of a command against the options it has; nothing is run.

    Raises:
        click's UsageError: there is no such command, option or value.
    """
    command = GROUP.commands[words[0]]
    command.make_context(words[0], words[1:], parent=None)


def test_every_block_is_run_or_held_to_the_code() -> None:
    held = {"sh", "json", "toml", "ini", "nginx", "text"}
    assert [(one.page, one.kind) for one in shown() if one.kind not in RUN | held and ":caption:" not in one.text] == []


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_that_is_shown_is_one_that_there_is(page: str, command: str) -> None:  # noqa: ARG001 - names the test
    parsed(shlex.split(command)[1:])


def test_modules_that_are_run_by_name_are_there() -> None:
    named = {name for one in of_kind("sh") for name in re.findall(r"python -m (tests\.[\w.]+)", one.text)}
    assert len(named) > 3
    assert [name for name in named if find_spec(name) is None] == []


def test_extras_and_settings_that_are_shown_are_there() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"casewise\S*\[(\w+)\]", text)) <= set(extras)
    assert {name.lower() for name in re.findall(r"CASEWISE_([A-Z_]*[A-Z])\b", text)} <= set(Settings.model_fields)


def test_files_that_commands_name_are_there() -> None:
    named = {name for one in of_kind("sh") for name in re.findall(r"(?:--file |evaluate )(\S+/\S+)", one.text)}
    assert {"docs/Containerfile", "corpus/questions.jsonl"} <= named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_health_that_is_shown_is_what_the_page_answers() -> None:
    (told,) = [json.loads(one.text) for one in of_kind("json") if '"status"' in one.text]
    standing = Standing(index=told["index"], model=told["model"], generation=told["generation"], documents=3)
    assert json.loads(bytes(response_to(standing).body)) == told


def test_a_client_of_the_protocol_starts_a_command_that_there_is() -> None:
    (told,) = [json.loads(one.text) for one in of_kind("json") if "mcpServers" in one.text]
    for server in told["mcpServers"].values():
        assert server["command"].endswith("/casewise")
        parsed(server["args"])


def test_a_question_that_is_shown_can_be_asked(tmp_path: Path) -> None:
    (told,) = [one.text for one in of_kind("json") if '"gold"' in one.text]
    (tmp_path / "questions.jsonl").write_text(told, encoding="utf-8")
    (asked,) = read_question_set(tmp_path / "questions.jsonl")
    assert asked.id == "q01"


def test_toml_that_is_shown_is_what_files_may_hold() -> None:
    about, corrections = (one for one in of_kind("toml"))
    assert set(tomllib.loads(about.text)) <= set(KEYS)
    (correction,) = parse_corrections(corrections.text.encode(), load_taxonomy(CORPUS))
    assert correction.document == "report.pdf"


def test_the_service_starts_a_command_that_there_is() -> None:
    (unit,) = of_kind("ini")
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] - keys of systemd have capitals
    parser.read_string(unit.text)
    assert COMMAND.search(parser["Service"]["ExecStart"])


def test_the_line_of_the_log_is_one_that_is_written() -> None:
    (told,) = [one.text.strip() for one in of_kind("text") if " INFO " in one.text]
    written = line(
        1769851800.1234, "INFO", "answer", {"who": "1f3870be", "ms": 212.0, "answered": True, "citations": 2}
    )
    assert written == told
