from __future__ import annotations

import pytest

from assistant.questions.wanted import Wanted, counted_words, counts, holds, wanted_by


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many gowns were sewn?", Wanted.NUMBER),
        ("What is the total number of staff?", Wanted.NUMBER),
        ("How old is the ferry?", Wanted.AGE),
        ("What average age were the sailors?", Wanted.AGE),
        ("In what period did it run?", Wanted.YEAR),
        ("How often do they meet?", Wanted.NUMBER),
        ("Which proportion of staff agreed?", Wanted.PERCENTAGE),
        ("What percentage of the staff agreed?", Wanted.PERCENTAGE),
        ("What fraction came?", Wanted.PERCENTAGE),
        ("How much did the ferry cost?", Wanted.MONEY),
        ("What did the ferry cost?", Wanted.MONEY),
        ("What was the budget?", Wanted.MONEY),
        ("What hourly wage did the sailors get?", Wanted.MONEY),
        ("How long did it take?", Wanted.DURATION),
        ("How quickly was it built?", Wanted.DURATION),
        ("How many weeks did it take?", Wanted.DURATION),
        ("How much time did it take?", Wanted.DURATION),
        ("In which year did it end?", Wanted.YEAR),
        ("What date was it?", Wanted.YEAR),
        ("When did the ferry stop?", Wanted.TIME),
        ("What was the ferry called?", Wanted.NAME),
        ("What is the name of the ferry?", Wanted.NAME),
        ("What is the ferry's name?", Wanted.NAME),
        ("Who led the hub?", Wanted.PERSON),
        ("Who is the chief executive of the ferry?", Wanted.PERSON),
        ("Who's the boss?", Wanted.PERSON),
        ("Which minister opened the hub?", Wanted.PERSON),
        ("Where is the hub based?", Wanted.PLACE),
        ("Which town is it in?", Wanted.PLACE),
        ("Which towns did they visit?", Wanted.PLACE),
        ("What does outreach mean?", Wanted.MEANING),
        ("What is outreach?", Wanted.MEANING),
        ("Define outreach", Wanted.MEANING),
        ("What does PPE stand for?", Wanted.MEANING),
    ],
)
def test_a_question_tells_what_kind_of_thing_it_wants(question: str, wanted: Wanted) -> None:
    assert wanted_by(question) is wanted


@pytest.mark.parametrize(
    "question",
    [
        "How much does trust matter?",
        "How long-term were their plans?",
        "What happens when people meet?",
        "Who took part?",
        "Which leaders took part?",
        "How far did they get?",
        "Where do people differ?",
        "What did they mention in the meantime?",
        "What does distance mean for the partners?",
        "Why were the gowns named after a ferry?",
        "How did they share out the work?",
    ],
)
def test_a_question_that_only_looks_as_if_it_wants_a_kind_of_thing_wants_anything(question: str) -> None:
    assert wanted_by(question) is Wanted.ANYTHING


@pytest.mark.parametrize(
    ("wanted", "held", "not_held"),
    [
        (Wanted.NUMBER, "They sewed 15,500 gowns.", "COVID-19 changed everything."),
        (Wanted.NUMBER, "They sewed gowns for three hospitals.", "They sewed gowns for hospitals."),
        (Wanted.PERCENTAGE, "Some 40% agreed.", "Some 40 people agreed."),
        (Wanted.PERCENTAGE, "Two-thirds of the staff agreed.", "The third member of staff agreed."),
        (Wanted.PERCENTAGE, "Three out of ten agreed.", "Three agreed at ten."),
        (Wanted.MONEY, "It cost £3 million.", "It cost them three years."),
        (Wanted.MONEY, "It cost 200 pounds.", "It cost them 200 volunteers."),
        (Wanted.DURATION, "It took 18-24 months.", "It took 40 people."),
        (Wanted.DURATION, "The hub opened overnight.", "The hub opened at night."),
        (Wanted.YEAR, "It ended in March 2021.", "It ended after 2,021 days."),
        (Wanted.TIME, "The hub opened at 9.30 every day.", "The hub opened before anybody asked."),
        (Wanted.TIME, "The hub opened during the floods.", "The hub opened because of the floods."),
        (Wanted.PERSON, "Ada Lovelace chaired the board.", "Ada Lovelace visited the board."),
        (Wanted.PERSON, "The director, Dr Lovelace, left.", "The board was chaired by volunteers."),
    ],
)
def test_a_sentence_holds_a_kind_of_thing_or_does_not(wanted: Wanted, held: str, not_held: str) -> None:
    assert holds(wanted, held)
    assert not holds(wanted, not_held)


def test_any_sentence_holds_anything() -> None:
    assert holds(Wanted.ANYTHING, "Trust grew.")


def test_a_name_is_capitalised_inside_a_sentence_and_new_to_the_question() -> None:
    assert holds(Wanted.NAME, "They called it the Silver Heron.")
    assert not holds(Wanted.NAME, "They called it the Silver Heron.", frozenset({"heron"}))
    assert not holds(Wanted.NAME, "Ferries were named by children.")
    assert not holds(Wanted.NAME, "They met the NHS.")


def test_a_place_is_one_that_the_question_does_not_name_itself() -> None:
    assert holds(Wanted.PLACE, "The hub is based in Dover.")
    assert not holds(Wanted.PLACE, "The hub is based in Dover.", frozenset({"dover"}))
    assert not holds(Wanted.PLACE, "The hub is based in an office.")


def test_a_meaning_is_a_gloss_of_the_word_asked_about() -> None:
    asked = frozenset({"outreach"})
    assert holds(Wanted.MEANING, "Outreach means going to people.", asked)
    assert holds(Wanted.MEANING, "Outreach is a way of working.", asked)
    assert not holds(Wanted.MEANING, "Staff came to like outreach.", asked)
    assert not holds(Wanted.MEANING, "Harvest means gathering.", asked)


@pytest.mark.parametrize("said", ["The Clinical Board (CB) met.", "They met the Clinical Boards (CBs)."])
def test_initials_mean_the_name_that_they_stand_behind(said: str) -> None:
    assert holds(Wanted.MEANING, said, frozenset({"cb"}))
    assert not holds(Wanted.MEANING, said, frozenset({"clinic", "met"}))


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


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many other gowns were sewn?", ["gowns"]),
        ("How many local authorities did it reach?", ["local", "authorities"]),
        ("What is the number of new fire engines in Dover?", ["fire", "engines"]),
        ("How many did they need?", []),
        ("Who counted the gowns?", []),
    ],
)
def test_what_is_counted_are_the_words_up_to_the_verb(question: str, counted: list[str]) -> None:
    assert counted_words(question) == counted


def test_people_are_counted_by_any_of_their_many_words() -> None:
    assert counted_words("How many people came?") == []


def test_an_age_is_years_of_age_and_no_other_number() -> None:
    assert holds(Wanted.AGE, "The oldest sailor was 83 years old.")
    assert holds(Wanted.AGE, "Sailors aged 60 came first.")
    assert not holds(Wanted.AGE, "The ferry carried 83 sailors for 20 years.")


def test_what_is_counted_ends_at_a_verb_and_leaves_measure_words_out() -> None:
    assert counted_words("How many boats came through the lock?") == ["boats"]
    assert counted_words("How many pieces of rope were cut?") == ["rope"]


def test_cases_are_counted_by_whatever_they_are_called() -> None:
    assert counts(("case",), "The centre named four examples.")
    assert counts(("stori",), "We read six case studies.")
    assert not counts(("case",), "The centre named four boats.")
