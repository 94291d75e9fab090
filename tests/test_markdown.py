from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.passages import passages
from assistant.reading.markdown import read_markdown
from assistant.reading.outline import outline
from assistant.types import BlockKind, Document

H, P, L, T, F = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.FOOTNOTE,
)


def pieces(text: str) -> list[tuple[BlockKind, str]]:
    return [(piece.kind, piece.display(text)) for piece in read_markdown(text)]


def statements(text: str) -> list[str]:
    document = Document("made.md", "Made", text, tuple(outline(text, read_markdown(text))))
    return [passage.text for passage in passages(document, 900)]


@pytest.mark.parametrize(
    ("heading", "level"),
    [
        ("# The Hub", 1),
        ("### The Hub ###", 3),
        ("   ###### The Hub   #", 6),
        ("The Hub\n===", 1),
        ("The Hub\n---", 2),
        ("The\nHub\n---", 2),
        ("> ## The Hub", 2),
        ("- ## The Hub", 2),
        ("1. > # **The** Hub", 1),
    ],
)
def test_headings_stand_without_their_marks_at_their_depth(heading: str, level: int) -> None:
    text = f"{heading}\n\nIt opened.\n"
    first = read_markdown(text)[0]
    assert (first.kind, first.display(text), first.level) == (H, "The Hub", level)


@pytest.mark.parametrize(
    "empty", ["#", "## ##", "-", ">", "***", "<!-- A comment. Two. -->", "```\n```", "| | |\n|-|-|"]
)
def test_what_shows_nothing_is_no_piece(empty: str) -> None:
    assert pieces(f"One.\n\n{empty}\n\nTwo.\n") == [(P, "One."), (P, "Two.")]


def test_a_hash_without_a_space_heads_nothing() -> None:
    assert pieces("#1 in Kent.\n") == [(P, "#1 in Kent.")]


def test_nested_lists_give_one_piece_an_item() -> None:
    text = "- Kent helped.\n  - Age UK\n    joined.\n    1. With meals.\n+ Leeds helped.\n\n  For years.\n"
    assert pieces(text) == [
        (L, words) for words in ("Kent helped.", "Age UK joined.", "With meals.", "Leeds helped.", "For years.")
    ]


def test_the_number_of_an_item_is_no_part_of_it() -> None:
    assert pieces("1. 1\n2. A. Smith helped.\n") == [(L, "1"), (L, "A. Smith helped.")]


def test_items_of_a_list_nested_forty_deep_are_all_read() -> None:
    text = "".join(f"{'  ' * depth}- Item {depth}.\n" for depth in range(40))
    assert pieces(text) == [(L, f"Item {depth}.") for depth in range(40)]


def test_lines_with_typed_bullets_are_list_items() -> None:
    assert pieces("Two helped:\n• Kent did.\n• Leeds did.\n") == [
        (P, "Two helped:"),
        (L, "Kent did."),
        (L, "Leeds did."),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "| Case | Leaders |\n|------|:-------:|\n| Kent | 5 |\n| Leeds | 6 |\n",
        "Case | Leaders\n--- | ---\nKent | 5\nLeeds | 6\n",
        "> | Case | Leaders |\n> |---|---|\n> | Kent | 5 |\n> | Leeds | 6 |\n",
        "- | Case | Leaders |\n  |---|---|\n  | Kent | 5 |\n  | Leeds | 6 |\n",
        "  | Case | Leaders |  \r\n  |---|---|\r\n  | Kent | 5 |\r\n  | Leeds | 6 |\r\n",
    ],
)
def test_rows_of_a_table_read_as_statements(table: str) -> None:
    assert statements(f"# Title\n\n{table}") == ["Kent – Leaders: 5.", "Leeds – Leaders: 6."]


def test_an_escaped_pipe_is_part_of_its_cell() -> None:
    text = "| Case | Leaders |\n|---|---|\n| Kent \\| Medway | 5 \\|\n"
    assert statements(text) == ["Kent | Medway – Leaders: 5 |."]


def test_a_list_in_a_cell_is_flattened() -> None:
    text = "| | Challenges |\n|---|---|\n| Structures | <ul><li>• Cost</li><li>• Time</li></ul> |\n"
    assert statements(text) == ["Structures – Challenges: Cost; Time."]


