from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spans import JOINT, cut, merge, quote, trim
from assistant.types import Span

TEXT = "The hub opened in May. It closed in June."


@st.composite
def ordered_spans(draw: st.DrawFn, size: int = 60) -> tuple[Span, ...]:
    """Spans in a text's order that neither touch nor overlap."""
    edges = sorted(draw(st.sets(st.integers(0, size), min_size=2, max_size=12)))
    return tuple(Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))


texts = st.text(min_size=60, max_size=60)
loose_spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)).map(lambda pair: Span(pair[0], sum(pair))))


def test_a_quote_is_the_text_word_for_word() -> None:
    assert quote(TEXT, [Span(4, 7)]) == "hub"


def test_halves_of_a_quote_are_joined_by_one_space() -> None:
    assert quote(TEXT, [Span(0, 7), Span(33, 41)]) == "The hub in June."[:7] + " in June."


def test_a_part_of_a_torn_quote_has_a_span_on_either_side_of_the_tear() -> None:
    assert cut([Span(0, 7), Span(23, 32)], 4, 10) == (Span(4, 7), Span(23, 25))


def test_the_space_that_joins_two_halves_belongs_to_no_span() -> None:
    assert cut([Span(0, 3), Span(10, 13)], 3, 4) == ()


@given(texts, ordered_spans(), st.data())
def test_a_cut_quotes_what_was_cut_out(text: str, spans: tuple[Span, ...], data: st.DataObject) -> None:
    whole = quote(text, spans)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    joints = {sum(span.end - span.start + len(JOINT) for span in spans[:i]) - 1 for i in range(1, len(spans))}
    expected = whole[start + (start in joints) : end - (end - 1 in joints)] if start < end else ""
    assert quote(text, cut(spans, start, end)) == expected


@given(ordered_spans())
def test_cutting_out_everything_gives_the_spans_back(spans: tuple[Span, ...]) -> None:
    assert cut(spans, 0, len(quote(" " * 60, spans))) == spans


@given(texts, ordered_spans(), st.data())
def test_cuts_side_by_side_lose_no_character(text: str, spans: tuple[Span, ...], data: st.DataObject) -> None:
    length = len(quote(text, spans))
    middle = data.draw(st.integers(0, length))
    both = merge((*cut(spans, 0, middle), *cut(spans, middle, length)))
    assert both == spans


def test_trimming_takes_the_white_space_off_both_ends() -> None:
    assert trim("a \t\u00a0words here\r\n\f", Span(1, 17)) == Span(4, 14)


@pytest.mark.parametrize("blank", [" \n ", "\ufeff", "\u00a0\t"])
def test_nothing_but_white_space_trims_to_an_empty_span(blank: str) -> None:
    span = trim(f"a{blank}b", Span(1, 1 + len(blank)))
    assert span.start == span.end == 1 + len(blank)


def test_spans_that_touch_or_overlap_become_one() -> None:
    assert merge([Span(8, 9), Span(0, 3), Span(3, 5), Span(4, 6)]) == (Span(0, 6), Span(8, 9))


def test_a_span_within_another_changes_nothing() -> None:
    assert merge([Span(0, 9), Span(2, 3)]) == (Span(0, 9),)


@given(loose_spans)
def test_merging_covers_the_same_places_once_and_in_order(spans: list[Span]) -> None:
    merged = merge(spans)
    places = {place for span in spans for place in range(span.start, span.end)}
    assert [place for span in merged for place in range(span.start, span.end)] == sorted(places)
    assert all(before.end < after.start for before, after in pairwise(merged))
