from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from assistant import locks
from assistant.errors import CasewiseError
from assistant.generations import new_generation
from assistant.locks import Hold, is_held
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def enter(index: Path, happened: list[str]) -> threading.Thread:
    """Begin a build in a thread of its own that notes when it got in, or why it did not."""

    def work() -> None:
        try:
            with new_generation(index):
                happened.append("second in")
        except CasewiseError as error:
            happened.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_second_builder_waits_for_the_first(tmp_path: Path) -> None:
    happened: list[str] = []
    with new_generation(tmp_path):
        second = enter(tmp_path, happened)
        second.join(0.3)
        happened.append("first out")
    second.join()
    assert happened == ["first out", "second in"]


def test_a_builder_that_waits_too_long_says_for_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_LOCK_SECONDS", 0.1)
    happened: list[str] = []
    with new_generation(tmp_path):
        enter(tmp_path, happened).join()
    (message,) = happened
    assert f"process {os.getpid()} on {socket.gethostname()}, since 20" in message
    assert "Another process is building" in message
    assert str(tmp_path) in message


def test_a_builder_that_waits_is_told_for_whom(tmp_path: Path) -> None:
    told: list[str] = []
    with new_generation(tmp_path):
        thread = threading.Thread(target=lambda: new_generation(tmp_path, told.append).__enter__())
        thread.start()
        while not told:
            thread.join(0.01)
    thread.join()
    assert told[0].startswith(f"process {os.getpid()} on ")


def test_a_builder_that_gave_no_name_is_waited_for_all_the_same(tmp_path: Path) -> None:
    told: list[str] = []
    with new_generation(tmp_path):
        (tmp_path / ".builder").write_text("{")
        thread = threading.Thread(target=lambda: new_generation(tmp_path, told.append).__enter__())
        thread.start()
        while not told:
            thread.join(0.01)
    thread.join()
    assert told == ["a process that has not given its name yet"]


KILLED = """
import sys, time
from pathlib import Path
from assistant.generations import new_generation

with new_generation(Path(sys.argv[1])):
    print("building", flush=True)
    time.sleep(600)
"""


def test_the_lock_of_a_builder_that_died_is_taken_over(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "building\n"
        other.kill()
    assert (tmp_path / ".builder").exists()
    waited: list[str] = []
    with new_generation(tmp_path, waited.append):
        assert waited == []


def test_a_file_is_held_until_the_last_who_holds_it_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text("{}")
    assert not is_held(path)
    one, other = Hold(path), Hold(path)
    one.close()
    assert is_held(path)
    del other
    assert not is_held(path)
    one.close()


def test_a_file_that_is_not_there_is_held_by_nobody(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "manifest.json")
