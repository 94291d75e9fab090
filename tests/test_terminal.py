from __future__ import annotations

import io
import re
from contextlib import redirect_stdout

import pytest

from assistant.cli.terminal import console, on_terminal, show, width

ANSWER = (
    "It took six weeks rather than the usual eighteen months to establish a new court. [1][2]\n"
    "\n"
    "[1] collaboration-executive-summary.txt · Structures › Enablers of collaboration · 12161:12367, 12368:12457\n"
    "- the nearest passage (Structures)"
)


class Terminal(io.StringIO):
    """A standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _a_terminal_of_60_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def shown(text: str) -> str:
    """Return what is written to a terminal when a text is shown."""
    with redirect_stdout(Terminal()) as terminal:
        show(text)
    return terminal.getvalue()


def bare(text: str) -> str:
    return re.sub(r"\033\[\d+m", "", text)


def test_lines_are_wrapped_between_words_and_none_is_lost() -> None:
    lines = bare(shown(ANSWER)).splitlines()
    assert max(map(len, lines)) <= 60
    assert " ".join(" ".join(lines).split()) == " ".join(ANSWER.split())
    assert lines[3].startswith("[1] ")
    assert lines[4].startswith("    "), "what goes on of a source stands below its beginning"


def test_markers_are_coloured_and_sources_dimmed_on_a_terminal() -> None:
    written = shown(ANSWER)
    assert "\033[36m[1]\033[0m\033[36m[2]\033[0m" in written
    assert "\033[2m[1] collaboration" in written
    assert "\033[2m- the nearest" in written


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_whoever_wants_no_colour_has_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert "\033" not in shown(ANSWER)


@pytest.mark.parametrize(("wanted", "styled"), [("", True), ("1", False)])
def test_tables_are_styled_on_a_terminal_unless_nobody_wants_it(
    monkeypatch: pytest.MonkeyPatch, wanted: str, styled: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", wanted)
    with redirect_stdout(Terminal()) as terminal:
        console().print("[bold]Case[/bold]")
    assert ("\033" in terminal.getvalue()) is styled


def test_a_setting_of_no_color_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert "\033" in shown(ANSWER)


@pytest.mark.parametrize(("columns", "characters"), [("20", 40), ("80", 80), ("300", 100)])
def test_lines_are_as_wide_as_the_terminal_but_no_wider_than_reads_well(
    monkeypatch: pytest.MonkeyPatch, columns: str, characters: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == characters


def test_what_is_piped_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show(ANSWER)
    assert capsys.readouterr().out == f"{ANSWER}\n"


def test_a_word_longer_than_a_line_is_not_broken() -> None:
    assert on_terminal("x" * 90, 40, coloured=False) == "x" * 90


def test_a_blank_line_stays() -> None:
    assert on_terminal("a\n\nb", 40, coloured=True) == "a\n\nb"
