from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.building import build
from assistant.errors import IndexDamaged, IndexFault, IndexMismatch, IndexMissing
from assistant.generations import current, new_generation, publish, verify
from assistant.index import PassageIndex
from assistant.manifest import FORMAT, Manifest
from assistant.settings import Settings
from tests.conftest import ROOT, TAXONOMY
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

LEEDS = "Motivations\n\nEnablers\n\nStaff in Leeds shared an office. They liked it.\n"
HARBOUR = "Motivations\n\nEnablers\n\nHarbour City shared a depot.\n"
MANIFEST = Manifest("hashing", "0", 64, "0", 900)
REMEDY = 'Run "casewise index"'


def built_in(folder: Path) -> Settings:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "taxonomy.toml").write_text(TAXONOMY)
    (folder / "corpus" / "leeds.txt").write_text(LEEDS)
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    build(settings, HashingEmbedder())
    return settings


def files_of_an_index() -> list[str]:
    """Return every file that a reader reads, CURRENT included, as a path within the generation."""
    with TemporaryDirectory() as folder:
        generation = current(built_in(Path(folder)).index)
        inside = [path.relative_to(generation).as_posix() for path in generation.rglob("*") if path.is_file()]
    return ["../CURRENT", *sorted(inside)]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def edit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"0")


def swap(path: Path) -> None:
    other = path.with_name("documents.arrow" if path.name == "passages.arrow" else "passages.arrow")
    path.write_bytes(other.read_bytes() if other.is_file() else b"{}")


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def opened(settings: Settings) -> PassageIndex:
    return PassageIndex.open(settings.index, HashingEmbedder())


def texts(index: PassageIndex) -> list[str]:
    return [index.passage(row).text for row in range(index.manifest.passages)]


def folders(index: Path) -> set[str]:
    return {path.name for path in index.iterdir() if path.is_dir()}


def rewrite_manifest(index: Path, **changed: object) -> None:
    """Change the manifest and reseal it, as another version of Casewise would have written it."""
    path = current(index) / "manifest.json"
    content = json.dumps(json.loads(path.read_bytes()) | changed).encode()
    path.write_bytes(content)
    (index / "CURRENT").write_text(f"{path.parent.name} {sha256(content).hexdigest()}\n")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return built_in(tmp_path)


def test_a_generation_lists_every_file_it_consists_of(settings: Settings) -> None:
    folder = current(settings.index)
    inside = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    manifest = verify(folder)
    assert set(manifest.files) == inside - {"manifest.json"}
    assert (manifest.format, manifest.model, manifest.passages, manifest.sentences) == (FORMAT, "hashing", 1, 2)


@pytest.mark.parametrize("damage", [truncate, edit, empty, lengthen, swap, put_folder, Path.unlink])
@pytest.mark.parametrize("file", files_of_an_index())
def test_a_damaged_file_is_named_and_never_read(
    file: str, damage: Callable[[Path], object], settings: Settings
) -> None:
    damage(current(settings.index) / file)
    with pytest.raises(IndexFault) as caught:
        opened(settings)
    missing = file == "../CURRENT" and damage is Path.unlink
    assert type(caught.value) is (IndexMissing if missing else IndexDamaged)
    assert (str(settings.index) if missing else file.removeprefix("../")) in str(caught.value)
    assert REMEDY in str(caught.value)


def test_a_generation_that_is_gone_is_named(settings: Settings) -> None:
    folder = current(settings.index)
    shutil.rmtree(folder)
    with pytest.raises(IndexDamaged, match=REMEDY) as caught:
        opened(settings)
    assert str(folder) in str(caught.value)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return built_in(tmp_path_factory.mktemp("shared"))


names = st.text(max_size=300) | st.text(max_size=300).map("generation-{}".format)


@given(content=st.binary(max_size=400) | names.map(lambda name: f"{name} 00".encode()))
@example(content=b". 00")
@example(content=b"generation-a/../.. 00")
@example(content=b"generation-" + b"a" * 300 + b" 00")
def test_whatever_current_holds_is_reported(content: bytes, shared: Settings) -> None:
    (shared.index / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged, match=REMEDY):
        PassageIndex.open(shared.index, HashingEmbedder())


def test_where_there_is_no_index_the_error_says_how_to_get_one(tmp_path: Path) -> None:
    for index in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(IndexMissing, match=REMEDY) as caught:
            current(index)
        assert f'"{index}"' in str(caught.value)


