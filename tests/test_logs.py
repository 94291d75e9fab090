from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.logs import event, line, short, start_logs

if TYPE_CHECKING:
    from collections.abc import Iterator

START = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) [a-z_]+( [a-z_]+=(\"([^\"\\]|\\.)*\"|\S+))*"
)
QUESTION = "Who lent the\nboat?"


@contextmanager
def started(*, questions: bool = False) -> Iterator[None]:
    """Start the log, and leave logging as it was."""
    root, factory, hook = logging.getLogger(), logging.getLogRecordFactory(), threading.excepthook
    kept, shown = root.handlers, warnings.showwarning
    start_logs(questions=questions)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.handlers, threading.excepthook, warnings.showwarning = kept, hook, shown
        logging.setLogRecordFactory(factory)
        logging.getLogger("casewise").handlers = []


def test_an_event_is_one_line_with_what_is_told_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with started():
        event("answer", who=short("local"), ms=12.34, answered=True, citations=2, nothing=None)
    written = capsys.readouterr().err
    assert START.fullmatch(written.rstrip("\n"))
    assert written.endswith(f"Z INFO answer who={short('local')} ms=12.3 answered=true citations=2\n")


@pytest.mark.parametrize("asked_for", [False, True])
def test_a_question_s_words_are_there_only_where_they_are_asked_for(
    capsys: pytest.CaptureFixture[str], *, asked_for: bool
) -> None:
    with started(questions=asked_for):
        event("answer", question=QUESTION, ms=1)
    written = capsys.readouterr().err
    assert ("boat" in written) is asked_for
    assert written.count("\n") == 1


@given(st.text())
def test_text_cannot_forge_a_line(text: str) -> None:
    written = line(0, "INFO", "answer", {"question": text})
    assert len(written.splitlines()) == 1
    assert written.isprintable()
    assert START.fullmatch(written)


def test_a_line_forged_in_a_library_s_log_stays_in_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with started():
        logging.getLogger("some.library").warning("went to %s", "/\n2026-01-01T00:00:00.000Z INFO stopped\x1b[2J")
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert START.fullmatch(written.rstrip("\n"))
    assert "source=some.library" in written


def test_what_an_error_says_is_left_out_since_it_may_be_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    with started():
        try:
            raise ValueError(QUESTION)
        except ValueError:
            logging.getLogger("some.library").exception("failed")
        thread = threading.Thread(target=lambda: {}[QUESTION])
        thread.start()
        thread.join()
    first, second = capsys.readouterr().err.splitlines()
    assert "boat" not in first + second
    assert re.search(r"ERROR log source=some\.library message=failed error=ValueError at=test_logs\.py:\d+$", first)
    assert re.search(r"ERROR thread_failed error=KeyError at=test_logs\.py:\d+$", second)


def test_people_are_told_apart_and_not_named() -> None:
    assert short("ann") != short("bob")
    assert re.fullmatch("[0-9a-f]{8}", short("ann@example.org"))


def test_streamlit_s_own_logger_writes_such_lines_too(capsys: pytest.CaptureFixture[str]) -> None:
    from streamlit.logger import get_logger

    logger = get_logger("streamlit.some.module")
    with started():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.handlers = [handler]
        try:
            raise ValueError(QUESTION)
        except ValueError as error:
            logger.error("Uncaught app execution", exc_info=error)
    (written,) = capsys.readouterr().err.splitlines()
    assert START.fullmatch(written)
    assert "boat" not in written
