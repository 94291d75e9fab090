from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.passages import passages
from assistant.tagging import tagged
from assistant.taxonomy import load_taxonomy, parse_taxonomy
from assistant.types import BlockKind, Facet, Origin, Passage, Sentence, Span, Tag
from tests.conftest import CORPUS, TAXONOMY

if TYPE_CHECKING:
    from assistant.types import Document

WORKED_EXAMPLES = {
    "Bristol Council reported": ("Motivations", "challenge", "Stepping Up, Bristol"),
    "In Northumbria, a local": ("Motivations", "enabler", "Northumbria"),
    "Offender managers grappled": ("Structures", "challenge", "Homelessness Prevention Taskforces"),
    "The creation of the Additional": ("Structures", "enabler", "Nightingale Courts"),
    "Age UK was unaware": ("Relationships", "challenge", "Kent Fire and Rescue Service"),
    "In the East Ayrshire Vibrant": ("Relationships", "enabler", "Vibrant Communities, East Ayrshire"),
}
TABLE_2 = {
    "Competing priorities;": ("Motivations", "challenge"),
    "Clear, shared purpose;": ("Motivations", "enabler"),
    "Organisational hierarchies;": ("Structures", "challenge"),
    "Existing cross-sector structures;": ("Structures", "enabler"),
    "Building new relationships;": ("Relationships", "challenge"),
    "Strong pre-existing relationships;": ("Relationships", "enabler"),
}


@pytest.fixture(scope="module")
def summary_passages(summary: Document) -> list[Passage]:
    taxonomy = load_taxonomy(CORPUS)
    return [tagged(passage, summary.title, taxonomy) for passage in passages(summary, 900)]


def only(found: list[Passage], words: str, kind: BlockKind) -> Passage:
    (passage,) = [one for one in found if one.kind is kind and words in one.text]
    return passage


def passage(text: str, *section: str) -> Passage:
    spans = (Span(0, len(text)),)
    return Passage("a:0", "a", BlockKind.PARAGRAPH, section, spans, text, "", (Sentence(spans, text),))


def tags(text: str, *section: str, title: str = "A study", **metadata: str) -> set[tuple[str, str]]:
    found = tagged(passage(text, *section), title, parse_taxonomy(TAXONOMY.encode()), metadata)
    return {(tag.value, tag.origin.value) for tag in found.tags}


@pytest.mark.parametrize("beginning", WORKED_EXAMPLES)
def test_a_worked_example_has_one_theme_one_aspect_and_one_case(
    beginning: str, summary_passages: list[Passage]
) -> None:
    theme, aspect, case = WORKED_EXAMPLES[beginning]
    assert only(summary_passages, beginning, BlockKind.PARAGRAPH).tags == (
        Tag(Facet.THEME, theme, Origin.HEADING),
        Tag(Facet.ASPECT, aspect, Origin.HEADING),
        Tag(Facet.CASE, case, Origin.MENTION),
    )


@pytest.mark.parametrize("beginning", TABLE_2)
def test_a_cell_of_table_2_has_the_theme_of_its_row_and_the_aspect_of_its_column(
    beginning: str, summary_passages: list[Passage]
) -> None:
    theme, aspect = TABLE_2[beginning]
    assert only(summary_passages, beginning, BlockKind.TABLE_ROW).tags == (
        Tag(Facet.THEME, theme, Origin.HEADING),
        Tag(Facet.ASPECT, aspect, Origin.HEADING),
    )


def test_every_list_item_of_the_six_theme_sections_has_a_theme_and_an_aspect(summary_passages: list[Passage]) -> None:
    points = [one for one in summary_passages if one.kind is BlockKind.LIST_ITEM and len(one.section) == 2]
    assert {(one.values(Facet.THEME), one.values(Facet.ASPECT)) for one in points} == {
        ((theme,), (aspect,)) for theme, aspect in TABLE_2.values()
    }


def test_what_stands_before_the_themes_has_none(summary_passages: list[Passage]) -> None:
    introduction = [one for one in summary_passages if one.section[0] in {"Introduction", "Methodology"}]
    assert len(introduction) > 5
    assert not any(one.values(Facet.THEME) or one.values(Facet.ASPECT) for one in introduction)


def test_the_innermost_heading_decides() -> None:
    assert tags("Money ran out.", "Challenges and enablers", "Enablers") == {("enabler", "heading")}
    assert tags("Money ran out.", "Motivations", "Structures", "Elsewhere") == {("Structures", "heading")}


def test_a_heading_that_names_both_gives_both() -> None:
    assert tags("Money ran out.", "Challenges and enablers") == {("challenge", "heading"), ("enabler", "heading")}


def test_the_title_is_the_outermost_heading() -> None:
    assert tags("Money ran out.", "Summary", title="Leeds Digital Hub") == {("Leeds Digital Hub", "heading")}
    assert tags("Money ran out.", "Harbour City", title="Leeds") == {("Harbour City", "heading")}


def test_themes_and_aspects_come_from_headings_only() -> None:
    assert tags("The challenges of motivation and structures.", "Introduction") == set()


def test_a_case_of_the_heading_is_not_tagged_twice_and_others_mentioned_join_it() -> None:
    assert tags("LDH lent Harbour City a desk.", "Leeds") == {
        ("Leeds Digital Hub", "heading"),
        ("Harbour City", "mention"),
    }


def test_tagging_changes_nothing_but_the_tags() -> None:
    plain = passage("Harbour City lent a desk.", "Enablers")
    found = tagged(plain, "A study", parse_taxonomy(TAXONOMY.encode()))
    assert plain.tags == ()
    assert (found.id, found.text, found.sentences) == (plain.id, plain.text, plain.sentences)
    assert {tag.confidence for tag in found.tags} == {1.0}


def test_the_case_that_a_document_names_is_that_of_all_its_passages() -> None:
    assert tags("It opened.", "Findings", case="ldh") == {("Leeds Digital Hub", "person")}
    assert tags("It opened.", "Leeds", case="LDH; Harbour City") == {
        ("Leeds Digital Hub", "person"),
        ("Harbour City", "person"),
    }


def test_another_case_that_a_passage_mentions_or_a_heading_names_stands_beside_it() -> None:
    assert tags("As in Harbour City, it opened.", case="Leeds") == {
        ("Leeds Digital Hub", "person"),
        ("Harbour City", "mention"),
    }
    assert tags("It opened.", "Harbour City", case="Leeds") == {
        ("Leeds Digital Hub", "person"),
        ("Harbour City", "heading"),
    }


def test_the_case_that_a_document_names_outranks_its_title() -> None:
    assert tags("It opened.", title="Lessons from Harbour City", case="Leeds") == {("Leeds Digital Hub", "person")}


def test_a_name_that_the_taxonomy_does_not_know_gives_no_tag_and_no_guess() -> None:
    assert tags("It opened.", case="Leeds Digital; York", theme="Structure", aspect="hurdle") == set()


def test_a_theme_or_aspect_of_the_whole_document_fills_where_no_heading_decides() -> None:
    assert tags("It opened.", "Structures", theme="Motivation", aspect="challenges") == {
        ("Structures", "heading"),
        ("challenge", "person"),
    }
    assert tags("It opened.", "Findings", title="Structures", theme="Motivation") == {("Motivations", "person")}
