from __future__ import annotations

import pytest

from assistant.questions import Form, Operation, understand
from assistant.questions.forms import to_the_point
from assistant.questions.operations import operation_in
from assistant.taxonomy import parse_taxonomy
from tests.conftest import TAXONOMY

KNOWN = parse_taxonomy(TAXONOMY.encode())
NO_CASES = parse_taxonomy(b'[[themes]]\nname = "Motivations"\n')


@pytest.mark.parametrize(
    "question",
    [
        "Which cases shared an office?",
        "What did each case do?",
        "Across all the projects, what was shared?",
        "What did every one of the case studies share? Go case by case.",
        "What do all of these examples have in common?",
        "List the cases",
        "For each of the two, who worked with whom?",
        "Which of these were about boats?",
        "In each, who was in charge?",
        "For every one of the case studies, who was in charge?",
        "Tell me about all six.",
    ],
)
def test_a_question_about_the_cases_is_asked_of_every_one(question: str) -> None:
    assert understand(question, KNOWN).form is Form.EVERY_CASE


@pytest.mark.parametrize("question", ["Which cases shared an office?", "What did each case do?"])
def test_a_library_without_cases_has_none_to_go_through(question: str) -> None:
    assert understand(question, NO_CASES).form is Form.FACT


def test_a_question_about_the_cases_that_names_one_is_asked_of_that_one() -> None:
    assert understand("Which cases are like Leeds?", KNOWN).form is Form.FACT


@pytest.mark.parametrize(
    "question", ["Which of these challenges is worst?", "What did each partner bring?", "In each other's way"]
)
def test_each_of_something_else_is_not_each_of_the_cases(question: str) -> None:
    assert understand(question, KNOWN).form is not Form.EVERY_CASE


@pytest.mark.parametrize(
    "question",
    [
        "Why would partners hold back? List the reasons.",
        "In what ways did boats matter?",
        "How are good bonds built? Give me the whole list.",
    ],
)
def test_a_list_may_be_asked_for_without_naming_what_it_is_of(question: str) -> None:
    assert understand(question, KNOWN).form is Form.LIST


@pytest.mark.parametrize(
    "question",
    ["Compare Leeds and Harbour City", "How do LDH and Harbour differ?", "How do Motivations and Structures differ?"],
)
def test_naming_two_cases_or_two_themes_is_a_comparison(question: str) -> None:
    assert understand(question, KNOWN).form is Form.COMPARISON


@pytest.mark.parametrize("question", ["What are the main challenges?", "Tell me about enablers", "Which motivations?"])
def test_asking_what_there_is_of_a_topic_asks_for_a_list(question: str) -> None:
    assert understand(question, KNOWN).form is Form.LIST


@pytest.mark.parametrize(
    "question",
    [
        "Why are there challenges?",
        "Who met challenges?",
        "How did they meet challenges?",
        "What were the challenges in Leeds?",
        "What was shared?",
        "How many gowns were sewn?",
    ],
)
def test_any_other_question_asks_for_a_fact(question: str) -> None:
    assert understand(question, KNOWN).form is Form.FACT


@pytest.mark.parametrize("question", ["???", "the of and", "🙂", "…"])
def test_a_question_without_a_word_that_says_something_asks_nothing(question: str) -> None:
    assert understand(question, KNOWN).form is Form.NOTHING


@pytest.mark.parametrize("question", ["who are you?", "What can you do?", "hello", "Thanks!", "What is your name?"])
def test_a_greeting_or_a_question_about_the_assistant_asks_nothing_of_the_library(question: str) -> None:
    assert understand(question, KNOWN).form is Form.NOTHING


@pytest.mark.parametrize(
    "question",
    [
        "Who built the app for volunteers?",
        "How was the tool for booking ferries paid for?",
        "Who runs the library for children?",
        "What do you know about ferries?",
        "Did they help ferries?",
    ],
)
def test_a_question_that_only_sounds_like_one_about_the_assistant_is_asked_of_the_library(question: str) -> None:
    assert understand(question, KNOWN).form is not Form.NOTHING


@pytest.mark.parametrize("question", ["Which ports have more than 1,000 boats?", "Who has over 1000 boats?"])
def test_a_limit_may_run_to_thousands(question: str) -> None:
    assert operation_in(question) == (Operation.ABOVE, 1000)


def test_a_limit_says_nothing_of_what_is_counted() -> None:
    assert understand("Which ports have more than 8 boats?", KNOWN).details == ("port", "boat")