@pytest.mark.parametrize("end", ["---", "..."])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_front_matter_is_no_text(start: str, end: str) -> None:
    assert pieces(f"{start}---\ntitle: x\n---x: y\n{end}\n# Title\n\nText.\n") == [(H, "Title"), (P, "Text.")]


def test_text_between_two_drawn_lines_is_no_front_matter() -> None:
    assert pieces("---\n\nIt opened in May.\n\n---\n\nIt closed.\n") == [(P, "It opened in May."), (P, "It closed.")]


def test_a_heading_between_two_drawn_lines_is_no_front_matter() -> None:
    assert pieces("---\n# Title\n\nText.\n\n---\n") == [(H, "Title"), (P, "Text.")]


def test_front_matter_that_never_ends_is_text() -> None:
    assert pieces("---\ntitle: x\n\nIt opened.\n") == [(P, "title: x"), (P, "It opened.")]


@pytest.mark.parametrize("note", ["A longer note.", "Note", "https://example.org/a", "<https://example.org>"])
def test_footnote_definitions_are_footnotes(note: str) -> None:
    text = f"It opened.[^1]\n\n[^1]: {note}\n[^b]: Another one.\n"
    assert pieces(text) == [(P, "It opened."), (F, note.strip("<>")), (F, "Another one.")]


def test_the_address_of_a_link_is_no_text() -> None:
    assert pieces("It opened.\n\n[hub]: https://example.org\n") == [(P, "It opened.")]


def test_a_block_quote_reads_without_its_marks() -> None:
    text = "> The hub\n> opened in May. It\n>\n> > closed\nin June.\n"
    assert statements(text) == ["The hub opened in May. It closed in June."]


def test_a_quoted_list_reads_without_its_marks() -> None:
    assert pieces("> - Kent\n>   helped.\n> - Leeds did.\n") == [(L, "Kent helped."), (L, "Leeds did.")]


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_a_code_fence_reads_without_its_fence(fence: str) -> None:
    assert pieces(f"One.\n\n{fence}python\nx = 1.\n\n# no heading\n{fence}\n\nTwo.\n") == [
        *((P, "One."), (P, "x = 1. # no heading"), (P, "Two."))
    ]


def test_a_fence_that_never_ends_loses_no_line() -> None:
    assert pieces("One.\n\n```\nx = 1\ny = 2") == [(P, "One."), (P, "x = 1 y = 2")]


def test_html_reads_without_its_tags() -> None:
    assert pieces('<div class="x">\n<b>Kent</b> helped.\n</div>\n') == [(P, "Kent helped.")]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_make_no_difference(end: str) -> None:
    text = "# Title\n\nOne\nline.\n\n- Kent\n- Leeds\n\n[^1]: Note.\n\n| A | B |\n|---|---|\n| c | d |\n".replace(
        "\n", end
    )
    assert [kind for kind, _ in pieces(text)] == [H, P, L, L, F, T, T]
    assert statements(text) == ["One line.", "Kent", "Leeds", "Note.", "c – B: d."]


def test_a_byte_order_mark_does_not_hide_the_title() -> None:
    assert pieces("\ufeff# Title\n\nText.\n") == [(H, "Title"), (P, "Text.")]


markdown = st.lists(
    st.sampled_from(
        [
            *"#>-=|*`~\\ \t",
            "\n",
            "\r\n",
            "\f",
            "1. ",
            "---\n",
            "```\n",
            "| a | b |\n|-|-|\n",
            "word ",
            "[^1]: ",
            "<b>",
            "\ufeff",
        ]
    )
).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), markdown))
def test_pieces_lie_in_the_text_and_their_spans_are_in_order(text: str) -> None:
    for piece in read_markdown(text):
        assert all(0 <= span.start < span.end <= len(text) for span in piece.spans)
        assert all(before.end < after.start for before, after in pairwise(piece.spans))


unfenced = st.lists(
    st.sampled_from(
        [*"#>-=|*\\ \t", "\n", "\r\n", "\f", "1. ", "---\n", "| a | b |\n|-|-|\n", "word ", "[^1]: ", "<b>", "\ufeff"]
    )
).map("".join)


@settings(max_examples=200, deadline=None)
@given(unfenced)
def test_no_word_vanishes(text: str) -> None:
    read = "".join(text[span.start : span.end] for piece in read_markdown(text) for span in piece.spans)
    assert read.count("word") == text.count("word")
