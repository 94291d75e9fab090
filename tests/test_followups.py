from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.followups import standalone
from assistant.taxonomy import load_taxonomy, parse_taxonomy
from assistant.types import Answer, Citation, Facet, Turn
from tests.conftest import CORPUS, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.conversation import Assistant

TAXONOMY = load_taxonomy(CORPUS)
NO_TAXONOMY = parse_taxonomy(b"")
CONVERSATIONS = [
    json.loads(line) for line in (ROOT / "tests" / "data" / "followups.jsonl").read_text(encoding="utf-8").splitlines()
]
POINTS_BACK = re.compile(r"\b(?:it|its|they|them|this|that|there)\b", re.IGNORECASE)
STARTERS = [
    asked["question"]
    for asked in map(json.loads, (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines())
    if asked["split"] == "tuning" and not asked.get("history") and not asked.get("filters")
    if not POINTS_BACK.search(asked["question"])
]
KENT = "How did Kent respond to the pandemic?"
KENT_IN_FULL = "Kent Fire and Rescue Service"
GENERAL = "What makes it hard to share funding?"


def alone(question: str, *history: Turn | str) -> str:
    return standalone(question, history, TAXONOMY)


def turn(question: str, *cited: Sequence[str], standalone_question: str | None = None) -> Turn:
    """Return a turn whose citations carry these cases."""
    citations = tuple(Citation(1, "a.txt", (), "", (), (), (), tuple(cases)) for cases in cited)
    answer = Answer(question, standalone_question or question, True, None, (), citations, (), (), "extractive", {})
    return Turn(question, answer)


@pytest.mark.parametrize(
    ("question", "filled"),
    [
        ("How long did it take?", f"How long did {KENT_IN_FULL} take?"),
        ("Who did they work with?", f"Who did {KENT_IN_FULL} work with?"),
        ("How many meals did they deliver?", f"How many meals did {KENT_IN_FULL} deliver?"),
        ("What helped them?", f"What helped {KENT_IN_FULL}?"),
        ("What was its main barrier?", f"What was {KENT_IN_FULL}'s main barrier?"),
        ("Who were their partners?", f"Who were {KENT_IN_FULL}'s partners?"),
        ("What lessons came out of their work?", f"What lessons came out of {KENT_IN_FULL}'s work?"),
        ("What happened there?", f"What happened in {KENT_IN_FULL}?"),
        ("What did this programme achieve?", f"What did {KENT_IN_FULL} achieve?"),
        ("How did that help?", f"How did {KENT_IN_FULL} help?"),
        ("Who paid for that?", f"Who paid for {KENT_IN_FULL}?"),
        ("Which places took up that?", f"Which places took up {KENT_IN_FULL}?"),
        ("How was it funded?", f"How was {KENT_IN_FULL} funded?"),
        ("Was it difficult?", f"Was {KENT_IN_FULL} difficult?"),
        ("And how did they fund it?", f"And how did {KENT_IN_FULL} fund it?"),
    ],
)
def test_a_pronoun_is_filled_in_by_the_case_spoken_of(question: str, filled: str) -> None:
    assert alone(question, KENT) == filled


@pytest.mark.parametrize(
    "question",
    [
        "Why is it difficult to share funding?",
        "Is it really hard to build relationships?",
        "How important is it to communicate?",
        "It is said that trust matters; why?",
        "What does it take to build trust?",
        "Are there any limits?",
        "There were limits, but which?",
        "Was there a leader?",
    ],
)
def test_an_it_or_there_that_stands_for_nothing_is_left_alone(question: str) -> None:
    assert alone(question, KENT) == question


def test_a_pronoun_after_one_that_stands_for_nothing_is_filled_in() -> None:
    assert alone("Is it true that they struggled?", KENT) == f"Is it true that {KENT_IN_FULL} struggled?"


@pytest.mark.parametrize(
    "question",
    [
        "What is the role of leaders?",
        "Why do organisations compete for funding?",
        "How do organisations align their goals?",
        "When did leaders find that they had common ground?",
        "Which factors that help trust matter most?",
        "What evidence shows that communication helps?",
        "How many leaders took part?",
    ],
)
def test_a_change_of_subject_is_left_alone(question: str) -> None:
    assert alone(question, KENT) == question


@pytest.mark.parametrize("question", ["How long did it take?", "And Kent?", "Why?", "What about them?", ""])
def test_without_history_nothing_is_touched(question: str) -> None:
    assert alone(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "How did Northumbria use its factory?",
        "And what helped Bristol?",
        "Did HMCTS find that it took long?",
        "Who were their partners in East Ayrshire?",
    ],
)
def test_a_question_that_names_its_own_case_is_left_alone(question: str) -> None:
    assert alone(question, KENT) == question