@pytest.mark.parametrize(
    ("question", "selects"),
    [
        ("Which cases shared an office?", True),
        ("What projects struggled?", True),
        ("Did any of them struggle?", True),
        ("What did each case do?", False),
        ("How did they share?", False),
    ],
)
def test_asking_which_cases_leaves_out_those_without_evidence(question: str, *, selects: bool) -> None:
    assert understand(question, KNOWN).selects is selects


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("Which town has the most staff?", Operation.MOST),
        ("What is the largest team?", Operation.MOST),
        ("Which town has the fewest staff?", Operation.FEWEST),
        ("What is the lowest number of staff?", Operation.FEWEST),
        ("How many staff are there in total?", Operation.TOTAL),
        ("How many staff are there altogether?", Operation.TOTAL),
        ("What is the average number of staff?", Operation.AVERAGE),
        ("How many more staff has Dover than Ostend?", Operation.DIFFERENCE),
        ("Which towns have more than six staff?", Operation.ABOVE),
        ("Which towns have fewer than six staff?", Operation.BELOW),
        ("How many staff are in Dover?", None),
        ("Why did they meet?", None),
    ],
)
def test_a_question_tells_what_is_to_be_worked_out(question: str, operation: Operation | None) -> None:
    assert operation_in(question)[0] is operation


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("Which towns have more than six staff?", 6),
        ("Which towns have fewer than 10 staff?", 10),
        ("Which towns have over 20 staff?", 20),
        ("Which towns have under three staff?", 3),
        ("Which town has the most staff?", None),
    ],
)
def test_a_limit_is_told_in_digits_or_words(question: str, limit: float | None) -> None:
    assert operation_in(question)[1] == limit


@pytest.mark.parametrize(
    "question",
    [
        "How many more staff has Leeds than Harbour City?",
        "Who has more staff, Leeds or Harbour City?",
        "Which is larger, Leeds or Harbour City?",
    ],
)
def test_asking_which_of_two_cases_has_more_asks_for_the_difference(question: str) -> None:
    assert understand(question, KNOWN).operation is Operation.DIFFERENCE


def test_two_cases_together_ask_for_the_total() -> None:
    question = understand("How many staff do Leeds and Harbour City have together?", KNOWN)
    assert question.operation is Operation.TOTAL


@pytest.mark.parametrize(
    "question",
    [
        "Is home working good or bad for trust?",
        "What are the pros and cons of boats?",
        "What was bad about ferries, and what was good?",
        "The advantages and disadvantages of small teams?",
    ],
)
def test_a_question_may_ask_for_both_sides(question: str) -> None:
    assert understand(question, KNOWN).form is Form.BOTH_SIDES


def test_a_library_without_aspects_has_no_two_sides() -> None:
    assert understand("Is it good or bad?", NO_CASES).form is Form.FACT


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("I'm a fire chief in the north. What was shared?", "What was shared?"),
        ("Hi, I work for a council. Who met whom?", "Who met whom?"),
        ("Apart from boats, what did they share?", "what did they share?"),
        ("What did they share, apart from boats?", "What did they share?"),
        ("What else was built other than ships?", "What else was built?"),
        ("We share a depot. Why does it help?", "We share a depot. Why does it help?"),
        ("I'm lost. Why?", "I'm lost. Why?"),
    ],
)
def test_what_askers_say_of_themselves_and_set_aside_is_not_asked_for(written: str, left: str) -> None:
    assert to_the_point(written) == left


@pytest.mark.parametrize("question", ["list all", "What does the report say?", "Tell me."])
def test_a_question_of_nothing_but_asking_asks_nothing(question: str) -> None:
    assert understand(question, KNOWN).form is Form.NOTHING


def test_what_stands_under_a_theme_and_an_aspect_across_the_cases_is_a_list() -> None:
    across = "What challenges to do with motivation were seen across the cases?"
    assert understand(across, KNOWN).form is Form.LIST
    assert understand("What did the cases share, across all of the cases?", KNOWN).form is Form.EVERY_CASE
    assert understand("Which motivation challenges did each case see?", KNOWN).form is Form.EVERY_CASE


@pytest.mark.parametrize(
    "question", ["How did they choose which cases to read?", "Who picked the cases in each place?"]
)
def test_how_the_cases_were_chosen_is_no_question_about_every_case(question: str) -> None:
    assert understand(question, KNOWN).form is Form.FACT
