from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.calculations import in_full
from assistant.tabulation import Column, asks_figure, columns, worked_out
from tests.samples import asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversation import Assistant

    Make = Callable[..., Assistant]


def table(*rows: str, caption: str = "Table 1: Boats by port") -> str:
    lines = "\n".join("\t".join(row.split("|")) for row in rows)
    return f"Ferries\n\nThe survey was short.\n\n{caption}\n\n{lines}\n"


HEAD = "Port|Number of boats"
BOATS = table(HEAD, "Leeds Digital Hub|12", "Harbour City|7", "Ostend|12", "Calais|3")
SUMMED = table(HEAD, "Leeds Digital Hub|12", "Harbour City|7", "Total|19")


def found(library: Assistant, question: str) -> list[Column]:
    return list(columns(library.index, asked(library, question), library.search(question, 24), library.settings))


def rows_and_text(library: Assistant, question: str) -> tuple[list[str], str | None]:
    """Return the heads of the rows that a question is answered from, and the calculation in full."""
    column = found(library, question)[0]
    rows, calculation = worked_out(column, asked(library, question).question)
    subjects = [row.evidence.sentence.text.partition(" – ")[0] for row in rows]
    return subjects, in_full(calculation) if calculation else None


@pytest.mark.parametrize(
    ("question", "subjects", "calculation"),
    [
        ("Which port has the most boats?", ["Leeds Digital Hub", "Ostend"], None),
        ("Which port has the fewest boats?", ["Calais"], None),
        ("Which ports have more than seven boats?", ["Leeds Digital Hub", "Ostend"], None),
        ("Which ports have fewer than 7 boats?", ["Calais"], None),
        (
            "How many boats are there in total?",
            ["Leeds Digital Hub", "Harbour City", "Ostend", "Calais"],
            "Total: 12 + 7 + 12 + 3 = 34.",
        ),
        (
            "What is the average number of boats?",
            ["Leeds Digital Hub", "Harbour City", "Ostend", "Calais"],
            "Average of 12, 7, 12, 3: 8.5.",
        ),
        (
            "How many more boats has Leeds than Harbour City?",
            ["Leeds Digital Hub", "Harbour City"],
            "Difference: 12 − 7 = 5.",
        ),
        (
            "How many boats do Harbour City and Leeds have together?",
            ["Harbour City", "Leeds Digital Hub"],
            "Total: 7 + 12 = 19.",
        ),
    ],
)
def test_a_figure_is_worked_out_from_the_rows(
    make_library: Make, question: str, subjects: list[str], calculation: str | None
) -> None:
    assert rows_and_text(make_library(boats_txt=BOATS), question) == (subjects, calculation)


def test_the_fewest_are_all_of_those_that_tie(make_library: Make) -> None:
    library = make_library(boats_txt=table(HEAD, "Ostend|3", "Calais|5", "Dover|3"))
    assert rows_and_text(library, "Which port has the fewest boats?") == (["Ostend", "Dover"], None)


def test_a_total_that_the_table_gives_is_quoted_and_not_worked_out(make_library: Make) -> None:
    library = make_library(boats_txt=SUMMED)
    assert rows_and_text(library, "How many boats are there in total?") == (["Total"], None)


@pytest.mark.parametrize("question", ["Which port has the most boats?", "Which have more than 8 boats?"])
def test_a_row_that_sums_the_others_is_none_of_them(make_library: Make, question: str) -> None:
    assert rows_and_text(make_library(boats_txt=SUMMED), question)[0] == ["Leeds Digital Hub"]


def test_an_average_leaves_out_the_row_that_sums_the_others(make_library: Make) -> None:
    library = make_library(boats_txt=SUMMED)
    assert rows_and_text(library, "What is the average number of boats?")[1] == "Average of 12, 7: 9.5."


@pytest.mark.parametrize(
    ("question", "calculation"),
    [
        ("How many boats are there in total?", "Total: 4 + 1 = 5."),
        ("How many sailors are there in total?", "Total: 30 + 50 = 80."),
    ],
)
def test_the_column_is_the_one_whose_head_says_what_is_counted(
    make_library: Make, question: str, calculation: str
) -> None:
    library = make_library(boats_txt=table("Port|Boats|Sailors|Founded", "Ostend|4|30|new", "Calais|1|50|old"))
    assert rows_and_text(library, question)[1] == calculation


