from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import TYPE_CHECKING

import pytest

from assistant.building import build
from assistant.taxonomy import add_case_to
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant import Settings
    from tests.conftest import Run


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    made = make_corpus(leeds_txt="Leeds\n\nIt opened in May.\n")
    (made.corpus / "the depot.txt").write_text("Harbour City\n\nIt closed in June.\n")
    build(made, HashingEmbedder())
    return made


@pytest.fixture
def complete(run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return a function that gives what a shell is offered for the last of some words."""

    monkeypatch.setattr(sys.modules["__main__"], "__package__", "")  # else the command goes by "python -m pytest"

    def offered(*words: str, within: str = "fish", index: Path = settings.index) -> list[str]:
        line = ["casewise", *words[:1], "--index", str(index), *words[1:]]
        monkeypatch.setenv("_CASEWISE_COMPLETE", f"complete_{within}")
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", " ".join(line))
        monkeypatch.setenv("COMP_WORDS", "\n".join(line))
        monkeypatch.setenv("COMP_CWORD", str(len(line) - 1))
        code, out, err = run()
        assert (code, err) == (0, "")
        return [line for line in out.splitlines() if line]

    return offered


def test_names_are_completed_in_any_case_with_what_they_mean(complete: Callable[..., list[str]]) -> None:
    assert complete("ask", "Why?", "--case", "leeds") == ["Leeds Digital Hub"]
    assert complete("ask", "Why?", "--case", "LD") == ["LDH\tLeeds Digital Hub"]
    assert complete("search", "Why?", "--theme", "St") == ["Structures"]
    assert complete("grid", "Why?", "--aspect", "en") == ["enabler"]
    assert complete("ask", "Why?", "--case", "York") == []


def test_all_names_are_offered_before_anything_is_typed(complete: Callable[..., list[str]]) -> None:
    assert complete("ask", "Why?", "--case", "") == ["Leeds Digital Hub", "Harbour City"]


def test_documents_are_completed(complete: Callable[..., list[str]]) -> None:
    assert complete("read", "") == ["leeds.txt", "the depot.txt"]
    assert complete("read", "the") == ["the depot.txt"]


def test_a_name_of_several_words_is_put_as_bash_needs_it(complete: Callable[..., list[str]]) -> None:
    assert complete("ask", "Why?", "--case", "Lee", within="bash") == [r"Leeds\ Digital\ Hub"]
    assert complete("ask", "Why?", "--case", r"leeds\ d", within="bash") == [r"Leeds\ Digital\ Hub"]
    assert complete("ask", "Why?", "--case", '"Lee', within="bash") == ["Leeds Digital Hub"]
    assert complete("read", "the", within="bash") == [r"the\ depot.txt"]


def test_without_an_index_there_is_nothing_to_complete(complete: Callable[..., list[str]], tmp_path: Path) -> None:
    assert complete("ask", "Why?", "--case", "L", index=tmp_path / "none") == []
    assert complete("read", "l", index=tmp_path / "none") == []


def test_a_damaged_index_offers_nothing_and_says_nothing(
    complete: Callable[..., list[str]], settings: Settings
) -> None:
    (settings.index / "CURRENT").write_text("nonsense")
    assert complete("read", "l") == []


HEAVY = "{'torch', 'numpy', 'faiss', 'streamlit', 'mcp', 'pandas', 'langchain_core'}"


@pytest.fixture
def shells(settings: Settings, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a shell that finds ``casewise``, which tells if it loads what is heavy."""
    command = tmp_path / "casewise"
    command.write_text(
        f"#!{sys.executable}\n"
        "import atexit, sys\n"
        f"heavy = {HEAVY}\n"
        "atexit.register(lambda: heavy & set(sys.modules) and print(heavy & set(sys.modules)))\n"
        "from assistant.cli import main\n"
        "sys.argv[0] = 'casewise'\n"
        "main()\n"
    )
    command.chmod(0o755)
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "CASEWISE_INDEX": str(settings.index),
        "SHELL": "/bin/bash",
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",  # a shell is named, and not looked for
    }


def test_bash_completes_a_line_and_loads_no_model(shells: dict[str, str]) -> None:
    """The script that ``--install-completion`` sets up, sourced by a real bash that is given lines to complete."""
    script = (
        "source <(casewise --show-completion bash)\n"
        'complete_words() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _casewise_completion casewise; echo "${COMPREPLY[@]}"; }\n'
        'complete_words casewise ask "Why?" --case Lee\n'
        'complete_words casewise ask "Why?" --case = lee\n'
    )
    done = subprocess.run(["bash", "-c", script], env=shells, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Leeds\\ Digital\\ Hub\n" * 2, "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
def test_fish_completes_a_line(shells: dict[str, str]) -> None:
    script = (
        "casewise --show-completion fish | source\n"
        "complete -C 'casewise ask Why --case lee'\n"
        "complete -C 'casewise ask Why --case=lee'\n"
    )
    done = subprocess.run(["fish", "-c", script], env=shells, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Leeds Digital Hub\n--case=Leeds Digital Hub\n", "")


@pytest.mark.slow  # keys are typed into a terminal and waited for: a busy machine redraws lines at other times
@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh here")
def test_zsh_completes_lines_that_are_typed(shells: dict[str, str], settings: Settings) -> None:
    add_case_to(settings.corpus, "St Mary's hub")
    build(settings, HashingEmbedder())
    with zsh(shells) as typed:
        typed("autoload -U compinit; compinit -u; source =(casewise --show-completion zsh); echo rea''dy\n", "ready")
        typed("line() { zle -I; print -r -- \"<$BUFFER>\" }; zle -N line; bindkey ^X line; echo do''ne\n", "done")
        for words, completed in {
            "--case lee": r"--case Leeds\ Digital\ Hub ",
            "--case=lee": r"--case=Leeds\ Digital\ Hub ",
            "--case st": r"--case St\ Mary\'s\ hub ",
        }.items():
            typed(f"casewise ask Why {words}\t\x18", f"<casewise ask Why {completed}>")
            typed("\x15", "")


@contextmanager
def zsh(environment: dict[str, str]) -> Iterator[Callable[[str, str], None]]:
    """Start a zsh on a terminal; yield a function that types something and waits until the terminal shows something."""
    outside, inside = os.openpty()
    with subprocess.Popen(
        ["zsh", "-f", "-i"],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env=environment | {"TERM": "dumb"},
        start_new_session=True,
    ) as shell:
        os.close(inside)

        def typed(keys: str, awaited: str) -> None:
            os.write(outside, keys.encode())
            shown = ""
            while awaited not in shown:
                assert select([outside], [], [], 60)[0], shown
                shown += os.read(outside, 4096).decode()

        try:
            yield typed
        finally:
            shell.kill()
            os.close(outside)
