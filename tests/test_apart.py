from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.errors import ReadingError
from assistant.reading import read, sources
from assistant.reading.apart import Read, read_apart
from assistant.reading.wire import decoded, encoded, packed, unpacked
from assistant.settings import Settings
from tests.conftest import CORPUS, ROOT, SUMMARY

if TYPE_CHECKING:
    from assistant.types import Document

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def children(of: int | str = "self") -> set[int]:
    """Return the processes that a process, this one unless another is given, has started and not seen the end of."""
    found: set[int] = set()
    for task in Path(f"/proc/{of}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            found.update(map(int, (task / "children").read_text().split()))
    return found


def read_all(corpus: Path, **limits: float) -> list[Read]:
    settings = Settings(corpus=corpus, **limits)  # type: ignore[arg-type]
    return list(read_apart(list(sources(corpus)), settings))


def test_a_document_is_the_same_read_here_and_apart(summary: Document) -> None:
    (found,) = read_all(CORPUS)
    assert (found.document, found.reason) == (summary, None)
    assert found.sha256 == found.source.sha256 == sha256(SUMMARY.read_bytes()).hexdigest()
    assert 0 < found.seconds < 60


def test_a_document_survives_the_wire(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A\n\nIt opened.\n\n| a | b |\n|-|-|\n| x | • y • z |\n", encoding="utf-8")
    document = read(path)
    assert unpacked(decoded(encoded(packed(document)))) == document


def test_files_come_in_the_order_in_which_they_were_given(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(f"Case {number} opened.\n" * (2_000 if number % 5 == 0 else 1))
    given = list(sources(tmp_path))[::-1]
    assert [one.source for one in read_apart(given, Settings(corpus=tmp_path))] == given


def test_nothing_is_started_for_nothing() -> None:
    assert list(read_apart([], Settings())) == []


@linux_only
def test_no_process_is_left_when_all_is_read_or_the_rest_is_not_wanted(tmp_path: Path) -> None:
    before = children()
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text("It opened.\n")
    assert len(read_all(tmp_path)) == 8
    assert children() == before
    reading = read_apart(list(sources(tmp_path)), Settings(corpus=tmp_path))
    next(reading)
    assert children() > before
    reading.close()
    assert children() == before


def test_a_file_that_changed_since_it_was_listed_goes_by_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("It opened.\n")
    given = list(sources(tmp_path))
    path.write_text("It closed.\n")
    (found,) = read_apart(given, Settings(corpus=tmp_path))
    assert found.document is not None
    assert found.document.text == "It closed.\n"
    assert found.sha256 == sha256(b"It closed.\n").hexdigest() != found.source.sha256


def test_a_process_needs_neither_models_nor_the_web() -> None:
    code = (
        "import sys, assistant.reading.worker;"
        "print([name for name in ('torch', 'numpy', 'pyarrow', 'pydantic', 'streamlit', 'sentence_transformers',"
        " 'assistant.conversation') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert said.stdout == "[]\n"


def test_a_process_that_cannot_be_started_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("It opened.\n")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(ReadingError, match=r"none can be started: .*No such file"):
        read_all(tmp_path)


PARENT = """
import sys, time
from pathlib import Path
from assistant.reading import sources
from assistant.reading.apart import read_apart
from assistant.settings import Settings
corpus = Path(sys.argv[1])
reading = read_apart(list(sources(corpus)), Settings(corpus=corpus))
next(reading)
print("reading", flush=True)
{then}
"""


@linux_only
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_parent_that_dies_takes_its_processes_along(tmp_path: Path, ending: signal.Signals) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("It opened.\n")
    code = PARENT.format(then="time.sleep(60)")
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"reading\n"
        started = children(parent.pid)
        parent.send_signal(ending)
        parent.wait(20)
    assert started
    until = time.monotonic() + 10
    while any(is_running(pid) for pid in started) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(is_running(pid) for pid in started)


def is_running(pid: int) -> bool:
    try:
        return b"assistant.reading.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


LONG = "- It opened.\n" * 150_000
"""Takes many seconds to read."""


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LONG)
    (tmp_path / "b.txt").write_text("It opened.\n")
    first, second = read_all(tmp_path, reading_seconds=1)
    assert first.reason is not None
    assert '"a.txt" takes longer than 1 seconds' in first.reason
    assert "Split it, or raise CASEWISE_READING_SECONDS" in first.reason
    assert first.sha256 == sha256(LONG.encode()).hexdigest()
    assert first.seconds < 10
    assert second.document is not None


@linux_only
def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(250_000_000)
    (tmp_path / "b.txt").write_text("It opened.\n")
    first, second = read_all(tmp_path, largest_file=300_000_000, reading_memory=200_000_000)
    assert first.reason is not None
    assert '"a.txt" takes more than 200,000,000 bytes of memory' in first.reason
    assert "CASEWISE_READING_MEMORY" in first.reason
    assert second.document is not None


@linux_only
def test_a_file_whose_process_dies_is_refused_by_how_it_died(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LONG)
    (tmp_path / "b.txt").write_text("It opened.\n")
    listed, before = list(sources(tmp_path)), children()
    settings = Settings(corpus=tmp_path)
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(lambda: list(read_apart(listed[:1], settings)) + list(read_apart(listed[1:], settings)))
        while not (started := children() - before):
            time.sleep(0.01)
        time.sleep(1)
        for pid in started:
            os.kill(pid, signal.SIGSEGV)
        first, second = reading.result()
    assert first.reason is not None
    assert '"a.txt" brought its reader down (SIGSEGV)' in first.reason
    assert second.document is not None


@linux_only
def test_a_process_that_died_between_two_files_costs_neither(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text("It opened.\n")
    before = children()
    reading = read_apart(list(sources(tmp_path)), Settings(corpus=tmp_path))
    first = next(reading)
    time.sleep(0.5)  # the others in flight are read by now
    for pid in children() - before:
        os.kill(pid, signal.SIGKILL)
    assert [one.reason for one in (first, *reading)] == [None] * 12


def test_nothing_is_imported_from_the_folder_that_someone_works_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("It opened.\n")
    (tmp_path / "json.py").write_text("raise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    assert [one.document is not None for one in read_all(Path()) if one.source.id == "a.txt"] == [True]
