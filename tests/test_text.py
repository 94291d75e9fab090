from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.reading.text import read_text
from assistant.spans import quote
from assistant.types import BlockKind

H, P, L, T, F = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.FOOTNOTE,
)


def pieces(text: str) -> list[tuple[BlockKind, str]]:
    return [(piece.kind, quote(text, piece.spans)) for piece in read_text(text)]


def kinds(text: str) -> list[BlockKind]:
    return [kind for kind, _ in pieces(text)]


def test_a_short_capitalised_line_alone_is_a_heading() -> None:
    text = "The Hub\n\nIt opened in May.\n"
    assert pieces(text) == [(H, "The Hub"), (P, "It opened in May.")]


@pytest.mark.parametrize(
    "line",
    [
        "It opened in May.",
        "Why did it open?",
        "Among them:",
        "in lower case",
        "This line goes on for very many more words than any heading of a report has",
        "The order of the",
        "Kent, Leeds,",
        "A hub that may",
    ],
)
def test_a_line_that_is_a_sentence_or_a_piece_of_one_is_no_heading(line: str) -> None:
    assert kinds(f"Title\n\n{line}\n\nMore was said.\n")[1] is P


@pytest.mark.parametrize("heading", ["1. Introduction", "2.1 Challenges", "2.1.3 Funding in Kent", "3) Results"])
def test_a_numbered_line_alone_is_a_heading(heading: str) -> None:
    assert kinds(f"{heading}\n\nText follows here.\n") == [H, P]


@pytest.mark.parametrize("heading", ["Annex A", "Opening in May", "Lessons of the WHO"])
def test_a_heading_may_end_in_a_letter_a_month_or_a_name(heading: str) -> None:
    assert kinds(f"{heading}\n\nText follows here.\n") == [H, P]


def test_two_short_lines_together_are_a_paragraph() -> None:
    assert kinds("Title\n\nThe Hub\nLeeds\n\nText.\n") == [H, P, P]


@pytest.mark.parametrize("marker", ["-", "*", "•", "–", "1.", "(2)", "b)", "12)", "-\t".strip()])
def test_list_items_stand_without_their_markers(marker: str) -> None:
    text = f"Title\n\n{marker} Kent helped.\n{marker} Leeds helped\n  in turn.\n"
    assert pieces(text)[1:] == [(L, "Kent helped."), (L, "Leeds helped\n  in turn.")]


@pytest.mark.parametrize("marker", ["¹", "¹²", "[^1]:", "[1]"])
def test_a_line_that_begins_with_a_footnote_mark_is_a_footnote(marker: str) -> None:
    assert kinds(f"Title\n\nIt opened in May.\n{marker} A note on May.\n") == [H, P, F]


@pytest.mark.parametrize("number", ["- 12 -", "– 12 –", "Page 12", "page 3 of 40"])
@pytest.mark.parametrize("gap", ["\n\n", "\n\f", "\r\n\r\n", "\n\n\f"])
def test_page_numbers_are_left_out(number: str, gap: str) -> None:
    assert kinds(f"It opened in May.{gap}{number}{gap}It closed in June.\n") == [P, P]


@pytest.mark.parametrize("gap", ["\n\f", "\n\n\f"])
def test_a_bare_number_at_a_form_feed_is_left_out(gap: str) -> None:
    assert kinds(f"It opened in May.{gap}  7  {gap}It closed in June.\n") == [P, P]


def test_bare_numbers_that_count_on_are_left_out_and_figures_are_not() -> None:
    assert kinds("It opened in May.\n\n7\n\nIt closed in June.\n\n8\n\nIt opened again.\n") == [P, P, P]
    assert pieces("How many beds are there?\n\n24\n\nWe wanted more.\n")[1] == (P, "24")


def test_a_year_on_a_line_of_its_own_heads_what_follows() -> None:
    assert pieces("1998\n\nIt opened in May.\n\n1999\n\nIt closed in June.\n")[2] == (H, "1999")


def test_a_running_title_with_its_page_number_is_left_out() -> None:
    text = "Calder Wardens\n\nThe wardens were chosen and\n\nCalder Wardens   2\n\ntrained by the service.\n"
    assert [words for _, words in pieces(text)][1:] == ["The wardens were chosen and trained by the service."]


