from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from assistant.building import build
from assistant.conversation import Assistant
from assistant.errors import IndexMissing
from assistant.live import LiveIndex
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.settings import Settings

LEEDS = "Motivations\n\nEnablers\n\nStaff in Leeds shared an office.\n"
HARBOUR = "Motivations\n\nEnablers\n\nHarbour City shared a depot.\n"


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    made = make_corpus(leeds_txt=LEEDS, harbour_txt=HARBOUR)
    build(made, HashingEmbedder())
    return made


def test_what_is_built_meanwhile_is_answered_from_without_opening_again(settings: Settings) -> None:
    library = Assistant.open(settings=settings, embedder=HashingEmbedder())
    assert library.ask("What did staff in Leeds share?").answered
    (settings.corpus / "leeds.txt").unlink()
    (settings.corpus / "york.txt").write_text("Motivations\n\nEnablers\n\nStaff in York shared a tram.\n")
    build(settings, HashingEmbedder())
    assert {hit.passage.document for hit in library.search("shared")} == {"harbour.txt", "york.txt"}
    assert "tram" in library.ask("What did staff in York share?").answer


def test_the_same_index_is_given_out_until_there_is_a_new_one(settings: Settings) -> None:
    live = LiveIndex(settings.index, HashingEmbedder())
    before = live.now()
    assert live.now() is before
    (settings.corpus / "leeds.txt").unlink()
    build(settings, HashingEmbedder())
    after = live.now()
    assert after is not before
    assert live.now() is after
    assert list(before.documents) == ["harbour.txt", "leeds.txt"]


def test_an_index_of_another_model_is_passed_over_until_one_can_be_opened_again(settings: Settings) -> None:
    live = LiveIndex(settings.index, HashingEmbedder())
    before = live.now()
    build(settings, HashingEmbedder(32, "large"))
    assert live.now() is before
    build(settings, HashingEmbedder())
    assert live.now() is not before


def test_what_is_open_can_still_be_asked_when_its_folder_is_gone(settings: Settings) -> None:
    library = Assistant.open(settings=settings, embedder=HashingEmbedder())
    shutil.rmtree(settings.index)
    assert library.ask("What did staff in Leeds share?").answered
    with pytest.raises(IndexMissing):
        LiveIndex(settings.index, HashingEmbedder())
