from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.markup import plain
from assistant.reading.markdown import read_markdown
from assistant.reading.outline import outline
from assistant.reading.text import read_text
from assistant.spans import quote
from assistant.types import BlockKind

if TYPE_CHECKING:
    from assistant.types import Document


def sections(text: str) -> dict[str, tuple[str, ...]]:
    """Return the section of everything that is no heading, by its words."""
    blocks = outline(text, read_text(text))
    return {plain(quote(text, one.spans)): one.section for one in blocks if one.kind is not BlockKind.HEADING}


CHAPTERS = "\n\n".join(
    f"{theme}\n\nChallenges\n\n{theme} were hard.\n\nEnablers\n\n{theme} were easy."
    for theme in ("Motives", "Structures")
)


@pytest.mark.parametrize("theme", ["Motivations", "Structures", "Relationships"])
@pytest.mark.parametrize("aspect", ["Challenges for collaboration", "Enablers of collaboration"])
def test_the_summary_has_its_six_theme_sections(summary: Document, theme: str, aspect: str) -> None:
    inside = [block for block in summary.blocks if block.section == (theme, aspect)]
    assert inside[0].kind is BlockKind.HEADING
    assert sum(block.kind is BlockKind.LIST_ITEM for block in inside) >= 3
    assert sum(block.kind is BlockKind.PARAGRAPH for block in inside) == 1


def test_the_summary_s_chapters_stand_side_by_side(summary: Document) -> None:
    assert list(dict.fromkeys(block.section[0] for block in summary.blocks if block.section)) == [
        *("Introduction", "Methodology", "Collaboration in public services"),
        *("Motivations", "Structures", "Relationships", "Summary"),
    ]


def test_a_heading_that_recurs_in_every_chapter_is_a_subheading() -> None:
    found = sections(f"Title\n\nIntroduction\n\nIt begins.\n\n{CHAPTERS}\n")
    assert found["It begins."] == ("Introduction",)
    assert found["Motives were easy."] == ("Motives", "Enablers")
    assert found["Structures were hard."] == ("Structures", "Challenges")


def test_the_title_belongs_to_no_section() -> None:
    assert sections("The Report\n\nIt begins.\n\nMethod\n\nWe asked.\n") == {"It begins.": (), "We asked.": ("Method",)}


def test_numbers_say_how_deep_a_heading_is() -> None:
    found = sections(
        "Title\n\n1 Motives\n\nA.\n\n1.1 Kent\n\nB.\n\n1.1.2 Staff\n\nC.\n\n1.2 Leeds\n\nD.\n\n2 Results\n\nE.\n"
    )
    assert found["C."] == ("1 Motives", "1.1 Kent", "1.1.2 Staff")
    assert found["D."] == ("1 Motives", "1.2 Leeds")
    assert found["E."] == ("2 Results",)


def test_a_heading_right_below_another_is_a_subheading() -> None:
    found = sections("Title\n\nMethod\n\nInterviews\n\nWe asked.\n\nResults\n\nWe heard.\n")
    assert found == {"We asked.": ("Method", "Interviews"), "We heard.": ("Results",)}


def test_a_running_title_opens_no_section() -> None:
    page = "\n\n12\n\nTHE REPORT\n\n"
    found = sections(f"The Report\n\nMethod\n\nWe asked.{page}We asked again.\n\nResults\n\nWe heard.{page}We wrote.\n")
    assert found["We asked again."] == ("Method",)
    assert found["We wrote."] == ("Results",)


def test_a_heading_repeated_on_the_next_page_stays_the_same_section() -> None:
    found = sections("Title\n\nMethod\n\nWe asked.\n\n3\n\nMethod\n\nWe asked again.\n\nResults\n\nWe heard.\n")
    assert found["We asked again."] == found["We asked."] == ("Method",)


