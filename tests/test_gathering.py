from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.gathering import gather
from assistant.types import Facet
from tests.samples import asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversation import Assistant
    from assistant.gathering import Findings, Group

    Make = Callable[..., Assistant]

LEEDS = """# Leeds Digital Hub

## Motivations

### Challenges

- Frost came early in the orchard.
- Ladders broke.

### Enablers

- Staff in the hub shared an office.

## Structures

### Challenges

- Nobody owned the budget.
"""
HARBOUR = """# Harbour City

## Motivations

### Challenges

- The ferry sank in the estuary.

### Enablers

- Sailors shared a depot.
"""
BOATS = "# Numbers\n\nTable 1: Boats by port\n\n| Port | Boats |\n|---|---|\n| Ostend | 12 |\n| Calais | 7 |\n"
HUB, CITY = "Leeds Digital Hub", "Harbour City"


@pytest.fixture
def shelf(make_library: Make) -> Assistant:
    return make_library(leeds_md=LEEDS, harbour_md=HARBOUR, boats_md=BOATS)


def gathered(library: Assistant, question: str, **filters: str) -> Findings:
    return gather(library.index, asked(library, question), library.index.taxonomy.filters(**filters), library.settings)


def cases_of(group: Group) -> set[tuple[str, ...]]:
    return {one.hit.passage.values(Facet.CASE) for one in group.evidence}


def said(group: Group) -> list[str]:
    return [one.sentence.text for one in group.items]


@pytest.mark.parametrize("question", ["Who shared an office?", "Why did ladders break?", "What sank in Harbour City?"])
def test_a_fact_has_one_group_of_all_the_evidence(shelf: Assistant, question: str) -> None:
    found = gathered(shelf, question)
    assert [(group.label, group.items) for group in found.groups] == [(None, ())]
    assert found.groups[0].evidence == found.evidence
    assert found.tabled is None


def test_evidence_and_hits_stand_best_first(shelf: Assistant) -> None:
    found = gathered(shelf, "Who shared an office?")
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert [one.score for one in found.evidence] == sorted((one.score for one in found.evidence), reverse=True)
    assert found.evidence[0].sentence.text == "Staff in the hub shared an office."


def test_every_case_has_a_group_of_its_own_evidence(shelf: Assistant) -> None:
    found = gathered(shelf, "What was shared in each case?")
    assert [group.label for group in found.groups] == [HUB, CITY]
    assert [cases_of(group) for group in found.groups] == [{(HUB,)}, {(CITY,)}]


def test_a_case_the_library_says_nothing_of_has_a_group_without_evidence(make_library: Make) -> None:
    found = gathered(make_library(leeds_md=LEEDS), "What was shared in each case?")
    assert [(group.label, bool(group.evidence)) for group in found.groups] == [(HUB, True), (CITY, False)]


def test_asking_which_cases_leaves_weak_evidence_out(shelf: Assistant) -> None:
    strict = shelf.settings.model_copy(update={"enough_for_a_case": 1.0})
    question = asked(shelf, "Which cases shared a depot?")
    assert [
        group.evidence for group in gather(shelf.index, question, shelf.index.taxonomy.filters(), strict).groups
    ] == [
        (),
        (),
    ]
    lenient = shelf.settings.model_copy(update={"enough_for_a_case": 0.0})
    found = gather(shelf.index, question, shelf.index.taxonomy.filters(), lenient)
    assert all(group.evidence for group in found.groups)


def test_asking_what_each_case_did_keeps_weak_evidence(shelf: Assistant) -> None:
    strict = shelf.settings.model_copy(update={"enough_for_a_case": 1.0})
    question = asked(shelf, "What did each case share?")
    assert all(group.evidence for group in gather(shelf.index, question, shelf.index.taxonomy.filters(), strict).groups)


def test_a_comparison_has_a_group_for_each_of_what_it_names(shelf: Assistant) -> None:
    found = gathered(shelf, "How do Harbour City and LDH differ in what they shared?")
    assert [group.label for group in found.groups] == [HUB, CITY]
    assert [cases_of(group) for group in found.groups] == [{(HUB,)}, {(CITY,)}]


def test_themes_are_compared_likewise(shelf: Assistant) -> None:
    found = gathered(shelf, "How do Motivations and Structures differ?")
    assert [(group.label, group.facet) for group in found.groups] == [
        ("Motivations", Facet.THEME),
        ("Structures", Facet.THEME),
    ]
    for group in found.groups:
        assert {one.hit.passage.values(Facet.THEME) for one in group.evidence} == {(group.label,)}


def test_a_list_has_all_items_of_its_sections_once_in_the_documents_order(shelf: Assistant) -> None:
    (group,) = gathered(shelf, "What were the challenges?").groups
    assert said(group) == [
        "The ferry sank in the estuary.",
        "Frost came early in the orchard.",
        "Ladders broke.",
        "Nobody owned the budget.",
    ]


def test_a_list_of_one_theme_has_the_items_of_that_theme_only(shelf: Assistant) -> None:
    (group,) = gathered(shelf, "What were the challenges for Structures?").groups
    assert said(group) == ["Nobody owned the budget."]


