"""The open questions of the library, asked of it: what the figures in ``settings.py`` were counted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.floors import read_floors, shortfalls
from assistant.evaluation.question_sets import ask_all, read_question_set, strays
from tests.conftest import CORPUS, ROOT

if TYPE_CHECKING:
    from assistant import Assistant

QUESTIONS = read_question_set(CORPUS / "questions.jsonl")
BESIDE = ("fresh_questions.jsonl", "locked_questions.jsonl")


def test_no_figure_is_below_its_floor(library: Assistant) -> None:
    assert shortfalls(ask_all(library, QUESTIONS), read_floors(ROOT / "tests" / "floors.toml")) == []


def test_gold_is_the_documents_own_words(library: Assistant) -> None:
    beside = [read_question_set(ROOT / "tests" / "data" / name) for name in BESIDE]
    assert [strays(one, library.documents()) for one in (QUESTIONS, *beside)] == [[], [], []]
