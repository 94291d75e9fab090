"""Conversations as they are kept, and what becomes of them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.archive import FILENAME, Archive
from assistant.errors import ArchiveError
from assistant.exchanges import Exchange, Verdict, answer_of, outdated, stored_answer, turns_of
from assistant.types import Answer, Citation, Filters, Hit, Rejection, Span, Statement
from tests.conftest import ROOT
from tests.samples import document, evidence, of_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTES = document("The ferry carried forty nurses. Nobody minded the weather.")
HIT = Hit(evidence(NOTES, "The ferry carried forty nurses.", tags=of_case("Harbour")).hit.passage, 0.75, {"words": 0.5})
FERRY = Answer(
    "How many?",
    "How many nurses?",
    True,
    None,
    (Statement("The ferry carried forty nurses.", (1,), "Harbour"),),
    (
        Citation(
            1,
            NOTES.id,
            (Span(0, 31),),
            "The ferry carried forty nurses.",
            ("Part",),
            ("T",),
            ("a",),
            ("Harbour",),
            (2,),
        ),
    ),
    (HIT,),
    (Rejection("Fifty.", "It cites nothing."),),
    "extractive",
    {"total": 1.5},
    ("Leeds",),
    is_list=True,
)
REFUSAL = replace(FERRY, answered=False, reason="No passage.", statements=(), citations=())
ASKED = Exchange("How many nurses?", Filters(case="Harbour"), FERRY)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive.open(tmp_path / "state")) as archive:
        yield archive


def test_a_conversation_is_read_back_as_it_was_by_another_process_too(archive: Archive) -> None:
    conversation, first = archive.begin("ann", ASKED)
    second = archive.add("ann", conversation.id, Exchange("?!", Filters(), message="No words."))
    assert second is not None
    archive.rate("ann", first.id, Verdict(helpful=False, comment="Which year?"))
    with closing(Archive.open(archive.path.parent)) as again:
        assert again.conversations("ann") == [replace(conversation, changed=again.conversations("ann")[0].changed)]
        read = again.exchanges("ann", conversation.id)
    assert read == [replace(first, verdict=Verdict(helpful=False, comment="Which year?")), second]
    assert read[0].answer == FERRY
    assert [turn.question for turn in turns_of(read)] == ["How many nurses?"]


@given(st.text(), st.floats(allow_nan=False), st.booleans())
def test_any_answer_is_read_back_equal(text: str, number: float, is_list: bool) -> None:
    hit = replace(HIT, score=number, signals={text: number})
    answer = replace(FERRY, question=text, reason=text or None, passages=(hit,), is_list=is_list, missing=(text,))
    assert answer_of(stored_answer(answer)) == answer


@pytest.mark.parametrize("written", ["", "{", "null", "[]", '{"question": 1}'])
def test_an_answer_that_cannot_be_read_is_none(written: str) -> None:
    assert answer_of(written) is None


def test_an_answer_of_another_version_leaves_its_question_and_says_so(archive: Archive) -> None:
    conversation, _ = archive.begin("ann", ASKED)
    with closing(sqlite3.connect(archive.path)) as other, other:
        other.execute("UPDATE exchanges SET answer = '{}'")
    (read,) = archive.exchanges("ann", conversation.id)
    assert (read.question, read.answer) == ("How many nurses?", None)
    assert "Ask the question again" in read.message


def test_a_question_is_kept_before_it_is_answered(archive: Archive) -> None:
    conversation, kept = archive.begin("ann", Exchange("How many nurses?", Filters(), message="Not answered."))
    assert archive.exchanges("ann", conversation.id)[0].message == "Not answered."
    archive.settle("ann", replace(kept, answer=FERRY, message=""))
    (read,) = archive.exchanges("ann", conversation.id)
    assert (read.answer, read.message, read.asked) == (FERRY, "", kept.asked)


def test_the_newest_conversation_comes_first_and_asking_makes_one_newer(archive: Archive) -> None:
    first, _ = archive.begin("ann", ASKED)
    second, _ = archive.begin("ann", replace(ASKED, question="And the weather?"))
    assert [one.id for one in archive.conversations("ann")] == [second.id, first.id]
    archive.add("ann", first.id, ASKED)
    assert [one.id for one in archive.conversations("ann")] == [first.id, second.id]
    assert [one.id for one in archive.conversations("ann", limit=1)] == [first.id]


@pytest.mark.parametrize(
    ("search", "found"),
    [("FORTY", 1), ("nurses how", 1), ("ferry zebra", 0), ("%", 0), ("", 1), ("'; DROP TABLE exchanges; --", 0)],
)
def test_a_search_finds_words_of_questions_and_answers(archive: Archive, search: str, found: int) -> None:
    archive.begin("ann", ASKED)
    assert len(archive.conversations("ann", search)) == found


def test_a_title_is_how_the_question_begins_until_it_is_renamed_and_is_searched_too(archive: Archive) -> None:
    conversation, _ = archive.begin("ann", replace(ASKED, question="many  words " * 50))
    assert conversation.title.startswith("many words many")
    assert len(conversation.title) <= 82
    archive.rename("ann", conversation.id, "  Straße \n<b>*nurses*</b> ")
    archive.rename("ann", conversation.id, " ")
    assert [one.title for one in archive.conversations("ann", "STRASSE")] == ["Straße <b>*nurses*</b>"]


def test_people_are_kept_apart(archive: Archive) -> None:
    conversation, kept = archive.begin("ann", ASKED)
    assert archive.conversations("bob") == []
    assert archive.exchanges("bob", conversation.id) == []
    assert archive.conversation("bob", conversation.id) is None
    assert archive.add("bob", conversation.id, ASKED) is None
    with pytest.raises(ArchiveError, match="was deleted"):
        archive.rate("bob", kept.id, Verdict(helpful=False))
    with pytest.raises(ArchiveError, match="was deleted"):
        archive.settle("bob", replace(kept, answer=REFUSAL))
    archive.rename("bob", conversation.id, "Mine")
    archive.delete("bob", conversation.id)
    assert archive.exchanges("ann", conversation.id) == [kept]
    assert archive.conversation("ann", conversation.id) == conversation


def test_what_is_deleted_is_gone_from_the_file(archive: Archive) -> None:
    conversation, _ = archive.begin("ann", replace(ASKED, question="Where is the zebra crossing?"))
    kept = {path.read_bytes() for path in archive.path.parent.iterdir()}
    assert any(b"zebra" in content for content in kept)
    archive.delete("ann", conversation.id)
    assert archive.conversations("ann") == archive.gaps() == []
    assert not any(b"zebra" in path.read_bytes() for path in archive.path.parent.iterdir())


def test_gaps_are_what_was_refused_or_no_help_the_newest_first(archive: Archive) -> None:
    conversation, helped = archive.begin("ann", ASKED)
    _, refused = archive.begin("bob", replace(ASKED, question="Where?", answer=REFUSAL))
    unhelpful = archive.add("ann", conversation.id, replace(ASKED, question="When?"))
    assert unhelpful is not None
    archive.rate("ann", helped.id, Verdict(helpful=True))
    archive.rate("ann", unhelpful.id, Verdict(helpful=False, comment="No year."))
    assert [(one.question, one.verdict) for one in archive.gaps()] == [
        ("When?", Verdict(helpful=False, comment="No year.")),
        ("Where?", None),
    ]
    archive.rate("ann", unhelpful.id, None)
    assert [one.id for one in archive.gaps()] == [refused.id]
    assert archive.gaps(limit=0) == []


def test_halves_of_characters_and_nothings_are_kept_as_what_can_be_written(archive: Archive) -> None:
    conversation, kept = archive.begin("ann", Exchange("a\ud800b\x00c", Filters(), message="\udfff"))
    archive.rate("ann", kept.id, Verdict(helpful=True, comment="\ud800"))
    archive.rename("ann", conversation.id, "\ud800")
    (read,) = archive.exchanges("ann", conversation.id)
    assert (read.question, read.message) == ("a?b\x00c", "?")
    assert archive.conversations("ann", "\ud800")[0].title == "?"
    assert archive.conversation("ann", "\ud800") is None


def test_many_threads_lose_nothing(archive: Archive) -> None:
    conversation, _ = archive.begin("ann", ASKED)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: archive.add("ann", conversation.id, ASKED), range(64)))
    assert len(archive.exchanges("ann", conversation.id)) == 65


def test_several_processes_that_begin_at_once_lose_nothing(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from assistant.archive import Archive
from assistant.exchanges import Exchange
from assistant.types import Filters
archive = Archive.open(Path(sys.argv[1]))
for number in range(20):
    archive.begin("ann", Exchange(f"Question {number}?", Filters()))
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    with closing(Archive.open(tmp_path)) as archive:
        assert len(archive.conversations("ann")) == 60


@pytest.mark.parametrize("content", [b"nothing of the kind " * 100, b"SQLite format 3\x00" + bytes(range(256)) * 20])
def test_a_file_that_is_no_archive_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILENAME).write_bytes(content)
    with pytest.raises(ArchiveError, match="move it away"):
        Archive.open(tmp_path)
    assert (tmp_path / FILENAME).read_bytes() == content


def test_a_file_of_a_later_version_is_left_alone(archive: Archive) -> None:
    with closing(sqlite3.connect(archive.path)) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match="later version"):
        Archive.open(archive.path.parent)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    with pytest.raises(ArchiveError, match="cannot be kept"):
        Archive.open(tmp_path / "state")


def test_a_file_that_cannot_be_written_can_still_be_read(archive: Archive) -> None:
    conversation, kept = archive.begin("ann", ASKED)
    archive._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(ArchiveError, match="readonly"):
        archive.add("ann", conversation.id, ASKED)
    assert archive.exchanges("ann", conversation.id) == [kept]


def test_a_write_that_fails_at_its_very_end_is_taken_back_and_the_next_one_is_kept(archive: Archive) -> None:
    def refuse(action: int, name: str | None, *_: str | None) -> int:
        ends = action == sqlite3.SQLITE_TRANSACTION and name == "COMMIT"
        return sqlite3.SQLITE_DENY if ends else sqlite3.SQLITE_OK

    archive._connection.set_authorizer(refuse)
    with pytest.raises(ArchiveError, match="not authorized"):
        archive.begin("ann", ASKED)
    archive._connection.set_authorizer(None)
    conversation, _ = archive.begin("ann", ASKED)
    assert [one.id for one in archive.conversations("ann")] == [conversation.id]


def test_a_file_that_may_not_grow_says_so(archive: Archive) -> None:
    archive._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(ArchiveError, match="full"):
        archive.begin("ann", replace(ASKED, question="long " * 20_000))
    assert archive.conversations("ann") == []


def test_a_citation_is_outdated_once_its_document_says_something_else_there() -> None:
    assert outdated(FERRY, {NOTES.id: NOTES}) == ()
    assert outdated(FERRY, {NOTES.id: replace(NOTES, text="Now " + NOTES.text)}) == (1,)
    assert outdated(FERRY, {}) == (1,)
