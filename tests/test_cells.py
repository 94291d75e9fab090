from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversation import Assistant

    Make = Callable[..., Assistant]

GRID = """# Harvests

The survey of orchards was short. Frost damaged apples in spring, and pickers were hard to find.

## Summary

Table 2: Summary of orchards

| Theme | Challenges | Enablers |
|---|---|---|
| Motivations | • Early frost • Old ladders • Absent pickers | <ul><li>Ripe cherries</li><li>Free cider</li></ul> |
| Structures | • Narrow gates • Muddy lanes | • Tall barns • Good wages |
"""


def answered(make_library: Make, question: str) -> list[str]:
    answer = make_library(harvests_md=GRID).ask(question)
    assert answer.rejected == ()
    assert answer.answered, answer.reason
    return [statement.text for statement in answer.statements]


def test_the_items_of_a_cell_are_counted_and_the_count_cites_the_cell(make_library: Make) -> None:
    answer = make_library(harvests_md=GRID).ask("How many challenges does the summary table list for Motivations?")
    assert [statement.line for statement in answer.statements] == [
        "Motivations – Challenges: Early frost; Old ladders; Absent pickers. [1]",
        "Items in Motivations – Challenges: 3. [1]",
    ]


def test_challenges_and_enablers_are_counted_each_in_its_cell(make_library: Make) -> None:
    said = answered(make_library, "Does the summary table have more challenges or more enablers for Motivations?")
    assert said[1::2] == ["Items in Motivations – Challenges: 3.", "Items in Motivations – Enablers: 2."]


def test_the_items_of_several_cells_are_added_up(make_library: Make) -> None:
    said = answered(make_library, "How many challenges are there in the summary table in total?")
    assert said[-1] == "Total: 3 + 2 = 5."


def test_the_items_of_a_whole_table_are_counted_where_nothing_else_is_asked(make_library: Make) -> None:
    assert answered(make_library, "How many items are in the summary table?")[-1] == "Total: 3 + 2 + 2 + 2 = 9."


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which theme in the summary table has the most challenges?", "Motivations – Challenges"),
        ("Which theme in the summary table has the fewest challenges?", "Structures – Challenges"),
        ("In the summary table, which theme has only two challenges?", "Structures – Challenges"),
    ],
)
def test_rows_are_chosen_by_how_many_items_they_have(make_library: Make, question: str, first: str) -> None:
    said = answered(make_library, question)
    assert said[0].startswith(f"{first}: ")
    assert len(said) == len(["the cell", "its count"])


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Which theme do muddy lanes fall under in the summary table?", "Structures – Challenges: Muddy lanes."),
        ("Under which heading does the summary table put cider?", "Motivations – Enablers: Free cider."),
        ("Are tall barns a challenge or one of the enablers?", "Structures – Enablers: Tall barns."),
        ("Under which theme are narrow gates listed?", "Structures – Challenges: Narrow gates."),
    ],
)
def test_an_item_is_quoted_with_the_heads_it_stands_under(make_library: Make, question: str, place: str) -> None:
    assert answered(make_library, question) == [place]


def test_a_place_cites_the_whole_cell(make_library: Make) -> None:
    answer = make_library(harvests_md=GRID).ask("Under which theme are muddy lanes listed?")
    (citation,) = answer.citations
    assert "Narrow gates" in citation.quote
    assert citation.themes == ("Structures",)


def test_cells_that_a_question_does_not_name_are_not_counted(make_library: Make) -> None:
    answer = make_library(harvests_md=GRID).ask("How many boats does the summary table list?")
    assert not any("Items in" in statement.text for statement in answer.statements)


def test_what_no_item_holds_has_no_place(make_library: Make) -> None:
    answer = make_library(harvests_md=GRID).ask("Under which theme are zeppelins listed?")
    assert not any(statement.text.startswith(("Motivations –", "Structures –")) for statement in answer.statements)


def test_the_cells_of_a_table_are_its_rows_though_each_has_heads_of_its_own(make_library: Make) -> None:
    index = make_library(harvests_md=GRID).index
    passages = [index.passage(row) for row in range(index.manifest.passages)]
    cells = [one for one in passages if one.kind is BlockKind.TABLE_ROW and ": " in one.text]
    assert [one.id for one in index.table_of(cells[1])] == [one.id for one in cells]
