from __future__ import annotations

import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from assistant import checked
from assistant.building import build
from assistant.errors import IndexDamaged
from assistant.generations import current, verify
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.settings import Settings


@pytest.fixture
def settings(make_corpus: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of a library whose files all count as large."""
    monkeypatch.setattr(checked, "LARGE", 0)
    made = make_corpus(leeds_txt="Motivations\n\nStaff in Leeds shared an office.\n")
    build(made, HashingEmbedder())
    return made


@pytest.fixture
def file(settings: Settings) -> Path:
    return current(settings.index) / "segment-1" / "passages.faiss"


def flip(path: Path, *, and_hide_it: bool = False) -> None:
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    if and_hide_it:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_a_build_wrote_counts_as_checked(settings: Settings) -> None:
    folder = current(settings.index)
    assert checked.known(folder) == set(verify(folder).files)


def test_a_file_that_was_written_since_is_checked_again(settings: Settings, file: Path) -> None:
    flip(file)
    with pytest.raises(IndexDamaged, match="passages"):
        verify(current(settings.index))


@pytest.mark.parametrize("change", ["missing", "truncated"])
def test_a_file_that_is_gone_or_cut_is_told(change: str, settings: Settings, file: Path) -> None:
    if change == "missing":
        file.unlink()
    else:
        os.truncate(file, file.stat().st_size - 4)
    with pytest.raises(IndexDamaged, match="passages"):
        verify(current(settings.index))


def test_what_went_bad_on_the_disk_itself_is_told_where_all_is_checked_again(settings: Settings, file: Path) -> None:
    flip(file, and_hide_it=True)
    verify(current(settings.index))
    with pytest.raises(IndexDamaged, match="passages"):
        verify(current(settings.index), again=True)


def test_small_files_are_checked_at_every_opening(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked, "LARGE", file.stat().st_size + 1)
    flip(file, and_hide_it=True)
    with pytest.raises(IndexDamaged, match="passages"):
        verify(current(settings.index))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"generation": 1}', b"\xff", None])
def test_a_note_that_makes_no_sense_is_none(content: bytes | None, settings: Settings) -> None:
    folder, path = current(settings.index), settings.index / ".checked"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert checked.known(folder) == set()
    verify(folder)
    assert checked.known(folder) != set()


def test_a_note_of_another_generation_is_none(settings: Settings) -> None:
    before = (settings.index / ".checked").read_bytes()
    (settings.corpus / "york.txt").write_text("Trams\n\nTrams came to York.\n")
    build(settings, HashingEmbedder())
    (settings.index / ".checked").write_bytes(before)
    assert checked.known(current(settings.index)) == set()


def test_a_process_may_open_as_many_files_as_the_system_lets_it() -> None:
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (64, r.getrlimit(r.RLIMIT_NOFILE)[1]));"
        "from assistant.descriptors import allow_many_files; allow_many_files(); print(r.getrlimit(r.RLIMIT_NOFILE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert int(done.stdout) == (16_384 if hard == resource.RLIM_INFINITY else min(hard, 16_384))
