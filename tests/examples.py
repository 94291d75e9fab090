"""The examples on pages of Markdown: told apart, and run one after the other in a folder, as a reader would."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.conftest import ROOT
from tests.web.conftest import free_port

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.conftest import Run

BLOCK = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_CAPTION = re.compile(r":caption: (.+)\n+")
_ASSIGNMENT = re.compile(r"([A-Z_]+)=(.*)")
_LISTENS = "Casewise listens on"


@dataclass(frozen=True, slots=True)
class Example:
    """A command with what it prints, a program with what it prints, or a file with what it holds."""

    kind: str
    said: str
    shown: str = ""


def examples(page: str) -> list[Example]:
    """Return the examples of a page in order: ``console``, ``python`` with the ``text`` after it, and files with a caption."""
    found: list[Example] = []
    for block in BLOCK.finditer(page):
        kind, text = block["kind"], block["text"]
        caption = _CAPTION.match(text)
        if kind == "console":
            found += _commands(text)
        elif kind == "python":
            found.append(Example("python", text))
        elif kind == "text" and found and found[-1] == Example("python", found[-1].said):
            found[-1] = Example("python", found[-1].said, text)
        elif kind.startswith("{code-block}") and caption:
            found.append(Example("file", caption[1], text[caption.end() :]))
    return found


def _commands(text: str) -> Iterator[Example]:
    for one in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = one.partition("\n")
        yield Example("console", command, shown)


def agrees(printed: str, shown: str) -> bool:
    """Tell whether what was printed is what a page shows, where ``…`` stands for anything."""
    lines = "\n".join(line.rstrip() for line in shown.strip().splitlines())
    pattern = re.escape(lines).replace("…", ".*")
    return (
        re.fullmatch(pattern, "\n".join(line.rstrip() for line in printed.strip().splitlines()), re.DOTALL) is not None
    )


@dataclass
class Reader:
    """Somebody who does what a page says, in a folder. ``casewise`` runs in this process, so that the model is loaded once."""

    folder: Path
    run: Run
    names: dict[str, object] = field(default_factory=dict)

    def do(self, example: Example) -> str:
        """Do what an example says; return what it prints: results first, then what is said beside them, without progress bars."""
        with chdir(self.folder):
            if example.kind == "python":
                return self._python(example.said)
            if example.kind == "file":
                return self._write(example)
            return self._command(example.said, example.shown)

    def _python(self, program: str) -> str:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(program, "<page>", "exec"), self.names)  # noqa: S102 - our own pages
        return printed.getvalue()

    def _write(self, example: Example) -> str:
        """Write a file, or add to one that is there."""
        with (self.folder / example.said).open("a", encoding="utf-8") as file:
            file.write(example.shown)
        return example.shown

    def _command(self, command: str, shown: str) -> str:
        name, _, rest = command.partition(" ")
        if name == "cd":
            self.folder = (self.folder / rest).resolve()
            return ""
        environment, words = _assigned(command)
        if words[:2] == ["casewise", "serve"]:
            return _served(words[2:], self.folder, environment)
        if words[0] != "casewise":
            return self._shell(command)
        own, sign, after = _parted(command)
        with patch.dict(os.environ, environment):
            code, out, err = self.run(*_assigned(own)[1][1:])
        assert not code or _is_shown_to_fail(shown), f"{command}\n{err}"
        said = "\n".join(line for line in err.splitlines() if "━" not in line)
        return (self._shell(f"cat {sign} {after}", out) if sign else out) + said

    def _shell(self, command: str, given: str = "") -> str:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])},  # noqa: PTH120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _is_shown_to_fail(shown: str) -> bool:
    return shown.startswith("casewise: ") or "\nRefused " in shown


def _parted(command: str) -> tuple[str, str, str]:
    """Return a command, and the pipe or redirection after it."""
    quoted = re.sub(r'"[^"]*"', lambda text: "q" * len(text[0]), command)
    found = re.search(r" (\||>>?) ", quoted)
    return (command[: found.start()], found[1], command[found.end() :]) if found else (command, "", "")


def _assigned(command: str) -> tuple[dict[str, str], list[str]]:
    """Return what a command sets in its environment, and its words."""
    words, given = shlex.split(command), {}
    while words and (match := _ASSIGNMENT.fullmatch(words[0])):
        given[match[1]] = match[2]
        words.pop(0)
    return given, words


def _served(options: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Serve until the page answers; return what was said by then, as if the port were the usual one."""
    port = free_port()
    command = [sys.executable, "-m", "assistant", "serve", *options, "--no-browser", f"--port={port}"]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with subprocess.Popen(command, cwd=folder, env=variables, stderr=subprocess.PIPE, text=True) as server:
        said = "".join(_until_it_listens(server.stderr or ()))
        if _LISTENS in said:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=60) as response:
                assert response.status == 200
            server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
    return said.replace(str(port), "8501")


def _until_it_listens(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield "" if "━" in line else line
        if _LISTENS in line:
            return
