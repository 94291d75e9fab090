from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.evidence import weigh
from assistant.listing import listed
from assistant.retrieval import retrieve
from tests.samples import asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversation import Assistant
    from assistant.evidence import Query
    from assistant.types import Evidence

    Make = Callable[..., Assistant]

ITEMS = """# Harvests

## Motivations

### Challenges

Three things were hard:

- **Frost came early.** Apples fell. Nobody picked them up.
- Ladders broke. They were old.
- **Pickers left.** Buses stopped. **Wages fell too.**
"""
CELLS = """
## Summary

| Theme | Challenges |
|---|---|
| Motivations | <ul><li>Early frost</li><li>Old ladders</li><li>Absent pickers</li></ul> |
"""
SAID = ["Frost came early.", "Ladders broke.", "Pickers left.", "Wages fell too."]


def section(library: Assistant, query: Query, *themes: str) -> list[list[Evidence]]:
    filters = [library.index.taxonomy.filters(theme=theme, aspect="challenge") for theme in themes]
    return [
        weigh(
            library.index,
            query,
            retrieve(library.index, query.question, query.vector, library.settings, 60, one),
            library.settings,
        )
        for one in filters
    ]


def items(library: Assistant, question: str, **changed: float) -> list[str]:
    query = asked(library, question)
    settings = library.settings.model_copy(update=changed)
    return [one.sentence.text for one in listed(query, section(library, query, "Motivations"), settings)]


def test_the_points_of_a_list_are_its_bold_sentences_or_the_first_of_an_item(make_library: Make) -> None:
    assert items(make_library(harvests_md=ITEMS), "What were the challenges?") == SAID


def test_points_stand_in_the_document_s_order_whatever_the_question_says(make_library: Make) -> None:
    library = make_library(harvests_md=ITEMS)
    query = asked(library, "What were the challenges?")
    (found,) = section(library, query, "Motivations")
    backwards = [list(reversed(found))]
    assert [one.sentence.text for one in listed(query, backwards, library.settings)] == SAID


def test_points_that_hold_what_else_is_asked_go_alone_where_there_are_any(make_library: Make) -> None:
    library = make_library(harvests_md=ITEMS)
    assert items(library, "What were the challenges with ladders?") == ["Ladders broke."]
    assert items(library, "What were the challenges with zeppelins?") == SAID


def test_a_section_that_is_only_a_cell_of_a_table_is_quoted_from_there(make_library: Make) -> None:
    found = items(make_library(harvests_md=f"# Harvests\n{CELLS}"), "What were the challenges?")
    assert len(found) == 1
    assert "Early frost; Old ladders; Absent pickers" in found[0]


def test_a_list_is_quoted_from_the_text_where_it_is_short_and_from_the_table_where_it_is_long(
    make_library: Make,
) -> None:
    library = make_library(harvests_md=ITEMS + CELLS)
    assert items(library, "What were the challenges?") == SAID
    (cell,) = items(library, "What were the challenges?", listed_items=3)
    assert "Early frost" in cell


def test_a_list_is_quoted_from_the_table_where_the_table_is_asked_for(make_library: Make) -> None:
    (cell,) = items(make_library(harvests_md=ITEMS + CELLS), "What challenges are in the summary table?")
    assert "Early frost" in cell


def test_a_long_list_without_a_table_is_quoted_in_full(make_library: Make) -> None:
    assert items(make_library(harvests_md=ITEMS), "What were the challenges?", listed_items=3) == SAID


@pytest.mark.parametrize("sections", [[], [[]], [[], []]])
def test_sections_without_evidence_list_nothing(make_library: Make, sections: list[list[Evidence]]) -> None:
    library = make_library(harvests_md=ITEMS)
    assert listed(asked(library, "What were the challenges?"), sections, library.settings) == []


def test_paragraphs_are_no_items(make_library: Make) -> None:
    library = make_library(harvests_md="# Harvests\n\n## Motivations\n\n### Challenges\n\nFrost came early.\n")
    assert items(library, "What were the challenges?") == []


def test_items_without_a_word_in_bold_give_their_first_sentences(make_library: Make) -> None:
    library = make_library(harvests_md=ITEMS.replace("**", ""))
    assert items(library, "What were the challenges?") == SAID[:3]
