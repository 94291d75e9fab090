from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document as WordFile

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant
    from tests.conftest import Run

EAST = "How many leaders took part in East Ayrshire?"


@pytest.fixture
def pipe(run: Run, folders: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs ``casewise ask`` with lines on its standard input."""

    def ask(lines: bytes | str, *arguments: object) -> tuple[int, str, str]:
        written = lines.encode() if isinstance(lines, str) else lines
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written)))
        return run("ask", *arguments, *folders)

    return ask


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_every_line_of_a_pipe_is_a_question_that_may_lean_on_those_before(pipe: Run, library: Assistant) -> None:
    code, out, err = pipe(f"{EAST}\n\nAnd in Kent?\n", "--json")
    assert (code, err) == (0, "")
    first, second = answers(out)
    assert first["question"] == EAST
    assert second["standalone_question"] == library.ask("And in Kent?", [EAST]).standalone_question
    assert second["citations"][0]["cases"] == ["Kent Fire and Rescue Service"]


def test_answers_are_printed_as_those_of_single_questions(pipe: Run, run: Run, folders: tuple[str, ...]) -> None:
    single = run("ask", EAST, *folders)[1]
    assert pipe(EAST)[1] == f"{single}\n"


def test_filters_are_given_on_the_way_and_hold_until_they_are_taken_away(
    pipe: Run,
) -> None:
    kent = "How many leaders took part in Kent?"
    lines = f"{kent}\n/case Kent\n{kent}\n/case\n{kent}\n/case Night\n/theme Struct\n{kent}\n/all\n{kent}\n"
    code, out, err = pipe(lines, "--json", "--case", "Nightingale")
    cited = [{case for one in answer["citations"] for case in one["cases"]} for answer in answers(out)]
    fire = "Kent Fire and Rescue Service"
    assert code == 0
    assert [fire in cases for cases in cited] == [False, True, True, False, True]
    assert "Asking only about the theme “Structures”, the case “Nightingale Courts”." in err
    assert err.count("Asking of the whole library.") == 2


def test_the_questions_before_can_be_forgotten(pipe: Run) -> None:
    _, out, err = pipe(f"{EAST}\n/new\nAnd in Kent?\n", "--json")
    assert answers(out)[1]["standalone_question"] == "And in Kent?"
    assert "forgotten" in err


def test_a_line_that_cannot_be_asked_is_told_and_ends_nothing(pipe: Run) -> None:
    code, out, err = pipe(f"/case Cardiff\n/sing\n{'x' * 3_000}\n{EAST}\n", "--json")
    assert code == 1
    assert [answer["question"] for answer in answers(out)] == [EAST]
    assert 'no case called "Cardiff"' in err
    assert 'There is no "/sing". There are: /case' in err
    assert "3,000 characters" in err
    assert "3 of the lines could not be asked" in err


def test_help_goes_to_standard_error_and_is_no_result(pipe: Run) -> None:
    code, out, err = pipe("/help\n")
    assert (code, out) == (0, "")
    assert "/case NAME" in err


def test_bytes_that_are_no_text_break_nothing(pipe: Run) -> None:
    code, out, _ = pipe(b"\xef\xbb\xbfWho led \xff\xfe?\n" + EAST.encode(), "--json")
    assert code == 0
    assert [one["question"] for one in answers(out)] == ["Who led \ufffd\ufffd?", EAST]


def test_a_conversation_is_written_to_word_and_markdown_whole(pipe: Run, tmp_path: Path) -> None:
    word, markdown = tmp_path / "talk.docx", tmp_path / "talk.md"
    code, _, err = pipe(f"{EAST}\nAnd in Kent?\n", "--docx", word, "--markdown", markdown)
    assert code == 0
    assert err.count("Written:") == 2
    text = markdown.read_text(encoding="utf-8")
    assert text.startswith("# Conversation with Casewise")
    assert EAST in text
    assert "And in Kent?" in text
    assert "And in Kent?" in [paragraph.text for paragraph in WordFile(str(word)).paragraphs]


def test_nothing_asked_is_nothing_written(pipe: Run, tmp_path: Path) -> None:
    assert pipe("\n\n", "--docx", tmp_path / "talk.docx") == (0, "", "")
    assert not (tmp_path / "talk.docx").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
@pytest.mark.parametrize("ending", ["\n", "\x04"], ids=["an empty line", "Ctrl-D"])
def test_what_is_typed_is_prompted_for_and_ends_with(
    run: Run, folders: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    outside, inside = os.openpty()
    os.write(outside, f"{EAST}\n/sing\n{ending}".encode())
    with os.fdopen(inside, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        code, out, err = run("ask", *folders)
    os.close(outside)
    assert code == 0
    assert out.count("[1]") == 2
    assert err.startswith("Ask a question. /help says what else can be typed, an empty line ends.\n> ")
    assert err.count("> ") == 3
    assert 'There is no "/sing"' in err


def test_an_unknown_filter_is_wrong_usage_before_anything_is_asked(pipe: Run) -> None:
    code, out, err = pipe(EAST, "--theme", "Finance")
    assert (code, out) == (2, "")
    assert "Motivations; Structures; Relationships" in err


def test_the_help_explains_the_conversation(run: Run) -> None:
    code, out, _ = run("ask", "--help")
    assert code == 0
    assert "an empty line or Ctrl-D ends it" in " ".join(out.replace("│", " ").split())
