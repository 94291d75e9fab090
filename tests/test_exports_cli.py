from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from assistant.ui.exporting import file_name
from tests.exports import footnotes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

COURT = "six weeks rather than the usual 18-24 months"


def test_ask_writes_word_and_markdown_besides_and_says_so(run: Run, folders: tuple[str, ...], tmp_path: Path) -> None:
    word, markdown = tmp_path / "a.docx", tmp_path / "a.md"
    question = "How quickly was a new court set up, compared with normal?"
    code, out, err = run("ask", question, "--docx", word, "--markdown", markdown, *folders)
    assert code == 0
    assert COURT in out
    assert err == f'Written: "{word}".\nWritten: "{markdown}".\n'
    assert COURT in " ".join(footnotes(word.read_bytes()).values())
    assert COURT in markdown.read_text(encoding="utf-8").partition("[^1]: ")[2]


def test_a_file_that_is_there_is_not_written_over(run: Run, folders: tuple[str, ...], tmp_path: Path) -> None:
    there = tmp_path / "a.md"
    there.write_text("Mine.")
    code, out, err = run("ask", "Why?", "--markdown", there, *folders)
    assert (code, out) == (2, "")
    assert "is there already. Name another file" in err
    assert there.read_text() == "Mine."


def test_a_file_that_cannot_be_written_is_named(run: Run, folders: tuple[str, ...], tmp_path: Path) -> None:
    code, _, err = run("ask", "Why are silos a problem?", "--docx", tmp_path / "none" / "a.docx", *folders)
    assert code == 1
    assert "a.docx" in err


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("How quickly? 18-24 months!", "how-quickly-18-24-months.docx"),
        ("../../etc/passwd", "etc-passwd.docx"),
        ("🙂", "casewise.docx"),
        ("", "casewise.docx"),
        ("a" * 500, f"{'a' * 60}.docx"),
        ('x"\r\nSet-Cookie: a', "x-set-cookie-a.docx"),
    ],
)
def test_a_file_is_named_by_letters_digits_and_hyphens(name: str, called: str) -> None:
    assert file_name(name, "docx") == called


def test_the_menu_offers_both_files_once_it_is_open_and_makes_neither_yet() -> None:
    def script() -> None:
        from assistant.types import Document
        from assistant.ui.exporting import export_menu
        from tests.exports import TITLES, conversation

        documents = {name: Document(name, title, "", ()) for name, title in TITLES.items()}
        export_menu("all", "A conversation", conversation(), documents)

    drawn = AppTest.from_function(script).run(timeout=60)
    assert not drawn.get("download_button")
    drawn.session_state["export all"] = True
    drawn.run(timeout=60)
    assert not drawn.exception
    assert [button.proto.label for button in drawn.get("download_button")] == ["Word (.docx)", "Markdown (.md)"]
    assert all(button.proto.deferred_file_id for button in drawn.get("download_button"))
