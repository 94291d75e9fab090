from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.errors import QuestionError, UnknownName, UsageError
from assistant.grid import NO_CASE, NO_THEME, Grid, GridCell
from assistant.rendering import grid_json
from assistant.spans import quote
from assistant.types import Facet
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant import Assistant

LEEDS = """# Leeds Digital Hub

## Motivations

### Challenges

Staff shared an office in Leeds and disliked the noise.

### Enablers

The office was shared by staff who wanted the same thing.

## Structures

### Enablers

A shared budget paid for the office of the staff.
"""
HARBOUR = "# Harbour City\n\nThe bridge over the estuary was painted green.\n"
SHARED = "What did the staff share in the office?"
QUESTIONS = [
    "How was trust built between the partners?",
    "What role did shared goals play?",
    "How did leaders support collaboration?",
    "How were vulnerable people housed?",
    "What were the challenges?",
]


def cells(grid: Grid) -> dict[tuple[str, str], GridCell]:
    return {(cell.row, cell.column): cell for row in grid.shown_rows for cell in grid.shown_cells(row)}


def filled(grid: Grid) -> set[tuple[str, str]]:
    return {key for key, cell in cells(grid).items() if cell.quotes}


@pytest.fixture
def hubs(make_library: Callable[..., Assistant]) -> Assistant:
    return make_library(leeds_md=LEEDS, harbour_md=HARBOUR)


@pytest.mark.parametrize("question", [*QUESTIONS, "Which football team won the league?"])
def test_every_case_has_its_row_and_every_theme_its_column(library: Assistant, question: str) -> None:
    grid = library.grid(question)
    taxonomy = library.index.taxonomy
    assert [row.name for row in grid.rows] == [entry.name for entry in taxonomy.entries[Facet.CASE]]
    assert list(grid.columns) == [entry.name for entry in taxonomy.entries[Facet.THEME]]
    assert {len(row.cells) for row in grid.rows} == {len(grid.columns)}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_the_document_s_own_words_and_tagged_with_its_row_and_column(
    library: Assistant, question: str
) -> None:
    grid = library.grid(question)
    assert filled(grid)
    for row in grid.rows:
        for cell in row.cells:
            for one in cell.quotes:
                assert one.citation.quote == quote(
                    library.index.documents[one.citation.document].text, one.citation.spans
                )
                assert row.name in one.citation.cases
                assert cell.column in one.citation.themes
                assert one.strength >= library.settings.enough_for_a_cell * library.settings.narrowed


def test_cells_hold_what_the_library_says_of_their_case(library: Assistant) -> None:
    grid = cells(library.grid("How was trust built with the community?"))
    said = grid["Vibrant Communities, East Ayrshire", "Relationships"].quotes[0].citation.quote
    assert "buy-in, trust and relationships with local people" in said
    assert grid["Nightingale Courts", "Motivations"].quotes == ()


def test_a_question_of_something_else_fills_no_cell(library: Assistant) -> None:
    assert filled(library.grid("Which football team won the league?")) == set()


def test_a_question_about_what_the_library_never_mentions_says_so(library: Assistant) -> None:
    grid = library.grid("What did the Cardiff case find?")
    assert filled(grid) == set()
    assert grid.reasons == {"What did the Cardiff case find?": 'The library never mentions "Cardiff".'}


def test_what_is_of_no_case_or_no_theme_is_not_lost(library: Assistant) -> None:
    grid = library.grid("How did leaders support collaboration?")
    assert grid.shown_rows[-1].title == NO_CASE
    assert grid.shown_columns[-1] == NO_THEME
    assert ("", "Relationships") in filled(grid)
    assert ("Stepping Up, Bristol", NO_THEME) in filled(grid)


def test_a_number_that_is_asked_for_stands_in_every_cell(library: Assistant) -> None:
    found = cells(library.grid("How many leaders took part?"))
    rows = [entry.name for entry in library.index.taxonomy.entries[Facet.CASE]]
    assert [found[row, NO_THEME].quotes[0].citation.quote[-1] for row in rows] == ["5", "8", "7", "5", "6", "6"]


def test_quotes_are_numbered_through_the_grid_and_the_same_words_have_one_number(library: Assistant) -> None:
    grid = library.grid("How did leaders support collaboration?")
    assert [one.citation.marker for one in grid.quotes] == list(range(1, len(grid.quotes) + 1))
    places = [(one.citation.document, one.citation.spans) for one in grid.quotes]
    assert len(set(places)) == len(places)


