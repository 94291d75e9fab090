from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from assistant.building import BuildReport
from assistant.errors import EmptyCorpus, TaxonomyError
from assistant.watching import follow
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.errors import CasewiseError
    from assistant.settings import Settings


def test_every_change_is_built_and_an_error_is_told_and_waited_out(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(leeds_txt="Leeds\n\nThe hub in Leeds opened in May.\n")
    taxonomy = settings.corpus / "taxonomy.toml"
    sound = taxonomy.read_text()
    came: list[BuildReport | CasewiseError] = []
    stop, more = Event(), Event()

    def watch() -> None:
        for one in follow(settings, HashingEmbedder(), stop=stop):
            came.append(one)
            more.set()

    thread = Thread(target=watch)
    thread.start()
    try:
        assert more.wait(30)
        for path, content in (
            (settings.corpus / "york.txt", "York\n\nA ferry came.\n"),
            (taxonomy, "xx["),
            (taxonomy, sound),
        ):
            before = len(came)
            while len(came) == before:  # the watch may begin a moment after the build has ended
                path.write_text(content)
                more.clear()
                more.wait(2)
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()
    reports = [one for one in came if isinstance(one, BuildReport)]
    assert [reports[0].documents, reports[-1].documents] == [1, 2]
    assert any(isinstance(one, TaxonomyError) for one in came)


def test_what_comes_while_the_first_build_runs_is_built_too(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(leeds_txt="Leeds\n\nThe hub in Leeds opened in May.\n")
    stop = Event()

    def add(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("Reading", total):
            (settings.corpus / "york.txt").write_text("York\n\nA ferry came.\n")

    found = follow(settings, HashingEmbedder(), add, stop)
    reports = [next(found), next(found)]
    stop.set()
    assert [report.documents for report in reports if isinstance(report, BuildReport)] == [1, 2]


def test_a_folder_that_is_not_there_cannot_be_followed(make_corpus: Callable[..., Settings], tmp_path: Path) -> None:
    settings = make_corpus().model_copy(update={"corpus": tmp_path / "nowhere"})
    with pytest.raises(EmptyCorpus, match="does not exist"):
        next(follow(settings, HashingEmbedder()))