def test_several_aspects_are_listed_one_after_the_other_and_nothing_twice(shelf: Assistant) -> None:
    (group,) = gathered(shelf, "What were the challenges and enablers for Motivations?").groups
    assert sorted(said(group)) == sorted(set(said(group)))
    assert {"Ladders broke.", "Sailors shared a depot."} <= set(said(group))


def test_a_list_without_items_falls_back_on_the_evidence(make_library: Make) -> None:
    library = make_library(leeds_md="# Leeds\n\n## Motivations\n\n### Challenges\n\nFrost came early.\n")
    (group,) = gathered(library, "What were the enablers?").groups
    assert (group.label, group.items) == (None, ())
    assert group.evidence


@pytest.mark.parametrize(
    ("question", "case"),
    [
        ("What was shared in each case?", "Harbour"),
        ("Which cases shared a depot?", "Harbour"),
        ("Compare what Leeds and Harbour City shared", "Harbour"),
        ("What were the challenges?", "Harbour"),
        ("Who shared an office?", "Harbour"),
    ],
)
def test_a_case_that_is_filtered_for_holds_in_every_group(shelf: Assistant, question: str, case: str) -> None:
    found = gathered(shelf, question, case=case)
    assert {cases for group in found.groups for cases in cases_of(group)} <= {(CITY,)}
    assert {one.hit.passage.values(Facet.CASE) for group in found.groups for one in group.items} <= {(CITY,)}


@pytest.mark.parametrize(
    "question", ["What were the challenges for Structures?", "Compare Motivations and Structures", "What is shared?"]
)
def test_a_theme_that_is_filtered_for_holds_in_every_group(shelf: Assistant, question: str) -> None:
    found = gathered(shelf, question, theme="Motivations")
    themes = {one.hit.passage.values(Facet.THEME) for group in found.groups for one in (*group.evidence, *group.items)}
    assert themes <= {("Motivations",)}


def test_filters_that_nothing_passes_find_nothing(make_library: Make) -> None:
    found = gathered(make_library(harbour_md=HARBOUR), "Who shared an office?", case="Leeds")
    assert (found.hits, found.evidence, [group.evidence for group in found.groups]) == ((), (), [()])


@pytest.mark.parametrize(
    ("question", "values"), [("Which port has the most boats?", [12.0, 7.0]), ("Which ports are named?", None)]
)
def test_a_figure_comes_with_the_whole_column_of_its_table(
    shelf: Assistant, question: str, values: list[float] | None
) -> None:
    column = gathered(shelf, question).tabled
    assert (column and [entry.value for entry in column.entries]) == values


def test_a_list_that_names_no_theme_is_of_the_theme_that_its_best_passages_share(shelf: Assistant) -> None:
    findings = gathered(shelf, "Give me the whole list: frost, ladders, the orchard, an office shared by staff")
    assert {
        tag.value for one in findings.groups[0].items for tag in one.hit.passage.tags if tag.facet is Facet.THEME
    } == {"Motivations"}


def test_a_list_leans_to_the_aspect_whose_passages_lie_nearest(shelf: Assistant) -> None:
    items = gathered(shelf, "Motivations: list the frost early in the orchard and broken ladders").groups[0].items
    assert items
    assert {tag.value for one in items for tag in one.hit.passage.tags if tag.facet is Facet.ASPECT} == {"challenge"}


def test_a_list_of_something_that_no_theme_is_about_is_a_question_of_fact(shelf: Assistant) -> None:
    assert gathered(shelf, "List the boats of Ostend and Calais").groups[0].items == ()


@pytest.mark.parametrize("question", ["On average, how long did a boat take?", "What is the total cost of the boats?"])
def test_no_time_or_money_is_worked_out_from_a_column_of_bare_numbers(shelf: Assistant, question: str) -> None:
    assert gathered(shelf, question).tabled is None


def test_both_sides_are_a_line_for_each_aspect(shelf: Assistant) -> None:
    groups = gathered(shelf, "An office shared by staff in the hub, or frost in the orchard: good or bad?").groups
    assert [(group.facet, group.label) for group in groups] == [(Facet.ASPECT, "Challenge"), (Facet.ASPECT, "Enabler")]
    assert all(one.hit.passage.values(Facet.ASPECT) for group in groups for one in group.evidence)


def test_a_case_is_searched_for_the_aspect_that_is_asked_of_every_case(shelf: Assistant) -> None:
    groups = gathered(shelf, "In which cases were there difficulties and challenges with sharing?").groups
    told = {group.label: [one.hit.passage.values(Facet.ASPECT) for one in group.evidence] for group in groups}
    assert set(told) == {HUB, CITY}
    assert all(aspects == ("challenge",) for found in told.values() for aspects in found)


def test_a_filter_does_not_make_a_list_of_a_question_that_asks_for_more_than_the_section(shelf: Assistant) -> None:
    assert gathered(shelf, "What helped to mend the clocks?", theme="Motivations").groups[0].items == ()