def test_a_number_among_words_is_kept() -> None:
    assert pieces("It opened in\n2021\nin Kent.\n") == [(P, "It opened in\n2021\nin Kent.")]


def test_a_page_number_without_a_blank_line_before_the_break_is_left_out() -> None:
    text = "The factory made the\n12\n\fgowns in May."
    assert pieces(text) == [(P, "The factory made the gowns in May.")]


def test_lines_with_tabs_are_a_table() -> None:
    text = "Title\n\nCase\tLeaders\nKent\t5\nLeeds\t6\n\nText follows.\n"
    assert kinds(text) == [H, T, T, T, P]


def test_a_table_s_first_head_may_be_blank() -> None:
    text = "\tLeaders\nKent\t5\nLeeds\t6\n"
    assert pieces(text)[1:] == [(T, "Leaders Kent\t5"), (T, "Leaders Leeds\t6")]


def test_words_that_lead_into_a_table_are_no_row() -> None:
    assert kinds("These took part.\nCase\tLeaders\nKent\t5\nThat was all.\n") == [P, T, T, P]


def test_paragraphs_indented_by_tabs_are_no_table() -> None:
    text = "\tThe hub opened in May.\n\tIt closed in June.\n"
    assert pieces(text) == [(P, "The hub opened in May.\n\tIt closed in June.")]


def test_one_line_with_a_tab_is_no_table() -> None:
    assert pieces("The hub\topened in May.\n") == [(P, "The hub\topened in May.")]


@pytest.mark.parametrize("last", ["Kent", "Contact the hub", "1. Annex"])
def test_a_bare_last_line_is_text(last: str) -> None:
    assert pieces(f"Title\n\nIt opened.\n\n{last}\n")[-1] == (P, last)
    assert pieces(f"Title\n\n{last}\n") == [(H, "Title"), (P, last)]


def test_a_bare_line_that_is_all_there_is_is_text() -> None:
    assert pieces("Closed until March\n") == [(P, "Closed until March")]


def test_a_byte_order_mark_does_not_hide_the_title() -> None:
    assert pieces("\ufeffThe Hub\n\nIt opened.\n") == [(H, "The Hub"), (P, "It opened.")]
    assert kinds("\ufeff- Kent helped.\n- Leeds helped.\n") == [L, L]


@pytest.mark.parametrize("end", ["\r\n", "\n", "  \r\n"])
def test_line_ends_make_no_difference(end: str) -> None:
    text = end.join(("Title", "", "It opened.", "", "- Kent helped.", "- Leeds helped.", "", "Case\tA", "Kent\t5", ""))
    assert kinds(text) == [H, P, L, L, T, T]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="Aa1. \t\n\f\r•-¹[]^:\ufeff\u00a0")))
@example("• \ufeff")
@example("\t\ufeff")
def test_pieces_lie_in_the_text_in_order_and_apart(text: str) -> None:
    for piece in read_text(text):
        assert all(0 <= span.start < span.end <= len(text) for span in piece.spans)
        assert all(before.end < after.start for before, after in pairwise(piece.spans))


def test_a_bare_line_right_above_a_list_heads_it() -> None:
    assert kinds("Notes\n\nWhat was hard\n- The weather\n- The money\n") == [H, H, L, L]
    assert kinds("Notes\n\nThree things were hard:\n- The weather\n- The money\n") == [H, P, L, L]


def test_a_numbered_heading_may_end_in_any_word() -> None:
    assert kinds("3.1 Where the money comes from\n\nThe scheme is paid for by the town.\n") == [H, P]


@pytest.mark.parametrize("marker", ["·\t", "o\t", "\uf0b7\t", "2.1. ", "(ii) "])
def test_markers_of_word_and_of_lawyers_are_markers(marker: str) -> None:
    assert pieces(f"Title\n\n{marker}Kent helped.\n{marker}Leeds helped.\n")[1:] == [
        (L, "Kent helped."),
        (L, "Leeds helped."),
    ]