def test_the_case_named_last_is_meant() -> None:
    assert alone("How long did it take?", KENT, "What did Bristol do?") == "How long did Stepping Up, Bristol take?"
    assert alone("How long did it take?", "Did Bristol outdo Kent?") == f"How long did {KENT_IN_FULL} take?"
    assert alone("How long did it take?", KENT, GENERAL) == f"How long did {KENT_IN_FULL} take?"


def test_where_no_case_was_named_the_only_one_cited_is_meant() -> None:
    turns = [turn("Who made gowns?", ["Northumbria"], [], ["Northumbria"])]
    assert alone("How many did they make?", *turns) == "How many did Northumbria make?"


def test_cases_cited_side_by_side_stand_for_none() -> None:
    both = turn("Who shared staff?", ["Northumbria"], [KENT_IN_FULL])
    assert alone("How did it help?", both) == "How did it help, about: Who shared staff?"
    assert alone("How did it help?", turn("What about Bristol?"), both) == "How did Stepping Up, Bristol help?"


def test_a_turn_is_known_by_the_question_it_was_understood_as() -> None:
    understood = turn("How long did it take?", standalone_question="How long did Northumbria take?")
    assert alone("And Kent?", understood) == "How long did Kent take?"


def test_without_a_case_the_question_before_is_told() -> None:
    told = f"How long did that take, about: {GENERAL}"
    assert alone("How long did that take?", GENERAL) == told


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        ("What were the challenges in Kent?", "And the enablers?", "What were the enablers in Kent?"),
        ("What were the barriers in Kent?", "What about enablers?", "What were the enablers in Kent?"),
        (KENT, "What about Northumbria?", "How did Northumbria respond to the pandemic?"),
        (KENT, "And in Northumbria?", "How did Northumbria respond to the pandemic?"),
        (KENT, "how about HMCTS", "How did HMCTS respond to the pandemic?"),
        (KENT, "Same for Bristol.", "How did Bristol respond to the pandemic?"),
        ("How did HMCTS set up courts?", "And Kent?", "How did Kent set up courts?"),
        ("What did Kent Fire do?", "And Northumbria?", "What did Northumbria do?"),
        ("Which structural barriers are there?", "And relational?", "Which relational barriers are there?"),
        ("Which barriers did Kent meet?", "What about enablers in Bristol?", "Which enablers did Bristol meet?"),
    ],
)
def test_an_ellipsis_is_completed_by_the_question_before(before: str, question: str, completed: str) -> None:
    assert alone(question, before) == completed


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        (KENT, "What about the weather?", f"What about the weather in {KENT_IN_FULL}?"),
        (KENT, "And money?", f"What about money in {KENT_IN_FULL}?"),
        (KENT, "and the structures?", f"What about the structures in {KENT_IN_FULL}?"),
        ("What are the barriers?", "And the enablers in Kent?", "What are the enablers in Kent?"),
        ("What helped?", "And in Kent?", "What helped in Kent?"),
        ("How many leaders took part?", "And in 2021?", "How many leaders took part in 2021?"),
        (GENERAL, "And staff?", f"{GENERAL.rstrip('?')}: staff?"),
    ],
)
def test_what_replaces_nothing_is_asked_of_the_case_or_added(before: str, question: str, completed: str) -> None:
    assert alone(question, before) == completed


@pytest.mark.parametrize("told", CONVERSATIONS, ids=lambda told: f"{told['history'][-1]} {told['question']}")
def test_a_follow_up_names_what_it_leans_on_and_nothing_else(told: dict[str, Any]) -> None:
    asked = alone(told["question"], *told["history"])
    if told.get("unchanged") or "exactly" in told:
        assert asked == told.get("exactly", told["question"])
    said = asked.casefold()
    missing = [
        wanted for wanted in told.get("must", []) if not any(one.casefold() in said for one in wanted.split("|"))
    ]
    left_over = [unwanted for unwanted in told.get("never", []) if unwanted.casefold() in said]
    assert (missing, left_over) == ([], []), asked


@pytest.mark.parametrize("question", STARTERS)
def test_a_question_that_stands_alone_is_left_alone_after_any_other(question: str) -> None:
    assert [before for before in STARTERS if alone(question, before) != question] == []


@pytest.mark.parametrize("courtesy", ["Thanks", "ok great", "Hello!", "thank you so much", "Great, that helps."])
def test_a_courtesy_is_neither_a_follow_up_nor_something_to_follow(courtesy: str) -> None:
    assert alone(courtesy, KENT) == courtesy
    assert alone("And Northumbria?", KENT, courtesy) == "How did Northumbria respond to the pandemic?"
    assert alone(f"{courtesy.rstrip('.!')}. And Northumbria?", KENT).startswith("How did Northumbria")


