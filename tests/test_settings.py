from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str | bytes) -> None:
    (folder / "casewise.toml").write_bytes(text if isinstance(text, bytes) else text.encode())


def test_without_environment_and_file_the_folders_lie_in_the_working_directory() -> None:
    settings = load_settings()
    assert (settings.corpus, settings.index, settings.model) == (Path("corpus"), Path("index"), None)


def test_the_environment_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWISE_CORPUS", "/library")
    monkeypatch.setenv("CASEWISE_DENSE_WEIGHT", "0.25")
    settings = load_settings()
    assert (settings.corpus, settings.dense_weight) == (Path("/library"), 0.25)


def test_the_file_sets(folder: Path) -> None:
    write(folder, 'index = "elsewhere"\nanswer_quotes = 5\n')
    settings = load_settings()
    assert (settings.index, settings.answer_quotes) == (Path("elsewhere"), 5)


def test_the_environment_goes_before_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "pool = 10\nread_passages = 7\n")
    monkeypatch.setenv("CASEWISE_POOL", "20")
    settings = load_settings()
    assert (settings.pool, settings.read_passages) == (20, 7)


def test_what_is_passed_goes_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWISE_POOL", "20")
    assert Settings(pool=30).pool == 30


def test_an_empty_variable_is_one_that_is_not_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, 'corpus = "papers"\n')
    monkeypatch.setenv("CASEWISE_CORPUS", "")
    monkeypatch.setenv("CASEWISE_MODEL", "")
    settings = load_settings()
    assert (settings.corpus, settings.model) == (Path("papers"), None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POOL", "many"),
        ("POOL", "0"),
        ("DENSE_WEIGHT", "1.5"),
        ("TOPIC_BONUS", "-0.1"),
        ("PASSAGE_CHARACTERS", "199"),
        ("PASSAGE_CHARACTERS", "20001"),
        ("ANSWER_QUOTES", "2.5"),
        ("QUESTION_CHARACTERS", "0"),
    ],
)
def test_a_value_out_of_bounds_is_named_with_its_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CASEWISE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert f'"{name.lower()}"' in str(caught.value)
    assert repr(value) in str(caught.value)
    assert f"CASEWISE_{name}" in str(caught.value)


def test_a_bad_value_in_the_file_is_named_too(folder: Path) -> None:
    write(folder, "pool = [1, 2]\n")
    with pytest.raises(SettingsError, match=r'"pool" cannot be \[1, 2\].*pool in casewise.toml'):
        load_settings()


@pytest.mark.parametrize("text", ["pool = \n", "[pool\n", "pool = 1\npool = 2\n", b"corpus = '\xff'\n"])
def test_a_file_that_is_no_toml_is_named(text: str | bytes, folder: Path) -> None:
    write(folder, text)
    with pytest.raises(SettingsError, match=r"casewise\.toml"):
        load_settings()


def test_settings_do_not_change_after_they_are_read() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.pool = 3
    assert settings.pool == Settings().pool


def test_a_setting_that_is_not_one_is_named(folder: Path) -> None:
    write(folder, "answer_sentance = 1\n")
    with pytest.raises(SettingsError, match='no setting "answer_sentance"'):
        load_settings()