def test_cells_that_are_no_numbers_are_left_out_of_a_column(make_library: Make) -> None:
    library = make_library(boats_txt=table(HEAD, "Ostend|4", "Calais|n/a", "Dover|6"))
    assert rows_and_text(library, "How many boats are there in total?") == (["Ostend", "Dover"], "Total: 4 + 6 = 10.")


def test_a_row_s_own_head_may_hold_a_dash_and_a_column_s_a_colon(make_library: Make) -> None:
    dashed = make_library(boats_txt=table(HEAD, "Ostend – North|12", "Ostend – South|7", "Calais|30"))
    assert rows_and_text(dashed, "How many boats are there in total?")[1] == "Total: 12 + 7 + 30 = 49."
    headed = make_library(boats_txt=table("Port|Boats: in use", "Ostend|12", "Calais|30"))
    assert rows_and_text(headed, "How many boats are there in total?")[1] == "Total: 12 + 30 = 42."


def test_thousands_and_currencies_are_read_as_numbers(make_library: Make) -> None:
    library = make_library(boats_txt=table("Port|Cost of boats", "Ostend|£15,500", "Calais|£9,250"))
    assert rows_and_text(library, "Which port has the largest cost of boats?")[0] == ["Ostend"]
    assert rows_and_text(library, "What is the total cost of boats?")[1] == "Total: 15,500 + 9,250 = 24,750."


@pytest.mark.parametrize("question", ["How many zeppelins are there in total?", "Who has the most orchards?"])
def test_a_table_that_does_not_speak_of_what_is_counted_gives_no_column(make_library: Make, question: str) -> None:
    assert found(make_library(boats_txt=BOATS), question) == []


def test_a_table_without_numbers_gives_no_column(make_library: Make) -> None:
    library = make_library(boats_txt=table("Port|Kind of boats", "Ostend|sailing boats", "Calais|steam boats"))
    assert found(library, "Which port has the most boats?") == []


def test_each_table_is_read_once_and_two_tables_are_not_mixed(make_library: Make) -> None:
    other = table(HEAD, "Bruges|40", "Ghent|50", caption="Table 2: Boats by canal")
    library = make_library(boats_txt=BOATS, canals_txt=other)
    read = found(library, "How many boats are there in total?")
    assert sorted(sorted(entry.value for entry in column.entries) for column in read) == [[3, 7, 12, 12], [40, 50]]


def test_a_table_that_is_asked_for_by_its_number_is_the_only_one_read(make_library: Make) -> None:
    other = table(HEAD, "Bruges|40", "Ghent|50", caption="Table 2: Boats by canal")
    library = make_library(boats_txt=BOATS, canals_txt=other)
    (column,) = found(library, "How many boats are there in table 2 in total?")
    assert [entry.value for entry in column.entries] == [40, 50]


def answer(make_library: Make, text: str, question: str) -> str:
    answered = make_library(boats_txt=text).ask(question)
    assert answered.rejected == ()
    assert answered.answered, answered.reason
    return answered.answer


def test_a_figure_that_is_worked_out_stands_below_the_rows_it_rests_on(make_library: Make) -> None:
    assert answer(make_library, BOATS, "How many more boats has Leeds than Harbour City?").splitlines() == [
        "Leeds Digital Hub – Number of boats: 12. [1]",
        "Harbour City – Number of boats: 7. [2]",
        "Difference: 12 − 7 = 5. [1][2]",
    ]


@pytest.mark.parametrize(
    "values",
    [("£15,500", "£9,250"), ("1,234,567", "2,000,000"), ("£1,500.50", "£99.50"), ("0.1", "0.2", "0.3"), ("40%", "55%")],
)
def test_a_total_of_numbers_however_they_are_written_holds(make_library: Make, values: tuple[str, ...]) -> None:
    harbours = ("Ostend", "Calais", "Dover")
    text = table("Port|Boats", *(f"{name}|{value}" for name, value in zip(harbours, values, strict=False)))
    last = answer(make_library, text, "How many boats are there in total?").splitlines()[-1]
    assert last.startswith("Total: ")
    assert "e+" not in last


@pytest.mark.parametrize(
    "question", ["Which port has the most boats?", "What is the average number of boats?", "Who has over 3 boats?"]
)
def test_a_table_that_holds_nothing_but_a_sum_breaks_nothing(make_library: Make, question: str) -> None:
    library = make_library(boats_txt=table(HEAD, "Total|19"))
    assert library.ask(question).question == question


