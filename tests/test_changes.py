from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.building import build
from assistant.changes import is_stale, survey
from assistant.errors import IndexFault, TaxonomyError
from assistant.generations import current, verify
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.settings import Settings

LEEDS = "Motivations\n\nStaff in Leeds shared an office.\n"
HARBOUR = "Motivations\n\nHarbour City shared a depot.\n"
YORK = "Motivations\n\nYork lost its ferry.\n"


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    made = make_corpus(leeds_txt=LEEDS, harbour_txt=HARBOUR, york_txt=YORK, empty_txt="", twin_txt=LEEDS)
    build(made, HashingEmbedder())
    return made


def stale(settings: Settings) -> bool:
    return is_stale(settings, verify(current(settings.index)))


def test_a_survey_tells_what_a_build_would_do_with_each_file(settings: Settings) -> None:
    (settings.corpus / "leeds.txt").write_text("Motivations\n\nThe office closed.\n")
    (settings.corpus / "york.txt").unlink()
    (settings.corpus / "new.md").write_text("A ferry came.")
    assert survey(settings) == {
        "empty.txt": "refused",
        "harbour.txt": "unchanged",
        "leeds.txt": "changed",
        "new.md": "added",
        "twin.txt": "renamed",
        "york.txt": "removed",
    }


def test_a_file_that_was_renamed_is_told_as_such(settings: Settings) -> None:
    (settings.corpus / "york.txt").rename(settings.corpus / "new york.txt")
    states = survey(settings)
    assert states["new york.txt"] == "renamed"
    assert "york.txt" not in states


def test_a_copy_is_skipped_until_what_it_is_a_copy_of_has_gone(settings: Settings) -> None:
    assert survey(settings)["twin.txt"] == "skipped"
    (settings.corpus / "leeds.txt").unlink()
    assert survey(settings)["twin.txt"] == "renamed"


def test_a_file_that_takes_the_name_of_one_that_was_renamed_is_changed(settings: Settings) -> None:
    (settings.corpus / "york.txt").rename(settings.corpus / "old york.txt")
    (settings.corpus / "york.txt").write_text("Motivations\n\nYork found another ferry.\n")
    states = survey(settings)
    assert (states["old york.txt"], states["york.txt"]) == ("renamed", "changed")


def test_a_refused_file_that_was_mended_has_changed(settings: Settings) -> None:
    (settings.corpus / "empty.txt").write_text("Motivations\n\nA tram came.\n")
    assert survey(settings)["empty.txt"] == "changed"


def test_without_an_index_every_file_would_be_added(make_corpus: Callable[..., Settings]) -> None:
    found = survey(make_corpus(leeds_txt=LEEDS, york_txt=YORK, twin_txt=LEEDS))
    assert found == {"leeds.txt": "added", "twin.txt": "added", "york.txt": "added"}  # until they are read


def test_a_damaged_index_counts_as_none(settings: Settings) -> None:
    (current(settings.index) / "segment-1" / "documents.arrow").unlink()
    assert set(survey(settings).values()) == {"added"}


def test_a_survey_builds_nothing(settings: Settings) -> None:
    before = current(settings.index)
    (settings.corpus / "york.txt").unlink()
    survey(settings)
    assert current(settings.index) == before


def test_an_index_is_fresh_until_something_changes(settings: Settings) -> None:
    assert not stale(settings)
    (settings.corpus / "leeds.txt").touch()
    (settings.corpus / "README.md").write_text("About this folder.")
    (settings.corpus / "questions.jsonl").write_text("{}")
    assert not stale(settings)


def test_a_change_taken_back_is_no_change(settings: Settings) -> None:
    (settings.corpus / "leeds.txt").write_text("Nothing.")
    assert stale(settings)
    (settings.corpus / "leeds.txt").write_text(LEEDS)
    assert not stale(settings)


def test_a_file_that_comes_or_goes_makes_an_index_stale(settings: Settings) -> None:
    (settings.corpus / "new.txt").write_text(LEEDS)
    assert stale(settings)
    (settings.corpus / "new.txt").unlink()
    (settings.corpus / "empty.txt").unlink()
    assert stale(settings)


def test_another_taxonomy_makes_an_index_stale(settings: Settings) -> None:
    taxonomy = settings.corpus / "taxonomy.toml"
    taxonomy.write_text(taxonomy.read_text() + "# a remark\n")
    assert stale(settings)


def test_a_taxonomy_that_was_broken_since_is_an_error(settings: Settings) -> None:
    (settings.corpus / "taxonomy.toml").write_text("cases = ")
    with pytest.raises(TaxonomyError):
        stale(settings)


def test_an_index_cannot_be_built_into_the_corpus_itself(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(leeds_txt="The hub opened.\n")
    with pytest.raises(IndexFault, match="a folder of its own"):
        survey(settings.model_copy(update={"index": settings.corpus}))