def test_filters_hold_a_grid_to_what_they_let_through(hubs: Assistant) -> None:
    assert filled(hubs.grid(SHARED)) >= {("Leeds Digital Hub", "Motivations"), ("Leeds Digital Hub", "Structures")}
    hard = hubs.grid(SHARED, aspect="challenge")
    assert filled(hard) == {("Leeds Digital Hub", "Motivations")}
    assert {one.citation.aspects for one in hard.quotes} == {("challenge",)}
    assert hubs.grid(SHARED, theme="Structures").columns == ("Structures",)
    assert [row.name for row in hubs.grid(SHARED, case="Harbour").rows] == ["Harbour City"]


def test_an_aspect_that_the_question_names_keeps_the_other_out(hubs: Assistant) -> None:
    quoted = [one.citation for one in hubs.grid("What were challenges for the staff in the office?").quotes]
    assert quoted
    assert "enabler" not in {aspect for one in quoted for aspect in one.aspects}


def test_documents_have_a_row_each_under_their_titles(hubs: Assistant) -> None:
    grid = hubs.grid(SHARED, by="document")
    assert [(row.name, row.title) for row in grid.rows] == [
        ("harbour.md", "Harbour City"),
        ("leeds.md", "Leeds Digital Hub"),
    ]
    assert {row for row, _ in filled(grid)} == {"leeds.md"}
    assert grid.untagged is None


def test_several_questions_have_a_column_each(hubs: Assistant) -> None:
    grid = hubs.grid(SHARED, columns=["What colour was the bridge painted?", SHARED])
    assert grid.columns == (SHARED, "What colour was the bridge painted?")
    assert filled(grid) == {
        ("Leeds Digital Hub", SHARED),
        ("Harbour City", "What colour was the bridge painted?"),
    }


def test_one_column_that_cannot_be_asked_leaves_the_others_alone(library: Assistant) -> None:
    grid = library.grid(QUESTIONS[0], columns=["What did the Cardiff case find?"])
    assert list(grid.reasons) == ["What did the Cardiff case find?"]
    assert {column for _, column in filled(grid)} == {QUESTIONS[0]}


def test_a_sentence_about_one_case_does_not_stand_in_the_row_of_another(
    make_library: Callable[..., Assistant],
) -> None:
    both = "## Motivations\n\nStaff in Leeds shared an office. Staff in Harbour shared a boat."
    grid = cells(make_library(both_md=both).grid("What did staff share?"))
    assert [one.citation.quote for one in grid["Harbour City", "Motivations"].quotes] == [
        "Staff in Harbour shared a boat."
    ]
    assert [one.citation.quote for one in grid["Leeds Digital Hub", "Motivations"].quotes] == [
        "Staff in Leeds shared an office."
    ]


def test_a_library_without_themes_has_the_question_as_its_column(make_library: Callable[..., Assistant]) -> None:
    library = make_library('[[cases]]\nname = "Leeds"\n', leeds_txt="Leeds\n\nThe hub opened in May.\n")
    grid = library.grid("When did the hub open?")
    assert filled(grid) == {("Leeds", "When did the hub open?")}


def test_a_library_without_cases_has_no_rows_and_does_not_break(make_library: Callable[..., Assistant]) -> None:
    grid = make_library("", leeds_txt="Leeds\n\nThe hub opened in May.\n").grid("When did the hub open?")
    assert (grid.rows, grid.quotes) == ((), ())


def test_questions_are_embedded_once_for_the_whole_grid(hubs: Assistant) -> None:
    embedder = hubs.embedder
    assert isinstance(embedder, HashingEmbedder)
    embedder.calls.clear()
    hubs.grid(SHARED, columns=["What colour was the bridge painted?"])
    assert len(embedder.calls) == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"by": "year"}, UsageError),
        ({"theme": "Finance"}, UnknownName),
        ({"case": "Cardiff"}, UnknownName),
        ({"columns": [""]}, QuestionError),
    ],
)
def test_what_cannot_be_asked_is_an_error(hubs: Assistant, arguments: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        hubs.grid(SHARED, **arguments)


def test_a_grid_as_json_names_its_cells_and_quotes_as_an_answer_does(library: Assistant) -> None:
    told = grid_json(library.grid(QUESTIONS[0]))
    assert [row["name"] for row in told["rows"]] == [e.name for e in library.index.taxonomy.entries[Facet.CASE]]
    cell = next(cell for row in told["rows"] for cell in row["cells"] if cell["evidence"])
    answer_keys = {"marker", "document", "spans", "quote", "section", "themes", "aspects", "cases", "pages"}
    assert cell["quotes"][0].keys() == answer_keys | {"strength"}
