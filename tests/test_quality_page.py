"""The page of figures and gaps, drawn without a browser: who may do what there, and what stays while others are at work."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant.evaluation.kept import kept_runs, own_questions
from assistant.exchanges import Exchange
from assistant.types import Filters
from assistant.ui.conversations import archive_of
from assistant.ui.evaluating import evaluation
from tests.exports import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant import Assistant


@pytest.fixture
def library(make_library: Callable[..., Assistant], tmp_path: Path) -> Iterator[Assistant]:
    made = make_library(notes_txt="The hub in Leeds opened in May. It has 40 desks.\n")
    held = replace(made, settings=made.settings.model_copy(update={"state": tmp_path / "state", "editing": True}))
    yield held
    evaluation().stop()
    evaluation().wait()
    archive_of(held.settings).close()
    st.cache_resource.clear()


def reading_only(library: Assistant) -> Assistant:
    return replace(library, settings=library.settings.model_copy(update={"editing": False, "visitors": True}))


def write_questions(library: Assistant, count: int) -> None:
    lines = [{"id": number, "question": f"When did hub {number} open?", "gold": []} for number in range(count)]
    own_questions(library.settings).write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def refuse(library: Assistant, question: str) -> None:
    said = replace(refusal("The library does not say."), question=question, standalone_question=question)
    archive_of(library.settings).begin("ann", Exchange(question, Filters(), said))


def drawn(script: Callable[[Assistant], None], library: Assistant) -> AppTest:
    return AppTest.from_function(script, default_timeout=60, kwargs={"library": library}).run()


def evaluating(library: "Assistant") -> None:  # noqa: UP037 - the script is run by itself
    from assistant.ui.evaluating import show_evaluation

    show_evaluation(library)


def mending(library: "Assistant") -> None:  # noqa: UP037 - the script is run by itself
    from assistant.ui.gaps import show_gaps

    show_gaps(library)


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_editors_run_the_evaluation(library: Assistant) -> None:
    write_questions(library, 2)
    page = drawn(evaluating, library)
    page.button(key="evaluate").click().run()
    evaluation().wait()
    assert "2 questions were asked" in page.run().success[0].value
    assert len(kept_runs(library.settings)) == 1


def test_readers_neither_start_nor_stop_an_evaluation(library: Assistant) -> None:
    write_questions(library, 5_000)
    reader = reading_only(library)
    page = drawn(evaluating, reader)
    assert labels(page) == []
    assert "Only editors run the evaluation" in page.caption[0].value
    evaluation().start(library)
    assert labels(drawn(evaluating, reader)) == []
    assert labels(drawn(evaluating, library)) == ["Stop the evaluation"]


def test_who_may_no_longer_edit_starts_nothing(library: Assistant) -> None:
    write_questions(library, 1)
    page = drawn(evaluating, library)
    page.button(key="evaluate").click()
    object.__setattr__(library, "settings", reading_only(library).settings)
    page.run()
    assert not evaluation().running
    assert kept_runs(library.settings) == []


def test_what_is_typed_of_a_gap_stays_where_its_question_is_asked_again_in_other_words(library: Assistant) -> None:
    refuse(library, "Who pays for the hub?")
    page = drawn(mending, library)
    page.button(key="make 0").click().run()
    page.text_input(key="gap question").set_value("Who paid for it?").run()
    refuse(library, "who pays for the hub")
    assert page.run().text_input(key="gap question").value == "Who paid for it?"
    page.button(key="leave gap").click().run()
    assert labels(page) == ["Make it an evaluation question"]
    page.button(key="make 0").click().run()
    assert page.text_input(key="gap question").value == "who pays for the hub"


def test_whoever_has_the_machine_alone_runs_the_evaluation_too(library: Assistant) -> None:
    alone = replace(library, settings=library.settings.model_copy(update={"editing": False}))
    assert labels(drawn(evaluating, alone)) == ["Run the evaluation"]