def test_a_long_list_of_bare_lines_nests_no_deeper_than_six() -> None:
    names = "\n\n".join(f"Name {letter}" for letter in "ABCDEFGHIJKLM")
    found = sections(f"Title\n\n{names}\n\nIt begins.\n")
    assert len(found["It begins."]) == 6
    assert found["It begins."][0] == "Name A"
    assert found["It begins."][-1] == "Name M"


def test_a_caption_heads_its_table_and_nothing_after_it() -> None:
    text = "Title\n\nMethod\n\nTable 1: Leaders\n\nCase\tLeaders\nKent\t5\n\nWe asked.\n"
    found = sections(text)
    assert found["Leaders Kent 5"] == ("Method", "Table 1: Leaders")
    assert found["We asked."] == ("Method",)


def test_a_caption_of_the_summary_heads_its_table(summary: Document) -> None:
    caption = "Table 1: Number of participants in the case study interviews"
    rows = [block for block in summary.blocks if block.kind is BlockKind.TABLE_ROW and caption in block.section]
    assert len(rows) == 8
    assert {row.section for row in rows} == {("Methodology", caption)}


def test_footnotes_of_the_summary_stand_in_the_sections_of_their_marks(summary: Document) -> None:
    notes = [block.section for block in summary.blocks if block.kind is BlockKind.FOOTNOTE]
    assert notes == [
        ("Collaboration in public services",),
        ("Motivations", "Challenges for collaboration"),
        ("Motivations", "Enablers of collaboration"),
    ]


@pytest.mark.parametrize(("mark", "note"), [("¹", "¹ A note."), ("[^1]", "[^1]: A note."), ("[1]", "[1] A note.")])
def test_a_footnote_at_the_end_stands_in_the_section_of_its_mark(mark: str, note: str) -> None:
    found = sections(f"Title\n\nMethod\n\nWe asked{mark} in May.\n\nResults\n\nWe heard 5 m² in June.\n\n{note}\n")
    assert found["A note."] == ("Method",)


def test_a_footnote_takes_the_nearest_mark_before_it() -> None:
    found = sections("Title\n\nMethod\n\nWe asked.¹\n\n¹ First note.\n\nResults\n\nWe heard.¹\n\n¹ Second note.\n")
    assert found["First note."] == ("Method",)
    assert found["Second note."] == ("Results",)


@pytest.mark.parametrize("other", ["500 m² here.", "It rose.¹²", "It rose ×10² more."])
def test_units_and_longer_marks_are_not_taken_for_a_footnote_s(other: str) -> None:
    found = sections(f"Title\n\nMethod\n\nWe asked.²\n\nResults\n\n{other}\n\n² A note.\n")
    assert found["A note."] == ("Method",)


def test_a_footnote_without_a_mark_stays_where_it_stands() -> None:
    assert sections("Title\n\nMethod\n\nWe asked.\n\n¹ A note.\n")["A note."] == ("Method",)


def test_markdown_says_itself_how_deep_a_heading_is() -> None:
    text = "# Title\n\n## A\n\n### B\n\nOne.\n\n#### C\n\nTwo.\n\n### D\n\nThree.\n\n## E\n\nFour.\n"
    blocks = outline(text, read_markdown(text))
    paragraphs = [block.section for block in blocks if block.kind is BlockKind.PARAGRAPH]
    assert paragraphs == [("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]


def test_a_heading_s_section_ends_with_itself() -> None:
    text = "Title\n\nMethod\n\nInterviews\n\nWe asked.\n"
    headings = [one.section for one in outline(text, read_text(text)) if one.kind is BlockKind.HEADING]
    assert headings == [(), ("Method",), ("Method", "Interviews")]


def test_a_paragraph_that_captions_a_table_heads_its_rows() -> None:
    text = "# Report\n\n## Money\n\n**Table 2: Income**\n\n| Town | Pounds |\n|---|---|\n| Leeds | 5 |\n"
    blocks = outline(text, read_markdown(text))
    assert [block.section for block in blocks if block.cells] == [("Money", "Table 2: Income")]