def test_an_index_of_another_format_is_not_read(settings: Settings) -> None:
    rewrite_manifest(settings.index, format=FORMAT + 1, something="new")
    with pytest.raises(IndexMismatch, match=f"format {FORMAT + 1}, .* reads format {FORMAT}.*{REMEDY}"):
        opened(settings)


@pytest.mark.parametrize("changed", [{"refused": 3}, {"unheard_of": 1}, {"refused": {"a": {"why": "b"}}}])
def test_a_sealed_manifest_that_makes_no_sense_is_damaged(changed: dict[str, object], settings: Settings) -> None:
    rewrite_manifest(settings.index, **changed)
    with pytest.raises(IndexDamaged, match="no manifest"):
        opened(settings)


def test_a_reader_goes_on_with_the_generation_it_opened(settings: Settings) -> None:
    reader = opened(settings)
    for content in (HARBOUR, LEEDS.replace("office", "depot"), HARBOUR):
        (settings.corpus / "leeds.txt").write_text(content)
        build(settings, HashingEmbedder())
    assert texts(reader) == ["Staff in Leeds shared an office. They liked it."]
    assert reader.lexical.search("office", 3)[0].tolist() == [0]
    assert reader.vectors_of_sentences(reader.passage(0)).shape == (2, 64)
    assert list(reader.documents) == ["leeds.txt"]
    assert texts(opened(settings)) == ["Harbour City shared a depot."]


def test_a_generation_stays_as_long_as_somebody_reads_it(settings: Settings) -> None:
    reader = opened(settings)
    for number in range(3):
        (settings.corpus / "leeds.txt").write_text(HARBOUR * (number + 1))
        build(settings, HashingEmbedder())
    assert folders(settings.index) == {reader.folder.name, current(settings.index).name}
    gone = reader.folder
    del reader
    (settings.corpus / "leeds.txt").write_text(LEEDS)
    build(settings, HashingEmbedder())
    assert not gone.exists()


def test_a_generation_that_nobody_reads_goes_however_fast_they_follow(settings: Settings) -> None:
    for _ in range(12):
        with new_generation(settings.index) as folder:
            after = publish(folder, MANIFEST)
        assert folders(settings.index) == {after.name}
        assert current(settings.index) == after


def test_nobody_reads_a_generation_that_is_not_published(settings: Settings) -> None:
    before = current(settings.index)
    with new_generation(settings.index) as folder:
        assert list(folder.iterdir()) == []
        assert current(settings.index) == before
    assert folders(settings.index) == {before.name}


def test_a_switch_that_fails_leaves_the_old_index_and_nothing_else(settings: Settings) -> None:
    before = folders(settings.index)
    (settings.corpus / "leeds.txt").write_text(HARBOUR)
    (settings.index / "CURRENT.new").mkdir()  # nothing can be written there
    with pytest.raises(IndexFault):
        build(settings, HashingEmbedder())
    assert folders(settings.index) == before | {"CURRENT.new"}
    assert len(texts(opened(settings))) == 1


KILLED = """
import sys, time
from pathlib import Path
from assistant.building import build
from assistant.settings import Settings
from tests.fakes import HashingEmbedder

def stop(stage, done, total):
    if stage == "Embedding":
        print("embedding", flush=True)
        time.sleep(600)

build(Settings(corpus=Path(sys.argv[1]), index=Path(sys.argv[2])), HashingEmbedder(), stop)
"""


def test_a_builder_that_is_killed_leaves_a_readable_index_and_the_next_build_works(settings: Settings) -> None:
    (settings.corpus / "leeds.txt").write_text(HARBOUR)
    command = [sys.executable, "-c", KILLED, str(settings.corpus), str(settings.index)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout
        assert builder.stdout.readline() == "embedding\n"
        builder.kill()
    assert builder.returncode == -signal.SIGKILL
    assert any(name.startswith(".building-") for name in folders(settings.index))
    assert texts(opened(settings)) == ["Staff in Leeds shared an office. They liked it."]
    build(settings, HashingEmbedder())
    assert texts(opened(settings)) == ["Harbour City shared a depot."]
    assert not any(name.startswith(".") for name in folders(settings.index))


def test_a_folder_that_cannot_be_written_to_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for index in (tmp_path / "file", tmp_path / "file" / "index"):
        with (
            pytest.raises(IndexFault, match="or set CASEWISE_INDEX to another") as caught,
            new_generation(index),
        ):
            pytest.fail("there is nowhere to build")
        assert str(index) in str(caught.value)
