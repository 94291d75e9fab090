from __future__ import annotations

import pytest

from assistant.evaluation.gold import covered, first_is_right, is_valid, word_count
from assistant.types import Citation, Span
from tests.outcomes import DOCUMENTS, citation


@pytest.mark.parametrize(
    ("gold", "cited", "expected"),
    [
        ("opened in May", [("The hub in Leeds opened in May.",)], True),
        ("opened in  May", [("opened in May",)], True),
        ("opened in May", [("opened in Ma",)], False),
        ("40 desks and a kitchen", [("It has 40 desks and a", "kitchen.")], True),
        ("desks and a\n\nkitchen", [("40 desks",), (" and a",), ("kitchen",)], True),
        ("in May. It has", [("opened in May.", "It has 40 desks")], True),
        ("in May. It has", [("opened in May.",), ("It has 40 desks",)], False),
        ("in May.\n\nPage 3\n\nIt", [("opened in May.",), ("It has",)], False),
        ("Opened", [("opened in May",)], False),
    ],
)
def test_gold_is_covered_where_it_lies_wholly_within_what_is_cited(
    gold: str, cited: list[tuple[str, ...]], expected: bool
) -> None:
    citations = [citation(number, *words) for number, words in enumerate(cited, 1)]
    assert covered((gold,), citations, DOCUMENTS) is expected


def test_any_alternative_will_do_and_an_unknown_document_covers_nothing() -> None:
    strange = Citation(1, "other.txt", (Span(0, 5),), "40 desks", (), (), (), ())
    assert covered(("in June", "in May"), [strange, citation(2, "in May")], DOCUMENTS)
    assert not covered(("40 desks",), [strange], DOCUMENTS)


def test_only_the_first_citation_counts_as_the_first() -> None:
    gold = [("40 desks",), ("in May",)]
    assert first_is_right(gold, [citation(1, "in May")], DOCUMENTS)
    assert not first_is_right(gold, [citation(1, "The hub"), citation(2, "in May")], DOCUMENTS)
    assert not first_is_right(gold, [], DOCUMENTS)
    assert first_is_right(gold, [citation(1, "in May", quote="in May " * 30)], DOCUMENTS)
    assert not first_is_right(gold, [citation(1, "in May", quote="in May " * 31)], DOCUMENTS)


@pytest.mark.parametrize(
    ("spans", "quote", "expected"),
    [
        ([(0, 7)], "The hub", True),
        ([(0, 3), (4, 7)], "The hub", True),
        ([(0, 7)], "the hub", False),
        ([], "", False),
        ([(0, 9999)], "The hub", False),
        ([(3, 3)], "", False),
    ],
)
def test_a_citation_is_valid_where_its_quote_stands_at_its_spans(
    spans: list[tuple[int, int]], quote: str, expected: bool
) -> None:
    cited = Citation(1, "hub.txt", tuple(Span(*span) for span in spans), quote, (), (), (), ())
    assert is_valid(cited, DOCUMENTS) is expected
    assert not is_valid(cited, {})


def test_dashes_and_bullets_are_no_words() -> None:
    assert word_count("• Leeds – 40 desks, 18-24 months") == 5