@pytest.mark.parametrize(
    ("question", "completed"),
    [
        ("and nothumbria?", "How did Northumbria respond to the pandemic?"),
        ("hmcts?", "How did HMCTS respond to the pandemic?"),
        ("Is it the same in Northumbria?", "How did Northumbria respond to the pandemic?"),
        ("What about the other cases?", "How did the other cases respond to the pandemic?"),
        ("compare it with Bristol", f"compare {KENT_IN_FULL} with Bristol"),
        ("What does that mean?", f"What does that mean, about: {KENT}"),
    ],
)
def test_other_ways_to_lean_on_the_question_before(question: str, completed: str) -> None:
    assert alone(question, KENT) == completed


@pytest.mark.parametrize(
    ("history", "question", "completed"),
    [
        (["What is the capital of Germany?"], "What about France?", "What is the capital of France?"),
        (["What is the capital of Germany?"], "How big is it?", "How big is the capital of Germany?"),
        (["When was the Eiffel Tower built?", "Who designed it?"], "how tall is it", "how tall is the Eiffel Tower"),
        (["What did Marie Curie discover?"], "When did she die?", "When did Marie Curie die?"),
        (["What did Marie Curie discover?"], "who was her husband?", "who was Marie Curie's husband?"),
        (["where does doctor strange get his powers from"], "is he in it", "is doctor strange in it"),
        (["How do vaccines protect people?"], "are they safe?", "are vaccines safe?"),
        (["How do vaccines protect people?"], "Any side effects?", "Any side effects (vaccines)?"),
        (["what is the refund policy"], "and for damaged items?", "what is the refund policy for damaged items?"),
        (["Who won the 2010 World Cup?"], "and in 2014?", "Who won the 2014 World Cup?"),
        (["Who won the 2010 World Cup?"], "Where was the Eiffel Tower built?", "Where was the Eiffel Tower built?"),
        (["What happens to the loser?", "Why?"], "Is there a prize for them?", "Is there a prize for the loser?"),
        (["What is trust?", "Is it rare?"], "Is distance a barrier?", "Is distance a barrier?"),
    ],
)
def test_documents_without_a_taxonomy_can_be_talked_about_too(
    history: list[str], question: str, completed: str
) -> None:
    assert standalone(question, history, NO_TAXONOMY) == completed


def test_what_a_pronoun_stood_for_stays_the_subject() -> None:
    history = ["How does photosynthesis work?", "Do animals depend on it?"]
    assert standalone("Why is it green?", history, NO_TAXONOMY) == "Why is photosynthesis green?"


@pytest.mark.parametrize(
    "question", ["And in Leeds?", "and in leeds", "What about Manchester police?", "what about leeds"]
)
def test_an_unknown_place_is_refused_not_answered_about_the_case_before(question: str, library: Assistant) -> None:
    answer = library.ask(question, ["How many leaders took part in Kent?"])
    assert not answer.answered
    assert "Leeds" in (answer.reason or "").title() or "Manchester" in (answer.reason or "")


@pytest.mark.parametrize("question", ["Why?", "And why?", "How so?", "Is that so?"])
def test_a_question_without_a_word_of_its_own_is_told_what_it_is_about(question: str) -> None:
    asked = alone(question, KENT)
    assert TAXONOMY.mentioned(Facet.CASE, asked) == [KENT_IN_FULL]
    assert asked.startswith(question.split()[0].rstrip("?"))


def test_ellipses_are_completed_one_by_one_along_a_conversation_of_questions() -> None:
    first = "What were the challenges in Kent?"
    assert alone("And the enablers?", first, "And in Bristol?") == "What were the enablers in Bristol?"
    assert alone("How long did it take?", first, "And in Bristol?") == "How long did Stepping Up, Bristol take?"


def test_a_long_word_after_and_is_matched_at_once() -> None:
    question = f"And {'a' * 1_900}, {'b' * 90}?"
    assert alone(question, KENT) == question


words = st.sampled_from(
    ["and", "what", "about", "it", "they", "its", "that", "is", "was", "Kent", "enablers", "why", "?"]
)


@given(st.lists(words, max_size=8).map(" ".join), st.lists(st.lists(words, max_size=6).map(" ".join), max_size=3))
def test_any_conversation_gives_a_question_that_names_what_was_asked(question: str, history: list[str]) -> None:
    asked = alone(question, *history)
    assert set(TAXONOMY.mentioned(Facet.CASE, question)) <= set(TAXONOMY.mentioned(Facet.CASE, asked))
    assert asked or not question


def test_whether_what_was_said_is_a_problem_leans_back() -> None:
    assert alone("Why is that a problem?", GENERAL) == f"Why is that a problem, about: {GENERAL}"