def test_a_limit_that_no_row_passes_is_a_refusal_that_says_so(make_library: Make) -> None:
    answered = make_library(boats_txt=BOATS).ask("Which ports have more than 90 boats?")
    assert not answered.answered
    assert answered.reason
    assert "could be held against" not in answered.reason


FLEET = table(HEAD, "Leeds Digital Hub|12", "Harbour City|7", "Ostend|12", "Calais|3", "Dover|7", "Total|41")


@pytest.mark.parametrize(
    ("question", "subjects", "calculation"),
    [
        (
            "Which ports have the most and the fewest boats?",
            ["Leeds Digital Hub", "Ostend", "Calais"],
            None,
        ),
        ("Which port has the second most boats?", ["Harbour City", "Dover"], None),
        (
            "How many boats are there outside Leeds and Harbour City?",
            ["Ostend", "Calais", "Dover"],
            "Total: 12 + 3 + 7 = 22.",
        ),
        ("What are the top three ports by boats?", ["Leeds Digital Hub", "Ostend", "Harbour City", "Dover"], None),
        ("Which ports have fewer boats than Harbour City?", ["Calais", "Harbour City"], None),
        ("Which port has the same number of boats as Harbour City?", ["Dover", "Harbour City"], None),
        ("Which ports have the same number of boats?", ["Leeds Digital Hub", "Ostend", "Harbour City", "Dover"], None),
        ("Which ports have between 5 and 10 boats?", ["Harbour City", "Dover"], None),
        ("What share of the boats is in Harbour City?", ["Harbour City", "Total"], "Share: 7 ÷ 41 = 17.07%."),
        (
            "How many more boats has the largest port than the smallest?",
            ["Leeds Digital Hub", "Ostend", "Calais"],
            "Difference: 12 − 3 = 9.",
        ),
        ("Who has more boats, Harbour City or Leeds?", ["Harbour City", "Leeds Digital Hub"], None),
        ("Which of Harbour City and Leeds has the most boats?", ["Leeds Digital Hub", "Harbour City"], None),
        ("How many boats has Harbour City and how many has Leeds?", ["Harbour City", "Leeds Digital Hub"], None),
        (
            "Which ports have more boats than average?",
            ["Leeds Digital Hub", "Ostend"],
            "Average of 12, 7, 12, 3, 7: 8.2.",
        ),
        (
            "Rank the ports from the fewest boats to the most.",
            ["Calais", "Harbour City", "Dover", "Leeds Digital Hub", "Ostend"],
            None,
        ),
    ],
)
def test_rows_stand_in_the_order_in_which_they_are_asked_for(
    make_library: Make, question: str, subjects: list[str], calculation: str | None
) -> None:
    assert rows_and_text(make_library(boats_txt=FLEET), question) == (subjects, calculation)


def test_the_share_of_a_table_without_a_sum_is_that_of_all_rows(make_library: Make) -> None:
    said = answer(make_library, BOATS, "What share of the boats is in Harbour City?").splitlines()[-1]
    assert said.startswith("Share: 7 ÷ (12 + 7 + 12 + 3) = 20.59%.")


def test_an_average_that_rows_are_held_against_cites_all_of_them(make_library: Make) -> None:
    last = answer(make_library, BOATS, "Which ports have more boats than average?").splitlines()[-1]
    assert last.startswith("Average of 12, 7, 12, 3: 8.5.")
    assert all(f"[{marker}]" in last for marker in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Which ports have more boats than Leeds?", True),
        ("Which ports have more boats than that?", False),
        ("What share of the boats is in Leeds?", True),
        ("What share of the boats is new?", False),
        ("How long did the most boats take?", False),
        ("How many boats are in Leeds?", False),
    ],
)
def test_a_figure_is_asked_for_where_the_table_can_give_it(make_library: Make, question: str, *, asks: bool) -> None:
    assert asks_figure(asked(make_library(boats_txt=BOATS), question).question) is asks


@pytest.mark.parametrize(
    "question", ["What is the average age of the sailors on boats?", "Who has most women on boats?"]
)
def test_a_column_that_lacks_most_of_what_is_asked_gives_no_figure(make_library: Make, question: str) -> None:
    assert found(make_library(boats_txt=BOATS), question) == []
