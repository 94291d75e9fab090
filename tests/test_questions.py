from __future__ import annotations

import pytest

from assistant.questions import Wanted, counts, holds, understand
from assistant.taxonomy import parse_taxonomy
from assistant.types import Facet
from tests.conftest import TAXONOMY

KNOWN = parse_taxonomy(TAXONOMY.encode())


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many gowns were sewn?", Wanted.NUMBER),
        ("What is the total number of staff?", Wanted.NUMBER),
        ("Which proportion of staff agreed?", Wanted.NUMBER),
        ("How much did the ferry cost?", Wanted.MONEY),
        ("How long did it take?", Wanted.DURATION),
        ("How quickly was it built?", Wanted.DURATION),
        ("How many weeks did it take?", Wanted.DURATION),
        ("In which year did it end?", Wanted.YEAR),
        ("When did the ferry stop?", Wanted.TIME),
        ("What did the ferry cost?", Wanted.MONEY),
        ("What are the costs of working together?", Wanted.ANYTHING),
        ("How much does trust matter?", Wanted.ANYTHING),
        ("How long-term were their plans?", Wanted.ANYTHING),
        ("What happens when people meet?", Wanted.ANYTHING),
    ],
)
def test_a_question_tells_what_kind_of_answer_it_wants(question: str, wanted: Wanted) -> None:
    assert understand(question, KNOWN).wanted is wanted


@pytest.mark.parametrize(
    ("wanted", "text", "held"),
    [
        (Wanted.NUMBER, "They sewed 15,500 gowns.", True),
        (Wanted.NUMBER, "They sewed gowns for three hospitals.", True),
        (Wanted.NUMBER, "COVID-19 changed everything.", False),
        (Wanted.MONEY, "It cost £3 million.", True),
        (Wanted.MONEY, "It cost 200 pounds.", True),
        (Wanted.MONEY, "It cost them 200 volunteers.", False),
        (Wanted.DURATION, "It took 18-24 months.", True),
        (Wanted.DURATION, "It took six weeks.", True),
        (Wanted.DURATION, "It took 40 people.", False),
        (Wanted.YEAR, "It ended in March 2021.", True),
        (Wanted.YEAR, "It ended after 2,021 days.", False),
        (Wanted.TIME, "The hub opened at 9.30 every day.", True),
        (Wanted.TIME, "The hub opened during the floods.", True),
        (Wanted.TIME, "The hub opened before anybody asked.", False),
        (Wanted.ANYTHING, "Anything.", True),
    ],
)
def test_a_sentence_holds_what_is_wanted_or_not(wanted: Wanted, text: str, *, held: bool) -> None:
    assert holds(wanted, text) is held


@pytest.mark.parametrize(
    ("counted", "text", "given"),
    [
        (("gown",), "The Trust's order of 15,500 gowns a day.", True),
        (("case", "studi"), "six detailed case studies", True),
        (("local", "author"), "four local authorities took part", True),
        (("local", "author", "collabor"), "four examples of collaboration", False),
        (("court",), "It took six weeks rather than the usual 18-24 months to establish a new court.", False),
        (("prison",), "Managers rehoused prisoners.", False),
    ],
)
def test_a_number_counts_what_stands_right_after_it(counted: tuple[str, ...], text: str, *, given: bool) -> None:
    assert counts(counted, text) is given


def test_what_is_counted_are_the_words_up_to_the_verb_and_people_go_by_many() -> None:
    assert understand("How many other gowns were sewn?", KNOWN).counted == ("gown",)
    assert understand("How many local authorities did it reach?", KNOWN).counted == ("local", "author")
    assert understand("How many people came?", KNOWN).counted == ()
    assert understand("How many did they need?", KNOWN).counted == ()


def test_topics_are_what_the_question_names_by_any_name() -> None:
    question = understand("Which challenges did LDH meet in its structures?", KNOWN)
    assert question.topics == (
        (Facet.THEME, "Structures"),
        (Facet.ASPECT, "challenge"),
        (Facet.CASE, "Leeds Digital Hub"),
    )
    assert question.topic_terms == {"ldh", "challeng", "structur"}
    assert question.searched_text.endswith("Leeds Digital Hub")


def test_names_are_capitals_and_larger_numbers_that_open_no_sentence() -> None:
    assert understand("Who won in Cardiff in 2019?", KNOWN).names == ("Cardiff", "2019")
    assert understand("Cardiff won. Leeds lost. Why?", KNOWN).names == ()
    assert understand("WHO WON IN CARDIFF", KNOWN).names == ()
    assert understand("What did Dr Jones and I'd say of the 3 themes?", KNOWN).names == ("Jones",)


def test_a_question_without_words_wants_nothing_in_particular() -> None:
    question = understand("???", KNOWN)
    assert (question.terms, question.names, question.counted) == ((), (), ())
