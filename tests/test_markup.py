from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.markup import is_stressed, items, legible, plain

if TYPE_CHECKING:
    from assistant.types import Document


@pytest.mark.parametrize(
    ("words", "display"),
    [
        ("It ranges from **formal** to **non-professional**.", "It ranges from formal to non-professional."),
        ("A __clear__, *shared* and _lasting_ ***purpose***.", "A clear, shared and lasting purpose."),
        (
            "**Focusing on processes (rather than outcomes)** poses",
            "Focusing on processes (rather than outcomes) poses",
        ),
        ("the file `read_me` is short", "the file read_me is short"),
        ("see [the report](https://a.org/b_(c)) of May", "see the report of May"),
        ('see [the report](https://a.org "Title") of May', "see the report of May"),
        ("![a map](map.png) of Kent", "a map of Kent"),
        ("[![badge](b.svg)](https://a.org) here", "badge here"),
        ("written to <someone@example.org> in May", "written to someone@example.org in May"),
        ("King (2020) <https://a.org/x_y_z>", "King (2020) https://a.org/x_y_z"),
        ('<p class="x">Kent</p><br/>and Leeds', "Kent and Leeds"),
        ("before <!-- a > b -- c --> after", "before after"),
        ("• Kent\n•\tLeeds", "Kent Leeds"),
        ("torn\r\n  lines \f here", "torn lines here"),
    ],
)
def test_markup_never_reaches_the_display(words: str, display: str) -> None:
    assert plain(words) == display


@pytest.mark.parametrize(
    "words",
    [
        "snake_case_name and C:/my_files",
        "5 * 3 is 15, 2*3*4 is 24",
        "a 5* rating",
        "if p < 0.05 or q > 3",
        "Name: ____",
        "Kent Fire & Rescue Service",
        "2-for-1 • 3-for-2".replace(" • ", "•"),
        "an array [of things] (and more)",
    ],
)
def test_what_only_looks_like_markup_stays(words: str) -> None:
    assert plain(words) == words


@pytest.mark.parametrize(
    ("words", "display"),
    [
        ("**It began. ", "It began."),
        ("It ended.**", "It ended."),
        ("*It began.", "It began."),
        ("It ended.*", "It ended."),
        ("_It began.", "It began."),
        ("It ended!_", "It ended!"),
    ],
)
def test_emphasis_that_spans_sentences_leaves_no_mark_in_either(words: str, display: str) -> None:
    assert plain(words) == display


def test_an_escaped_mark_shows_without_its_backslash() -> None:
    assert (
        plain(r"a \*starred\* word, a \| b, \[sic\] and snake\_case") == "a *starred* word, a | b, [sic] and snake_case"
    )


@pytest.mark.parametrize(
    "words", ["summarised in Figure 1.¹", "prevent it²,³ here", "a sector.[^3]", "a claim.[12]", "¹²a note"]
)
def test_footnote_marks_go(words: str) -> None:
    assert plain(words) == re.sub(r"[¹²³]+(?:,[¹²³]+)*|\[\^?\d+\]", "", words)


@pytest.mark.parametrize(
    "words", ["500 m² of floor", "3 km² of land", "20 cm³", "6.02 ×10²³", "3 x 10⁶ gowns", "5 kg s⁻¹"]
)
def test_superscripts_of_units_and_powers_stay(words: str) -> None:
    assert plain(words) == words


def test_a_footnote_mark_after_a_unit_goes_alone() -> None:
    assert plain("500 m² of floor³") == "500 m² of floor"


def test_a_year_in_brackets_is_no_footnote_mark() -> None:
    assert plain("[2020] UKSC 1") == "[2020] UKSC 1"


def test_legible_words_keep_footnote_marks_and_white_space() -> None:
    assert legible("**Kent**¹  and\nLeeds") == "Kent¹  and\nLeeds"


def test_items_of_a_flattened_list_stand_alone() -> None:
    cell = '<ul style="list-style-type: none"> • Competing priorities • **General** risk-aversion '
    assert items(cell) == ["Competing priorities", "General risk-aversion"]


def test_words_without_bullets_are_one_item() -> None:
    assert items("Local ownership") == ["Local ownership"]
    assert items(" <ul> ") == []


def test_no_block_of_the_summary_shows_markup(summary: Document) -> None:
    shown = " ".join(plain(summary.text[span.start : span.end]) for block in summary.blocks for span in block.spans)
    assert len(shown) > 15_000
    assert not re.search(r"\*\*|</?ul|[•¹²³]", shown)


marked_up = st.lists(
    st.sampled_from(["**", "*", "_", "`", "<b>", "</b>", "[", "](x)", "¹", "• ", "word", " ", "\n", "5", "."])
).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), marked_up))
def test_display_text_is_never_longer_and_has_no_white_space_but_single_spaces(words: str) -> None:
    display = plain(words)
    assert len(display) <= len(words)
    assert display == " ".join(display.split())


@settings(max_examples=200, deadline=None)
@given(marked_up)
def test_markup_takes_no_word_with_it(words: str) -> None:
    assert plain(words).count("word") == words.count("word")


@pytest.mark.parametrize(
    ("words", "display"),
    [
        ("R&amp;D costs &pound;5&nbsp;million", "R&D costs £5 million"),
        ("a ~~bad~~ good plan", "a bad good plan"),
        ("p<b holds, q>c fails", "p<b holds, q>c fails"),
        ("Ask <name> first", "Ask <name> first"),
        ("10⁶ cells and R² of 0.8", "10⁶ cells and R² of 0.8"),
        ("10¹² cells and 3 x 10⁶ more", "10¹² cells and 3 x 10⁶ more"),
        ("It opened in May.¹² It closed.³,⁴", "It opened in May. It closed."),
        ("10<sup>6</sup> cells", "106 cells"),
        ("<p class='x'>One<br/>two</p>", "One two"),
        ("before <script>alert(1)</script> after", "before after"),
        ("a bell\x07 rings", "a bell rings"),
    ],
)
def test_only_markup_goes(words: str, display: str) -> None:
    assert plain(words) == display


@pytest.mark.parametrize(
    ("words", "stressed"),
    [
        ("**Frost** came.", True),
        ("__Frost__ came.", True),
        ("<b>Frost</b> came, <strong>early</strong>.", True),
        ("*Frost* came.", False),
        ("Frost came.", False),
        (r"\**Frost** came at 5 ** 3.", False),
    ],
)
def test_words_in_bold_are_stressed(words: str, *, stressed: bool) -> None:
    assert is_stressed(words) is stressed
