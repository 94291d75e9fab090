from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.words import FUNCTION_WORDS, stem, terms, words


def test_words_are_yielded_as_written() -> None:
    assert list(words("The Trust's order of 15,500 gowns – 18-24 months, 3.5%.")) == [
        *("The", "Trust's", "order", "of", "15,500", "gowns", "18", "24", "months", "3.5")
    ]


def test_an_underscore_is_no_letter() -> None:
    assert list(words("__clear__ snake_case")) == ["clear", "snake", "case"]


def test_terms_leave_out_function_words_however_they_are_written() -> None:
    assert terms("What didn’t the Councils do, and WHY?") == terms("councils") == ["council"]


def test_terms_keep_order_and_repeats() -> None:
    assert terms("court after court opened") == ["court", "court", "open"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("collaborating", "collaborate"),
        ("Trust's", "trust"),
        ("Trusts’", "trust"),
        ("15,500", "15500"),
        ("1,250,000", "1250000"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("1,5", "15"), ("3.5", "35"), ("court", "county"), ("2020", "2021")])
def test_different_words_and_numbers_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text())
def test_no_term_is_blank_or_a_function_word(text: str) -> None:
    written = [word for word in words(text) if word.lower().replace("’", "'") not in FUNCTION_WORDS]
    assert terms(text) == [stem(word) for word in written]
    assert all(word in text and not any(letter.isspace() for letter in word) for word in written)
