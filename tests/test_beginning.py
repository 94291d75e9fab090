"""Libraries that are begun."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from assistant.beginning import begin
from assistant.building import build
from assistant.errors import KeepingError, UsageError
from assistant.settings import Settings
from assistant.taxonomy import add_case_to, load_taxonomy, parse_taxonomy
from assistant.types import Facet
from tests.conftest import CORPUS
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_library_has_a_corpus_with_a_taxonomy_and_says_what_is_where(tmp_path: Path) -> None:
    written = begin(tmp_path / "library")
    assert sorted(contents(tmp_path)) == ["library/README.md", "library/corpus/taxonomy.toml"]
    assert sorted(written) == sorted(path for path in (tmp_path / "library").rglob("*") if path.is_file())


def test_its_taxonomy_knows_the_two_aspects_and_no_one_elses_themes_and_cases(tmp_path: Path) -> None:
    begin(tmp_path)
    taxonomy = load_taxonomy(tmp_path / "corpus")
    assert [entry.name for entry in taxonomy.entries[Facet.ASPECT]] == ["challenge", "enabler"]
    assert not taxonomy.entries[Facet.THEME]
    assert not taxonomy.entries[Facet.CASE]


def test_every_line_that_the_taxonomy_shows_behind_a_hash_can_be_taken_out_from_behind_it(tmp_path: Path) -> None:
    begin(tmp_path)
    shown = (tmp_path / "corpus" / "taxonomy.toml").read_text(encoding="utf-8")
    keys = re.compile(r'^# (?=\[|\]|    "|\w+ = )', re.MULTILINE)
    taxonomy = parse_taxonomy(keys.sub("", shown).encode())
    assert (taxonomy.starters, dict(taxonomy.words)) == (
        ("What made it hard to work together?",),
        {"headcount": "number of staff"},
    )
    assert taxonomy.known(Facet.THEME, "costs") == "Funding"
    assert taxonomy.known(Facet.CASE, "Ashby") == "Night buses, Ashby"
    assert tomllib.loads(shown).keys() == {"aspects"}


def test_a_proposed_case_can_be_added_to_it(tmp_path: Path) -> None:
    begin(tmp_path)
    add_case_to(tmp_path / "corpus", "River wardens")
    assert load_taxonomy(tmp_path / "corpus").known(Facet.CASE, "river wardens") == "River wardens"


def test_the_example_is_the_library_that_casewise_comes_with(tmp_path: Path) -> None:
    begin(tmp_path, example=True)
    assert contents(tmp_path / "corpus") == contents(CORPUS)


def test_documents_that_are_there_already_are_the_librarys(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "bus.md").write_text("# Night bus\n\nThe bus runs after ten at night.\n")
    begin(tmp_path)
    report = build(Settings(corpus=corpus, index=tmp_path / "index"), HashingEmbedder())
    assert [change.name for change in report.changes] == ["bus.md"]


@pytest.mark.parametrize("there", ["README.md", "corpus/taxonomy.toml"])
def test_nothing_is_written_where_a_file_would_be_overwritten(tmp_path: Path, there: str) -> None:
    path = tmp_path / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        begin(tmp_path)
    assert contents(tmp_path) == {there: b"mine"}


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="is there already"):
        begin(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_what_was_written_before_a_failure_is_removed_again(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("a file where the folder should be")
    with pytest.raises(KeepingError, match=r"taxonomy\.toml"):
        begin(tmp_path)
    assert contents(tmp_path) == {"corpus": b"a file where the folder should be"}


def test_the_command_says_what_it_wrote_and_what_comes_next(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    code, out, err = run("init", folder)
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == [f"written: {folder}/README.md", f"written: {folder}/corpus/taxonomy.toml"]
    assert out.endswith(f'Put documents into "{folder}/corpus", then, in {folder}: casewise index\n')
    code, out, err = run("init", folder, "--example")
    assert (code, out) == (2, "")
    assert "is not overwritten" in err


def test_the_command_says_as_json_what_it_wrote(run: Run, tmp_path: Path) -> None:
    code, out, err = run("init", tmp_path / "library", "--json")
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert sorted(said["written"]) == sorted(map(str, (tmp_path / "library").rglob("*.*")))
    assert said["corpus"] == str(tmp_path / "library" / "corpus")
