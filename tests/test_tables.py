from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.passages import passages
from assistant.reading.outline import outline
from assistant.reading.tables import split_row
from assistant.reading.text import read_text
from assistant.spans import quote
from assistant.types import BlockKind, Document, Span

if TYPE_CHECKING:
    from assistant.types import Passage


def rows(document: Document) -> list[Passage]:
    return [passage for passage in passages(document, 900) if passage.kind is BlockKind.TABLE_ROW]


def made(text: str) -> Document:
    return Document("made.txt", "Made", text, tuple(outline(text, read_text(text))))


def statements(text: str) -> list[str]:
    return [row.text for row in rows(made(text))]


@pytest.mark.parametrize(
    "statement",
    [
        "East Ayrshire Council, Vibrant Communities Programme – Number of leaders: 6.",
        "Her Majesty's Prison and Probation Service, Homelessness Prevention Taskforces – Number of leaders: 8.",
        "TOTAL – Number of leaders: 37.",
    ],
)
def test_rows_of_the_summary_s_first_table_read_as_statements(summary: Document, statement: str) -> None:
    assert statement in [row.text for row in rows(summary)]


def test_cells_of_the_summary_s_second_table_are_one_statement_each(summary: Document) -> None:
    cells = [row for row in rows(summary) if "Table 2: Summary of challenges and enablers" in row.section]
    assert [row.section[-2:] for row in cells] == [
        (theme, aspect)
        for theme in ("Motivations", "Structures", "Relationships")
        for aspect in ("Challenges for collaboration", "Enablers of collaboration")
    ]
    assert all(len(row.sentences) == 1 for row in cells)
    assert cells[0].text == (
        "Motivations – Challenges for collaboration: Competing priorities; Difficult to align goals;"
        " Lack of ownership or buy-in; Focusing on processes; General risk-aversion."
    )
    assert cells[5].text.endswith("Adopting facilitative styles of leadership; Being solutions-focused.")


def test_a_statement_of_the_summary_rests_on_its_heads_and_its_cell(summary: Document) -> None:
    (row,) = (row for row in rows(summary) if row.text.startswith("East Ayrshire"))
    words = quote(summary.text, row.sentences[0].spans)
    assert words == "Number of leaders East Ayrshire Council, Vibrant Communities Programme\t6"


def test_a_row_of_many_columns_names_each() -> None:
    text = "Case\tLeaders\tYear\nKent\t5\t2020\nLeeds\t6\t2021\n"
    assert statements(text) == ["Kent – Leaders: 5; Year: 2020.", "Leeds – Leaders: 6; Year: 2021."]


def test_blank_cells_are_passed_over_and_keep_their_columns_apart() -> None:
    text = "Case\tLeaders\tYear\nKent\t\t2020\nLeeds\t6\t\n"
    assert statements(text) == ["Kent – Year: 2020.", "Leeds – Leaders: 6."]


def test_a_row_without_a_head_of_its_own_names_its_columns() -> None:
    assert statements("Case\tLeaders\tYear\nKent\t5\t2020\n\t6\t2021\n")[1] == "Leaders: 6; Year: 2021."


def test_a_cell_without_a_head_stands_alone() -> None:
    assert statements("Case\tLeaders\nKent\t5\tand more\n") == ["Kent – Leaders: 5; and more."]


def test_a_row_of_one_cell_is_its_words() -> None:
    assert statements("Case\tLeaders\nKent\t5\nTotal\t\t\n\tKent only\n")[1:] == ["Total.", "Leaders: Kent only."]


@pytest.mark.parametrize(
    "cell",
    [
        "<ul> • Cost • Time ",
        '<ul style="x"><li>• Cost</li><li>• Time</li></ul>',
        "• Cost • Time",
        "<UL>• Cost • **Time** • ",
    ],
)
def test_a_cell_that_holds_a_list_is_a_statement_under_its_heads(cell: str) -> None:
    text = f"Theme\tChallenges\tEnablers\nStructures\t{cell}\tTrust\n"
    first, second = rows(made(text))
    assert (first.text, second.text) == ("Structures – Challenges: Cost; Time.", "Structures – Enablers: Trust.")
    assert (first.section, second.section) == (("Structures", "Challenges"), ("Structures", "Enablers"))


def test_the_tags_around_a_list_are_no_part_of_its_quote() -> None:
    text = "Theme\tChallenges\nStructures\t<ul> • Cost • Time </ul>\n"
    document = made(text)
    assert quote(text, rows(document)[0].spans) == "Challenges Structures • Cost • Time"


def test_the_heads_of_columns_are_no_passage_of_their_own() -> None:
    document = made("Case\tLeaders\nKent\t5\n")
    assert document.blocks[0].cells == ()
    assert len(rows(document)) == 1


def test_cells_are_split_at_the_separator_and_trimmed() -> None:
    line = "x Kent | 5 \\| 6 ||"
    cells = split_row(line, Span(1, len(line)), r"(?<!\\)\|")
    assert [line[cell.start : cell.end] for cell in cells] == ["Kent", "5 \\| 6", "", ""]


def test_a_table_whose_first_row_holds_figures_has_no_heads() -> None:
    assert statements("Places\n\nKent\t5\nLeeds\t6\n") == ["Kent – 5.", "Leeds – 6."]


def test_years_head_columns() -> None:
    assert statements("Places\n\nTown\t2019\t2020\nLeeds\t6\t7\n") == ["Leeds – 2019: 6; 2020: 7."]


def test_a_list_in_html_is_a_list_in_its_cell() -> None:
    text = "Places\n\nTown\tEnablers\nLeeds\t<ul><li>Trust</li><li>Money</li></ul>\n"
    assert statements(text) == ["Leeds – Enablers: Trust; Money."]
